from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from markdownx.models import MarkdownxField

from articles import listing
from articles.listing import Listing
from elendihub import settling
from elendihub.document import Document
from elendihub.markdown import MAX_SOURCE
from elendihub.moments import Moment
from elendihub.publishing import PublishingError
from elendihub.review import Reviewed
from elendihub.state import DocumentQuerySet
from legislation import rendering
from legislation.lint import refusals
from legislation.lint.citations import unresolved
from legislation.models import Provision
from regulators.models import Hub
from regulators.models.membership import narrowed

from .address import FormerSlug, PastAddress, address_at
from .citation import Citation
from .shelf import Category, Topic
from .version import ArticleVersion, ArticleVersionQuerySet

# Addresses that a hub keeps for itself: /hubs/norway/changes/ and the like.
RESERVED_SLUGS = frozenset({"changes", "compare", "deadlines", "feed", "law", "search", "topics", "v"})
# Two titles that share this much of their words are probably one subject.
RESEMBLES = 0.5
WORDS_OF_EVERY_TITLE = frozenset("a an and for from in of on the to with medical device devices ivd ivds".split())
# Provisions that a hub names as cited most.
MOST_CITED = 8


class ArticleQuerySet(DocumentQuerySet):
    def get_by_natural_key(self, hub: str, slug: str) -> Article:
        return self.get(hub__slug=hub, slug=slug)

    def of_hubs_of(self, user: Any, permission: str) -> Self:
        """Those of the hubs in which the person has the permission."""
        articles: Self = narrowed(self, "hub", user, permission)
        return articles

    def live_versions(self, at: datetime | None = None) -> ArticleVersionQuerySet:
        """What readers of lists see of these articles at the moment: live and not withdrawn."""
        return ArticleVersion.objects.filter(article__in=self.order_by().values("pk")).live(at).readable()

    def most_cited(self, at: datetime | None = None) -> models.QuerySet[Provision]:
        """The provisions that most of these articles cite at the moment, each with their number as `citing`."""
        counted = Provision.objects.filter(citations__version__in=self.live_versions(at).values("pk")).with_address()
        counted = counted.annotate(citing=models.Count("citations__version__article", distinct=True))
        return counted.order_by("-citing", "instrument", "position")[:MOST_CITED]

    def due(self, on: date | None = None) -> Self:
        """Public, and never checked as they stand or to be checked again."""
        return self.filter(pk__in=self.live_versions().due(on).values("article"))

    def flagged(self) -> Self:
        """Public, and cite a provision that was amended since; no check has cleared it."""
        return self.filter(pk__in=self.live_versions().flagged().values("article"))

    def unresolved(self) -> Self:
        """Public, and cite what the register did not hold when they were published."""
        return self.filter(pk__in=Citation.objects.of_live().unresolved().values("version__article"))

    def checked_within_interval(self, on: date | None = None) -> Self:
        return self.filter(pk__in=self.live_versions().checked_within_interval(on).values("article"))

    def listing(self, asked: Mapping[str, str], at: datetime | None = None) -> Listing:
        return listing.build(self.live_versions(at), asked, on=(at or timezone.now()).date())

    def listing_as_at(self, hub: Hub, asked: Mapping[str, str], moment: Moment) -> Listing:
        """The listing as the hub showed it at the moment; every address in it keeps to that moment."""
        return listing.build(ArticleVersion.objects.listed_at(hub, moment.at), asked, moment.text)

    def formerly_at(self, hub_slug: str, slug: str) -> Article | None:
        """The article that had this address before it was renamed."""
        return self.select_related("hub").filter(former_slugs__hub__slug=hub_slug, former_slugs__slug=slug).first()

    def standing_at(self, hub_slug: str, slug: str, at: datetime) -> Article | None:
        """The article that had this address at the moment; it carries its address of then: slug_then, hub_slug_then."""
        past = PastAddress.objects.filter(hub__slug=hub_slug, slug=slug, left_at__gt=at)
        present = Q(hub__slug=hub_slug, slug=slug)
        candidates = self.filter(present | Q(pk__in=past.values("article"))).annotate(**address_at(at, "pk"))
        return candidates.filter(slug_then=slug, hub_slug_then=hub_slug).first()

    def known_by(self, hub_slug: str, slug: str, at: datetime) -> Article | None:
        """The article that has or had this address whenever, with its address of the moment."""
        former = Q(former_slugs__hub__slug=hub_slug, former_slugs__slug=slug)
        found = self.filter(Q(hub__slug=hub_slug, slug=slug) | former).annotate(**address_at(at, "pk"))
        return found.order_by("pk").first()

    def resembling(self, article: Article) -> list[Article]:
        """Other articles of the hub whose titles share so many words with this one's that they may be duplicates."""
        own = telling_words(article.title, article.hub)
        others = self.filter(hub=article.hub_id).exclude(pk=article.pk)
        return [other for other in others if overlap(own, telling_words(other.title, article.hub)) >= RESEMBLES]


class Article(Reviewed, Document):
    """The working copy of one of our texts. Visitors read its versions."""

    hub = models.ForeignKey(Hub, models.PROTECT, related_name="articles", help_text="The page that lists it.")
    slug = models.SlugField(
        max_length=100,
        help_text="The end of its address, /hubs/norway/…/. When it changes, the old address leads to the new one.",
    )
    title = models.CharField(max_length=200, help_text="The heading of the page, and its name in every list.")
    summary = models.TextField(help_text="One or two sentences for lists and search engines; plain text.")
    body = MarkdownxField(
        validators=[MaxLengthValidator(MAX_SOURCE)],
        help_text="Markdown. Begin headings at ##. Name the act beside each provision: MDR Article 120(3c).",
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="articles", help_text="The one shelf that it stands on."
    )
    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        related_name="articles",
        verbose_name="main topic",
        help_text="The subject that hubs are compared by. It also sets how soon the text is due for review.",
    )
    also = models.ManyToManyField(
        Topic,
        blank=True,
        related_name="also_articles",
        verbose_name="further topics",
        help_text="Subjects it touches too.",
    )

    objects = ArticleQuerySet.as_manager()
    withdrawal_fields = frozenset({"successor_id"})

    class Meta:
        ordering = ("hub", "title")
        permissions = [
            ("publish_article", "Can publish, schedule and withdraw articles"),
            ("approve_article", "Can approve articles for publishing, and send them back"),
            ("check_article", "Can record checks of articles"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["hub", "slug"],
                name="article_address_once",
                violation_error_message="Another article of this hub has this address. Choose another.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": f"“{self.slug}” is an address of the hub itself. Choose another."})
        if self.is_moving() and not self.hub.versions.live().exists():
            raise ValidationError({"hub": f"“{self.hub}” is not public, and this article is. Publish the hub first."})
        taken = FormerSlug.objects.filter(hub=self.hub_id, slug=self.slug).exclude(article=self.pk).first()
        if taken:
            # One that moved to another hub is not named: its title may be known there only.
            owner = f"“{taken.article}”" if taken.article.hub_id == self.hub_id else "an article that moved on"
            raise ValidationError({"slug": f"This was the address of {owner} and leads there. Choose another."})
        if len(self.body) <= MAX_SOURCE and "<h1" in rendering.render(self.body).html:
            raise ValidationError({"body": "Begin headings at ##: the title of the page is its only top heading."})

    def is_moving(self) -> bool:
        """It was published and is about to stand in another hub."""
        stored = Article.objects.filter(pk=self.pk).exclude(hub=self.hub_id)
        return bool(self.pk and self.hub_id) and stored.filter(versions__isnull=False).exists()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.is_leaving():
            super().save(*args, **kwargs)
            return
        with settling.writing():
            # Until then the former address counts (articles.addresses).
            self.updated_at = timezone.now()
            super().save(*args, **kwargs)

    def is_leaving(self) -> bool:
        """It is about to stand at another address."""
        stored = Article.objects.filter(pk=self.pk).exclude(hub=self.hub_id, slug=self.slug)
        return bool(self.pk) and stored.exists()

    def get_absolute_url(self) -> str:
        return reverse("article_detail", args=[self.hub.slug, self.slug])

    def natural_key(self) -> tuple[str, str]:
        return (self.hub.slug, self.slug)

    def public_fields(self) -> dict[str, Any]:
        rendered = rendering.render(self.body)
        topics = [self.topic, *self.also.exclude(pk=self.topic_id)]
        return {
            "title": self.title,
            "summary": self.summary,
            "body": self.body,
            "body_html": rendered.html,
            "contents": rendering.contents(rendered),
            "citations": rendering.citations(rendered),
            "terms": list(rendered.terms),
            "category_id": self.category_id,
            "category_name": self.category.name,
            "topics": [{"slug": topic.slug, "name": topic.name} for topic in topics],
        }

    def take_text(self, version: ArticleVersion) -> None:
        """Its shelf and topics too, as far as they still exist; not its address, which never was part of the text."""
        self.title, self.summary, self.body = version.title, version.summary, version.body
        self.category_id = version.category_id
        slugs = [topic["slug"] for topic in version.topics]
        topics = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
        self.topic = topics[slugs[0]]
        self.also.set([topics[slug] for slug in slugs[1:]])

    def unpublishable(self) -> list[str]:
        return [str(finding) for finding in refusals(rendering.render(self.body))]

    def unsettled(self) -> list[str]:
        return [str(finding) for finding in unresolved(rendering.render(self.body))]

    def refuse_moment(self, at: datetime) -> None:
        # Locked, so that nobody cancels the hub's first version meanwhile.
        hub = Hub.objects.select_for_update().get(pk=self.hub_id)
        if not hub.versions.live(at).exists():
            raise PublishingError(f"The hub “{hub}” is not public then, and readers come by it. Publish it first.")


def telling_words(title: str, hub: Hub) -> frozenset[str]:
    """The words that set a title apart from its neighbours': not the hub's own, nor those of every title."""
    return frozenset(re.findall(r"\w+", title.lower())) - WORDS_OF_EVERY_TITLE - {hub.slug}


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared words over all words (Jaccard), 0 to 1."""
    return len(one & other) / len(one | other) if one | other else 0.0
