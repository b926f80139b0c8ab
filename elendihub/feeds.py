"""Atom feeds. Ids and addresses come from settings, so that a feed reads the same whoever asks for it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.xmlutils import SimplerXMLGenerator

from articles.models import ArticleVersion
from elendihub.changes import Row
from elendihub.markdown import writable
from elendihub.moments import Moment
from elendihub.structured_data import absolute
from regulators.models import Hub, HubVersion

LENGTH = 50
# When a feed changed that never had an entry.
NEVER = datetime(2026, 1, 1, tzinfo=UTC)
CONTENT_TYPE = "application/atom+xml; charset=utf-8"


class TextFeed(Atom1Feed):
    """With the whole text of each entry, whose short addresses start from the entry's own.

    `updated` in the feed's own fields is when an empty feed last changed.
    """

    def latest_post_date(self) -> datetime:
        latest: datetime = super().latest_post_date() if self.items else self.feed["updated"]
        return latest

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html", "xml:base": item["link"]})


def response(feed: str, moment: Moment | None) -> HttpResponse:
    """One as at a moment is not indexed."""
    return HttpResponse(feed, content_type=CONTENT_TYPE, headers={"X-Robots-Tag": "noindex"} if moment else None)


def hub_feed(hub: Hub, version: HubVersion, entries: Iterable[ArticleVersion], moment: Moment | None = None) -> str:
    """Addresses in a feed as at a moment carry it; before the first version, that one is given."""
    query = moment.query if moment else ""
    address = absolute(hub.get_absolute_url())
    feed = TextFeed(
        title=writable(f"{version.jurisdiction_name}: articles and guides · ElendiHub"),
        link=address + query,
        # Atom knows no description: the subtitle is what readers are shown.
        description="",
        subtitle=writable(subtitle(version, moment)),
        language="en",
        feed_url=absolute(reverse("hub_feed", args=[hub.slug])) + query,
        feed_guid=address + query,
        author_name="ElendiHub",
        updated=min(version.changed_at, moment.at) if moment else version.changed_at,
    )
    for entry in entries:
        link = absolute(reverse("article_detail", args=[hub.slug, entry.slug()])) + query
        feed.add_item(
            title=writable(entry.title),
            link=link,
            unique_id=link,
            description=writable(entry.summary),
            content=writable(entry.body_html),
            pubdate=entry.published_at,
            updateddate=entry.changed_at,
            categories=[writable(name) for name in (entry.category_name, *(topic["name"] for topic in entry.topics))],
        )
    return feed.writeString("utf-8")


def subtitle(version: HubVersion, moment: Moment | None) -> str:
    if moment and version.live_from > moment.at:
        begins = f"The record of this page begins on {version.live_from:%-d %B %Y}."
        return f"Not yet published {'on' if moment.is_day else 'at'} {moment.words}. {begins}"
    return f"Withdrawn. {version.note}" if version.is_withdrawal else version.summary


def changes_feed(title: str, path: str, feed_path: str, rows: Iterable[Row], changed_at: datetime) -> str:
    """Versions as they went live and checks as recorded; an entry keeps its id when its document moves."""
    feed = TextFeed(
        title=writable(f"{title} · ElendiHub"),
        link=absolute(path),
        description="",
        language="en",
        feed_url=absolute(feed_path),
        feed_guid=absolute(path),
        author_name="ElendiHub",
        updated=changed_at,
    )
    for row in rows:
        compare = format_html('<p><a href="{}">What changed</a></p>', absolute(row.compare_path))
        note = format_html("<p>{}</p>", row.note) if row.note else ""
        feed.add_item(
            title=writable(f"{row.kind}: {row.version.title}"),
            link=absolute(row.path),
            unique_id=f"tag:{urlsplit(settings.SITE_URL).hostname},2026:{row.key}",
            description=writable(row.note),
            content=writable(note + (compare if row.compare_path else "")),
            pubdate=row.at,
            updateddate=row.at,
            categories=[writable(row.place)],
        )
    return feed.writeString("utf-8")
