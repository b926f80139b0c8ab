"""Every publish, correction, withdrawal and check, of hubs and articles together, newest first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from articles.models import ArticleVersion, Check
from articles.models.address import stood_in
from regulators.models import Hub, HubVersion

PER_PAGE = 25
# As place() writes it; no more digits than a database's number has.
PLACE = re.compile(r"[0-9]{8}T[0-9]{12}-[0-2]-[0-9]{1,18}")
LARGE = ("body", "body_html", "contents", "citations", "topics")
LARGE_OF_HUBS = ("overview", "overview_html", "responsibilities", "facts", "regulator_record")
# Of the same moment, checks stand before articles and articles before their hub.
HUBS, ARTICLES, CHECKS = 0, 1, 2


@dataclass(frozen=True)
class Row:
    """A version that went live, or a check of one, under names and addresses of then. `place` is the jurisdiction.

    `compare_path` is empty for the first version and for a check.
    """

    version: Any
    rank: int
    place: str
    path: str
    compare_path: str
    key: str
    check: Check | None = None

    @property
    def at(self) -> datetime:
        moment: datetime = self.check.recorded_at if self.check else self.version.live_from
        return moment

    @property
    def order(self) -> tuple[datetime, int, int]:
        return (self.at, self.rank, self.check.pk if self.check else self.version.pk)

    @property
    def kind(self) -> str:
        return f"Check: {self.check.get_outcome_display()}" if self.check else self.version.get_kind_display()

    @property
    def note(self) -> str:
        if self.check is None:
            return str(self.version.note)
        checked = f"Checked on {self.check.checked_on:%-d %B %Y} by {self.check.checked_by_name}."
        return f"{checked} {self.check.note}".strip()


@dataclass(frozen=True)
class Changes:
    """One page; `next_query` is empty on the last one."""

    rows: Sequence[Row]
    is_first_page: bool
    next_query: str


def page(at: datetime, asked: str, hub: Hub | None = None, text: str = "") -> Changes:
    """What had gone live by the moment, in the hub or everywhere; `text` is that of a past list, as in its address.

    Raises Http404 for a place that cannot be read.
    """
    rows = found(at, PER_PAGE + 1, hub, position(asked) if asked else None)
    has_more = len(rows) > PER_PAGE
    values = {"page": place(rows[PER_PAGE - 1])} | ({"at": text} if text else {}) if has_more else {}
    return Changes(rows[:PER_PAGE], not asked, f"?{urlencode(values)}" if has_more else "")


def notable(at: datetime, count: int, hub: Hub | None = None) -> list[Row]:
    """The newest that were more than minor."""
    return found(at, count, hub, is_notable=True)


def found(
    at: datetime,
    count: int,
    hub: Hub | None,
    after: tuple[datetime, int, int] | None = None,
    is_notable: bool = False,
) -> list[Row]:
    articles: Any = ArticleVersion.objects.with_place().known(at).defer(*LARGE).with_before("article")
    articles = articles.filter(stood_in(hub), hub_slug_then=hub.slug) if hub else articles
    hubs: Any = HubVersion.objects.filter(hub=hub) if hub else HubVersion.objects.all()
    hubs = hubs.select_related("hub").defer(*LARGE_OF_HUBS).with_before("hub")
    rows: list[Row] = []
    for rank, versions, row in ((HUBS, hubs, hub_row), (ARTICLES, articles, article_row)):
        chosen = versions.published(at).with_emergency_review(at).order_by("-live_from", "-pk")
        chosen = chosen.more_than_minor() if is_notable else chosen
        chosen = chosen.filter(follows(after, rank, "live_from")) if after else chosen
        rows += [row(version) for version in chosen[:count]]
    rows += found_checks(at, count, hub, after)
    return sorted(rows, key=lambda row: row.order, reverse=True)[:count]


def found_checks(at: datetime, count: int, hub: Hub | None, after: tuple[datetime, int, int] | None) -> list[Row]:
    checks = Check.objects.with_address().recorded_by(at).newest_first()
    checks = checks.of_hub(hub) if hub else checks
    checks = checks.filter(follows(after, CHECKS, "recorded_at")) if after else checks
    return [check_row(check) for check in checks[:count]]


def follows(after: tuple[datetime, int, int], rank: int, moment: str) -> Q:
    """What stands behind the position among the rows of this rank, whose moment is in the field of that name."""
    position_at, of_rank, pk = after
    earlier = Q(**{f"{moment}__lt": position_at})
    if rank > of_rank:
        return earlier
    return earlier | (Q(**{moment: position_at}) & (Q(pk__lt=pk) if rank == of_rank else Q()))


def article_row(version: Any) -> Row:
    path, compare_path = paths("article", [version.hub_slug_then, version.slug_then], version)
    key = f"article/{version.article_id}/{version.number}"
    return Row(version, ARTICLES, version.place, path, compare_path, key)


def hub_row(version: Any) -> Row:
    path, compare_path = paths("hub", [version.hub.slug], version)
    return Row(version, HUBS, version.jurisdiction_name, path, compare_path, f"hub/{version.hub_id}/{version.number}")


def check_row(check: Any) -> Row:
    if check.hub_version:
        version, names, kind = check.hub_version, [check.hub_version.hub.slug], "hub"
        name = version.jurisdiction_name
    else:
        version, names, kind = check.version, [check.hub_slug_then, check.slug_then], "article"
        name = check.place
    path = reverse(f"{kind}_version", args=[*names, version.number])
    return Row(version, CHECKS, name, path, "", f"check/{check.pk}", check)


def paths(kind: str, names: list[str], version: Any) -> tuple[str, str]:
    """Of the version, and of what it changed."""
    compare = reverse(f"{kind}_compare", args=[*names, version.before, version.number]) if version.before else ""
    return reverse(f"{kind}_version", args=[*names, version.number]), compare


def place(row: Row) -> str:
    """A row's position, as it stands in an address."""
    live_from, rank, pk = row.order
    return f"{live_from.astimezone(UTC):%Y%m%dT%H%M%S%f}-{rank}-{pk}"


def position(asked: str) -> tuple[datetime, int, int]:
    try:
        if not PLACE.fullmatch(asked):
            raise ValueError(asked)
        moment, rank, pk = asked.split("-")
        return datetime.strptime(moment, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), int(rank), int(pk)
    except ValueError:
        raise Http404("This is no place in the list of changes.") from None
