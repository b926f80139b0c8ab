"""Text to tokens: words, numbers and marks, in one pass.

Emphasis marks are dropped, so that `**MDR** Article 5` reads like `MDR Article 5`. What may not carry a citation, the
end of a block and the edge of a part become barriers: tokens that no rule of the grammar accepts.
"""

import re
from collections.abc import Iterable, Sequence

BLOCK = "\x1e"
EDGE = "\x1f"
LINK = "\x1d"
SKIP = ""
BARRIERS = frozenset({BLOCK, EDGE, LINK})

# Every alternative begins with a class of its own and repeats one class only: no backtracking.
SCAN = re.compile(
    r"(?P<word>[^\W\d_]+)|(?P<number>[0-9]+)|(?P<space>[\s>]+|&(?:nbsp|ensp|emsp|thinsp|#160|#8239|#xa0);)|(?P<emphasis>[*~\\\u200b\u2060\ufeff\u00ad]+|_+)"
    r"|(?P<mark>[()/,.;:§&+|?!'’‘‚\"“”„«»‐‑‒–—−-])|(?P<other>[^\w\s()/,.;:§&+|?!'’‘‚\"“”„«»‐‑‒–—−*~\\>-]+|[\w])",
)
WORD, SPACE, EMPHASIS, MARK = (SCAN.groupindex[name] for name in ("word", "space", "emphasis", "mark"))
MARKS = dict.fromkeys("'’‘‚", "'") | dict.fromkeys('"“”„«»', '"') | dict.fromkeys("‐‑‒–—−-", "-")
GLUED, SPACED, BROKEN = 0, 1, 2
# Barriers after the last token, so that no rule has to ask whether the text goes on.
LOOK_AHEAD = 8


class Tokens:
    """Parallel lists, one entry a token: text, the same in lower case, offsets, and the white space before it."""

    __slots__ = ("ends", "gaps", "lows", "starts", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.lows: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.gaps: list[int] = []

    def add(self, text: str, low: str, start: int, end: int, gap: int) -> None:
        self.texts.append(text)
        self.lows.append(low)
        self.starts.append(start)
        self.ends.append(end)
        self.gaps.append(gap)

    def add_barrier(self, low: str, at: int) -> None:
        if not self.lows or self.lows[-1] != low:
            self.add(low, low, at, at, SPACED)


def words_of(name: str) -> list[str]:
    """The tokens of a name in lower case."""
    tokens = scan(name, ())
    return [low for low in tokens.lows if low not in BARRIERS]


def scan(text: str, masks: Sequence[tuple[int, int, str]], edges: Iterable[int] = ()) -> Tokens:
    """`masks` are (start, end, barrier) in order, SKIP for what is simply left out; `edges` part the text."""
    tokens = Tokens()
    cuts = sorted([*masks, *((edge, edge, EDGE) for edge in edges)])
    position = 0
    for start, end, barrier in cuts:
        if start > position:
            _scan_stretch(tokens, text, position, start)
        if barrier:
            tokens.add_barrier(barrier, start)
        position = max(position, end)
    _scan_stretch(tokens, text, position, len(text))
    for _ in range(LOOK_AHEAD):
        tokens.add(BLOCK, BLOCK, len(text), len(text), SPACED)
    return tokens


def _scan_stretch(tokens: Tokens, text: str, position: int, limit: int) -> None:
    gap = GLUED if position and tokens.lows and tokens.lows[-1] not in BARRIERS else SPACED
    add_text, add_low, add_gap = tokens.texts.append, tokens.lows.append, tokens.gaps.append
    add_start, add_end = tokens.starts.append, tokens.ends.append
    for match in SCAN.finditer(text, position, limit):
        kind, found = match.lastindex, match[0]
        start, end = match.span()
        if kind == SPACE:
            if "\n" in found:
                gap = _gap(tokens, text, found, start, end)
            elif gap != BROKEN:
                gap = SPACED
            continue
        if kind == WORD:
            low = found.lower()
        elif kind == MARK:
            low = MARKS.get(found, found)
        elif kind == EMPHASIS:
            if found[0] != "_" or not _is_inside_word(text, start, end):
                continue
            low = found = "_"
        else:
            low = found
        add_text(found)
        add_low(low)
        add_start(start)
        add_end(end)
        add_gap(gap)
        gap = GLUED


def _is_inside_word(text: str, start: int, end: int) -> bool:
    return start > 0 and text[start - 1].isalnum() and end < len(text) and text[end].isalnum()


def _gap(tokens: Tokens, text: str, white: str, start: int, end: int) -> int:
    """The gap that a line break makes, after a barrier where it ends a block."""
    if white.count("\n") > 1 or _begins_block(text, end) or _is_in_heading(text, start):
        tokens.add_barrier(BLOCK, start)
    return BROKEN


def _begins_block(text: str, at: int) -> bool:
    """Whether a line that begins here is a heading, a row of a table or an item of a list."""
    first = text[at : at + 1]
    if first in ("#", "|", ""):
        return True
    if first in "-*+":
        return text[at + 1 : at + 2].isspace()
    digits = text[at : at + 4]
    number = digits.rstrip(".) ")
    return number.isdecimal() and text[at + len(number) : at + len(number) + 2] in (". ", ") ")


def _is_in_heading(text: str, at: int) -> bool:
    return text[max(0, at - 300) : at].rpartition("\n")[2].lstrip(" ").startswith("#")
