"""What an edit that calls itself minor touches after all: numbers, dates, citations, and the words that oblige.

Pure functions over public fields, linear in their length. Each such word is compared with the words beside it in its
sentence, so that neither moving “shall” to another sentence nor putting “before” for “after” beside a date is minor.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

# Public fields that others are made of, or that no reader reads.
DERIVED = frozenset({"citations", "contents", "slug", "terms", "url", "withdrawal_reason"})
# An address is passed over: a new link is a minor change. Words hold their decimals, ranges and apostrophes together.
PIECE = re.compile(
    r"(?P<address>https?://\S*)|(?P<end>[.;:!?](?=\s|$)|\||\n[ \t]*(?=[\n#>*+-]))"
    r"|(?P<word>(?:(?<!\w)[-−](?=\d))?\w+(?:[.,:/–-]\d\w*|[’']\w+)*|[%‰€$£≤≥±])"
)
CITED = re.compile(r"""<a\b[^>]*\bclass="law"[^>]*>""")
NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half "
    "once twice first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "% ‰ € $ £ ≤ ≥ ±".split()
)
ROMAN = re.compile(r"[IVXLCDM]+[a-c]?")
MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
DATES = frozenset(f"{MONTHS} day days week weeks month months year years hour hours today".split())
DUTIES = frozenset("must may shall should cannot not never no nor".split())
# Findings that a refusal names.
MOST_NAMED = 5


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
    if citations(before) != citations(after):
        found["a citation"] = None
    return list(found)[:MOST_NAMED]


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
    if any(character.isnumeric() for character in word) or plain in NUMBERS or ROMAN.fullmatch(word):
        return "number"
    if plain in DUTIES or plain.endswith("n't"):
        return "word"
    return "date" if plain in DATES else ""


def text_of(value: Any) -> str:
    """All that readers read of a public value, one line each; rendered and derived parts left out."""
    return "\n\n".join(strings(value))


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
