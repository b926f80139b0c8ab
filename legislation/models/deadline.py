from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from .instrument import Instrument


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def get_by_natural_key(self, slug: str) -> Deadline:
        return self.get(slug=slug)


class Deadline(models.Model):
    """A dated legal duty or a date on which law begins or ends to apply. Without an EU date it is open-ended."""

    class Kind(models.TextChoices):
        MILESTONE = "milestone", "Law begins or ends"
        DEADLINE = "deadline", "Last day"
        CONDITION = "condition", "Condition for a later date"

    slug = models.SlugField(max_length=80, unique=True, help_text="Its anchor, and its name in calendars for ever.")
    title = models.CharField(max_length=200)
    group = models.CharField(max_length=60, help_text="Heading that related dates share, such as “UDI carriers”.")
    kind = models.CharField(max_length=10, choices=Kind)
    instruments = models.ManyToManyField(Instrument, related_name="deadlines")
    legal_basis = models.CharField(
        max_length=300, help_text="Provisions in full: MDR Article 120(3a); Article 123(3)(d)."
    )
    who = models.CharField(max_length=200, blank=True, help_text="Whom it binds.")
    condition = models.TextField(help_text="What must be so, in our words.")
    classes = models.JSONField(default=list, blank=True, help_text="Device classes: [“class III”, “IIb”]; empty: all.")
    eu_on = models.DateField("EU date", null=True, blank=True, help_text="Empty while the law gives a rule but no day.")
    rule = models.TextField(blank=True, help_text="How the day will be found while there is none.")
    superseded_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        help_text="The date that replaced this one.",
    )
    superseded_note = models.CharField(max_length=200, blank=True, help_text="By which act, and since when.")
    source = models.CharField(
        max_length=300, help_text="Where this date was read: provision, Official Journal, regulator."
    )
    is_certain = models.BooleanField(
        default=True, help_text="Off: the page says that this date is not fully confirmed."
    )
    note = models.TextField(blank=True)
    sequence = models.PositiveIntegerField(
        default=0, editable=False, help_text="Rises when a date moves; calendars ask it."
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ("eu_on", "slug")
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=""),
                name="deadline_has_a_source",
                violation_error_message="A date is published only with its source. Say where it was read.",
            ),
            models.CheckConstraint(
                condition=Q(eu_on__isnull=False) | ~Q(rule=""),
                name="deadline_has_a_day_or_a_rule",
                violation_error_message="Give the EU date, or the rule by which it will be found.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('deadlines')}#{self.slug}"

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class NationalDateQuerySet(models.QuerySet["NationalDate"]):
    def get_by_natural_key(self, deadline: str, territory: str) -> NationalDate:
        return self.get(deadline__slug=deadline, territory=territory)


class NationalDate(models.Model):
    """The same duty on a country's clock. An empty day is shown as “not confirmed”, never as the EU date."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="national_dates")
    territory = models.CharField(max_length=3, help_text="Code of the country, such as NO.")
    applies_on = models.DateField(null=True, blank=True, help_text="Empty: not confirmed.")
    note = models.CharField(max_length=300, blank=True, help_text="Why, or against what it was confirmed.")

    objects = NationalDateQuerySet.as_manager()

    class Meta:
        ordering = ("deadline", "territory")
        constraints = [models.UniqueConstraint(fields=["deadline", "territory"], name="national_date_once")]

    def __str__(self) -> str:
        return f"{self.deadline} in {self.territory}"

    def natural_key(self) -> tuple[Any, ...]:
        return (self.deadline.slug, self.territory)
