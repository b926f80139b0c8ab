"""What changed between two texts: told exactly, read easily, bounded whatever is compared."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elendihub.alignment import Budget, align
from elendihub.comparison import INSERTED, REMOVED, SAME, STEPS, Text, compare, markdown, passages

# Few letters, so that much is equal; line ends, marks and headings where texts are cut.
TEXTS = st.text("ab# \n.,é", max_size=80) | st.text(max_size=40)


def old_of(pieces):
    return "".join(piece.text for piece in pieces if piece.state != INSERTED)


def new_of(pieces):
    return "".join(piece.text for piece in pieces if piece.state != REMOVED)


def told(old, new):
    marks = {SAME: "{}", REMOVED: "[-{}-]", INSERTED: "[+{}+]"}
    return "".join(marks[piece.state].format(piece.text) for piece in compare(old, new))


def states(old, new):
    return [(passage.heading, passage.state) for passage in passages(markdown(old), markdown(new))]


@given(TEXTS, TEXTS)
def test_a_comparison_holds_both_texts_to_the_letter(old, new):
    pieces = compare(old, new)
    assert (old_of(pieces), new_of(pieces)) == (old, new)
    assert all(piece.text for piece in pieces)


@given(TEXTS, TEXTS)
def test_its_passages_hold_both_texts_too(old, new):
    pieces = [piece for passage in passages(Text(old), Text(new)) for piece in passage.pieces]
    assert (old_of(pieces), new_of(pieces)) == (old, new)


@given(TEXTS)
def test_a_source_is_compared_whole_but_for_how_it_ends(source):
    assert markdown(source).words.rstrip() == source.rstrip()


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert {piece.state for piece in compare(text, text)} <= {SAME}


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_what_is_matched_is_equal_and_in_order(old, new):
    before = after = 0
    for start, other, length in align(old, new, Budget(STEPS)):
        assert length > 0
        assert (start >= before, other >= after) == (True, True)
        assert old[start : start + length] == new[other : other + length]
        before, after = start + length, other + length


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It ends in 2027.", "It ends in 2028.", "It ends in [-2027-][+2028+]."),
        ("One. Two. Three.", "One. Three.", "One. [-Two. -]Three."),
        ("One. Three.", "One. Two. Three.", "One. [+Two. +]Three."),
        ("The maker must tell DMP.", "The maker may tell DMP.", "The maker [-must-][+may+] tell DMP."),
        ("Ask us. Go home.", "Labels need Norwegian. Go home.", "[-Ask us.-][+Labels need Norwegian.+] Go home."),
        ("", "New.", "[+New.+]"),
        ("Old.", "", "[-Old.-]"),
        ("", "", ""),
    ],
)
def test_sentences_are_told_apart_first_and_then_their_words(old, new, expected):
    assert told(old, new) == expected


def test_each_changed_paragraph_stands_under_its_heading():
    old = "In short.\n\n## Scope\n\nAll devices.\n\n## Dates\n\nUntil 2027.\n\nGone soon.\n"
    new = "In short.\n\n## Scope\n\nAll devices.\n\n## Dates\n\nUntil 2028.\n\nA new one, about other things.\n"
    assert states(old, new) == [
        ("", "same"),
        *[("Scope", "same")] * 2,
        *[("Dates", "same"), ("Dates", "changed"), ("Dates", "changed")],
    ]


def test_a_new_heading_is_a_passage_of_its_own_and_names_those_below():
    old, new = "## Scope\n\nAll devices.\n", "## What it covers\n\nAll devices.\n"
    assert states(old, new) == [("What it covers", "changed"), ("What it covers", "same")]


def test_only_what_begins_a_line_is_a_heading():
    assert states("## A\n\nIssue # 5 is new.\n", "## A\n\nIssue # 6 is new.\n")[-1] == ("A", "changed")


def test_the_same_words_set_otherwise_are_told_apart():
    old = Text("One.\n\nTwo.\n\n", settings=((0, ("p", ())), (6, ("p", ()))))
    new = Text("New.\n\nOne.\n\nTwo.\n\n", settings=((0, ("p", ())), (6, ("p", ())), (12, ("p", ((0, "em"),)))))
    found = [(passage.state, passage.is_set_alike) for passage in passages(old, new)]
    assert found == [("added", False), ("same", True), ("same", False)]


def shown(old, new):
    marks = {SAME: "{}", REMOVED: "[-{}-]", INSERTED: "[+{}+]"}
    found = [paragraph for passage in passages(Text(old), Text(new)) for paragraph in passage.paragraphs]
    return ["".join(marks[piece.state].format(piece.text) for piece in paragraph) for paragraph in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("One.\n\nTwo.\n\n", "One.\n\nA.\n\nB.\n\nTwo.\n\n", ["One.", "[+A.+]", "[+B.+]", "Two."]),
        ("One.\n\nTwo.\n\n", "New\n\nfour.\n\n", ["[-One.-]", "[-Two.-][+New+]", "[+four.+]"]),
        ("A\nB", "A\nC\nB", ["A\n[+C+]\nB"]),
        ("A", "A\nB", ["A\n[+B+]"]),
        ("A b.", "A\nb.", ["A[- -][+¶+]", "b."]),
        ("A\n\nb.", "A b.", ["A[-¶-][+ +]b."]),
        ("", "\n", ["[+¶+]"]),
    ],
)
def test_paragraphs_are_marked_one_by_one_and_the_ends_of_lines_not_at_all(old, new, expected):
    assert shown(old, new) == expected


@given(TEXTS, TEXTS)
def test_every_word_of_a_passage_is_shown_as_it_was_found(old, new):
    for passage in passages(Text(old), Text(new)):
        pieces = [piece for paragraph in passage.paragraphs for piece in paragraph]
        for state in (REMOVED, INSERTED, SAME):
            found, given = (
                re.sub("[\n¶]", "", "".join(piece.text for piece in each if piece.state == state))
                for each in (pieces, passage.pieces)
            )
            assert found == given


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 100_000, "a " * 99_990 + "b"),
        ("a " * 100_000, "b " * 100_000),
        ("a b " * 50_000, "b a " * 50_000),
        (" ".join(map(str, range(30_000))), " ".join(map(str, reversed(range(30_000))))),
        ("." * 200_000, ")" * 200_000),
        ("a\n\n" * 66_000, "a\n\nb\n\n" * 33_000),
    ],
    ids=["all words equal", "all words different", "shifted", "reversed", "marks", "paragraphs"],
)
def test_hostile_texts_are_compared_within_the_budget(old, new):
    pieces = compare(old, new)
    assert (old_of(pieces), new_of(pieces)) == (old, new)


def test_the_search_for_a_shortest_edit_ends_when_its_budget_does():
    old, new = list("abab" * 5_000), list("bbaa" * 5_000)
    budget = Budget(1_000)
    align(old, new, budget)
    assert -len(old) - len(new) < budget.left < 1_000
