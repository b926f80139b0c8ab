"""The documents that a visitor can choose for a pack, and those that an address names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404

from articles.models import Article, ArticleVersion, FormerSlug
from articles.models.address import address_at
from elendihub.evidence import selection
from elendihub.evidence.selection import Held, Refused
from regulators.models import Hub, HubVersion

# Articles that the form lists.
MOST_CHOICES = 1_000
NONE_CHOSEN = "Choose what goes into the pack. An article is named as “article=norway/labels”, a hub as “hub=norway”."


@dataclass(frozen=True)
class Choice:
    hub: HubVersion
    articles: Sequence[ArticleVersion]


def published(at: datetime) -> list[Choice]:
    """Hubs by name, each with its articles, withdrawn ones too. Two queries."""
    hubs = HubVersion.objects.live(at).select_related("hub").order_by("jurisdiction_name", "hub")
    articles = ArticleVersion.objects.live(at).select_related("article__hub").without_texts().order_by("title", "pk")
    by_hub: dict[int, list[ArticleVersion]] = {}
    for version in articles[:MOST_CHOICES]:
        by_hub.setdefault(version.article.hub_id, []).append(version)
    return [Choice(hub, by_hub.get(hub.hub_id, [])) for hub in hubs]


def held(hubs: Sequence[str], articles: Sequence[str], at: datetime) -> list[Held]:
    """What the address names, each once; an article by any address that it has or had. Raises Refused and Http404."""
    names = {tuple(text.split("/")) for text in articles}
    if not (hubs or names) or any(len(name) != 2 for name in names):
        raise Refused(NONE_CHOSEN)
    if len({*hubs}) + len(names) > selection.MOST_DOCUMENTS:
        raise Refused(selection.TOO_MANY)
    found_hubs = list(Hub.objects.filter(slug__in={*hubs}))
    numbers = numbers_of(names)
    found = Article.objects.filter(pk__in=numbers).annotate(**address_at(at, "pk"))
    result = selection.held_of(found_hubs, found, at)
    if len(found_hubs) < len({*hubs}) or len(result) < len(found_hubs) + len(numbers):
        raise Http404("One of these was not published then.")
    return result


def numbers_of(names: Iterable[tuple[Any, ...]]) -> set[int]:
    """The primary keys of the articles with these addresses (hub, slug), present or former. Two queries."""
    hubs, slugs = {hub for hub, _ in names}, {slug for _, slug in names}
    places = "hub__slug", "slug"
    rows = Article.objects.filter(hub__slug__in=hubs, slug__in=slugs).values_list(*places, "pk")
    former = FormerSlug.objects.filter(hub__slug__in=hubs, slug__in=slugs).values_list(*places, "article")
    known = {(hub, slug): pk for hub, slug, pk in [*former, *rows]}
    if unknown := sorted({*names} - known.keys()):
        raise Http404(f"No article has the address {'/'.join(unknown[0])}.")
    return {known[name] for name in names}
