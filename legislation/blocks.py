"""The words of a rendered text block by block, each character with the token and the source line that it stands in.

What a citation may not cross begins a new part: a link, code, a picture, the mark of a footnote.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from markdown_it.token import Token

# Stands for code and pictures: no words of the text, and nothing that could join what is around it.
OBJECT = "\ufffc"
BREAKS = ("softbreak", "hardbreak")


@dataclass(slots=True)
class Run:
    """The characters of one inline token; `start` counts within its part."""

    start: int
    child: int
    text: str
    line: int


@dataclass(slots=True)
class Part:
    """`start` counts within the block's text; `seen` is what the recogniser is given."""

    start: int
    is_free: bool = True
    runs: list[Run] = field(default_factory=list)
    seen: str = ""

    def run_at(self, offset: int) -> Run:
        return self.runs[bisect_right(self.runs, offset, key=lambda run: run.start) - 1]


@dataclass(slots=True)
class Link:
    text: str
    line: int
    has_picture: bool = False


@dataclass(slots=True)
class Picture:
    address: str
    alt: str
    line: int


@dataclass(slots=True)
class Block:
    """`tag` is that of the element around it: p, h2, td, dt, … `row` numbers the rows of tables; 0 outside."""

    tag: str
    line: int
    row: int
    token: Token
    text: str = ""
    parts: list[Part] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def line_at(self, offset: int) -> int:
        """The source line of a place in the block's text."""
        at = bisect_right(self.parts, offset, key=lambda part: part.start) - 1
        part = self.parts[at] if at >= 0 else None
        return part.run_at(offset - part.start).line if part and part.runs else self.line

    @property
    def is_heading(self) -> bool:
        return self.tag[:1] == "h" and self.tag[1:].isdecimal()


def read(tokens: Iterable[Token]) -> list[Block]:
    """Lines count from 1. A note written inside a line has none of its own and takes the line of its mark."""
    blocks: list[Block] = []
    marks: dict[int, int] = {}
    tags, line, row, last_row = [""], 1, 0, 0
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        elif token.type == "footnote_open":
            line = marks.get(token.meta["id"], line)
        if token.type == "tr_open":
            row = last_row = last_row + 1
        elif token.type == "tr_close":
            row = 0
        if token.type == "inline":
            blocks.append(read_block(Block(tags[-1], line, row, token), marks))
        elif token.type == "html_block" and token.content.startswith("<caption"):
            tags.append("caption")
        elif token.nesting == 1:
            tags.append(token.tag)
        elif (token.nesting == -1 or token.content == "</caption>") and len(tags) > 1:
            tags.pop()
    return blocks


def read_block(block: Block, marks: dict[int, int]) -> Block:
    """Fill the block from its token; `marks` gets the line of each footnote's first mark."""
    words: list[str] = []
    length, line, is_free = 0, block.line, True
    part = Part(0)
    for number, child in enumerate(block.token.children or []):
        if child.type == "text" or child.type in BREAKS:
            text = "\n" if child.type in BREAKS else child.content
            if text:
                part.runs.append(Run(length - part.start, number, text, line))
            line += child.type in BREAKS
        elif child.type in ("em_open", "em_close", "strong_open", "strong_close"):
            continue
        else:
            close(block, part)
            text = child.content if child.type == "code_inline" else ""
            if child.type in ("link_open", "link_close"):
                is_free = child.type == "link_close"
            if child.type == "link_open":
                block.links.append(Link("", line))
            elif child.type == "image":
                block.pictures.append(Picture(str(child.attrGet("src") or ""), child.content.strip(), line))
                if not is_free:
                    block.links[-1].has_picture = True
            elif child.type == "footnote_ref":
                marks.setdefault(child.meta["id"], line)
            if child.type in ("code_inline", "image"):
                block.parts.append(Part(length, is_free=False, seen=OBJECT))
            part = Part(length + len(text), is_free)
        if not is_free and child.type != "link_open":
            block.links[-1].text += text
        words.append(text)
        length += len(text)
    close(block, part)
    block.text = "".join(words)
    return block


def close(block: Block, part: Part) -> None:
    if part.runs:
        part.seen = "".join(run.text for run in part.runs)
        block.parts.append(part)
