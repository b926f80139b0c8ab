"""Where an expression stands in a text: with its line and the sentence around it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from legislation.blocks import Block
from legislation.sentences import sentence_at

# Not the year in "2023/607", "ISO 13485:2016" or "MDCG 2021-24".
YEAR = re.compile(r"(?<![/:\w])(?<!MDCG )(?:19|20)\d\d\b(?!/)")

QUOTES = tuple("\"“”„«»'‘’")


@dataclass(frozen=True, slots=True)
class Passage:
    words: str
    line: int
    sentence: str
    is_quoted: bool

    @property
    def is_dated(self) -> bool:
        return bool(YEAR.search(self.sentence))


def passages(blocks: Iterable[Block], wanted: re.Pattern[str]) -> Iterator[Passage]:
    for block in blocks:
        for found in wanted.finditer(block.text):
            start, end = found.span()
            yield Passage(
                words=" ".join(found[0].split()),
                line=block.line_at(start),
                sentence=sentence_at(block.text, start, end),
                is_quoted=block.text[max(0, start - 1) : start] in QUOTES and block.text[end : end + 1] in QUOTES,
            )
