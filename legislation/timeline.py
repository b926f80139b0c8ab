"""Dates as a reader meets them on a day: which has passed, which is next, what lies ahead, on which clock."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from legislation.bases import Bases
from legislation.models import Deadline

PASSED, NEXT, AHEAD, OPEN = "passed", "next", "ahead", "open"


@dataclass(frozen=True)
class Chosen:
    """What a reader asked to see; an empty value asks for nothing. `territory` is a code, `law` a slug."""

    territory: str = ""
    law: str = ""
    device_class: str = ""

    def holds(self, deadline: Deadline) -> bool:
        """The deadline comes from Deadline.objects.in_full()."""
        return (
            (not self.territory or deadline.national_date(self.territory) is not None)
            and (not self.law or any(each.slug == self.law for each in deadline.instruments.all()))
            and (not self.device_class or deadline.concerns_class(self.device_class))
        )


@dataclass(frozen=True)
class National:
    """What is known of the day in a country; `name` is the country's, or its code where the site has no hub of it."""

    code: str
    name: str
    applies_on: date | None
    note: str


@dataclass(frozen=True)
class Entry:
    """A deadline on one clock. `day` is the country's own when it is confirmed, else the EU date; None: no date yet.

    `national` holds what is known of every country, or of the chosen one; `replaced` the dates that this one replaced.
    """

    deadline: Deadline
    basis_html: str
    day: date | None
    state: str
    days_left: int
    national: list[National]
    replaced: list[Deadline]


@dataclass
class Year:
    """`items` in order; None stands where today is."""

    number: int
    items: list[Entry | None] = field(default_factory=list)


@dataclass(frozen=True)
class View:
    """How dates are read: on which day, on whose clock (empty: the EU's), with which names of countries by code."""

    on: date
    territory: str
    names: Mapping[str, str]
    bases: Bases

    def national(self, deadline: Deadline) -> list[National]:
        return [
            National(each.territory, self.names.get(each.territory, each.territory), each.applies_on, each.note)
            for each in deadline.national_dates.all()
            if self.territory in ("", each.territory)
        ]


def entries(deadlines: Iterable[Deadline], superseded: Iterable[Deadline], view: View) -> list[Entry]:
    """In the order of their days, those without one last. Deadlines come from Deadline.objects.in_full()."""
    days = {deadline: deadline.day_in(view.territory) for deadline in deadlines}
    following = min((day for day in days.values() if day and day >= view.on), default=None)
    replaced: defaultdict[int | None, list[Deadline]] = defaultdict(list)
    for each in superseded:
        replaced[each.superseded_by_id].append(each)
    found = [
        Entry(
            deadline=deadline,
            basis_html=view.bases[deadline.legal_basis].html,
            day=day,
            state=state(day, view.on, following),
            days_left=(day - view.on).days if day else 0,
            national=view.national(deadline),
            replaced=replaced[deadline.pk],
        )
        for deadline, day in days.items()
    ]
    return sorted(found, key=lambda entry: (entry.day or date.max, entry.deadline.slug))


def state(day: date | None, on: date, following: date | None) -> str:
    if day is None:
        return OPEN
    if day < on:
        return PASSED
    return NEXT if day == following else AHEAD


def years(dated: Iterable[Entry], on: date) -> list[Year]:
    """Each year that has dates, and this one. Entries without a day are left out."""
    by_number = {on.year: Year(on.year)}
    is_marked = False
    for entry in dated:
        if entry.day is None:
            continue
        if entry.day >= on and not is_marked:
            by_number[on.year].items.append(None)
            is_marked = True
        by_number.setdefault(entry.day.year, Year(entry.day.year)).items.append(entry)
    if not is_marked:
        by_number[on.year].items.append(None)
    return sorted(by_number.values(), key=lambda year: year.number)
