"""The acts that the recogniser knows: their names and how far they go. Plain data, built once from rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from .eu_numbers import act_number
from .numerals import arabic
from .scanning import words_of

NOUNS = {
    "article": "Article",
    "annex": "Annex",
    "chapter": "Chapter",
    "recital": "Recital",
    "rule": "Rule",
    "paragraph": "§",
}
PLURALS = NOUNS | {
    "article": "Articles",
    "annex": "Annexes",
    "chapter": "Chapters",
    "recital": "Recitals",
    "rule": "Rules",
    "paragraph": "§§",
}


@dataclass(frozen=True, slots=True)
class Extent:
    """What exists of one kind in one act: first to last, and what was inserted or stands alone.

    Numbers are written as the act writes them ("1", "XVII"). `is_open_lettered`: any letter after an existing number
    passes, for acts whose inserted articles are not listed one by one.
    """

    first: str = ""
    last: str = ""
    more: frozenset[str] = frozenset()
    is_open_lettered: bool = False

    @property
    def is_roman(self) -> bool:
        return bool(self.last) and not self.last.isdecimal()

    def holds(self, number: str) -> bool:
        if number in self.more or number.upper() in self.more or number.lower() in self.more:
            return True
        if not self.is_roman and not number[:1].isdecimal():
            return False
        value, letter = arabic(number)
        if letter and not self.is_open_lettered:
            return False
        first, last = arabic(self.first)[0], arabic(self.last)[0]
        return first is not None and last is not None and value is not None and first <= value <= last

    def written(self) -> str:
        """For a message: "1 to 123 and 10a"."""
        parts = [f"{self.first} to {self.last}"] if self.first and self.first != self.last else []
        if self.first and self.first == self.last:
            parts = [self.first]
        parts += sorted(self.more, key=lambda number: (arabic(number)[0] or 0, number))
        return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


@dataclass(frozen=True, slots=True)
class Act:
    """One instrument as the recogniser needs it.

    `names` are matched on word boundaries with any white space between words: short ones in capitals as they are
    spelt, longer ones in any case. A name that is an EU number ("Directive 93/42/EEC") also binds every other way
    to write this number. `paragraphs` maps an article's number to the labels it has, deleted ones included.
    """

    key: str
    name: str
    names: tuple[str, ...] = ()
    extents: Mapping[str, Extent] = field(default_factory=dict)
    paragraphs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Name:
    """A node of the tree of names: by next word, with the act's key and spelling where a name ends."""

    __slots__ = ("key", "longer", "spelling")

    def __init__(self) -> None:
        self.longer: dict[str, Name] = {}
        self.key = ""
        self.spelling = ""


def is_acronym(name: str) -> bool:
    """Whether the case of its letters matters: "MDR", "NIS2", "AI Act", but not "Medical Device Regulation"."""
    return len(name) <= 6 and any(letter.isupper() for letter in name)


class Register:
    """All acts, with the look-up of their names. Immutable."""

    __slots__ = ("acts", "measured", "names", "numbers")

    def __init__(self, acts: Iterable[Act]) -> None:
        rows = {act.key: act for act in acts}
        numbers: dict[tuple[int, int], str] = {}
        names = Name()
        for act in rows.values():
            for name in (act.name, act.key, *act.names):
                number = act_number(name)
                if number:
                    numbers.setdefault(number, act.key)
                elif name != act.key or "-" not in name:
                    _insert(names, name, act.key)
        self.acts: Mapping[str, Act] = MappingProxyType(rows)
        self.measured: tuple[Act, ...] = tuple(act for act in rows.values() if act.extents)
        """Those of which it is known how far they go."""
        self.numbers: Mapping[tuple[int, int], str] = MappingProxyType(numbers)
        self.names = names

    def __reduce__(self) -> tuple[type["Register"], tuple[tuple[Act, ...]]]:
        return Register, (tuple(self.acts.values()),)

    def act(self, key: str) -> Act | None:
        return self.acts.get(key)

    def extent(self, key: str, kind: str) -> Extent | None:
        act = self.acts.get(key)
        return act.extents.get(kind) if act else None

    def name(self, key: str) -> str:
        act = self.acts.get(key)
        return act.name if act else key

    def describe(self, key: str, kind: str) -> str:
        """How far the act goes: "Articles 1 to 123 and 10a"; empty when that is not known."""
        extent = self.extent(key, kind)
        if extent is None:
            return ""
        is_single = extent.first == extent.last and not extent.more
        return f"{(NOUNS if is_single else PLURALS)[kind]} {extent.written()}"


def _insert(names: Name, name: str, key: str) -> None:
    words = words_of(name)
    if not words:
        return
    node = names
    for word in words:
        node = node.longer.setdefault(word, Name())
    node.key = node.key or key
    node.spelling = name if is_acronym(name) else ""
