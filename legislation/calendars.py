"""Dates as an iCalendar file (RFC 5545) that calendars subscribe to.

The same state of the register gives the same bytes. An event is known by its UID for ever: the date's slug at the
site's host; on a country's own clock the country's code stands between, since the day may be another one there. Within
one calendar a date is one event. SEQUENCE is counted by the database (legislation.triggers), so a calendar takes over
a date that moved, and drops one that was replaced, withdrawn or left without a day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings

from elendihub.markdown import writable
from elendihub.structured_data import absolute
from legislation.models import Deadline, NationalDate

if TYPE_CHECKING:
    from icalendar import Event

CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Clock:
    """Whose days a calendar shows: with the defaults those of the EU."""

    code: str = ""
    name: str = ""

    def uid(self, deadline: Deadline) -> str:
        own = f".{self.code.lower()}" if self.code else ""
        return f"{deadline.slug}{own}@{urlsplit(settings.SITE_URL).hostname}"

    def is_confirmed(self, deadline: Deadline) -> bool:
        national = deadline.national_date(self.code)
        return not self.code or bool(national and national.applies_on)


def calendar(name: str, address: str, deadlines: Iterable[Deadline], clock: Clock) -> bytes:
    """`address` is the path of the page that shows the same; deadlines come from Deadline.objects.in_full()."""
    # Slow to import, and only these answers need it.
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", f"-//{settings.SITE_NAME}//Deadlines//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", writable(name))
    made.add("name", writable(name))
    made.add("url", absolute(address))
    made.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "P1D")
    for deadline in deadlines:
        if day := day_of(deadline, clock):
            made.add_component(event(deadline, day, clock))
    return bytes(made.to_ical())


def day_of(deadline: Deadline, clock: Clock) -> date | None:
    """The day of its event, for one that is cancelled the day where calendars have it; None: it never was one."""
    day = deadline.day_in(clock.code)
    if not is_cancelled(deadline, clock):
        return day
    if deadline.sequence == 0:
        return None
    former = [each.former_on for each in deadline.former_dates.all() if each.territory in ("", clock.code)]
    return day or (former[-1] if former else None)


def is_cancelled(deadline: Deadline, clock: Clock) -> bool:
    return deadline.is_superseded or deadline.day_in(clock.code) is None


def event(deadline: Deadline, day: date, clock: Clock) -> "Event":
    from icalendar import Event

    made = Event()
    made.add("uid", clock.uid(deadline))
    made.add("sequence", deadline.sequence)
    made.add("dtstamp", deadline.updated_at)
    made.add("last-modified", deadline.updated_at)
    made.add("dtstart", day)
    made.add("summary", writable(summary(deadline, clock)))
    made.add("description", writable("\n".join(description(deadline, clock))))
    made.add("url", absolute(deadline.get_absolute_url()))
    made.add("categories", [writable(word) for word in categories(deadline)])
    made.add("status", "CANCELLED" if is_cancelled(deadline, clock) else "CONFIRMED")
    made.add("transp", "TRANSPARENT")
    return made


def summary(deadline: Deadline, clock: Clock) -> str:
    doubts = []
    if not clock.is_confirmed(deadline):
        doubts.append(f"EU date; not confirmed for {clock.name}")
    if not deadline.is_certain:
        doubts.append("not fully confirmed")
    return f"{deadline.title} ({'; '.join(doubts)})" if doubts else deadline.title


def description(deadline: Deadline, clock: Clock) -> list[str]:
    lines = [
        deadline.condition,
        f"Whom it binds: {deadline.who}" if deadline.who else "",
        f"Classes: {', '.join(deadline.classes)}" if deadline.classes else "",
        f"Legal basis: {deadline.legal_basis}",
        f"EU date: {in_words(deadline.eu_on)}" if deadline.eu_on else "EU date: none yet",
        *(national_line(each) for each in deadline.national_dates.all()),
        "" if deadline.is_certain else "This date is not fully confirmed.",
        *former_lines(deadline),
        superseded_line(deadline),
        f"Source: {deadline.source}",
        absolute(deadline.get_absolute_url()),
    ]
    return [line for line in lines if line]


def national_line(national: NationalDate) -> str:
    day = in_words(national.applies_on) if national.applies_on else "not confirmed"
    return f"{national.territory}: {day}. {national.note}".rstrip()


def former_lines(deadline: Deadline) -> list[str]:
    return [
        f"{each.territory or 'EU'}: until {in_words(each.replaced_on)} this was {in_words(each.former_on)}."
        for each in deadline.former_dates.all()
    ]


def superseded_line(deadline: Deadline) -> str:
    if not deadline.is_superseded:
        return ""
    return deadline.superseded_note or f"Replaced by: {deadline.superseded_by}"


def categories(deadline: Deadline) -> list[str]:
    return [deadline.group, *sorted(each.short_name for each in deadline.instruments.all())]


def in_words(day: date) -> str:
    return f"{day:%-d %B %Y}"
