"""The boxes of dates beside a hub, an act and a provision: what comes next, and the way to all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from legislation import bases
from legislation.models import Deadline, Instrument, Provision

LENGTH = 4


@dataclass(frozen=True)
class Line:
    """`doubt` says what is not confirmed; empty when nothing is."""

    deadline: Deadline
    day: date | None
    has_passed: bool
    doubt: str


@dataclass(frozen=True)
class Box:
    """For templates/legislation/_deadlines.html. `total` counts every date behind the address, passed ones too."""

    heading: str
    name: str
    lines: list[Line]
    total: int
    address: str


def of_hub(code: str, name: str, slug: str, on: date) -> Box:
    """The next dates on the country's own clock. One query."""
    fields = ("slug", "title", "eu_on", "is_certain")
    # Rows carry what for_territory() adds.
    found: list[Any] = list(Deadline.objects.standing().for_territory(code).only(*fields))
    ahead = [each for each in found if each.day and each.day >= on][:LENGTH]
    lines = [line(each, each.day, on, "" if each.national_on else name) for each in ahead]
    return Box(f"Next dates for {name}", name, lines, len(found), address(hub=slug))


def of_instrument(instrument: Instrument, on: date) -> Box:
    """The next dates of the act on the clock of the EU. One query."""
    found = list(Deadline.objects.standing().for_instrument(instrument).by_day())
    ahead = [each for each in found if each.eu_on and each.eu_on >= on][:LENGTH]
    lines = [line(each, each.eu_on, on) for each in ahead]
    return Box("Next dates", instrument.short_name, lines, len(found), address(law=instrument.slug))


def of_provision(provision: Provision, on: date) -> Box:
    """Every date that rests on the provision, passed ones too. Two queries."""
    lines = [line(each, each.eu_on, on) for each in bases.naming(provision)]
    return Box("Dates", str(provision), lines, len(lines), address(law=provision.instrument.slug))


def line(deadline: Deadline, day: date | None, on: date, unconfirmed_for: str = "") -> Line:
    doubts: Iterable[str] = (
        f"EU date; not confirmed for {unconfirmed_for}" if unconfirmed_for else "",
        "" if deadline.is_certain else "not fully confirmed",
    )
    return Line(deadline, day, bool(day and day < on), "; ".join(filter(None, doubts)))


def address(**chosen: str) -> str:
    return f"{reverse('deadlines')}?{urlencode(chosen)}"
