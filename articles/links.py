"""Outgoing links: which there are, where they stand, and what became of each when it was asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
from django.conf import settings
from django.db import transaction

from articles.models import ArticleVersion, Link, LinkPlace
from articles.models.link import LONGEST_ADDRESS
from elendihub.fetching import Answer, Outcome, host_of
from regulators.models import HubVersion, Regulator, Website

# The commands that ask other sites. Two at once would ask a host twice as much as is polite.
ASKING = ("check_links", "watch_sources")
# Rows of one statement; databases take only so many values.
BATCH = 500
# Under these a country's registrations begin one label further down: example.co.uk, health.gov.au.
SHARED_LABELS = frozenset("ac co com edu gc go gob gouv gov govt gv ne net or org".split())

# "article", "hub" or "regulator", and the row's number.
Place = tuple[str, int]


class Anchors(HTMLParser):
    """The addresses of every link of a text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def outgoing(html: str) -> set[str]:
    """The web addresses that a text of ours leads out to, each once."""
    return {address for written in Anchors(html).found if (address := clean(written))}


def clean(written: str) -> str:
    """The address without its place on the page, the host in small letters; empty for what is not of another site."""
    try:
        own = urlsplit(settings.SITE_URL)
        # //example.org/ leads out too.
        parts = urlsplit(urljoin(settings.SITE_URL, written.strip()))
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or parts.netloc.lower() == own.netloc.lower():
        return ""
    address = urlunsplit((parts.scheme, parts.netloc.lower(), parts.path or "/", parts.query, ""))
    # Bytes: an index of PostgreSQL holds no more than 2,700 of them.
    return address if len(address.encode(errors="replace")) <= LONGEST_ADDRESS and len(host) <= 255 else ""


def of_articles(at: datetime) -> Iterator[tuple[str, int]]:
    """Each address with the number of a live article that leads to it."""
    live = ArticleVersion.objects.live(at).readable().order_by("pk").values_list("article_id", "body_html")
    for article, html in live.iterator(chunk_size=BATCH):
        for address in outgoing(html):
            yield address, article


def places(at: datetime) -> dict[str, set[Place]]:
    """Every outgoing address of the live texts, and the official sites of that day, with where it stands."""
    found: dict[str, set[Place]] = defaultdict(set)
    for address, article in of_articles(at):
        found[address].add(("article", article))
    for version in HubVersion.objects.live(at).readable().iterator(chunk_size=BATCH):
        texts = [version.overview_html, *(part["text_html"] for part in (*version.responsibilities, *version.facts))]
        for address in outgoing("\n".join(texts)):
            found[address].add(("hub", version.hub_id))
    for regulator, url in Website.objects.valid(at.date()).values_list("regulator_id", "url"):
        if address := clean(url):
            found[address].add(("regulator", regulator))
    return found


def gather(at: datetime) -> None:
    """Make the rows what the texts of this moment say: a row for each address, and none for one that is gone."""
    found = places(at)
    with transaction.atomic():
        known = set(Link.objects.values_list("url", flat=True))
        gone = sorted(known - found.keys())
        for start in range(0, len(gone), BATCH):
            Link.objects.filter(url__in=gone[start : start + BATCH]).delete()
        new = (Link(url=url, host=urlsplit(url).hostname or "") for url in sorted(found.keys() - known))
        Link.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
        place_links(found)


def place_links(found: dict[str, set[Place]]) -> None:
    numbers = dict(Link.objects.values_list("url", "pk"))
    wanted = {(numbers[url], *place) for url, standing in found.items() for place in standing}
    held = {placed(row): row.pk for row in LinkPlace.objects.all().iterator(chunk_size=BATCH)}
    gone = [held[place] for place in held.keys() - wanted]
    for start in range(0, len(gone), BATCH):
        LinkPlace.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    new = (LinkPlace(link_id=link, **{f"{kind}_id": pk}) for link, kind, pk in sorted(wanted - held.keys()))
    LinkPlace.objects.bulk_create(new, batch_size=BATCH)


def placed(row: LinkPlace) -> tuple[int, str, int]:
    kind = "article" if row.article_id else "hub" if row.hub_id else "regulator"
    return (row.link_id, kind, getattr(row, f"{kind}_id"))


def record(answer: Answer, at: datetime) -> None:
    """What became of the link: a good answer clears it, a failure on a second day breaks it. Saved at once."""
    with transaction.atomic():
        link = Link.objects.select_for_update().filter(url=answer.url).first()
        if link is None:
            return
        link.asked_at, link.outcome = at, answer.outcome.value
        link.status, link.words = answer.status, answer.words[:200]
        if answer.outcome is Outcome.GOOD:
            link.answered_at, link.failed_on, link.failed_again_on = at, None, None
            link.moved_to = answer.final_url if has_moved(answer.url, answer.final_url) else ""
            link.moved_to = link.moved_to[:LONGEST_ADDRESS]
            link.is_moved_domain = domain(answer.url) != domain(answer.final_url)
        elif answer.outcome is Outcome.FAILED:
            # A clock that was put right lets no link wait for days to come, nor mends one that is broken.
            link.failed_on = min(link.failed_on or at.date(), at.date())
            if at.date() > link.failed_on:
                link.failed_again_on = at.date()
        link.save()


def has_moved(url: str, final_url: str) -> bool:
    """To another address; https for http, www. in front, a slash at the end and another spelling are none."""
    return plain(url) != plain(final_url)


def plain(url: str) -> tuple[str, str, bytes]:
    parts = httpx.URL(url)
    return (host_of(url).removeprefix("www."), parts.path.rstrip("/"), parts.query)


def domain(url: str) -> str:
    """What somebody registered: example.org of www.news.example.org, health.gov.au of www.health.gov.au.

    Two labels, three where a country keeps the second for its own kinds; the address itself for a number.
    """
    host = host_of(url).removeprefix("www.")
    labels = host.split(".")
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    is_shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SHARED_LABELS
    return ".".join(labels[-3 if is_shared else -2 :])


def tell_regulators(at: datetime) -> None:
    """Give each regulator the days on which its official sites answered or failed, for the hub's page.

    Only what changed is written, so that the pages are made anew at most once a day.
    """
    sites = Website.objects.valid(at.date()).select_related("regulator")
    found: dict[Regulator, dict[str, Any]] = {}
    links = {row.url: row for row in Link.objects.filter(places__regulator__isnull=False)}
    for site in sites:
        days = found.setdefault(site.regulator, {})
        link = links.get(clean(site.url))
        if link and (link.answered_at or link.failed_again_on):
            days[site.url] = days_of(link)
    for regulator, days in found.items():
        if regulator.answers != days:
            Regulator.objects.filter(pk=regulator.pk).update(answers=days)


def days_of(link: Link) -> dict[str, Any]:
    """As ISO days: the last good answer, and the two of failure once it is broken."""
    failed = [link.failed_on, link.failed_again_on] if link.failed_again_on else []
    answered = link.answered_at.date() if link.answered_at else None
    return {"answered_on": iso(answered), "failed_on": [iso(day) for day in failed]}


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def chosen(limit: int | None) -> Iterable[str]:
    """The addresses to ask, those longest unasked first."""
    rows = Link.objects.standing().longest_unasked_first().values_list("url", flat=True)
    return rows[:limit] if limit else rows
