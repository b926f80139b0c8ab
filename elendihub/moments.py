"""The moment an address asks for: `?at=2026-02-14` is the end of that day in UTC, `?at=2026-02-14T10:00:00Z` itself.

Only what has passed may be asked for, and has settled: then the page stays what it is, whatever is published later.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode

from elendihub import settling

PARAMETER = "at"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?Z")


class Refused(Exception):
    """No page can be shown as at what was asked for; the message tells the cure."""


@dataclass(frozen=True)
class Moment:
    """`text` is the moment as the address has it."""

    at: datetime
    text: str

    @property
    def query(self) -> str:
        """What links from a page as at this moment carry."""
        return "?" + urlencode({PARAMETER: self.text})

    @property
    def is_day(self) -> bool:
        return DAY.fullmatch(self.text) is not None

    @property
    def words(self) -> str:
        """14 February 2026, or 14 February 2026, 10:00:00 UTC"""
        day = f"{self.at:%-d %B %Y}"
        return day if self.is_day else f"{day}, {self.at:%H:%M:%S} UTC"

    @property
    def day(self) -> str:
        return self.at.date().isoformat()


def asked(request: HttpRequest) -> Moment | None:
    """The moment of the address, None when it names none. Raises Refused for one that has yet to pass or is none."""
    text = request.GET.get(PARAMETER)
    return None if text is None else read(text)


def read(text: str, parameter: str = PARAMETER) -> Moment:
    """`parameter` is what the address calls it. Raises Refused, and Unsettled of elendihub.settling."""
    try:
        moment = Moment(parsed(text), text)
    except ValueError:
        raise Refused(
            f"What stands behind “{parameter}=” is no date. "
            "Write a day as 2026-02-14, or a moment in UTC as 2026-02-14T10:00:00Z."
        ) from None
    if moment.at > timezone.now():
        raise Refused(
            f"{moment.words} is not over yet, and nobody knows what will stand here then. Ask for a day that has "
            f"passed, or leave out “{parameter}=” and read the page as it is now."
        )
    settling.settle(moment.at)
    return moment


def parsed(text: str) -> datetime:
    if DAY.fullmatch(text):
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day of UTC
        return datetime.combine(day, time.max, UTC)
    if MOMENT.fullmatch(text):
        return datetime.fromisoformat(text).astimezone(UTC)
    raise ValueError(text[:40])
