"""What the database holds, in the form of the files."""

from datetime import UTC, datetime
from typing import Any

from articles.models import Article
from elendihub.document import Document
from regulators.models import Hub

from .texts import ArticleText, HubText


def hub_text(hub: Hub) -> HubText:
    return HubText(
        title=hub.title,
        jurisdiction=hub.jurisdiction.code,
        regulator=hub.regulator.slug,
        slug=hub.slug,
        summary=hub.summary,
        overview=hub.overview,
        responsibilities=lines(hub.responsibilities),
        facts=lines(hub.facts),
    )


def article_text(article: Article) -> ArticleText:
    moment = first_moment(article)
    also = sorted(topic.slug for topic in article.also.all() if topic != article.topic)
    return ArticleText(
        slug=article.slug,
        title=article.title,
        published_on=moment.date() if moment else None,
        category=article.category.name,
        topics=[article.topic.slug, *also],
        summary=article.summary,
        body=article.body,
    )


def lines(parts: Any) -> list[tuple[str, str]]:
    """Label and text of each part of a hub."""
    return list(parts.values_list("label", "text"))


def first_moment(document: Document) -> datetime | None:
    """When its first version went or goes live, in UTC; None while it is not public, or withdrawn."""
    last = document.versions.order_by("number").last()
    return None if last is None or last.is_cancelled or last.is_withdrawal else last.published_at.astimezone(UTC)
