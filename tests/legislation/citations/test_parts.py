"""The tokens of a rendered text, one by one."""

from legislation.citations import find_in

from .register import REGISTER


def test_parts_are_one_running_text_and_keep_their_citations_apart():
    parts = ["Under the ", "MDR", " and Article 22 of it", "", "Annex I"]
    citations = find_in(parts, REGISTER)
    assert [[parts[n][one.start : one.end] for one in row] for n, row in enumerate(citations)] == [
        [],
        ["MDR"],
        ["Article 22"],
        [],
        ["Annex I"],
    ]
    assert {one.instrument for row in citations for one in row} == {"MDR"}


def test_no_citation_crosses_from_one_part_to_the_next():
    assert [len(row) for row in find_in(["MDR Arti", "cle 5"], REGISTER)] == [1, 0]
    assert [len(row) for row in find_in(["MDR ", "Article 5"], REGISTER)] == [1, 1]


def test_nothing_is_masked_in_plain_text():
    assert [len(row) for row in find_in(["`MDR`"], REGISTER)] == [1]


def test_no_parts_have_no_citations():
    assert find_in([], REGISTER) == []
    assert find_in(["", ""], REGISTER) == [[], []]
