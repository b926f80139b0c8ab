"""Phrases that begin with an ordinal.

phrase = ordinal { list-mark ordinal } unit ;             "first and second subparagraph", "4th indent"
"""

from .labels import Label
from .provisions import Phrase
from .scanning import GLUED, Tokens
from .words import ORDINAL_ENDINGS, ORDINALS, UNITS


def ordinals_at(tokens: Tokens, at: int) -> Phrase | None:
    """ "second subparagraph", "first and second indents", "4th indent"."""
    first, items = at, []
    while True:
        word = tokens.lows[at]
        if word in ORDINALS:
            items.append(Label(ORDINALS[word]))
            at += 1
        elif word.isdecimal() and tokens.lows[at + 1] in ORDINAL_ENDINGS and tokens.gaps[at + 1] == GLUED:
            items.append(Label(word))
            at += 2
        else:
            return None
        unit = UNITS.get(tokens.lows[at])
        if unit:
            return Phrase(unit, first, at + 1, items)
        if tokens.lows[at] not in ("and", "or", ",", "og") or len(items) > 9:
            return None
        at += 1
