"""What readers have of a sanitised text, as plain words to compare: no marks of Markdown, none of HTML.

Paragraphs, items of lists and rows of tables stand apart by a blank line; what belongs together (a term and its
definition, a callout's label and its first paragraph) by the end of a line. The address of a link that an author made
follows its words in brackets: readers act on it. What is set for the eye (emphasis, the level of a heading, a picture's
address) is no word; it is kept beside the words, so that a comparison can tell where it differs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote

from elendihub.comparison import Setting, Text

# Of the HTML of both texts of a comparison together: what is read in one answer, a second's work at most.
MOST_TAGS, MOST_LETTERS = 40_000, 1_000_000
SPACES = re.compile(r"[ \t\n\r\f]+")
APART, TOGETHER = "\n\n", "\n"
CELL = " | "
BULLETS = ("•", "◦")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CALLOUTS = frozenset({"note", "warning"})
# A paragraph ends where one of these begins or ends.
BLOCKS = HEADINGS | frozenset("blockquote caption dd div dl dt li ol p pre table tbody tfoot thead tr ul".split())
# What readers see of an element; identifiers and names for assistive tools follow from the words.
SEEN = frozenset({"class", "href", "lang", "src", "title"})
# Links that the site makes of the words. Those to footnotes and terms follow from the words; one to the law does not.
OF_THE_SITE = frozenset({"law", "ref", "term"})
MOVING = frozenset({"ref", "term"})


def read(html: str) -> Text:
    """`html` is sanitised, as a version stores it."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return Text("".join(reader.words), tuple(reader.headings), tuple(reader.settings))


def exceeds(texts: Iterable[str]) -> bool:
    sizes = [(text.count("<"), len(text)) for text in texts]
    return sum(tags for tags, _ in sizes) > MOST_TAGS or sum(letters for _, letters in sizes) > MOST_LETTERS


@dataclass
class Open:
    """A block or a link that is open: `count` of its items or cells so far, `begun` where a link's words begin."""

    tag: str
    attributes: dict[str, str]
    count: int = 0
    begun: int = 0

    @property
    def name(self) -> str:
        return self.attributes.get("class", "")

    @property
    def is_way_back(self) -> bool:
        """From a footnote to its place in the text; no author can name a link so."""
        return self.tag == "a" and self.attributes.get("aria-label", "").startswith("Back to the text")


class Reader(HTMLParser):
    """Gathers `words`, with the places of `headings`, and of each block with how it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.length = 0
        self.headings: list[tuple[int, str]] = []
        self.settings: list[tuple[int, Setting]] = []
        self.open: list[Open] = []
        self.begin_block()

    # Blocks

    def begin_block(self) -> None:
        self.block: list[str] = []
        self.size = 0
        self.marker = ""
        self.marks: list[tuple[int, str]] = []
        self.awaits_space = False

    def end_block(self, after: str = APART) -> None:
        """What was gathered becomes a paragraph. Where that is nothing, its marker and marks wait for the next one."""
        text = "".join(self.block).strip("\n")
        if not text:
            return
        kinds = [element.tag for element in self.open if element.tag in BLOCKS]
        if not HEADINGS.isdisjoint(kinds):
            self.headings.append((self.length, " ".join(text.split())))
        self.settings.append((self.length, (" ".join(kinds), tuple(self.marks))))
        self.words += [self.marker, text, after]
        self.length += len(self.marker) + len(text) + len(after)
        self.begin_block()

    def add(self, text: str) -> None:
        if self.awaits_space and self.block and self.block[-1] != "\n":
            text = f" {text}"
        self.awaits_space = False
        self.block.append(text)
        self.size += len(text)

    def mark(self, words: str) -> None:
        self.marks.append((self.size, words))

    def handle_data(self, data: str) -> None:
        if any(element.is_way_back for element in self.open[-1:]):
            return
        if any(element.tag == "pre" for element in self.open):
            self.add(data)
            return
        text = SPACES.sub(" ", data)
        self.awaits_space |= text.startswith(" ")
        if words := text.strip(" "):
            self.add(words)
            self.awaits_space = text.endswith(" ")

    # Tags

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Open(tag, {name: value or "" for name, value in attrs})
        if tag in BLOCKS or tag == "hr":
            self.end_block()
        if tag not in BLOCKS and not MOVING.intersection(element.name.split()) and not element.is_way_back:
            self.mark(" ".join([tag, *(f"{name}={value}" for name, value in attrs if name in SEEN)]))
        match tag:
            case "li":
                self.marker = self.next_marker()
            case "ol":
                element.count = whole_number(element.attributes.get("start", ""), 1) - 1
            case "td" | "th":
                self.begin_cell()
            case "br":
                self.awaits_space = False
                self.add("\n")
            case "img":
                self.add(picture(element.attributes.get("alt", "")))
            case "a":
                self.begin_link(element)
        if tag in BLOCKS or tag == "a":
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in BLOCKS and tag != "a":
            self.mark(f"/{tag}")
            return
        if all(element.tag != tag for element in self.open):
            return
        if tag in BLOCKS:
            self.end_block(TOGETHER if tag == "dt" or self.is_label() else APART)
        while (element := self.open.pop()).tag != tag:
            pass
        if tag == "a":
            self.end_link(element)

    def is_label(self) -> bool:
        """What ends is the first paragraph of a callout."""
        callout = self.open[-2] if len(self.open) > 1 else None
        if callout is None or callout.name not in CALLOUTS:
            return False
        callout.count += 1
        return callout.count == 1

    def next_marker(self) -> str:
        lists = [element for element in self.open if element.tag in ("ol", "ul")]
        if not lists or lists[-1].tag == "ul":
            return f"{BULLETS[min(max(len(lists), 1), len(BULLETS)) - 1]} "
        lists[-1].count += 1
        return f"[{lists[-1].count}] " if lists[-1].name == "footnotes" else f"{lists[-1].count}. "

    def begin_cell(self) -> None:
        row = self.open[-1] if self.open else None
        if row and row.count:
            self.awaits_space = False
            self.add(CELL)
        if row:
            row.count += 1

    def begin_link(self, link: Open) -> None:
        if link.name == "ref":
            self.add("[")
        link.begun = len(self.block)

    def end_link(self, link: Open) -> None:
        if link.is_way_back:
            return
        if link.name == "ref":
            self.block.append("]")
            return
        words = "".join(self.block[link.begun :]).strip()
        address = link.attributes.get("href", "")
        is_told = unquote(address).removeprefix("mailto:").removeprefix("tel:") == unquote(words)
        if address and not address.startswith("#") and link.name not in OF_THE_SITE and not is_told:
            self.block.append(f" ({address})" if words else f"({address})")
        if link.name not in MOVING:
            self.mark("/a")


def whole_number(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def picture(alternative: str) -> str:
    words = " ".join(alternative.split())
    return f"[Picture: {words}]" if words else "[Picture]"
