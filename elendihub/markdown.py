"""Markdown to sanitised HTML plus a table of contents. Knows no law.

CommonMark with tables, footnotes, definition lists and two callouts:

    ::: note                      ::: warning Check the date
    One sentence.                 One sentence under its own heading.
    :::                           :::

A paragraph `Table: what it shows` right before a table becomes its caption. The first cell of a body row is its header.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

MAX_SOURCE = 200_000
# Letters that do not decompose into a plain one and an accent.
PLAIN_LETTERS = {ord(letter): plain for letter, plain in zip("æøßđł", ("ae", "o", "ss", "d", "l"), strict=True)}
CALLOUTS = {"note": "Note", "warning": "Warning"}
# Anchors that the pages around the text use themselves.
RESERVED_IDS = frozenset(
    {"main", "contents", "overview", "facts", "duties", "articles", "footnotes", "about", "topic", "as-at-day"}
)
# Anchors of footnotes, the ways back from them, and captions.
NUMBERED_ID = re.compile(r"(note|ref|table)-\d+(-\d+)?")
# An uploaded image carries its size in its name, so that a page does not jump while it loads.
IMAGE_SIZE = re.compile(r"-(\d+)x(\d+)\.\w+$")
# No page, feed or database can hold these: controls but tab and line ends, halves of surrogate pairs, byte order marks.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
CAPTION = re.compile(r"Table:\s*\S")
PASTED_BULLET = re.compile(r"^([ \t]*)[•‣▪◦][ \t\u00a0]*", re.MULTILINE)

SANITISER = nh3.Cleaner(
    tags=set(
        "a abbr b blockquote br caption code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s span strong "
        "sub sup table tbody td tfoot th thead time tr ul".split()
    ),
    attributes={
        "*": {"id", "lang"},
        "a": {"href", "title", "aria-label"},
        "abbr": {"title"},
        "code": {"class"},
        "div": {"role", "tabindex", "aria-labelledby", "aria-label"},
        "img": {"src", "alt", "title", "width", "height", "loading"},
        "ol": {"start"},
        "th": {"scope"},
        "time": {"datetime"},
    },
    allowed_classes={
        "a": {"law", "ref"},
        "div": {"note", "warning", "scroll"},
        "ol": {"footnotes"},
        "td": {"centre", "end"},
        "th": {"centre", "end"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Rendered:
    """A text as it is shown: `html` is sanitised; `contents` lists its h2 and h3; `images` are (address, alt) pairs."""

    html: str
    contents: list[Heading] = field(default_factory=list)
    images: list[tuple[str, str]] = field(default_factory=list)


class TooLong(ValueError):
    def __init__(self, length: int) -> None:
        super().__init__(f"The text has {length:,} characters; {MAX_SOURCE:,} are the most. Split it into two.")


def render(source: str, parser: MarkdownIt | None = None, env: dict[str, Any] | None = None) -> Rendered:
    """Render a whole text. `parser` may bring further rules (see `new_parser`), which read and write `env`.

    Raises TooLong.
    """
    if len(source) > MAX_SOURCE:
        raise TooLong(len(source))
    env = {} if env is None else env
    html = (parser or PARSER).render(normalised(source), env)
    return Rendered(SANITISER.clean(html), env.get("contents", []), env.get("images", []))


def render_inline(source: str, parser: MarkdownIt | None = None, env: dict[str, Any] | None = None) -> str:
    """Render one line of text (emphasis, links, code) without a paragraph around it."""
    if len(source) > MAX_SOURCE:
        raise TooLong(len(source))
    return SANITISER.clean((parser or LINE_PARSER).renderInline(normalised(source), {} if env is None else env))


def normalised(source: str) -> str:
    """Pasted bullets become list items; characters that cannot be written are dropped."""
    return PASTED_BULLET.sub(r"\1- ", writable(source))


def writable(text: str) -> str:
    return UNWRITABLE.sub("", text)


def new_parser() -> MarkdownIt:
    """A parser with every rule of the house, to which a caller may add its own core rules after `inline`."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(deflist_plugin).use(footnote_plugin)
    for name, label in CALLOUTS.items():
        parser.use(container_plugin, name, render=callout(name, label))
    for rule in (anchor_headings, describe_tables, describe_images):
        parser.core.ruler.push(rule.__name__, rule)
    parser.add_render_rule("footnote_ref", footnote_ref)
    parser.add_render_rule("footnote_open", footnote_open)
    parser.add_render_rule("footnote_anchor", footnote_anchor)
    parser.add_render_rule("footnote_block_open", footnote_block_open)
    parser.add_render_rule("footnote_block_close", footnote_block_close)
    return parser


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
    """Anchors come from a heading's own words; a repeated heading takes its parent's words in front, not a number."""
    taken: dict[str, int] = {}
    parents: dict[int, str] = {}
    contents = state.env.setdefault("contents", [])
    for position, token in enumerate(state.tokens):
        if token.type == "footnote_block_open":
            contents.append(Heading(2, "footnotes", "Footnotes"))
        if token.type != "heading_open":
            continue
        level, title = int(token.tag[1]), plain_text(state.tokens[position + 1])
        own = slug(title) or "section"
        parent = next((parents[above] for above in range(level - 1, 0, -1) if above in parents), "section")
        anchor = unused(own, parent, taken)
        parents = {above: name for above, name in parents.items() if above < level} | {level: anchor}
        token.attrSet("id", anchor)
        if level in (2, 3):
            contents.append(Heading(level, anchor, title))


def unused(own: str, parent: str, taken: dict[str, int]) -> str:
    """The first of `own`, `parent-own`, `own-2`, `own-3`, … that nothing before it has."""
    for anchor in (own, f"{parent}-{own}"):
        if anchor not in taken and anchor not in RESERVED_IDS and not NUMBERED_ID.fullmatch(anchor):
            taken[anchor] = 1
            return anchor
    number = taken.get(own, 1) + 1
    while f"{own}-{number}" in taken or NUMBERED_ID.fullmatch(f"{own}-{number}"):
        number += 1
    taken[own] = number
    taken[f"{own}-{number}"] = 1
    return f"{own}-{number}"


def describe_tables(state: StateCore) -> None:
    """Row headers, captions and alignment classes; the wrapper that scrolls is a landmark named by the caption."""
    tokens: list[Token] = []
    captions = 0
    for token in state.tokens:
        if token.type == "table_open":
            caption = take_caption(tokens)
            captions += 1
            name = ("aria-labelledby", f"table-{captions}") if caption else ("aria-label", f"Table {captions}")
            tokens.append(html_token(f'<div class="scroll" role="region" {name[0]}="{name[1]}" tabindex="0">'))
            tokens.append(token)
            if caption:
                tokens += [html_token(f'<caption id="table-{captions}">'), caption, html_token("</caption>")]
            continue
        if token.type in ("th_open", "td_open"):
            describe_cell(token, first=tokens[-1].type == "tr_open")
        if token.type == "td_close" and closes_row_header(tokens):
            token.tag = "th"
        tokens.append(token)
        if token.type == "table_close":
            tokens.append(html_token("</div>"))
    state.tokens = tokens


def take_caption(tokens: list[Token]) -> Token | None:
    """Remove and return the words of a `Table: …` paragraph that ends the list of tokens."""
    if len(tokens) < 3 or tokens[-1].type != "paragraph_close" or not CAPTION.match(tokens[-2].content):
        return None
    inline = tokens[-2]
    first = (inline.children or [])[0]
    first.content = first.content.removeprefix("Table:").lstrip()
    del tokens[-3:]
    return inline


def describe_cell(token: Token, *, first: bool) -> None:
    align = str(token.attrs.pop("style", "")).removeprefix("text-align:")
    if align in ("center", "right"):
        token.attrSet("class", "centre" if align == "center" else "end")
    if token.type == "th_open":
        token.attrSet("scope", "col")
    elif first:
        token.tag = "th"
        token.attrSet("scope", "row")


def closes_row_header(tokens: list[Token]) -> bool:
    return next(token for token in reversed(tokens) if token.type == "td_open").tag == "th"


def html_token(html: str) -> Token:
    return Token("html_block", "", 0, content=html)


def describe_images(state: StateCore) -> None:
    images = state.env.setdefault("images", [])
    for token in state.tokens:
        for child in token.children or []:
            if child.type == "image":
                source = str(child.attrGet("src") or "")
                images.append((source, child.content.strip()))
                if size := IMAGE_SIZE.search(source):
                    child.attrs |= {"width": size[1], "height": size[2], "loading": "lazy"}


def callout(name: str, label: str) -> Callable[..., str]:
    def render_callout(
        renderer: RendererHTML, tokens: Sequence[Token], position: int, options: Any, env: dict[str, Any]
    ) -> str:
        if tokens[position].nesting == -1:
            return "</div>\n"
        words = tokens[position].info.strip().removeprefix(name).strip()
        title = nh3.clean_text(f"{label}: {words}" if words else label)
        return f'<div class="{name}" role="note"><p><b>{title}</b></p>\n'

    return render_callout


def footnote_number(tokens: Sequence[Token], position: int) -> tuple[int, str]:
    meta = tokens[position].meta
    number = meta["id"] + 1
    repeat = f"-{meta['subId'] + 1}" if meta.get("subId", 0) > 0 else ""
    return number, repeat


def footnote_ref(renderer: RendererHTML, tokens: Sequence[Token], position: int, options: Any, env: Any) -> str:
    number, repeat = footnote_number(tokens, position)
    return f'<a class="ref" id="ref-{number}{repeat}" href="#note-{number}" aria-label="Footnote {number}">{number}</a>'


def footnote_open(renderer: RendererHTML, tokens: Sequence[Token], position: int, options: Any, env: Any) -> str:
    return f'<li id="note-{tokens[position].meta["id"] + 1}">'


def footnote_anchor(renderer: RendererHTML, tokens: Sequence[Token], position: int, options: Any, env: Any) -> str:
    number, repeat = footnote_number(tokens, position)
    return f' <a href="#ref-{number}{repeat}" aria-label="Back to the text, footnote {number}">Back</a>'


def footnote_block_open(renderer: RendererHTML, tokens: Sequence[Token], position: int, options: Any, env: Any) -> str:
    return '<h2 id="footnotes">Footnotes</h2>\n<ol class="footnotes">\n'


def footnote_block_close(renderer: RendererHTML, tokens: Sequence[Token], position: int, options: Any, env: Any) -> str:
    return "</ol>\n"


def new_line_parser() -> MarkdownIt:
    """The parser of one line, to which a caller may add its own core rules after `inline`."""
    return MarkdownIt("commonmark", {"html": False})


PARSER = new_parser()
LINE_PARSER = new_line_parser()
