"""Words that were true on the day of writing only."""

import re
from collections.abc import Iterable, Iterator

from legislation.blocks import Block

from .finding import Finding
from .passages import passages

UNDATED = re.compile(
    r"\b(?:currently|recently|nowadays|presently|at present|at the moment|now|(?<!\bas )soon(?! as\b))\b", re.IGNORECASE
)


def undated(blocks: Iterable[Block]) -> Iterator[Finding]:
    """Unless the sentence names a year."""
    for passage in passages(blocks, UNDATED):
        if not passage.is_dated:
            yield Finding(passage.line, f"“{passage.words}” tells no day. Write since when, or as at which day.")
