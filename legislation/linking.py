"""The rule that finds the law in a text and leads each citation to its page. Words are never changed.

Nothing is linked in headings, links, code, addresses and descriptions of pictures; what headings and links cite is
found all the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from legislation import blocks
from legislation.addresses import Law
from legislation.blocks import Block, Part
from legislation.citations import Citation, find_in
from legislation.sentences import LONGEST, sentence_at, shortened

MISSING, RESOLVED, UNRESOLVED = "missing", "resolved", "unresolved"


@dataclass(frozen=True, slots=True)
class TextCitation:
    """One citation of a text. `line` counts the source's lines from 1, `position` the citations from 1."""

    position: int
    line: int
    surface: str
    instrument: str | None
    labels: tuple[str, ...]
    exists: bool
    reason: str
    is_ambiguous: bool
    sentence: str
    address: str

    @property
    def state(self) -> str:
        """missing: part of it does not exist. resolved: it has a page here. unresolved: it has none."""
        if not self.exists:
            return MISSING
        return RESOLVED if self.address else UNRESOLVED


@dataclass(frozen=True, slots=True)
class Span:
    """A citation as found, `candidates` for one stretch of a part."""

    block: Block
    part: Part
    candidates: list[Citation]

    @property
    def start(self) -> int:
        return self.candidates[0].start

    @property
    def end(self) -> int:
        return self.candidates[0].end


def link_citations(state: StateCore) -> None:
    """A core rule. `env["law"]` is a Law; afterwards env has `blocks`, and `citations` as a list of TextCitation."""
    law: Law = state.env["law"]
    read = state.env["blocks"] = blocks.read(state.tokens)
    rows = {
        row: " · ".join(cell.text for cell in cells) for row, cells in groupby(read, lambda block: block.row) if row
    }
    found = state.env["citations"] = []
    for _block, spans in groupby(spans_of(read, law), lambda span: id(span.block)):
        links = []
        for span in spans:
            citation = described(span, len(found) + 1, law, rows)
            found.append(citation)
            if span.part.is_free and citation.state == RESOLVED and not span.block.is_heading:
                links.append((span, citation.address))
        if links:
            token = links[0][0].block.token
            token.children = linked(token.children or [], links)


def spans_of(read: list[Block], law: Law) -> Iterator[Span]:
    """In the order of the text; where acts compete for one stretch, together."""
    places: list[tuple[Block, Part | None]] = []
    for block in read:
        places += [(block, part) for part in block.parts]
        places.append((block, None))
    found = find_in([part.seen if part else "" for _, part in places], law.register)
    for (block, part), citations in zip(places, found, strict=True):
        for _, candidates in groupby(citations, lambda citation: citation.start):
            if part and part.runs:
                yield Span(block, part, list(candidates))


def described(span: Span, position: int, law: Law, rows: dict[int, str]) -> TextCitation:
    first = span.candidates[0]
    is_one = len(span.candidates) == 1
    key = first.instrument if is_one else None
    reason = first.reason or first.paragraph_reason
    exists = all(each.exists for each in span.candidates) and not (is_one and first.paragraph_reason)
    address = law.address(key, first.provisions) if key and exists else ""
    if key and not address and not reason:
        reason = f"{key} is not in the register of law, so nothing is known of it. Add it there, or leave it unlinked."
    return TextCitation(
        position=position,
        line=span.part.run_at(span.start).line,
        surface=shortened(" ".join(span.part.seen[span.start : span.end].split())),
        instrument=key,
        labels=tuple(dict.fromkeys(first.provisions)),
        exists=exists,
        reason=reason,
        is_ambiguous=first.is_ambiguous or not is_one,
        sentence=sentence_of(span, rows),
        address=address,
    )


def sentence_of(span: Span, rows: dict[int, str]) -> str:
    """In a table it is the whole row, unless that is too long to stand beside each of its citations."""
    row = rows.get(span.block.row, "")
    if row and len(row) <= LONGEST:
        return row
    return sentence_at(span.block.text, span.part.start + span.start, span.part.start + span.end)


def linked(children: list[Token], links: list[tuple[Span, str]]) -> list[Token]:
    """The inline tokens with a link around each span, or around its first piece where nesting allows no more."""
    atoms, ranges = cut(children, [span for span, _ in links])
    opening, closing = {}, set()
    for (first, last), (_, address) in zip(ranges, links, strict=True):
        first, last = nested(atoms, first, last)
        opening[first] = address
        closing.add(last)
    out = []
    for number, atom in enumerate(atoms):
        if number in opening:
            out.append(Token("link_open", "a", 1, attrs={"class": "law", "href": opening[number]}))
        out.append(atom)
        if number in closing:
            out.append(Token("link_close", "a", -1))
    return out


def cut(children: list[Token], spans: list[Span]) -> tuple[list[Token], list[tuple[int, int]]]:
    """The tokens cut at the ends of each span, and for each span its first and last token."""
    cuts: dict[int, list[int]] = {}
    for span in spans:
        for offset, past in ((span.start, 0), (span.end, 1)):
            run = span.part.run_at(offset - past)
            cuts.setdefault(run.child, []).append(offset - run.start)
    atoms: list[Token] = []
    edges: list[int] = []
    for number, child in enumerate(children):
        before = 0
        for offset in cuts.get(number, ()):
            if offset > before:
                atoms.append(piece(child, before, offset))
            before = offset
            edges.append(len(atoms))
        if number not in cuts:
            atoms.append(child)
        elif before < len(child.content):
            atoms.append(piece(child, before, len(child.content)))
    return atoms, [(first, past - 1) for first, past in zip(edges[::2], edges[1::2], strict=True)]


def piece(child: Token, start: int, end: int) -> Token:
    return Token("text", "", 0, content=child.content[start:end])


def nested(atoms: list[Token], first: int, last: int) -> tuple[int, int]:
    """The tokens to link: with the marks of emphasis that begin or end just outside, or only up to the first mark."""
    depth = lowest = 0
    for atom in atoms[first : last + 1]:
        depth += atom.nesting
        lowest = min(lowest, depth)
    opens, closes = -lowest, depth - lowest
    start, end = first, last
    while opens and start and atoms[start - 1].nesting == 1:
        start, opens = start - 1, opens - 1
    while closes and end + 1 < len(atoms) and atoms[end + 1].nesting == -1:
        end, closes = end + 1, closes - 1
    if not opens and not closes:
        return start, end
    return first, next(number for number in range(first, last + 1) if atoms[number].nesting) - 1
