"""From what the recogniser found to the rows of the register: keys and labels in bulk, and labels in words."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from legislation.models import Instrument, Provision

KINDS = {prefix: kind for kind, prefix in Provision.PREFIXES.items()}
LABEL = re.compile(r"(?P<prefix>[a-z]+)_(?P<number>[^(/]+)(?P<inner>(?:\([^)]*\))*)(?P<path>(?:/.+)?)")
ORDINALS = {
    str(number): ordinal
    for number, ordinal in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth".split(), start=1
    )
}
# What stands before a provision names its act, unless it belongs to the provision itself.
PART = r"(?:Art(?:icles?|\.)|Annex(?:es)?|Chapters?|Recitals?|Rules?|Sections?|Parts?|Points?|Paragraphs?|§)"
ACT = re.compile(rf"(?!{PART})(?P<name>\S.*?),? {PART}", re.IGNORECASE)
OPEN = re.compile(r".*\b(of|to|in|and|or|with|under)", re.IGNORECASE)
# Letters of a key or label; nothing real comes near, and what is longer is cut.
LONGEST = 200
# More numbers than this are not worth naming in a query: the instruments' provisions are read whole.
MOST_NUMBERS = 500


class Place(NamedTuple):
    """The provision that a label lies in; `kind` is one of Provision.Kind."""

    kind: str
    number: str


@dataclass(frozen=True)
class Targets:
    """Rows by key and label. What the register does not hold is None."""

    instruments: dict[str, Instrument] = field(default_factory=dict)
    provisions: dict[tuple[str, str, str], Provision] = field(default_factory=dict)

    def instrument(self, key: str | None) -> Instrument | None:
        return self.instruments.get(key.upper()) if key else None

    def provision(self, key: str | None, label: str) -> Provision | None:
        """Its `instrument` is at hand without a query."""
        place = place_of(label)
        return self.provisions.get((key.upper(), place.kind, place.number.lower())) if key and place else None


def find_rows(pairs: Iterable[tuple[str | None, str]]) -> Targets:
    """The rows of all (instrument key, label) in at most two queries. The label may be empty: the instrument alone."""
    wanted = {(key.upper(), label) for key, label in pairs if key}
    rows = Instrument.objects.filter(slug__in={key.lower() for key, _ in wanted}) if wanted else ()
    instruments = {row.key: row for row in rows}
    numbers = {place.number for key, label in wanted if key in instruments and (place := place_of(label))}
    return Targets(instruments, provisions_of(instruments, numbers) if numbers else {})


def provisions_of(instruments: dict[str, Instrument], numbers: set[str]) -> dict[tuple[str, str, str], Provision]:
    found = Provision.objects.filter(instrument__in=[row.pk for row in instruments.values()])
    if len(numbers) <= MOST_NUMBERS:
        spellings = {spelling for number in numbers for spelling in (number, number.lower(), number.upper())}
        found = found.filter(number__in=spellings)
    by_pk = {row.pk: row for row in instruments.values()}
    provisions = {}
    for provision in found:
        provision.instrument = by_pk[provision.instrument_id]
        provisions[provision.instrument.key, provision.kind, provision.number.lower()] = provision
    return provisions


def place_of(label: str) -> Place | None:
    """ "art_120(3c)" lies in article 120, "anx_I/10.4" in annex I, "par_6" in section 6."""
    found = LABEL.fullmatch(label)
    kind = KINDS.get(found["prefix"]) if found else None
    return Place(kind, found["number"]) if found and kind else None


def label_parts(key: str, label: str) -> dict[str, str]:
    """What a row that stands for a citation keeps of its key and its label, with what comes below the provision."""
    parts = LABEL.fullmatch(label)
    return {
        "instrument_key": key[:LONGEST],
        "label": label[:LONGEST],
        "paragraph": f"{parts['inner']}{parts['path'].removeprefix('/')}"[:LONGEST] if parts else "",
    }


def in_words(label: str) -> str:
    """ "Article 120(3c)", "Annex I, section 10.4", "Rule 11", "§ 6"; a label that cannot be read stays as it is."""
    found = LABEL.fullmatch(label)
    if not found or found["prefix"] not in KINDS:
        return label
    kind = Provision.Kind(KINDS[found["prefix"]])
    name = "§" if kind is Provision.Kind.SECTION else kind.label
    steps = [step_in_words(step) for step in found["path"].split("/")[1:]]
    return ", ".join([f"{name} {found['number']}{found['inner']}", *steps])


def step_in_words(step: str) -> str:
    name, _, number = step.partition("_")
    if name in ("sub", "ind"):
        return f"{ORDINALS.get(number, number)} {'subparagraph' if name == 'sub' else 'indent'}"
    words = {"part": "Part", "chp": "Chapter"}
    return f"{words[name]} {number}" if name in words else f"section {step}"


def acts_in_words(citations: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By key, the shortest name that the texts themselves give an act; an act without one keeps its key.

    `citations` are in the plain form that versions store. The register's own name is not asked: it may be changed, and
    what is said of versions may not.
    """
    names: dict[str, tuple[int, int, str]] = {}
    for citation in citations:
        key, surface = citation["instrument"], citation["surface"]
        found = ACT.match(surface) if citation["provisions"] else None
        name = found["name"] if found else surface
        if key and (found or not citation["provisions"]) and not OPEN.fullmatch(name):
            # A name that stands alone goes before one that was cut off.
            rank = (int(found is not None), len(name), name)
            names[key] = min(rank, names.get(key, rank))
    counts = Counter(name for *_, name in names.values())
    return {key: name for key, (*_, name) in names.items() if counts[name] == 1}
