from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

KEPT = "Its name in addresses, which readers keep: chosen once."
# Ten years: beyond it nobody can speak of a review.
MOST_DAYS = 3650


class ShelfQuerySet(models.QuerySet[Any]):
    def get_by_natural_key(self, slug: str) -> Any:
        return self.get(slug=slug)


class Category(models.Model):
    """The shelf an article stands on, exactly one, as the editors file it."""

    name = models.CharField(max_length=100, unique=True, help_text="As readers see it above the list of articles.")
    slug = models.SlugField(max_length=100, unique=True, help_text=KEPT)

    objects = ShelfQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Topic(models.Model):
    """A subject shared by all hubs: an article has one main topic and may touch others."""

    name = models.CharField(max_length=100, unique=True, help_text="As readers see it, the same in every hub.")
    slug = models.SlugField(max_length=100, unique=True, help_text=KEPT)
    scope = models.CharField(max_length=200, help_text="What belongs here, for editors.")
    review_days = models.PositiveIntegerField(
        default=180,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text="Days after which a text is to be checked again, by risk: deadlines 30, definitions 365.",
    )

    objects = ShelfQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(review_days__range=(1, MOST_DAYS)),
                name="topic_is_reviewed_within_years",
                violation_error_message=f"Choose from 1 to {MOST_DAYS} days.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)
