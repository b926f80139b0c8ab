"""What changed between two texts: sentences are aligned first, then the words inside what was replaced.

Pieces of a comparison, read without the inserted ones, are the old text to the letter, and without the removed ones the
new text. The work is linear in the length of the texts but for the search of a shortest edit, and that has a budget: a
passage that costs more is shown as removed and inserted whole.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from elendihub.alignment import Budget, align

SAME, REMOVED, INSERTED = "same", "removed", "inserted"
# A sentence ends at a mark and white space, or at the end of a line; the white space belongs to it.
SENTENCE = re.compile(r"[.!?][\"'”’)\]]*\s+|\n\s*")
PARAGRAPH = re.compile(r"(?<=\n\n)(?=[^\n])")
WORD = re.compile(r"\w+|\s+|[^\w\s]")
HEADING = re.compile(r"^#{1,6} +(.+)", re.MULTILINE)
LINE_END = "¶"
# Texts that share fewer of their words are no two forms of one sentence.
ALIKE = 0.35
# Steps of the search for shortest edits, for one comparison.
STEPS = 60_000


# How a block is set: the elements it lies in, and those inside it, each by its place in the block.
Setting = tuple[str, tuple[tuple[int, str], ...]]


@dataclass(frozen=True)
class Text:
    """Words to compare. `headings` and `settings` are by the place in the words where a heading or a block begins."""

    words: str
    headings: tuple[tuple[int, str], ...] = ()
    settings: tuple[tuple[int, Setting], ...] = ()

    def titles(self, start: int, end: int) -> list[str]:
        first, past = (bisect_left(self.headings, place, key=itemgetter(0)) for place in (start, end))
        return [title for _, title in self.headings[first:past]]

    def settings_of(self, start: int, end: int) -> list[tuple[int, Setting]]:
        """Of the blocks of this stretch, each by its place in it."""
        first, past = (bisect_left(self.settings, place, key=itemgetter(0)) for place in (start, end))
        return [(place - start, setting) for place, setting in self.settings[first:past]]


@dataclass(frozen=True)
class Told:
    """What a version says under a label: as it was written and, of Markdown, as it is shown."""

    label: str
    written: str
    shown_html: str | None = None


@dataclass(frozen=True)
class Piece:
    state: str
    text: str


@dataclass(frozen=True)
class Passage:
    """A paragraph, or several that were inserted or removed together, under the heading it stands below."""

    heading: str
    pieces: tuple[Piece, ...]
    is_set_alike: bool = True

    @property
    def state(self) -> str:
        """same, added, removed or changed"""
        states = {piece.state for piece in self.pieces if piece.text.strip() or piece.state != SAME}
        if states <= {SAME}:
            return "same"
        return {frozenset({INSERTED}): "added", frozenset({REMOVED}): "removed"}.get(frozenset(states), "changed")

    @property
    def paragraphs(self) -> list[list[Piece]]:
        """As they are shown: none empty, and of line ends only those marked, as ¶, that alone came or went."""
        found: list[list[Piece]] = [[]]
        for piece in self.pieces:
            if piece.state != SAME and not piece.text.strip("\n"):
                found[-1].append(Piece(piece.state, LINE_END))
                found += [[]] if piece.state == INSERTED else []
                continue
            first, *others = piece.text.split("\n\n")
            found[-1] += outside(Piece(piece.state, first))
            found += [outside(Piece(piece.state, text)) for text in others]
        return [kept for paragraph in found if (kept := trimmed(paragraph))]


def outside(piece: Piece) -> list[Piece]:
    """The piece with the ends of lines around its words outside of it."""
    words = piece.text.strip("\n")
    if not words:
        return [Piece(SAME, piece.text)] if piece.text else []
    before, _, after = piece.text.partition(words)
    return [each for each in (Piece(SAME, before), Piece(piece.state, words), Piece(SAME, after)) if each.text]


def trimmed(pieces: list[Piece]) -> list[Piece]:
    """Without the ends of lines that it begins or closes with."""
    while pieces and not pieces[-1].text.strip("\n"):
        pieces = pieces[:-1]
    while pieces and not pieces[0].text.strip("\n"):
        pieces = pieces[1:]
    return pieces


def markdown(source: str) -> Text:
    """Every paragraph ends alike, the last one too: so what is added after it is no change of it."""
    headings = tuple((found.start(), found[1].strip()) for found in HEADING.finditer(source))
    return Text(f"{source.rstrip()}\n\n" if source.strip() else "", headings)


def passages(old: Text, new: Text) -> list[Passage]:
    found: list[Passage] = []
    heading = ""
    at = to = (0, 0)
    for block in blocks(compare(old.words, new.words)):
        at, to = to, (to[0] + length_without(INSERTED, block), to[1] + length_without(REMOVED, block))
        titles = new.titles(at[1], to[1]) or old.titles(at[0], to[0])
        heading = titles[0] if titles else heading
        is_set_alike = old.settings_of(at[0], to[0]) == new.settings_of(at[1], to[1])
        found.append(Passage(heading, tuple(block), is_set_alike))
        heading = titles[-1] if titles else heading
    return found


def length_without(state: str, pieces: Iterable[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if piece.state != state)


def blocks(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces by paragraph: a blank line ends one, unless it stands amid what was replaced."""
    block: list[Piece] = []
    parts = [part for piece in pieces for part in by_paragraph(piece)]
    for part, following in zip(parts, [*parts[1:], None], strict=False):
        block.append(part)
        is_replaced = part.state == REMOVED and following is not None and following.state == INSERTED
        if part.text.endswith("\n\n") and not is_replaced:
            yield block
            block = []
    if block:
        yield block


def by_paragraph(piece: Piece) -> list[Piece]:
    """Only what stayed is cut: what was put in or taken out together is read together."""
    if piece.state != SAME:
        return [piece]
    return [Piece(SAME, text) for text in PARAGRAPH.split(piece.text)]


def compare(old: str, new: str) -> list[Piece]:
    budget = Budget(STEPS)
    pieces: list[Piece] = []
    for before, after in aligned(sentences(old), sentences(new), budget):
        if before == after:
            pieces.append(Piece(SAME, before))
        else:
            pieces += replaced(before, after, budget)
    return joined(pieces)


def replaced(old: str, new: str, budget: Budget) -> list[Piece]:
    """The words that changed; both texts whole where they have too little in common to be read together."""
    if not old or not new:
        return whole(old, new)
    pieces = []
    for before, after in aligned(WORD.findall(old), WORD.findall(new), budget):
        pieces += [Piece(SAME, before)] if before == after else whole(before, after)
    kept = sum(len(piece.text) for piece in pieces if piece.state == SAME and piece.text.strip())
    return bridged(pieces) if kept >= ALIKE * min(len(old), len(new)) else edges(old, new)


def edges(old: str, new: str) -> list[Piece]:
    """Whole, but for the white space both end with, so that paragraphs still end where they did."""
    end = 0
    while end < min(len(old), len(new)) and old[-1 - end] == new[-1 - end] and old[-1 - end].isspace():
        end += 1
    if not end:
        return whole(old, new)
    return [*whole(old[:-end], new[:-end]), Piece(SAME, old[-end:])]


def bridged(pieces: Sequence[Piece]) -> list[Piece]:
    """Without the islands of white space and marks that stayed between two changes: they only make it hard to read."""
    result: list[Piece] = []
    for number, piece in enumerate(pieces):
        is_between = 0 < number < len(pieces) - 1 and pieces[number + 1].state != SAME
        is_island = piece.state == SAME and not re.search(r"\w|\n", piece.text)
        if is_between and is_island and result and result[-1].state != SAME:
            result += whole(piece.text, piece.text)
        else:
            result.append(piece)
    return result


def whole(old: str, new: str) -> list[Piece]:
    return [piece for piece in (Piece(REMOVED, old), Piece(INSERTED, new)) if piece.text]


def joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one state as one piece; in a run of changes, what was removed stands before what was inserted."""
    result: list[Piece] = []
    for is_same, run in groupby(pieces, key=lambda piece: piece.state == SAME):
        texts: dict[str, list[str]] = {SAME: [], REMOVED: [], INSERTED: []}
        for piece in run:
            texts[piece.state].append(piece.text)
        states = (SAME,) if is_same else (REMOVED, INSERTED)
        result += [Piece(state, "".join(texts[state])) for state in states if texts[state]]
    return result


def sentences(text: str) -> list[str]:
    ends = [found.end() for found in SENTENCE.finditer(text)]
    bounds = [0, *ends, len(text)]
    return [text[start:end] for start, end in zip(bounds, bounds[1:], strict=False) if end > start]


def aligned(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[tuple[str, str]]:
    """Both texts in step, as pairs: equal runs, and runs that differ (one of them may be empty)."""
    before = after = 0
    for start_old, start_new, length in [*align(old, new, budget), (len(old), len(new), 0)]:
        if before < start_old or after < start_new:
            yield "".join(old[before:start_old]), "".join(new[after:start_new])
        before, after = start_old + length, start_new + length
        if length:
            same = "".join(old[start_old:before])
            yield same, same
