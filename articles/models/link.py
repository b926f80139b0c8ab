"""Outgoing addresses and how they answer. What is here changes daily: it is work in hand, not part of the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from regulators.models import Hub, HubVersion, Regulator

from .article import Article
from .version import ArticleVersion

# Characters; longer ones are no addresses that a person wrote down.
LONGEST_ADDRESS = 2000


class LinkQuerySet(models.QuerySet["Link"]):
    def standing(self) -> Self:
        """Those that a live text or a regulator has; a text may have been withdrawn since the places were gathered."""
        return self.filter(Exists(LinkPlace.objects.public().filter(link=OuterRef("pk"))))

    def broken(self) -> Self:
        """Failed on two days, and never answered between or since."""
        return self.standing().filter(failed_again_on__isnull=False)

    def doubtful(self) -> Self:
        """Failed on one day so far."""
        return self.standing().filter(failed_on__isnull=False, failed_again_on__isnull=True)

    def moved(self) -> Self:
        """Answers, but from another domain; of what is broken nobody knows whether it still would."""
        return self.standing().filter(is_moved_domain=True, failed_again_on__isnull=True)

    def undecided(self) -> Self:
        """The server keeps programs out or asks to come later: a person has to look."""
        return self.standing().filter(outcome="undecided")

    def longest_unasked_first(self) -> Self:
        return self.order_by(models.F("asked_at").asc(nulls_first=True), "pk")

    def of_hubs_of(self, user: Any, permission: str) -> Self:
        """Those that stand in one of the hubs where the person has the permission, or with its regulator."""
        places = LinkPlace.objects.of_hubs_of(user, permission)
        return self if user.is_superuser else self.filter(pk__in=places.values("link"))

    def with_places(self) -> Self:
        return self.prefetch_related("places__article", "places__hub", "places__regulator")


class Link(models.Model):
    """An outgoing address, one row however many texts have it. Days are of UTC."""

    url = models.CharField("address", max_length=LONGEST_ADDRESS, unique=True)
    host = models.CharField(max_length=255, db_index=True)
    asked_at = models.DateTimeField("last asked", null=True)
    answered_at = models.DateTimeField("last answered", null=True)
    outcome = models.CharField(max_length=10, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    words = models.CharField("what happened", max_length=200, blank=True)
    failed_on = models.DateField("failed on", null=True)
    failed_again_on = models.DateField("and again on", null=True)
    moved_to = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    is_moved_domain = models.BooleanField(default=False)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ("host", "url")
        constraints = [
            models.CheckConstraint(
                condition=Q(failed_again_on__isnull=True) | Q(failed_on__lt=models.F("failed_again_on")),
                name="link_fails_twice_on_two_days",
            )
        ]

    def __str__(self) -> str:
        return self.url


class LinkPlaceQuerySet(models.QuerySet["LinkPlace"]):
    def public(self, at: datetime | None = None) -> Self:
        articles = ArticleVersion.objects.live(at).readable().values("article")
        hubs = HubVersion.objects.live(at).readable().values("hub")
        return self.filter(Q(article__in=articles) | Q(hub__in=hubs) | Q(regulator__isnull=False))

    def with_title(self, at: datetime) -> Self:
        """Adds `title`: of the text as readers see it, or the regulator's name; the addresses come along."""
        articles = ArticleVersion.objects.live(at).filter(article=OuterRef("article"))
        hubs = HubVersion.objects.live(at).filter(hub=OuterRef("hub"))
        regulators: Any = Regulator.objects.with_current(at.date()).filter(pk=OuterRef("regulator"))
        titles: list[Any] = [articles.values("title"), hubs.values("title"), regulators.values("current_name")]
        titled = self.annotate(title=Coalesce(*(Subquery(title[:1]) for title in titles), models.Value("a regulator")))
        return titled.select_related("article__hub", "hub", "regulator")

    def of_hubs_of(self, user: Any, permission: str) -> Self:
        if user.is_superuser:
            return self
        hubs = Hub.objects.of_hubs_of(user, permission).values("pk")
        return self.filter(Q(article__hub__in=hubs) | Q(hub__in=hubs) | Q(regulator__hubs__in=hubs)).distinct()


class LinkPlace(models.Model):
    """Where a link stands: the live text of an article or a hub, or the official sites of a regulator."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="places")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="link_places")
    hub = models.ForeignKey(Hub, models.CASCADE, null=True, related_name="link_places")
    regulator = models.ForeignKey(Regulator, models.CASCADE, null=True, related_name="link_places")

    objects = LinkPlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "article"], name="link_once_per_article"),
            models.UniqueConstraint(fields=["link", "hub"], name="link_once_per_hub"),
            models.UniqueConstraint(fields=["link", "regulator"], name="link_once_per_regulator"),
            models.CheckConstraint(
                condition=Q(article__isnull=False, hub__isnull=True, regulator__isnull=True)
                | Q(article__isnull=True, hub__isnull=False, regulator__isnull=True)
                | Q(article__isnull=True, hub__isnull=True, regulator__isnull=False),
                name="link_place_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.article or self.hub or self.regulator)
