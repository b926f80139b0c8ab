"""What goes into a pack: documents, the links of their chains as they stood at the moment, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, islice
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from articles.models import Article, ArticleVersion, Check, PastAddress
from articles.models.address import address_at
from articles.models.version import came_with
from elendihub.publishing import Version, said
from regulators.models import Hub, HubVersion

MOST_DOCUMENTS = 200
MOST_VERSIONS = 2_000
# By primary key, what the address of a document is made of: its hub, and its own slug if it is an article.
Names = dict[int, tuple[str, ...]]
KINDS = ("article", "hub")
LIGHT = ("number", "kind", "live_from", "live_until", "created_at", "author", "hash", "previous_hash")


class Refused(Exception):
    """No pack can be made of what was asked for; the message tells the cure."""


TOO_MANY = (
    f"A pack holds up to {MOST_DOCUMENTS} documents with {MOST_VERSIONS:,} versions, and this would be more. "
    "Choose fewer of them, or articles one by one, on the page of evidence packs."
)


@dataclass(frozen=True)
class Change:
    """`was` is the number of the version live at the moment of the earlier pack, None when there was none."""

    what: str
    was: int | None


@dataclass(frozen=True)
class Held:
    """A document in the pack. `rows` are its links up to the last that had gone live, cancelled ones among them."""

    kind: str
    pk: int
    names: tuple[str, ...]
    rows: Sequence[Any]
    recorded_from: datetime
    change: Change | None = None

    @property
    def folder(self) -> str:
        return "/".join([f"{self.kind}s", *self.names])

    @property
    def public(self) -> list[Any]:
        """Without the links that were cancelled: those were never public."""
        return [row for row in self.rows if not row.is_cancelled]

    @property
    def path(self) -> str:
        return reverse(f"{self.kind}_detail", args=self.names)

    @property
    def comparison(self) -> str:
        """Its file that shows what changed; empty when nothing is there to be compared."""
        if self.change is None or self.change.was in (None, self.rows[-1].number):
            return ""
        return f"comparisons/{self.folder}/{self.change.was}-to-{self.rows[-1].number}.html"

    def version_path(self, number: int) -> str:
        return reverse(f"{self.kind}_version", args=[*self.names, number])

    def live(self, at: datetime) -> Any:
        """The link that was live at the moment, as far as the record held it then."""
        if self.recorded_from > at:
            return None
        return next((row for row in reversed(self.public) if row.live_from <= at), None)

    def since(self, at: datetime) -> Held:
        was, now = self.live(at), self.rows[-1]
        return replace(self, change=Change(changed(was, now), was.number if was else None))


@dataclass(frozen=True)
class Selection:
    """What a pack is made of. `path` with `parameters` asks for it; `name` begins the name of its file."""

    held: Sequence[Held]
    at: datetime
    since: datetime | None
    path: str
    parameters: Sequence[tuple[str, str]]
    name: str

    @property
    def address(self) -> str:
        """Asks for the same pack whenever it is."""
        moments = [("at", self.at), *([("since", self.since)] if self.since else [])]
        asked = [*self.parameters, *((name, said(value)) for name, value in moments)]
        return f"{self.path}?{urlencode(asked, safe='/:')}"

    @property
    def file_name(self) -> str:
        return f"{self.name}-{self.at:%Y%m%dT%H%M%SZ}.zip"


def changed(was: Any, now: Any) -> str:
    """added, unchanged, changed, withdrawn or published again"""
    if was is None:
        return "added"
    if was.number == now.number:
        return "unchanged"
    if was.kind == Version.Kind.WITHDRAWAL or now.kind == Version.Kind.WITHDRAWAL:
        return "withdrawn" if now.kind == Version.Kind.WITHDRAWAL else "published again"
    return "changed"


def of_hub(hub: Hub, at: datetime) -> list[Held]:
    """The hub and the articles that stood in it, as far as the record held them at the moment (see listed_at())."""
    public = ArticleVersion.objects.published(at).values("article")
    articles = Article.objects.filter(pk__in=public).annotate(**address_at(at, "pk")).filter(hub_slug_then=hub.slug)
    return [held for held in held_of([hub], articles.order_by("pk"), at) if held.recorded_from <= at]


def held_of(hubs: Iterable[Hub], articles: Iterable[Any], at: datetime) -> list[Held]:
    """Those that had gone live by the moment, hubs first; articles carry their address of then (address_at).

    Raises Refused when they are more than a pack holds.
    """
    of_hubs: Names = {hub.pk: (hub.slug,) for hub in hubs}
    of_articles: Names = {
        each.pk: (each.hub_slug_then, each.slug_then) for each in islice(articles, MOST_DOCUMENTS + 1)
    }
    if len(of_hubs) + len(of_articles) > MOST_DOCUMENTS:
        raise Refused(TOO_MANY)
    begun = dict(HubVersion.objects.filter(number=1).order_by().values_list("hub__slug", "created_at"))
    found = documents("hub", HubVersion.objects.filter(hub__in=of_hubs), of_hubs, begun, at)
    return found + documents("article", ArticleVersion.objects.filter(article__in=of_articles), of_articles, begun, at)


def documents(kind: str, versions: Any, names: Names, begun: dict[str, datetime], at: datetime) -> list[Held]:
    """`begun` is when the record of each hub was, by its slug."""
    owner = f"{kind}_id"
    rows = list(versions.order_by(owner, "number").only(*LIGHT, owner)[: MOST_VERSIONS + 1])
    if len(rows) > MOST_VERSIONS:
        raise Refused(TOO_MANY)
    found = []
    for pk, group in groupby(rows, key=lambda row: getattr(row, owner)):
        links = list(group)
        live = [row.number for row in links if row.live_from <= at and not row.is_cancelled]
        kept = [row for row in links if live and row.number <= live[-1]]
        if kept:
            found.append(Held(kind, pk, names[pk], kept, recorded(links[0], begun[names[pk][0]])))
    return sorted(found, key=lambda held: held.names)


def recorded(first: Any, begun: datetime) -> datetime:
    """From when on the record shows a document with this first version: what came with its hub counts from its day."""
    since: datetime = first.live_from if came_with(first, begun) else max(first.live_from, first.created_at)
    return since


def newest(held: Sequence[Held], since: datetime | None, hub: Hub | None) -> datetime:
    """When what is in the pack last changed, checks and addresses included; not before the pack that it follows."""
    rows = [row for each in held for row in each.rows]
    of_articles, of_hubs = ([row.pk for each in held if each.kind == kind for row in each.public] for kind in KINDS)
    checks = Check.objects.filter(Q(article_version__in=of_articles) | Q(hub_version__in=of_hubs)).newest_first()
    moments = [row.created_at if row.is_cancelled else max(row.live_from, row.created_at) for row in rows]
    left = PastAddress.objects.filter(Q(article__in=[each.pk for each in held if each.kind == "article"]) | Q(hub=hub))
    moments += checks.values_list("recorded_at", flat=True)[:1]
    moments += left.order_by("-left_at").values_list("left_at", flat=True)[:1]
    return max([*moments, since] if since else moments)
