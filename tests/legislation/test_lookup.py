"""What the recogniser found leads to rows, however many, in two queries."""

import pytest

from legislation import lookup
from legislation.lookup import Place
from tests.factories import make_instrument, make_mdr, make_provision


@pytest.mark.django_db
def test_labels_lead_to_rows_in_two_queries(django_assert_num_queries):
    mdr = make_mdr()
    act = make_instrument(slug="no-for-2021-05-09-1476")
    make_provision(instrument=act, kind="section", number="6")
    labels = ["art_120(3c)", "art_10a", "anx_I/10.4", "rule_11", "rec_19", "chp_VII", "art_124", "nonsense", ""]
    with django_assert_num_queries(2):
        rows = lookup.find_rows(
            [*(("MDR", label) for label in labels), ("NO-FOR-2021-05-09-1476", "par_6"), ("EU-1999-1", "art_1")]
        )
        names = [row and str(row) for row in (rows.provision("MDR", label) for label in labels)]
        section = rows.provision("NO-FOR-2021-05-09-1476", "par_6(2)")
    found = ["Article 120", "Article 10a", "Annex I", "Rule 11", "Recital 19", "Chapter VII"]
    assert names == [*(f"MDR {name}" for name in found), None, None, None]
    assert section is not None
    assert section.instrument == act
    assert rows.instrument("MDR") == mdr
    assert rows.instrument("EU-1999-1") is None
    assert rows.provision("EU-1999-1", "art_1") is None


@pytest.mark.django_db
def test_thousands_of_numbers_are_still_two_queries(django_assert_num_queries):
    make_mdr()
    with django_assert_num_queries(2):
        rows = lookup.find_rows(("MDR", f"art_{number}") for number in range(40_000))
    assert rows.provision("MDR", "art_120")
    assert rows.provision("MDR", "art_39999") is None


@pytest.mark.django_db
def test_nothing_found_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        rows = lookup.find_rows([(None, "art_22")])
    assert rows.instrument(None) is None
    assert rows.provision(None, "art_22") is None


@pytest.mark.django_db
def test_instruments_alone_are_one_query(django_assert_num_queries):
    mdr = make_mdr()
    with django_assert_num_queries(1):
        assert lookup.find_rows([("MDR", "")]).instrument("MDR") == mdr


@pytest.mark.parametrize(
    ("label", "place"),
    [
        ("art_2(1)(a)", Place("article", "2")),
        ("art_52(4)/sub_2", Place("article", "52")),
        ("anx_XIV/part_B/6.1", Place("annex", "XIV")),
        ("anx_7", Place("annex", "7")),
        ("par_5", Place("section", "5")),
        ("xyz_5", None),
        ("art_", None),
        ("", None),
    ],
)
def test_a_label_lies_in_a_provision(label, place):
    assert lookup.place_of(label) == place


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("art_120(3c)", "Article 120(3c)"),
        ("art_2(1)(a)", "Article 2(1)(a)"),
        ("art_52(4)/sub_2", "Article 52(4), second subparagraph"),
        ("art_52(4)/sub_99", "Article 52(4), 99 subparagraph"),
        ("art_3/ind_1", "Article 3, first indent"),
        ("anx_I/10.4", "Annex I, section 10.4"),
        ("anx_XIV/part_B/6.1", "Annex XIV, Part B, section 6.1"),
        ("anx_IX/chp_II/5.4(b)", "Annex IX, Chapter II, section 5.4(b)"),
        ("rule_11", "Rule 11"),
        ("rec_19", "Recital 19"),
        ("chp_VII", "Chapter VII"),
        ("par_6", "§ 6"),
        ("xyz_1", "xyz_1"),
    ],
)
def test_a_label_is_said_in_words(label, words):
    assert lookup.in_words(label) == words


def cited(instrument, surface, *provisions):
    return {"instrument": instrument, "surface": surface, "provisions": list(provisions)}


@pytest.mark.parametrize(
    ("citations", "names"),
    [
        ([cited("MDR", "Regulation (EU) 2017/745"), cited("MDR", "MDR")], {"MDR": "MDR"}),
        ([cited("EU-2023-607", "Regulation (EU) 2023/607")], {"EU-2023-607": "Regulation (EU) 2023/607"}),
        (
            [cited("NO-LOV-2020-05-07-37", "LOV-2020-05-07-37 § 1", "par_1")],
            {"NO-LOV-2020-05-07-37": "LOV-2020-05-07-37"},
        ),
        ([cited("EU-1", "Regulation (EU) 2099/1, Article 5", "art_5")], {"EU-1": "Regulation (EU) 2099/1"}),
        ([cited("EU-1", "Act One Article 5", "art_5"), cited("EU-1", "The First Act")], {"EU-1": "The First Act"}),
        ([cited("EU-1", "Article 5", "art_5")], {}),
        ([cited("EU-1", "Articles 5, 6, Annex I", "art_5", "anx_I")], {}),
        ([cited("EU-1", "the second subparagraph of Article 5", "art_5")], {}),
        ([cited("EU-1", "One Act"), cited("EU-2", "One Act")], {}),
        ([cited("", "Article 5", "art_5"), cited("", "Article 5")], {}),
        ([], {}),
    ],
)
def test_an_act_is_called_what_the_texts_call_it(citations, names):
    assert lookup.acts_in_words(citations) == names
    assert lookup.acts_in_words(reversed(citations)) == names
