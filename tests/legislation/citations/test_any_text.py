"""Promises for every text, hostile ones too."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legislation.citations import find, find_in

from .register import REGISTER

WORDS = (
    "Article Articles Art. Annex Annexes Section point Part A B I II IV XVII Chapter Rule § §§ Recital second "
    "subparagraph indent of the to and or , . - – ( ) [ ] ` ** _ | # MDR IVDR MDD GDPR EU Regulation Directive (EU) "
    "No 2017/745 93/42/EEC MDCG 2021-24 EN ISO 14971:2019 LOV-2020-05-07-37 forskrift 5 10a (1) (3c) a) 1.2 999999999 "
    "respectively f. ff. <!-- --> <a> </a> ](x) 's \u00a0 \n \n\n \x00 \ud800 ² ٣ ß İ"
).split(" ")
texts = st.lists(st.sampled_from(WORDS)).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(texts, st.text(), st.text(st.characters(categories=["Cs", "Cc", "Nd", "Ll", "Po"]))))
def test_every_text_gives_spans_inside_it_that_do_not_overlap(text):
    citations = find(text, REGISTER)
    end = 0
    last = (0, 0)
    for citation in citations:
        assert 0 <= citation.start < citation.end <= len(text)
        assert not text[citation.start].isspace()
        assert citation.start >= end or (citation.start, citation.end) == last
        end, last = citation.end, (citation.start, citation.end)
        assert citation.exists or citation.reason
        assert citation.instrument or (citation.reason and citation.is_ambiguous)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(texts, st.text(max_size=9))))
def test_every_row_of_parts_gives_citations_inside_the_parts(parts):
    rows = find_in(parts, REGISTER)
    assert len(rows) == len(parts)
    for part, row in zip(parts, rows, strict=True):
        assert all(0 <= one.start < one.end <= len(part) for one in row)


HOSTILE = (
    "[ ( ` < <! [a]( [a][b] ([ * _a 1 2017/745 a/b/ Article_ Articles_1-300,_ Article_1,_2,_ Annex_I,_II,_ §_ MDR_ "
    "MDR/ Section_1_of_ point_(a)_of_ first_and_ Article_5_MDR_and_ Annex_I_Section_1(a)-(z),_ A_Regulation_(EU)_ {: "
    "Treaty_Article_1_MDR_ |_Article_1_|_MDR_Annex_I_ MDR_(MDR)_ Article_1_et_seq._ EU-MDR_ &nbsp; (EU)_MDR_ "
    "<!-- www. a.md. \\ \n#_a \n|_MDR \n-_ [a]:_ ](x) Regulation_(EU)_2017/745_on_devices_and_"
).split(" ")


def lines_run(text: str) -> int:
    """How many lines of Python the recogniser ran: its work, whatever the machine does beside it."""
    count = 0

    def local(frame, event, _):
        nonlocal count
        count += event == "line"
        return local

    before = sys.gettrace()
    sys.settrace(local)
    try:
        find(text, REGISTER)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("unit", HOSTILE)
def test_the_work_grows_with_the_length_of_the_text(unit):
    unit = unit.replace("_", " ")
    small, large = (lines_run(unit * (size // len(unit))) for size in (3_000, 6_000))
    assert large < 2.4 * small + 500


@pytest.mark.parametrize("unit", ["Articles 1-300, ", "Articles 1-9, point (a)-(z) MDR ", "Article 5(1-300), "])
def test_ranges_expand_no_further_than_the_text_is_long(unit):
    text = unit * 2_000
    assert sum(len(one.provisions) for one in find(text, REGISTER)) < len(text)


@pytest.mark.parametrize("text", ["Article 1-999999999 MDR", "Article " + "9" * 5_000 + " MDR", "Annex " + "X" * 5_000])
def test_numbers_without_end_are_no_range(text):
    assert all(len(one.provisions) < 3 for one in find(text, REGISTER))
