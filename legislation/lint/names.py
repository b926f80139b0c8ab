"""Names that a regulator no longer has, used as if it still had them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from legislation.blocks import Block

from .finding import Finding
from .passages import passages

TOLD_AS_PAST = re.compile(
    r"\b(?:former(?:ly)?|previous(?:ly)?|until|till|before|then|was|were|had|once|renamed|old|earlier)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class FormerName:
    """`acronym` is empty when another name of today shares it; `now` is the name of today, or empty."""

    name: str
    acronym: str
    valid_until: date
    now: str


def names_out_of_use(blocks: Iterable[Block], names: Iterable[FormerName]) -> Iterator[Finding]:
    known = {words: name for name in names for words in (name.name, name.acronym) if words}
    if not known:
        return
    longest_first = sorted(known, key=len, reverse=True)
    wanted = re.compile("|".join(rf"(?<!\w){re.escape(words)}(?!\w)".replace(r"\ ", r"\s+") for words in longest_first))
    for passage in passages(blocks, wanted):
        around = passage.sentence.replace(passage.words, "")
        if not passage.is_quoted and not passage.is_dated and not TOLD_AS_PAST.search(around):
            name = known[passage.words]
            cure = f"Write {name.now}, or say" if name.now else "Say"
            until = f"{name.valid_until:%-d %B %Y}"
            yield Finding(
                passage.line, f"“{passage.words}” was its name until {until}. {cure} of which time you speak."
            )
