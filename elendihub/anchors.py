"""Headings and where they are found: the anchor of each, and the table of contents.

An anchor comes from the heading's own words and never from its place, so that it survives edits elsewhere. Of headings
with equal words the first has the words, the next its parent's words in front, and only then come numbers: these change
when the first is removed. An anchor that is written, `## Dates {#mdr-dates}`, never does.
"""

import re
import unicodedata
from dataclasses import dataclass

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Letters that do not decompose into a plain one and an accent.
PLAIN_LETTERS = {ord(letter): plain for letter, plain in zip("æøßđł", ("ae", "o", "ss", "d", "l"), strict=True)}
# Anchors that the pages around the text use themselves.
RESERVED_IDS = frozenset(
    "main contents overview facts duties articles footnotes about topic cited layers terms q as-at-day cite".split()
)
# Anchors of footnotes, the ways back from them, captions, and terms that are explained.
NUMBERED_ID = re.compile(r"(note|ref|table)-\d+(-\d+)?|term-.+")
# Written at the end of a heading: small letters, digits and single hyphens.
WRITTEN = re.compile(r"\s*\{#([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\}\s*$")
MAX_ANCHOR = 80


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    title: str


def slug(text: str) -> str:
    """ASCII letters, digits and hyphens; Norwegian letters keep a recognisable form."""
    text = text.lower().translate(PLAIN_LETTERS)
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def plain_text(inline: Token) -> str:
    parts = {"softbreak": " ", "hardbreak": " "}
    return "".join(
        parts.get(child.type, child.content) for child in inline.children or [] if child.type != "footnote_ref"
    )


def anchor_headings(state: StateCore) -> None:
    """Sets the id of each heading, and lists those of `contents` in the environment."""
    taken: dict[str, int] = {}
    written = take_written(state.tokens, taken)
    parents: dict[int, str] = {}
    contents = state.env.setdefault("contents", [])
    for position, token in enumerate(state.tokens):
        if token.type == "footnote_block_open":
            contents.append(Heading(2, "footnotes", "Footnotes"))
        if token.type != "heading_open":
            continue
        level, title = int(token.tag[1]), plain_text(state.tokens[position + 1])
        parent = next((parents[above] for above in range(level - 1, 0, -1) if above in parents), "section")
        anchor = written.get(position) or unused(slug(title) or "section", parent, taken)
        parents = {above: name for above, name in parents.items() if above < level} | {level: anchor}
        token.attrSet("id", anchor)
        if level in (2, 3):
            contents.append(Heading(level, anchor, title))


def take_written(tokens: list[Token], taken: dict[str, int]) -> dict[int, str]:
    """The anchors written at headings, by the place of the token, removed from their words and marked as taken.

    What is no anchor, or is taken, stays in sight as the words it is.
    """
    written = {}
    for position, token in enumerate(tokens):
        if token.type != "heading_open" or not (children := tokens[position + 1].children):
            continue
        found = WRITTEN.search(children[-1].content) if children[-1].type == "text" else None
        if found and len(found[1]) <= MAX_ANCHOR and is_free(found[1], taken) and (found.start() or len(children) > 1):
            children[-1].content = children[-1].content[: found.start()]
            written[position] = found[1]
            taken[found[1]] = 1
    return written


def is_free(anchor: str, taken: dict[str, int]) -> bool:
    is_ours = anchor in RESERVED_IDS or NUMBERED_ID.fullmatch(anchor)
    return anchor not in taken and not is_ours


def unused(own: str, parent: str, taken: dict[str, int]) -> str:
    """The first of `own`, `parent-own`, `own-2`, `own-3`, … that nothing before it has."""
    for anchor in (own, f"{parent}-{own}"):
        if is_free(anchor, taken):
            taken[anchor] = 1
            return anchor
    number = taken.get(own, 1) + 1
    while f"{own}-{number}" in taken or NUMBERED_ID.fullmatch(f"{own}-{number}"):
        number += 1
    taken[own] = number
    taken[f"{own}-{number}"] = 1
    return f"{own}-{number}"
