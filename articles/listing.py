"""The list of articles on a hub: its filters with their counts, and one page of it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Value
from django.http import Http404
from django.utils.http import urlencode

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from articles.models import ArticleVersion
    from articles.models.version import ArticleVersionQuerySet

PER_PAGE = 25
# As place() writes it; no more digits than a database's number has.
PLACE = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9]{1,18}")


@dataclass(frozen=True)
class Choice:
    """One filter as a link: `query` is the query string that chooses it, empty for the unfiltered list."""

    slug: str
    name: str
    count: int
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Listing:
    """One page. `total` counts what the filters leave, `everything` what the topic alone leaves.

    `next_query` is empty on the last page, `at` on a list as it is now.
    """

    entries: "list[ArticleVersion]"
    total: int
    everything: int
    categories: list[Choice]
    topics: list[Choice]
    category: str
    topic: str
    is_first_page: bool
    first_query: str
    next_query: str
    at: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.category or self.topic)

    @property
    def without_category(self) -> str:
        return query(topic=self.topic, at=self.at)

    @property
    def without_filters(self) -> str:
        return query(at=self.at)

    @property
    def category_name(self) -> str:
        return next((choice.name for choice in self.categories if choice.slug == self.category), self.category)

    @property
    def topic_name(self) -> str:
        return next((choice.name for choice in self.topics if choice.slug == self.topic), self.topic)


def build(
    versions: "ArticleVersionQuerySet", asked: Mapping[str, str], at: str = "", on: date | None = None
) -> Listing:
    """The page that the query string asks for, with the shelves' names as published; `at` is the moment of a past list.

    Its entries say what was reviewed when `on`, the day, is given.

    Raises Http404 when its position in the list cannot be read.
    """
    category, topic, page = (asked.get(name, "")[:100] for name in ("category", "topic", "page"))
    of_category = versions.filter(category__slug=category) if category else versions
    of_topic = versions.about(topic) if topic else versions
    chosen = of_category.about(topic) if topic else of_category
    rows = chosen.in_reading_order().select_related("article").without_texts().defer("topics")
    if on:
        rows = rows.with_review(on)
    if page:
        rows = rows.after(position(page))
    entries = list(rows[: PER_PAGE + 1])
    by_category, by_topic = counted(of_topic.counted_by_category(), of_category.counted_by_topic())
    everything = sum(row["count"] for row in by_category)
    total = next((row["count"] for row in by_category if row["slug"] == category), 0) if category else everything
    has_more = len(entries) > PER_PAGE
    return Listing(
        entries=entries[:PER_PAGE],
        total=total,
        everything=everything,
        categories=choices(by_category, category, "category", {"topic": topic, "at": at}),
        topics=choices(by_topic, topic, "topic", {"category": category, "at": at}),
        category=category,
        topic=topic,
        is_first_page=not page,
        first_query=query(category=category, topic=topic, at=at),
        next_query=query(category=category, topic=topic, page=place(entries[PER_PAGE - 1]), at=at) if has_more else "",
        at=at,
    )


def counted(*rows: "QuerySet[Any, Any]") -> list[list[dict[str, Any]]]:
    """What by_name() makes of the rows of each query, asked for in one."""
    numbered = [each.annotate(which=Value(number)) for number, each in enumerate(rows)]
    found = list(numbered[0].union(*numbered[1:], all=True))
    return [by_name(row for row in found if row["which"] == number) for number in range(len(rows))]


def by_name(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each slug, under the name that was published last, in the order of names."""
    merged: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (row["newest"], row["name"])):
        before = merged.get(row["slug"], {"count": 0})
        merged[row["slug"]] = row | {"count": before["count"] + row["count"]}
    return sorted(merged.values(), key=lambda row: (row["name"], row["slug"]))


def choices(rows: list[dict[str, Any]], chosen: str, name: str, others: dict[str, str]) -> list[Choice]:
    return [
        Choice(row["slug"], row["name"], row["count"], query(**{name: row["slug"]}, **others), row["slug"] == chosen)
        for row in rows
    ]


def query(**values: str) -> str:
    """The query string of the values that are set, in the order of the address plan."""
    present = [(name, values[name]) for name in ("category", "topic", "page", "at") if values.get(name)]
    return "?" + urlencode(present) if present else ""


def place(version: "ArticleVersion") -> str:
    """A version's position in reading order, as it stands in an address: moment of publication and article."""
    return f"{version.published_at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{version.article_id}"


def position(page: str) -> tuple[datetime, int]:
    try:
        if not PLACE.fullmatch(page):
            raise ValueError(page)
        moment, article = page.split("-")
        return datetime.strptime(moment, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC), int(article)
    except ValueError:
        raise Http404(f"“{page}” is no place in this list.") from None
