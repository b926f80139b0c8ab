"""Atom feeds. Ids and addresses come from settings, so that a feed reads the same whoever asks for it."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from articles.models import ArticleVersion
from elendihub.markdown import writable
from elendihub.structured_data import absolute
from regulators.models import Hub, HubVersion

LENGTH = 50


class TextFeed(Atom1Feed):
    """With the whole text of each entry, whose short addresses start from the entry's own."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html", "xml:base": item["link"]})


def hub_feed(hub: Hub, version: HubVersion, entries: Iterable[ArticleVersion]) -> str:
    address = absolute(hub.get_absolute_url())
    feed = TextFeed(
        title=writable(f"{version.jurisdiction_name}: articles and guides · ElendiHub"),
        link=address,
        # Atom knows no description: the subtitle is what readers are shown.
        description="",
        subtitle=writable(f"Withdrawn. {version.note}" if version.is_withdrawal else version.summary),
        language="en",
        feed_url=absolute(reverse("hub_feed", args=[hub.slug])),
        feed_guid=address,
        author_name="ElendiHub",
    )
    for entry in entries:
        link = absolute(reverse("article_detail", args=[hub.slug, entry.article.slug]))
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
