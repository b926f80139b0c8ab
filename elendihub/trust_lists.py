"""The list behind each figure of elendihub.trust: a row for each text, version or address, page by page."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from articles.models import Link
from elendihub.trust import FIGURES, LARGE, Figure
from legislation import amending
from regulators.models import HubVersion

PER_PAGE = 25
# As Row.place_in_list writes it; no more digits than a database's number has.
PLACE = re.compile(r"[0-9]{8}-[01]-[0-9]{1,18}")
Narrow = Callable[[Any], Any]


@dataclass(frozen=True)
class Row:
    """`row` is a version or a link, `place` the jurisdiction; a link has `documents`, (title, path or ""), instead."""

    row: Any
    rank: int
    title: str
    path: str
    place: str
    said: str
    documents: Sequence[tuple[str, str]] = ()

    @property
    def is_address(self) -> bool:
        return isinstance(self.row, Link)

    @property
    def day(self) -> date:
        day: date = self.row.listed_on
        return day

    @property
    def order(self) -> tuple[date, int, int]:
        return self.day, self.rank, self.row.pk

    @property
    def place_in_list(self) -> str:
        return f"{self.day:%Y%m%d}-{self.rank}-{self.row.pk}"


@dataclass(frozen=True)
class Page:
    """`next_query` is empty on the last one."""

    rows: Sequence[Row]
    is_first_page: bool
    next_query: str


def page(name: str, at: datetime, asked: str) -> Page:
    """Raises Http404 for a place that cannot be read."""
    rows = found(name, at, PER_PAGE + 1, position(asked) if asked else None)
    has_more = len(rows) > PER_PAGE
    return Page(rows[:PER_PAGE], not asked, f"?page={rows[PER_PAGE - 1].place_in_list}" if has_more else "")


def found(
    name: str,
    at: datetime,
    count: int,
    after: tuple[date, int, int] | None = None,
    narrow: Narrow = lambda rows: rows,
) -> list[Row]:
    """The first rows of the list, or those behind the position; `narrow` may leave out some of a queryset."""
    figure = FIGURES[name]
    sign = "" if figure.is_oldest_first else "-"
    rows: list[Row] = []
    for each in figure.rows(at):
        rank = int(each.model is not HubVersion)
        chosen = narrow(each).order_by(f"{sign}listed_on", f"{sign}pk")
        chosen = chosen.filter(follows(figure, after, rank)) if after else chosen
        rows += [row_of(name, rank, row) for row in with_address(chosen)[:count]]
    return sorted(rows, key=lambda row: row.order, reverse=not figure.is_oldest_first)[:count]


def follows(figure: Figure, after: tuple[date, int, int], rank: int) -> Q:
    """What stands behind the position among the rows of this rank."""
    day, of_rank, pk = after
    beyond = "gt" if figure.is_oldest_first else "lt"
    farther = Q(**{f"listed_on__{beyond}": day})
    if rank == of_rank:
        return farther | Q(**{"listed_on": day, f"pk__{beyond}": pk})
    is_behind = rank > of_rank if figure.is_oldest_first else rank < of_rank
    return farther | Q(listed_on=day) if is_behind else farther


def with_address(rows: Any) -> Any:
    if rows.model is Link:
        return rows
    document = "hub" if rows.model is HubVersion else "article__hub"
    return rows.select_related(f"{document}__jurisdiction").defer(*LARGE[rows.model])


def position(asked: str) -> tuple[date, int, int]:
    try:
        if not PLACE.fullmatch(asked):
            raise ValueError(asked)
        day, rank, pk = asked.split("-")
        return datetime.strptime(day, "%Y%m%d").replace(tzinfo=UTC).date(), int(rank), int(pk)
    except ValueError:
        raise Http404("This is no place in the list.") from None


# Rows


def row_of(name: str, rank: int, row: Any) -> Row:
    words = SAID[name](row)
    if row._meta.model is Link:
        documents = [(place.title, path_of(place)) for place in row.public_places]
        return Row(row, rank, row.url, row.url, "", words, documents)
    kind, names = ("hub", [row.hub.slug]) if rank == 0 else ("article", [row.article.hub.slug, row.article.slug])
    place = row.jurisdiction_name if rank == 0 else row.article.hub.jurisdiction.name
    is_record = name in ("corrections", "corrections-lately", "emergencies-all", "versions")
    path = reverse(f"{kind}_version", args=[*names, row.number]) if is_record else row.get_absolute_url()
    return Row(row, rank, row.title, path, place, words)


def path_of(place: Any) -> str:
    """Empty for a regulator, which has no page of its own."""
    document = place.article or place.hub
    return document.get_absolute_url() if document else ""


def broken_said(link: Link) -> str:
    return f"Failed on {said(link.failed_on)} and again on {said(link.failed_again_on)}. {link.words}".strip()


def moved_said(link: Link) -> str:
    return f"It answers from {link.moved_to or 'another domain'}."


def version_said(version: Any) -> str:
    emergency = ", in an emergency" if version.emergency_reason else ""
    alone = "" if version.has_second_person else ", without a second person"
    return f"Version {version.number}, {version.get_kind_display().lower()}{emergency}{alone}. {version.note}".strip()


def text_said(version: Any) -> str:
    return f"Version {version.number}, last changed on {said(version.changed_at)}."


def checked_said(version: Any) -> str:
    return f"Checked on {said(version.checked_on)}, due again on {said(version.review_due_on)}."


def due_said(version: Any) -> str:
    if version.checked_on is None:
        return f"Not checked as it stands since {said(version.changed_at)}."
    return f"Last checked on {said(version.checked_on)}, due since {said(version.review_due_on)}."


def amended_said(version: Any) -> str:
    named = dict.fromkeys(str(each) for each in amending.amendments_of(version))
    return f"{'; '.join(named)}. Flagged on {said(version.flagged_at)}."


def correction_said(version: Any) -> str:
    since = f" It stood there since {said(version.wrong_since)}." if version.wrong_since else ""
    return f"{version.corrected_error}{since} Right: {version.corrected_to}"


def emergency_said(version: Any) -> str:
    review = version.reviewed_afterwards
    reviewed = f", reviewed afterwards by {review.by} on {said(review.checked_on)}" if review else ""
    return f"Version {version.number}{reviewed}: {version.emergency_reason}"


def single_handed_said(version: Any) -> str:
    return f"Version {version.number}, live since {said(version.live_from)}."


def unresolved_said(version: Any) -> str:
    surfaces = dict.fromkeys(row.surface for row in version.unresolved_rows)
    return ", ".join(f"“{surface}”" for surface in surfaces)


def said(day: date | None) -> str:
    """3 March 2026; a moment's day is that of UTC."""
    return f"{day:%-d %B %Y}" if day else "a day that is not recorded"


def age(day: date, at: datetime) -> str:
    """today, 1 day ago, 12 days ago"""
    days = (at.date() - day).days
    return f"{in_words(days, ('day', 'days'))} ago" if days else "today"


def in_words(number: int, of: tuple[str, str]) -> str:
    return f"{number} {of[0] if number == 1 else of[1]}"


def percent(number: int, of: int) -> str:
    """Rounded down, so that all means all; what is not nothing is not 0 %."""
    whole = number * 100 // of
    return "under 1 %" if number and not whole else f"{whole} %"


SAID: dict[str, Callable[[Any], str]] = {
    "texts": text_said,
    "checked": checked_said,
    "due": due_said,
    "amended": amended_said,
    "corrections": correction_said,
    "corrections-lately": correction_said,
    "emergencies": emergency_said,
    "emergencies-all": emergency_said,
    "single-handed": single_handed_said,
    "links": broken_said,
    "moved": moved_said,
    "unresolved": unresolved_said,
    "versions": version_said,
}
