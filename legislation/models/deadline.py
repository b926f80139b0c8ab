from __future__ import annotations

import re
from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, FilteredRelation, Q, TextField
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from .instrument import Instrument

NEEDS_SOURCE = "The date has changed. Say here where the new date was read: act and provision, such as “{}”."
EXAMPLE = "MDR Article 120(3a), as amended by Regulation (EU) 2023/607"
# The classes that readers choose from, each with the act whose classes they are.
CLASSES = {"I": "mdr", "IIa": "mdr", "IIb": "mdr", "III": "mdr", "A": "ivdr", "B": "ivdr", "C": "ivdr", "D": "ivdr"}


def class_pattern(name: str) -> str:
    """Finds the class in the words of `classes`, in the dialect that both databases and Python read.

    Class I has kinds of its own: Is, Im, Ir.
    """
    kinds = "[smr]?" if name == "I" else ""
    return f"(^|[^A-Za-z]){name}{kinds}([^A-Za-z]|$)"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def get_by_natural_key(self, slug: str) -> Deadline:
        return self.get(slug=slug)

    def standing(self) -> Self:
        """Without dates that were replaced or withdrawn."""
        return self.filter(superseded_by__isnull=True, superseded_note="")

    def superseded(self) -> Self:
        return self.exclude(pk__in=self.model.objects.standing().values("pk"))

    def for_instrument(self, instrument: Instrument) -> Self:
        return self.filter(instruments=instrument)

    def for_class(self, name: str) -> Self:
        """Those that name the class, and those of its act that name none and so hold for all."""
        named = Q(class_words__regex=class_pattern(name))
        holds_for_all = Q(classes=[], pk__in=self.model.objects.filter(instruments__slug=CLASSES[name]).values("pk"))
        return self.annotate(class_words=Cast("classes", TextField())).filter(named | holds_for_all)

    def for_territory(self, code: str) -> Self:
        """Those on the country's clock. Adds national_on (None: not confirmed) and day, the EU date in its place."""
        own = FilteredRelation("national_dates", condition=Q(national_dates__territory=code))
        found = self.annotate(own=own).filter(own__isnull=False).annotate(national_on=F("own__applies_on"))
        return found.annotate(day=Coalesce("national_on", "eu_on")).order_by("day", "slug")

    def ahead(self, on: date) -> Self:
        """The day itself included; after for_territory() on that country's clock."""
        return self.filter(**{f"{self.clock()}__gte": on})

    def passed(self, on: date) -> Self:
        return self.filter(**{f"{self.clock()}__lt": on})

    def by_day(self) -> Self:
        """By EU date, open-ended ones last on every database."""
        return self.order_by(F("eu_on").asc(nulls_last=True), "slug")

    def clock(self) -> str:
        return "day" if "day" in self.query.annotations else "eu_on"

    def in_full(self) -> Self:
        """With all that a page or a calendar says of each."""
        related = ("instruments", "national_dates", "former_dates")
        return self.select_related("superseded_by").prefetch_related(*related)


class Deadline(models.Model):
    """A dated legal duty or a date on which law begins or ends to apply. Without an EU date it is open-ended.

    The database itself keeps the rules of moving (legislation.triggers): `sequence` rises with all that calendars
    show, a former date is kept, a date does not change without its source, and the slug never does.
    """

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
    classes = models.JSONField(
        default=list, blank=True, help_text="Device classes, with commas: class III, class IIb. Empty: all."
    )
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        # The database counts.
        self.refresh_from_db(fields=["sequence"])

    def get_absolute_url(self) -> str:
        return f"{reverse('deadlines')}#{self.slug}"

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self) -> None:
        stored = Deadline.objects.filter(pk=self.pk).first() if self.pk else None
        if stored is None:
            return
        if stored.slug != self.slug:
            raise ValidationError({"slug": f"Calendars know this date as “{stored.slug}” for ever. Keep that."})
        if stored.eu_on != self.eu_on and stored.source == self.source:
            raise ValidationError({"source": NEEDS_SOURCE.format(EXAMPLE)})

    @property
    def is_superseded(self) -> bool:
        """Replaced by another date, or withdrawn without one; `superseded_note` says how."""
        return bool(self.superseded_by_id or self.superseded_note)

    def national_date(self, territory: str) -> NationalDate | None:
        """What the register says of the country; None when it says nothing, not even that the day is not confirmed."""
        return next((each for each in self.national_dates.all() if each.territory == territory), None)

    def day_in(self, territory: str) -> date | None:
        """The country's own day when it is confirmed, else the EU date; with "" the EU date."""
        national = self.national_date(territory) if territory else None
        return (national and national.applies_on) or self.eu_on

    def concerns_class(self, name: str) -> bool:
        """The same rule as for_class(), asked of one row."""
        if not self.classes:
            return any(each.slug == CLASSES[name] for each in self.instruments.all())
        return any(re.search(class_pattern(name), words) for words in self.classes)


class NationalDateQuerySet(models.QuerySet["NationalDate"]):
    def get_by_natural_key(self, deadline: str, territory: str) -> NationalDate:
        return self.get(deadline__slug=deadline, territory=territory)


class NationalDate(models.Model):
    """The same duty on a country's clock. An empty day is shown as “not confirmed”, never as the EU date."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="national_dates")
    territory = models.CharField(
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{2}$", "Write the two capital letters of a country: NO.")],
        help_text="Code of the country, such as NO.",
    )
    applies_on = models.DateField(null=True, blank=True, help_text="Empty: not confirmed.")
    note = models.CharField(max_length=300, blank=True, help_text="Why, or against what it was confirmed.")

    objects = NationalDateQuerySet.as_manager()

    class Meta:
        ordering = ("deadline", "territory")
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "territory"],
                name="national_date_once",
                violation_error_message="This country is already listed for the date. Edit that row.",
            ),
            models.CheckConstraint(
                condition=Q(applies_on__isnull=True) | ~Q(note=""),
                name="national_date_has_a_source",
                violation_error_message="A national date is published only with its source. Say what confirms it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline} in {self.territory}"

    def clean(self) -> None:
        stored = NationalDate.objects.filter(pk=self.pk).first() if self.pk else None
        if stored and stored.applies_on != self.applies_on and (not self.note or stored.note == self.note):
            raise ValidationError({"note": NEEDS_SOURCE.format("EEA Joint Committee Decision 275/2023")})

    def natural_key(self) -> tuple[Any, ...]:
        return (self.deadline.slug, self.territory)


class FormerDateQuerySet(models.QuerySet["FormerDate"]):
    def get_by_natural_key(self, deadline: str, territory: str, former_on: str) -> FormerDate:
        return self.get(deadline__slug=deadline, territory=territory, former_on=former_on)


class FormerDate(models.Model):
    """What a date was before it moved. The database writes it whenever a day changes, so that none moves unseen."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="former_dates")
    territory = models.CharField(max_length=3, blank=True, help_text="Code of the country; empty: the EU date.")
    former_on = models.DateField()
    replaced_on = models.DateField(help_text="The day on which the register took the new date.")
    source = models.CharField(max_length=300, help_text="Where the date that replaced it was read.")

    objects = FormerDateQuerySet.as_manager()

    class Meta:
        ordering = ("deadline", "replaced_on", "pk")
        constraints = [models.UniqueConstraint(fields=["deadline", "territory", "former_on"], name="former_date_once")]

    def __str__(self) -> str:
        return f"{self.former_on:%-d %B %Y}, until {self.replaced_on:%-d %B %Y}"

    def natural_key(self) -> tuple[str, str, str]:
        return (self.deadline.slug, self.territory, self.former_on.isoformat())
