"""How far an instrument reaches: the EEA and its states, the acts it changes and that change it, national law."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from legislation.models import Amendment, Incorporation, Instrument, Relation

NAMES = {"EU": "European Union", "EEA": "European Economic Area", "NO": "Norway", "CH": "Switzerland"}
NAMES |= {"GB": "United Kingdom", "US": "United States", "CA": "Canada", "IS": "Iceland", "LI": "Liechtenstein"}
# What a relation says, read from the instrument itself and from the one it is about.
SAID = {
    Relation.Kind.AMENDS: ("Amends", "Amended by"),
    Relation.Kind.REPEALS: ("Repeals", "Repealed by"),
    Relation.Kind.IMPLEMENTS: ("Carries out", "Carried out by"),
    Relation.Kind.INTERPRETS: ("Explains", "Explained by"),
    Relation.Kind.WOULD_AMEND: ("Would amend", "Would be amended by"),
}


@dataclass(frozen=True)
class Clock:
    """One territory's answer to: since when? `row` says by which decision; its empty days are not confirmed."""

    name: str
    row: Incorporation


@dataclass
class ActAmending:
    """An act with the changes to single provisions that it made, or that were made to it."""

    act: Instrument
    amendments: list[Amendment] = field(default_factory=list)


@dataclass(frozen=True)
class Related:
    instrument: Instrument
    note: str


def name_of(territory: str) -> str:
    return NAMES.get(territory, territory)


def clocks_of(instrument: Instrument) -> list[Clock]:
    """Of the instrument where it was taken in, or of what it takes in itself, being a decision. One query."""
    rows = Incorporation.objects.filter(Q(instrument=instrument) | Q(decision=instrument))
    rows = rows.select_related("instrument", "decision").order_by("territory", "instrument")
    return [Clock(name_of(row.territory), row) for row in rows]


def by_act(amendments: Iterable[Amendment]) -> list[ActAmending]:
    """By the act that made them, acts in the order of the amendments, each one's in the order of the text."""
    return grouped((amendment.by, amendment) for amendment in amendments)


def by_target(amendments: Iterable[Amendment]) -> list[ActAmending]:
    """By the act that was changed."""
    return grouped((amendment.provision.instrument, amendment) for amendment in amendments)


def grouped(pairs: Iterable[tuple[Instrument, Amendment]]) -> list[ActAmending]:
    acts: dict[int, ActAmending] = {}
    for act, amendment in pairs:
        acts.setdefault(act.pk, ActAmending(act)).amendments.append(amendment)
    for found in acts.values():
        found.amendments.sort(key=lambda amendment: amendment.provision.position)
    return list(acts.values())


def relations_of(instrument: Instrument) -> dict[str, list[Related]]:
    """By what is said of them: "Amended by", "Repeals". One query."""
    rows = Relation.objects.filter(Q(instrument=instrument) | Q(target=instrument))
    found: dict[str, list[Related]] = {}
    for row in rows.select_related("instrument", "target").order_by("kind", "instrument", "target"):
        is_own = row.instrument_id == instrument.pk
        name = SAID[Relation.Kind(row.kind)][0 if is_own else 1]
        found.setdefault(name, []).append(Related(row.target if is_own else row.instrument, row.note))
    return found
