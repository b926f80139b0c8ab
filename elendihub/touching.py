"""What an edit that calls itself minor touches after all: numbers, dates, citations, and the words that oblige.

Pure functions over public fields, linear in their length. Each such word is compared with the words beside it in its
sentence, so that neither moving “shall” to another sentence nor putting “before” for “after” beside a date is minor.
Texts are compared as written and as readers see them: Markdown can hide a sentence, or show it, by a mark beside it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, NamedTuple
from unicodedata import category

from elendihub import prose

# Public fields that others are made of, or that no reader reads.
DERIVED = frozenset({"citations", "contents", "slug", "terms", "url", "withdrawal_reason"})
# An address is passed over: a new link is a minor change. Words hold their decimals, ranges and apostrophes together,
# and the letter of a point its brackets.
PIECE = re.compile(
    r"(?P<address>https?://[^\s)\]>|]*)|(?P<end>[.;:!?](?=\s|$)|\||\n[ \t]*(?=[\n#>*+-]))"
    r"|(?P<word>(?:(?<!\w)[-−](?=\d))?\w+(?:[.,:/–-]\d\w*|[’']\w+)*|\((?:[a-z]|[ivx]{1,5})\)"
    r"|[<>=~≈](?=[ \t]*\d)|[%‰€$£≤≥±])"
)
# Marks inside a word, which readers see as one: sh**all**.
WITHIN_A_WORD = re.compile(r"(?<=[^\W\d_])[*`\[]+(?=[^\W\d_])")
CITED = re.compile(r"""<a\b[^>]*\bclass="law"[^>]*>""")
# Tags as the sanitiser writes them: every value between quotes, and no quote within one.
PICTURE = re.compile(r'<img(?:\s+[\w-]+="[^"]*")*?\s+alt="([^"]*)"(?:\s+[\w-]+="[^"]*")*>')
LINK = re.compile(r'<a(?:\s+[\w-]+="[^"]*")+>')
LINKED_TO = re.compile(r'\s+href="[^"]*"')
FOOTNOTE = re.compile(r"^\[(\d+)\] ", re.MULTILINE)
# No shape of their own, and of other categories than Cf: fillers, joiners and what selects a form of a letter.
SHAPELESS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half "
    "hundreds thousands millions billions dozen dozens percent once twice thrice double triple twofold threefold "
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth hundredth thousandth "
    "% ‰ € $ £ ≤ ≥ ± < > = ~ ≈".split()
)
ROMAN = re.compile(r"[IVXLCDM]+[a-c]?")
POINT = re.compile(r"\(\w+\)")
MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
SPANS = (
    "minute minutes hour hours day days week weeks fortnight month months quarter quarters year years decade decades "
    "hourly daily weekly monthly quarterly yearly annual annually today tomorrow yesterday noon midnight "
    "monday tuesday wednesday thursday friday saturday sunday"
)
DATES = frozenset(f"{MONTHS} {SPANS}".split())
DUTIES = frozenset(
    "must may shall should cannot not never no nor unless except required requires mandatory optional obliged "
    "prohibited forbidden permitted allowed".split()
)
# Findings that a refusal names.
MOST_NAMED = 5
TOO_LARGE = "more than can be judged as readers see it"


class Word(NamedTuple):
    """A word that no minor edit may touch, with the words beside it in its sentence."""

    kind: str
    before: str
    said: str
    after: str

    def __str__(self) -> str:
        return f"the {self.kind} “{self.said}”"


def touched(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """In words, what differs between the public fields of two texts; empty when the edit can be minor."""
    found: dict[str, None] = {}
    for name in sorted(filter(is_read, before.keys() | after.keys())):
        found |= dict.fromkeys(between(text_of(before.get(name)), text_of(after.get(name))))
    # Refused already, it need not be read twice.
    if not found:
        found |= dict.fromkeys(shown_otherwise(before, after))
    if citations(before) != citations(after):
        found["a citation"] = None
    return list(found)[:MOST_NAMED]


def shown_otherwise(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """As touched(), of what was rendered. Words that only pictures say are apart: most readers see none of them."""
    names = sorted(before.keys() | after.keys())
    pairs = [tuple(list(rendered(name, fields.get(name))) for fields in (before, after)) for name in names]
    pairs = [(old, new) for old, new in pairs if old != new]
    if prose.exceeds(html for pair in pairs for texts in pair for html in texts):
        return [TOO_LARGE]
    seen = [between(as_read(old), as_read(new)) + between(in_pictures(old), in_pictures(new)) for old, new in pairs]
    return [finding for findings in seen for finding in findings]


def between(old: str, new: str) -> list[str]:
    one, other = list(words(old)), list(words(new))
    if one == other:
        return []
    # The word itself if it came or went, else one that has other words beside it.
    return differing(map(str, one), map(str, other)) or differing(one, other) or ["the order of numbers and duties"]


def differing(one: Iterable[Any], other: Iterable[Any]) -> list[str]:
    counted, counted_after = Counter(one), Counter(other)
    return [str(each) for each in [*(counted - counted_after), *(counted_after - counted)]]


def words(text: str) -> Iterator[Word]:
    """Those that count, in order."""
    previous, held = "", None
    for piece in PIECE.finditer(text):
        said = piece["word"] or ""
        if held:
            yield held._replace(after=said.casefold())
        kind = kind_of(said)
        held = Word(kind, previous, said.casefold() if kind == "word" else said, "") if kind else None
        previous = said.casefold()
    if held:
        yield held


def kind_of(word: str) -> str:
    plain = word.casefold().replace("’", "'")
    if any(character.isnumeric() for character in word) or plain in NUMBERS:
        return "number"
    if ROMAN.fullmatch(word) or POINT.fullmatch(word):
        return "number"
    if plain in DUTIES or plain.endswith("n't"):
        return "word"
    return "date" if plain in DATES else ""


def text_of(value: Any) -> str:
    """All that readers read of a public value, one line each; rendered and derived parts left out."""
    return as_seen("\n\n".join(strings(value)))


def as_seen(text: str) -> str:
    """Nobody sees that a word is written with entities, with characters that have no shape, or half of it bold."""
    return WITHIN_A_WORD.sub("", shaped(unescape(text)))


def shaped(text: str) -> str:
    return "".join(character for character in SHAPELESS.sub("", text) if category(character) != "Cf")


def as_read(texts: Iterable[str]) -> str:
    """Of sanitised HTML. The number of a footnote stands apart from what it introduces, as in Markdown."""
    return FOOTNOTE.sub(r"\1. ", shaped("\n\n".join(prose.read(bare(html)).words for html in texts)))


def bare(html: str) -> str:
    """Without pictures and the addresses of links, which could say anything; a term ends as a sentence does."""
    without_addresses = LINK.sub(lambda link: LINKED_TO.sub("", link[0]), PICTURE.sub("", html))
    return without_addresses.replace("</dt>", ".</dt>")


def in_pictures(texts: Iterable[str]) -> str:
    return "\n\n".join(shaped(unescape(words)) for html in texts for words in PICTURE.findall(html))


def strings(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if is_read(name):
                yield from strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def is_read(name: str) -> bool:
    return name not in DERIVED and not name.endswith(("_html", "_id"))


def citations(fields: dict[str, Any]) -> list[Any]:
    """Which law is cited, in order: of an article's own record, else of the links in what was rendered."""
    if "citations" in fields:
        return [(record["instrument"], record["provisions"]) for record in fields["citations"]]
    return [link for name in sorted(fields) for text in rendered(name, fields[name]) for link in CITED.findall(text)]


def rendered(name: str, value: Any) -> Iterable[str]:
    if isinstance(value, str) and name.endswith("_html"):
        yield value
    elif isinstance(value, list):
        for each in value:
            for key, inner in each.items() if isinstance(each, dict) else ():
                yield from rendered(key, inner)
