from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.fields.json import KT

from elendihub.comparison import Told
from elendihub.emergencies import Emergency
from elendihub.publishing import Permanent, Version
from elendihub.review import Reviewed
from legislation.amending import AmendedQuerySet
from legislation.lookup import acts_in_words, in_words
from regulators.models import Hub, HubVersion
from regulators.models.hub_version import published_name

from .address import address_at
from .shelf import Category, Topic

# An import brings a hub with articles that were public elsewhere before, each live since its own day. What is entered
# later with a day in the past does not change what the hub's list of that day was. The versions of one import bear one
# moment; before they did, one took up to this. No other import dates anything back within it (articles.content).
IMPORT_TOOK = timedelta(minutes=5)


class ArticleVersionQuerySet(AmendedQuerySet["ArticleVersion"]):
    document = "article"

    def interval(self) -> Any:
        """That of the main topic, as the topic says today."""
        return Subquery(Topic.objects.filter(slug=OuterRef("main_topic")).values("review_days"))

    def with_review(self, on: date | None = None) -> Self:
        return super(ArticleVersionQuerySet, self.alias(main_topic=KT("topics__0__slug"))).with_review(on)

    def listed_at(self, hub: Hub, at: datetime) -> Self:
        """What the hub's lists showed at the moment, whatever happened since, each with its slug_then."""
        begun = HubVersion.objects.filter(hub=hub, number=1).values_list("created_at", flat=True).first()
        shown = self.live(at).readable().entered_by(at, begun or at)
        return shown.annotate(**address_at(at)).filter(hub_slug_then=hub.slug)

    def entered_by(self, at: datetime, begun: Any) -> Self:
        """What the record held at the moment, with what was brought by the import that began it (see came_with()).

        Only a first version can be dated in the past.
        """
        brought = Q(created_at__lte=begun) | Q(created_at__lte=begun + IMPORT_TOOK, author=None)
        return self.filter(Q(created_at__lte=at) | Q(number__gt=1) | brought)

    def with_place(self) -> Self:
        """Adds where each stood on going live: slug_then, hub_slug_then; and place, the jurisdiction's name then."""
        rows = self.annotate(**address_at(OuterRef("live_from")))
        return rows.annotate(place=published_name(OuterRef("live_from"), "hub_slug_then"))

    def known(self, at: datetime) -> Self:
        """Of with_place(), what the record held at the moment; as listed_at()."""
        first = HubVersion.objects.filter(hub__slug=OuterRef("hub_slug_then"), number=1)
        return self.alias(begun=Subquery(first.values("created_at")[:1])).entered_by(at, F("begun"))

    def successor(self, version: ArticleVersion, at: datetime) -> ArticleVersion | None:
        """What readers of a withdrawn text are sent to, as it stands at the moment, with its address of then."""
        if version.successor_id is None:
            return None
        found = self.filter(article=version.successor_id).live(at).select_related("article")
        return found.annotate(**address_at(at)).first()

    def with_rows(self) -> Self:
        return self.prefetch_related("citation_rows", "topic_rows__topic")

    def in_reading_order(self) -> Self:
        """Newest first by the day of first publication; same-day articles in the order they were made."""
        return self.order_by("-published_at", "article_id")

    def last_changed(self) -> Self:
        """By the moment of the last change that was more than minor, newest first; addresses come along."""
        return self.select_related("article__hub").order_by("-changed_at", "-published_at", "article_id")

    def without_texts(self) -> Self:
        """For lists: what only the article's own page prints stays in the database."""
        return self.defer("body", "body_html", "contents", "citations")

    def after(self, position: tuple[Any, int]) -> Self:
        """What follows the position (published_at, article id) in reading order."""
        published_at, article = position
        return self.filter(Q(published_at__lt=published_at) | Q(published_at=published_at, article__gt=article))

    def about(self, topic_slug: str) -> Self:
        return self.filter(pk__in=VersionTopic.objects.filter(topic__slug=topic_slug).values("version"))

    def related_to(self, version: ArticleVersion) -> Self:
        """Up to four others on one of its topics, those that share its main topic first."""
        slugs = [topic["slug"] for topic in version.topics]
        shares_main = Exists(VersionTopic.objects.filter(version=OuterRef("pk"), topic__slug=slugs[0]))
        return (
            self.without_texts()
            .filter(pk__in=VersionTopic.objects.filter(topic__slug__in=slugs).values("version"))
            .exclude(article=version.article_id)
            .select_related("article__hub")
            .order_by(shares_main.desc(), "-published_at", "article_id")[:4]
        )

    def counted_by_category(self) -> models.QuerySet[Any, Any]:
        """Rows of slug, name as published, count and newest; a shelf renamed meanwhile has several."""
        rows = self.order_by().values(slug=F("category__slug"), name=F("category_name"))
        return rows.annotate(count=Count("pk"), newest=Max("created_at"))

    def counted_by_topic(self) -> models.QuerySet[Any, Any]:
        """As counted_by_category()."""
        rows = self.order_by().values(slug=F("topic_rows__topic__slug"), name=F("topic_rows__name"))
        return rows.annotate(count=Count("pk"), newest=Max("created_at"))


class ArticleVersion(Reviewed, Emergency, Version):
    """A published state of an article. `topics` lists slug and name, the main one first.

    `citations` is what legislation.rendering.citations made of the body; a row of Citation stands for each. `terms` are
    those that its text explains, as the glossary had them.
    """

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="versions")
    body = models.TextField()
    body_html = models.TextField()
    contents = models.JSONField()
    citations = models.JSONField(default=list, blank=True)
    terms = models.JSONField(default=list, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    category_name = models.CharField(max_length=100)
    topics = models.JSONField()
    successor = models.ForeignKey("articles.Article", models.PROTECT, null=True, blank=True, related_name="+")

    public_values = (
        *("body", "body_html", "contents", "citations", "terms"),
        *("category_id", "category_name", "topics", "successor_id"),
    )

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        ordering = ("article", "number")
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="article_version_numbered_once"),
            models.CheckConstraint(
                condition=Q(live_until__isnull=True) | Q(live_until__gte=F("live_from")),
                name="article_version_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["article", "live_from"], name="article_version_live"),
            models.Index(fields=["-published_at", "article"], name="article_version_reading_order"),
            models.Index(fields=["-live_from", "-id"], name="article_version_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def store(self) -> None:
        with transaction.atomic():
            super().store()
            names = {topic["slug"]: topic["name"] for topic in self.topics}
            VersionTopic.objects.bulk_create(
                VersionTopic(version=self, topic=topic, name=names[topic.slug])
                for topic in Topic.objects.filter(slug__in=names)
            )
            self.citation_rows.write(self)

    def false_rows(self) -> list[str]:
        said = sorted((topic["slug"], topic["name"]) for topic in self.topics)
        stored = sorted((row.topic.slug, row.name) for row in self.topic_rows.all())
        return ["topics"] * (said != stored) + ["citations"] * (not self.citation_rows.agree_with(self))

    def compared_with(self, new: ArticleVersion) -> list[tuple[Told, Told]]:
        """Every public field of both as a reader can compare it, from nothing but what both have stored."""
        acts = acts_in_words([*self.citations, *new.citations])
        cited_by = [dict.fromkeys(cited(record, acts) for record in version.citations) for version in (self, new)]
        return [*zip(self.told(), new.told(), strict=True), *listed("Citations", *cited_by)]

    def told(self) -> list[Told]:
        """Its public fields but for the citations."""
        return [
            Told("Title", self.title),
            Told("Summary", self.summary),
            Told("Text", self.body, self.body_html),
            Told("Category", self.category_name),
            Told("Topics", "\n".join(topic["name"] for topic in self.topics)),
            Told("Terms", "".join(sorted(f"{explained(term)}\n\n" for term in self.terms))),
            Told("Withdrawn", self.get_withdrawal_reason_display() if self.withdrawal_reason else ""),
        ]

    def get_absolute_url(self) -> str:
        return self.article.get_absolute_url()

    def slug(self) -> str:
        """That of the moment, where listed_at() brought it along; else the article's present one."""
        return self.__dict__.get("slug_then") or self.article.slug


def came_with(version: Any, begun: datetime) -> bool:
    """The import that began the record of a hub at this moment brought the version too; nobody wrote it here."""
    is_import = version.author_id is None
    return bool(version.created_at <= begun or (is_import and version.created_at <= begun + IMPORT_TOOK))


def cited(record: dict[str, Any], acts: Mapping[str, str]) -> str:
    """MDR Article 120(3c), 121; the words of the text where it names no known act."""
    key = record["instrument"]
    if not key:
        return str(record["surface"])
    return " ".join([acts.get(key, key), ", ".join(in_words(label) for label in record["provisions"])]).strip()


def listed(label: str, old: Collection[str], new: Collection[str]) -> list[tuple[Told, Told]]:
    """What came and what went, apart and without what stayed: nobody reads one citation as a change of another."""
    if {*old} == {*new}:
        return [(Told(label, "\n".join(sorted(old))), Told(label, "\n".join(sorted(new))))]
    gone, come = ("\n".join(line for line in one if line not in other) for one, other in ((old, new), (new, old)))
    return [(Told(label, gone), Told(label, "")), (Told(label, ""), Told(label, come))]


def explained(term: dict[str, str]) -> str:
    """As the page has it: name, expansion and definition."""
    return " · ".join(dict.fromkeys(term[name] for name in ("name", "expansion", "definition") if term.get(name)))


class VersionTopicQuerySet(models.QuerySet["VersionTopic"]):
    def update(self, **kwargs: Any) -> int:
        raise Permanent

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Permanent


class VersionTopic(models.Model):
    """Index of a version's topics, as permanent as the version."""

    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="topic_rows")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)

    objects = VersionTopicQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "topic"], name="version_topic_once")]

    def __str__(self) -> str:
        return self.name
