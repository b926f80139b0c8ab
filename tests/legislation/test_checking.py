"""What a check says about each citation of a text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legislation import checking, judgement
from legislation.citations import Register
from tests.factories import make_amendment, make_instrument, make_mdr, make_provision

ON = date(2026, 3, 3)


@pytest.fixture(autouse=True)
def law(db, settings):
    settings.SITE_URL = "https://hub.example"
    return make_mdr()


def check(text, on=ON):
    return checking.check(text, on)


def only(text, on=ON):
    (finding,) = check(text, on).findings
    return finding


def states(text):
    return [(finding.verdict.citation, finding.verdict.state) for finding in check(text).findings]


def test_a_finding_says_where_it_stands_in_lines_and_in_characters():
    text = "First line.\nSee, for å, MDR Article 120(3c) here.\n"
    finding = only(text)
    assert (finding.line, finding.column) == (2, 13)
    assert text[finding.start : finding.end] == finding.as_written == "MDR Article 120(3c)"


def test_the_first_character_of_a_line_is_column_one():
    found = check("MDR\nMDR\r\n\nMDR").findings
    assert [(each.line, each.column) for each in found] == [(1, 1), (2, 1), (4, 1)]


def test_a_provision_is_named_in_one_form_however_it_was_written():
    assert [only(text).verdict.citation for text in ("MDR Art. 120 (3c)", "Article 120(3c) of the MDR")] == [
        "MDR Article 120(3c)"
    ] * 2


def test_a_finding_leads_to_our_page_and_to_the_official_text():
    verdict = only("MDR Article 22").verdict
    assert verdict.page == "https://hub.example/law/mdr/art-22/"
    assert verdict.official_text == "https://eur-lex.europa.eu/eli/reg/2017/745/oj"
    assert only("the MDR").verdict.page == "https://hub.example/law/mdr/"


def test_each_provision_of_a_list_is_judged_by_itself():
    text = "Articles 22, 120 and 220 of the MDR"
    found = check(text).findings
    assert [(each.verdict.citation, each.verdict.exists) for each in found] == [
        ("MDR Article 22", True),
        ("MDR Article 120", True),
        ("MDR Article 220", False),
    ]
    assert {each.as_written for each in found} == {text}
    assert found[0].verdict.reason == ""
    assert "MDR has Articles 1 to 123 and 10a" in found[2].verdict.reason


def test_a_provision_that_does_not_exist_leads_to_its_act():
    verdict = only("MDR Article 220").verdict
    assert verdict.state == judgement.MISSING
    assert verdict.page == "https://hub.example/law/mdr/"


def test_paragraphs_are_compared_where_the_register_describes_them():
    verdicts = [only(f"MDR Article {number}").verdict for number in ("22(5)", "22(6)", "23(9)", "120(3c)")]
    assert [verdict.state for verdict in verdicts] == ["exists", "does-not-exist", "exists", "exists"]
    assert [verdict.verified_to for verdict in verdicts] == ["paragraph", "paragraph", "provision", "paragraph"]
    assert verdicts[1].reason == "Article 22 has paragraphs 1, 2, 3, 4, 5."


def test_a_deleted_paragraph_is_told_from_one_that_never_was(law):
    law.provisions.filter(number="22", kind="article").update(deleted_paragraphs=["6"])
    assert states("MDR Article 22(6) and MDR Article 22(7)") == [
        ("MDR Article 22(6)", "deleted"),
        ("MDR Article 22(7)", "does-not-exist"),
    ]


def test_an_article_of_one_text_has_no_numbered_paragraphs(law):
    law.provisions.filter(number="23", kind="article").update(is_unnumbered=True)
    verdict = only("MDR Article 23(1)").verdict
    assert (verdict.state, verdict.reason) == ("does-not-exist", "Article 23 has no numbered paragraphs.")


def test_an_act_that_is_not_in_the_register_is_said_to_be_so():
    verdict = only("Article 5 of Regulation (EU) 2099/1").verdict
    assert (verdict.state, verdict.exists, verdict.page, verdict.official_text) == ("not-in-register", None, "", "")


def test_a_provision_of_an_act_whose_extent_is_unknown_is_not_called_existing():
    make_instrument(slug="eu-2023-607", short_name="Regulation (EU) 2023/607", celex="32023R0607")
    verdict = only("Regulation (EU) 2023/607 Article 9").verdict
    assert (verdict.state, verdict.exists, verdict.verified_to) == ("not-verified", None, "act")


def test_an_article_without_an_act_gets_the_cure():
    verdict = only("See Article 22.").verdict
    assert (verdict.citation, verdict.state, verdict.exists) == ("Article 22", "no-known-act", None)
    assert "Name it" in verdict.reason


def test_two_acts_that_fit_are_both_named(law):
    make_instrument(slug="ivdr", short_name="IVDR", names=["IVDR"], celex="32017R0746", articles="1-113")
    found = check("The MDR and the IVDR apply. Article 10 says so.").findings[-2:]
    assert {each.verdict.citation for each in found} == {"MDR Article 10", "IVDR Article 10"}
    assert all(each.is_ambiguous and "MDR or IVDR" in each.note for each in found)


def test_amendments_of_the_provision_come_newest_first(law):
    article = law.provisions.get(kind="article", number="120")
    for name, day in (("Old", date(2020, 4, 24)), ("Undated", None), ("New", date(2023, 3, 20))):
        by = make_instrument(short_name=name)
        make_amendment(provision=article, by=by, what="paragraph 3", published_on=day, applies_on=day)
    make_amendment(provision=law.provisions.get(kind="article", number="22"))
    changes = only("MDR Article 120(3)").verdict.amendments
    assert [(change.by, change.published_on, change.applies_on) for change in changes] == [
        ("New", date(2023, 3, 20), date(2023, 3, 20)),
        ("Old", date(2020, 4, 24), date(2020, 4, 24)),
        ("Undated", None, None),
    ]
    assert changes[0].what == "paragraph 3"
    assert only("MDR Article 121").verdict.amendments == ()


def test_an_act_cited_whole_names_each_act_that_amended_it_once(law):
    by = make_instrument(short_name="Regulation (EU) 2023/607", applies_from=date(2023, 3, 20))
    for number in ("22", "120"):
        make_amendment(provision=law.provisions.get(kind="article", number=number), by=by)
    (change,) = only("the MDR").verdict.amendments
    assert (change.by, change.what, change.applies_on) == ("Regulation (EU) 2023/607", "", date(2023, 3, 20))


def test_a_repealed_act_says_since_when():
    day = date(2021, 5, 26)
    make_instrument(slug="mdd", short_name="MDD", names=["MDD"], celex="31993L0042", repealed_on=day, articles="1-23")
    for text in ("the MDD", "MDD Article 5"):
        verdict = only(text).verdict
        assert (verdict.repealed_on, verdict.is_repealed) == (day, True)
    assert not only("the MDD", on=date(2021, 5, 25)).verdict.is_repealed


def test_norwegian_sections_are_judged_too():
    act = make_instrument(
        slug="no-for-2021-05-09-1476", short_name="Forskrift 1476", names=["forskrift 1476"], sections="1-24", celex=""
    )
    make_provision(instrument=act, kind="section", number="6")
    assert states("forskrift 1476 § 6 og forskrift 1476 § 30") == [
        ("Forskrift 1476 § 6", "exists"),
        ("Forskrift 1476 § 30", "does-not-exist"),
    ]


def test_what_stands_in_links_and_code_is_checked_too():
    assert [citation for citation, _ in states("[MDR Article 22](https://law.example) and `MDR Article 120`")] == [
        "MDR Article 22",
        "MDR Article 120",
    ]


def test_a_number_that_no_computer_counts_to_is_still_a_finding():
    text = f"{'1' * 5000}th subparagraph of MDR Article 22"
    assert "MDR Article 22" in [citation.partition(",")[0] for citation, _ in states(text)]


def test_a_text_without_citations_has_none():
    report = check("Nothing of law.")
    assert (report.findings, report.found) == ([], 0)


def test_a_text_of_names_only_is_counted_whole_and_listed_in_part(monkeypatch):
    monkeypatch.setattr(checking, "MOST_FINDINGS", 10)
    report = check("MDR. " * 25)
    assert (report.found, len(report.findings), report.states["exists"]) == (25, 10, 25)


def test_a_long_list_is_not_repeated_whole_by_each_of_its_findings():
    text = "MDR Articles " + ", ".join(str(number) for number in range(1, 120))
    found = check(text).findings
    assert len(found) == 119
    assert {(each.start, each.end) for each in found} == {(0, len(text))}
    assert {each.as_written for each in found} == {text[: checking.LONGEST_WORDS] + "…"}


@pytest.mark.parametrize("text", ["MDR Article 22", "MDR Articles 1-123. " * 50, "Article 1, " * 2000 + "MDR", "x"])
def test_a_check_asks_six_queries_however_long_the_text_is(text, django_assert_max_num_queries):
    check("MDR")
    with django_assert_max_num_queries(6):
        check(text)


@given(text=st.text(alphabet="MDR Article120(),§\n\râx", max_size=60))
def test_positions_of_any_text_lead_back_to_the_words(text):
    report = checking.report(text, checking.citations.find_in((text,), Register([]))[0], Register([]), EMPTY, ON)
    lines = text.split("\n")
    for each in report.findings:
        assert lines[each.line - 1][each.column - 1 :].startswith(each.as_written.split("\n")[0])


EMPTY = judgement.Rows()
