"""Tests write what they expect as (surface, instrument, provisions) in the order of the text."""

from legislation.citations import Citation, find

from .register import REGISTER

Expected = tuple[str, str | None, str]


def found(text: str) -> list[Expected]:
    return [(text[one.start : one.end], one.instrument, " ".join(one.provisions)) for one in find(text, REGISTER)]


def only(text: str) -> Citation:
    citations = find(text, REGISTER)
    assert len(citations) == 1, citations
    return citations[0]
