from __future__ import annotations

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from legislation import extents, sources

from .instrument import EXTENTS, Instrument


def check_labels(field: str, labels: object) -> None:
    """A list of short texts, each once. Raises ValidationError."""
    if not isinstance(labels, list) or not all(isinstance(each, str) and each.strip() == each != "" for each in labels):
        raise ValidationError({field: "This is not a list of texts. Write them with commas: 1, 2, 3a."})
    if twice := sorted({each for each in labels if labels.count(each) > 1}):
        raise ValidationError({field: f"{', '.join(twice)}: it stands here twice. Keep one."})


class ProvisionQuerySet(models.QuerySet["Provision"]):
    def get_by_natural_key(self, instrument: str, kind: str, number: str) -> Provision:
        return self.get(instrument__slug=instrument, kind=kind, number=number)

    def in_order(self) -> Self:
        return self.order_by("instrument", "position", "pk")

    def with_address(self) -> Self:
        return self.select_related("instrument")

    def at_address(self, instrument: str, slug: str) -> Self:
        """The one whose address ends in <instrument>/<slug>/: art-10a, anx-viii."""
        prefix, _, number = slug.partition("-")
        kinds = [kind for kind, known in Provision.PREFIXES.items() if known == prefix]
        return self.with_address().filter(instrument__slug=instrument, kind__in=kinds, number__iexact=number)

    def beside(self, provision: Provision) -> Self:
        """The one of its kind before it and the one after it, as far as they exist."""
        same = Provision.objects.filter(instrument=provision.instrument_id, kind=provision.kind)
        before = same.filter(position__lt=provision.position).order_by("-position").values("pk")[:1]
        after = same.filter(position__gt=provision.position).order_by("position").values("pk")[:1]
        return self.with_address().filter(Q(pk=Subquery(before)) | Q(pk=Subquery(after))).in_order()


class Provision(models.Model):
    """A part of an instrument that has an address of its own: /law/mdr/art-120/."""

    class Kind(models.TextChoices):
        CHAPTER = "chapter", "Chapter"
        ARTICLE = "article", "Article"
        ANNEX = "annex", "Annex"
        RULE = "rule", "Rule"
        RECITAL = "recital", "Recital"
        SECTION = "section", "Section"  # Norwegian §

    # The beginnings of addresses and of citation labels: art-120, art_120(3c); Norwegian sections are par_6.
    PREFIXES = {"chapter": "chp", "article": "art", "annex": "anx", "rule": "rule", "recital": "rec", "section": "par"}

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="provisions")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=20, help_text="As the instrument prints it: 10a, VIII.")
    heading = models.TextField(blank=True)
    chapter = models.CharField(max_length=20, blank=True, help_text="Number of the chapter it stands in.")
    position = models.PositiveIntegerField(help_text="Order within the instrument.")
    paragraphs = models.JSONField(
        default=list, blank=True, help_text="Labels that exist today, with commas: 1, 2, 3a. Empty: not described."
    )
    deleted_paragraphs = models.JSONField(default=list, blank=True, help_text="Labels that existed once, with commas.")
    is_unnumbered = models.BooleanField(
        default=False, help_text="One text without paragraph numbers: “(1)” does not exist."
    )
    structure = models.CharField(max_length=300, blank=True, help_text="Of an annex: “Part A: sections 1-4”.")
    note = models.TextField(blank=True)
    is_certain = models.BooleanField(default=True)

    objects = ProvisionQuerySet.as_manager()

    class Meta:
        ordering = ("instrument", "position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "kind", "number"],
                name="provision_once",
                violation_error_message="The instrument already has this provision. Edit that row.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument.short_name} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("provision_detail", args=[self.instrument.slug, self.slug])

    def clean(self) -> None:
        for name in ("paragraphs", "deleted_paragraphs"):
            check_labels(name, getattr(self, name))
        if both := [label for label in self.deleted_paragraphs if label in self.paragraphs]:
            problem = f"{', '.join(both)}: it exists or was deleted, not both. Remove it from one of the two."
            raise ValidationError({"deleted_paragraphs": problem})
        if self.is_unnumbered and self.paragraphs:
            raise ValidationError({"is_unnumbered": "Paragraphs are listed above. Remove them, or this mark."})
        if self.instrument_id and self.kind in EXTENTS:
            self.check_number()

    def check_number(self) -> None:
        known = getattr(self.instrument, EXTENTS[self.kind])
        is_open = self.kind == self.Kind.ARTICLE and self.instrument.has_lettered_articles
        if known and not extents.read(known, is_open_lettered=is_open).holds(self.number):
            problem = f"{self.instrument} has {EXTENTS[self.kind]} {known}. Correct the number, or that list first."
            raise ValidationError({"number": problem})

    @property
    def name(self) -> str:
        """Article 120, Annex VIII, § 6"""
        if self.kind == self.Kind.SECTION:
            return f"§ {self.number}"
        return f"{self.get_kind_display()} {self.number}"

    @property
    def label(self) -> str:
        """What citations call it: art_120, anx_VIII, rule_11, rec_19, chp_VII, par_6."""
        return f"{self.PREFIXES[self.kind]}_{self.number}"

    @property
    def slug(self) -> str:
        """Its part of the address: art-120, anx-viii."""
        return f"{self.PREFIXES[self.kind]}-{self.number.lower()}"

    def parts(self) -> ProvisionQuerySet:
        """Of a chapter its articles; nothing else has parts with a page of their own."""
        if self.kind != self.Kind.CHAPTER:
            return Provision.objects.none()
        inside = Provision.objects.filter(instrument=self.instrument_id, chapter=self.number)
        return inside.with_address().in_order()

    def source_url(self) -> str:
        """The official text, at the provision where an anchor is known to work."""
        return sources.provision_url(self)

    def natural_key(self) -> tuple[str, str, str]:
        return (self.instrument.slug, self.kind, self.number)


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def get_by_natural_key(self, by: str, instrument: str, kind: str, number: str) -> Amendment:
        return self.get(
            by__slug=by, provision__instrument__slug=instrument, provision__kind=kind, provision__number=number
        )

    def touching(self, instrument: Instrument) -> Self:
        """Made to its provisions, or made by it."""
        rows = self.filter(Q(provision__instrument=instrument) | Q(by=instrument))
        return rows.select_related("by", "provision__instrument")

    def newest_first(self) -> Self:
        return self.order_by(F("published_on").desc(nulls_last=True), "pk")

    def since(self, day: date) -> Self:
        """Published after the day."""
        return self.filter(published_on__gt=day)


class Amendment(models.Model):
    """A change to one provision by a later act."""

    by = models.ForeignKey(Instrument, models.PROTECT, related_name="amendments_made")
    provision = models.ForeignKey(Provision, models.CASCADE, related_name="amendments")
    what = models.CharField(max_length=300, blank=True, help_text="Which parts: “paragraph 4”; “inserted”.")
    published_on = models.DateField(null=True, blank=True, help_text="Empty when not confirmed.")
    applies_on = models.DateField(null=True, blank=True, help_text="Empty when not confirmed.")
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        ordering = ("-published_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["by", "provision"],
                name="amendment_once",
                violation_error_message="This act's change to the provision is already recorded. Edit that row.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision} amended by {self.by}"

    def natural_key(self) -> tuple[str, str, str, str]:
        return (self.by.slug, *self.provision.natural_key())
