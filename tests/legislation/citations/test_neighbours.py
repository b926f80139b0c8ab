"""References whose act, annex or range stands in a form that is easily read as two."""

import pytest

from legislation.citations import find

from .register import REGISTER


def found(text):
    return [(text[each.start : each.end], each.instrument, each.provisions) for each in find(text, REGISTER)]


def test_the_annex_after_the_act_belongs_to_the_rule_before_it():
    assert found("See Rules 5 and 6 of MDR Annex VIII.") == [
        ("Rules 5 and 6 of MDR Annex VIII", "MDR", ("rule_5", "rule_6"))
    ]


def test_an_act_named_at_both_ends_of_a_range_belongs_to_both():
    assert found("MDR Article 27(1) to MDR Article 27(3)") == [
        ("MDR Article 27(1)", "MDR", ("art_27(1)",)),
        ("MDR Article 27(3)", "MDR", ("art_27(3)",)),
    ]


def test_and_those_that_follow_is_part_of_the_reference():
    assert found("Articles 93 et seq. of the MDR") == [("Articles 93 et seq. of the MDR", "MDR", ("art_93",))]


@pytest.mark.parametrize("space", ["&nbsp;", "&#160;", "\u00a0", " "])
def test_a_space_may_be_written_as_html_writes_it(space):
    text = f"IVDR Annex{space}III"
    assert found(text) == [(text, "IVDR", ("anx_III",))]


@pytest.mark.parametrize(
    "text",
    ["EEA Joint Committee Decision No 288/2019", "Joint Committee Decision 90/2020 of 18 June 2020"],
)
def test_a_decision_of_the_eea_joint_committee_is_no_act_of_the_eu(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("MDR Articles 122 to 125", "Articles 124 and 125 do"),
        ("MDR Articles 120 to 129", "Articles 124, 125, 126, 127, 128 and 129 do"),
        ("MDR Articles 120 to 131", "Articles 124, 125, 126, 127, 128 and 3 more do"),
    ],
)
def test_what_does_not_exist_is_listed_without_a_gap(text, said):
    (citation,) = find(text, REGISTER)
    assert citation.reason == f"MDR has Articles 1 to 123 and 10a; {said} not exist."
