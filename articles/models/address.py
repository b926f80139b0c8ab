"""Where articles stand and stood: addresses that lead to the present one, and those of a past moment."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from elendihub.publishing import Permanent
from regulators.models import Hub


class FormerSlug(models.Model):
    """An address that an article had; it leads to the present one for ever.

    The database writes these rows when an address changes (articles.addresses), so no way of writing can forget to.
    """

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="former_slugs")
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub", "slug"], name="former_address_once")]

    def __str__(self) -> str:
        return self.slug


class PastAddressQuerySet(models.QuerySet["PastAddress"]):
    def held(self, at: Any) -> Self:
        """What was the address at the moment comes first for each article."""
        return self.filter(left_at__gt=at).order_by("left_at", "pk")

    def update(self, **kwargs: Any) -> int:
        raise Permanent

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Permanent


class PastAddress(models.Model):
    """Until when a published article had an address: written once, by the database, for pages as at a moment.

    An address left before the site kept these rows has none: pages of that time show the one that followed.
    """

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="past_addresses")
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="+")
    slug = models.SlugField(max_length=100)
    left_at = models.DateTimeField()

    objects = PastAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "past addresses"
        indexes = [models.Index(fields=["article", "left_at"], name="past_address_of_article")]

    def __str__(self) -> str:
        return f"{self.slug} until {self.left_at:%-d %B %Y}"


def stood_in(hub: Hub, article: str = "article") -> Q:
    """Rows that name, by this field, an article that stands in the hub or did."""
    past = PastAddress.objects.filter(hub=hub).values("article")
    return Q(**{f"{article}__hub": hub}) | Q(**{f"{article}__in": past})


def address_at(at: Any, article: str = "article") -> dict[str, Any]:
    """Annotations slug_then and hub_slug_then for rows that name an article by this field (“pk”: they are articles).

    `at` is a moment, or an OuterRef to that of each row.
    """
    held = PastAddress.objects.filter(article=OuterRef(article)).held(at)
    prefix = "" if article == "pk" else f"{article}__"
    return {
        "slug_then": Coalesce(Subquery(held.values("slug")[:1]), F(f"{prefix}slug")),
        "hub_slug_then": Coalesce(Subquery(held.values("hub__slug")[:1]), F(f"{prefix}hub__slug")),
    }
