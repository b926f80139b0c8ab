"""Which act a reference belongs to."""

import pytest

from legislation.citations import find

from .marked import found, only
from .register import REGISTER


def keys(text: str) -> list[tuple[str, str | None]]:
    return [(codes, key) for _, key, codes in found(text) if codes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The MDR has rules. See Article 22.", [("art_22", "MDR")]),
        ("The MDD had Annex X for this, and the MDR has Annex XIV.", [("anx_X", "MDD"), ("anx_XIV", "MDR")]),
        ("Article 2(58) and Article 83 MDR", [("art_2(58)", "MDR"), ("art_83", "MDR")]),
        ("Article 29 MDR and Article 26 IVDR", [("art_29", "MDR"), ("art_26", "IVDR")]),
        ("MDR Annex I and Annex II; IVDR Annex III", [("anx_I", "MDR"), ("anx_II", "MDR"), ("anx_III", "IVDR")]),
        ("Article 10 under the IVDR, not the MDR", [("art_10", "IVDR")]),
        ("Regulation (EU) 2022/2554 holds, as Article 47(1) of that Regulation says", [("art_47(1)", "EU-2022-2554")]),
        ("The MDR (Article 10) and the IVDR (Article 11)", [("art_10", "MDR"), ("art_11", "IVDR")]),
        ("Article 5 of the new MDR", [("art_5", "MDR")]),
        ("| Article 10 | MDR |\n| Annex II | IVDR |", [("art_10", "MDR"), ("anx_II", "IVDR")]),
        ("Regulation (EU) 2023/607 changed the MDR. Article 120 did.", [("art_120", "MDR")]),
        ("The MDR and the IVDR differ. Article 120 holds.", [("art_120", "MDR")]),
        ("See Article 18. MDR Article 5 too.", [("art_18", "MDR"), ("art_5", "MDR")]),
        (
            "lov 7. mai 2020 nr. 37 om utstyr § 4, og forskrift 1476 § 6",
            [("par_4", "NO-LOV-2020-05-07-37"), ("par_6", "NO-FOR-2021-05-09-1476")],
        ),
        ("Articles 10 and 11 of, and Annex IX to, the MDR", [("art_10 art_11", "MDR"), ("anx_IX", "MDR")]),
        ("under the GDPR, Art. 28 GDPR and Art. 32 GDPR", [("art_28", "GDPR"), ("art_32", "GDPR")]),
        ("| Article 10 | the MDR |", [("art_10", "MDR")]),
        ("Regulation (EU) 2017/745 on devices (MDR), Article 10", [("art_10", "MDR")]),
        ("Articles 83 and 78 of MDR and IVDR respectively", [("art_83", "MDR"), ("art_78", "IVDR")]),
        ("Article 7 and Article 6 of the MDR and IVDR, respectively", [("art_7", "MDR"), ("art_6", "IVDR")]),
    ],
)
def test_the_context_names_the_act(text, expected):
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text", ["Annex I of the MDR and IVDR", "Annex I MDR/IVDR", "MDR/IVDR Annex I", "Annex I MDR or the IVDR"]
)
def test_two_acts_beside_one_provision_share_it(text):
    assert keys(text) == [("anx_I", "MDR"), ("anx_I", "IVDR")]


def test_two_candidates_give_two_citations_with_one_span_and_a_cure():
    one, other = [citation for citation in find("MDR/IVDR rule (Annex IX).", REGISTER) if citation.provisions]
    assert (one.start, one.end) == (other.start, other.end)
    assert {one.instrument, other.instrument} == {"MDR", "IVDR"}
    assert one.is_ambiguous
    assert one.reason == "This may be of the MDR or IVDR. Name the act beside it."


@pytest.mark.parametrize(
    "text",
    [
        "Article 22 applies.",
        "Read our article 5 about the MDR.",
        "Chapter 4 explains the MDR.",
        "Annex II of the lease agreement mentions the MDR.",
        "Article 5 of the contract with the MDR consultant",
        "Article 10 of this Regulation amends the MDR",
        "Article 114 TFEU and the MDR",
        "TFEU Article 114 and the MDR",
        "Having regard to the Treaty, and in particular Article 114 thereof, the MDR holds",
        "EØS-avtalens vedlegg II, og MDR",
        "See CS. CS, Article 3(2), beside the MDR",
        "| Annex IV | MDR Annex II |",
        "The Rules on Space for Data (RSDX), Article 14, and the MDR",
        "Articles 7 et seq. of the Charter and the MDR",
        "Charter Article 8 and the MDR",
        "§ 5 of the German MPDG, MDR",
        "The MDR is cited; see annex 5 for a form.",
        "[The guide](https://example.org) - Annex III, for the MDR",
        "Common rules of Regulation (EU) 2022/2346 for Annex XVI devices",
    ],
)
def test_another_text_or_none_leaves_the_act_open(text):
    citation = next(citation for citation in find(text, REGISTER) if citation.provisions)
    assert citation.instrument is None
    assert citation.is_ambiguous
    assert citation.reason


def test_an_unnamed_act_says_what_to_write():
    assert only("Under Article 22 this holds.").reason == "No act is named near Article 22. Name it: MDR Article 22."


def test_a_paragraph_sign_belongs_to_norwegian_law_only():
    assert keys("The MDR and forskrift 1476 differ, see § 6.") == [("par_6", "NO-FOR-2021-05-09-1476")]
    assert keys("The MDR says in § 6.") == [("par_6", None)]


def test_a_name_before_a_clause_in_another_block_is_ambiguous():
    last = find("# MDR\n\nThe IVDR too.\n\nSee Article 22.", REGISTER)[-1]
    assert last.is_ambiguous
