from __future__ import annotations

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from legislation import extents, sources
from legislation.citations.designations import ACT_KINDS
from legislation.citations.eu_numbers import act_number, key_of
from legislation.citations.scanning import words_of

# As precise as the source is: a year, a month or a day.
partial_date = RegexValidator(r"^\d{4}(-\d{2}(-\d{2})?)?$", "Write 2026, 2026-07 or 2026-07-19.")
small_letters = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", "Use small letters, digits and hyphens: eu-2023-607.")
territory_code = RegexValidator(r"^([A-Z]{2}|EEA)$", "Write EU, EEA or the two capital letters of a country: NO.")
celex_number = RegexValidator(r"^\d{5}[A-Z]{1,2}\d{4}$", "A CELEX number is written like 32017R0745.")
eli_path = RegexValidator(
    r"^[a-z_]+/\d{4}/\d+$", "A European identifier is written like reg/2017/745, without https:// and /oj."
)
lovdata_path = RegexValidator(
    r"^(dokument/[A-Z]+/)?(lov|forskrift)/\d{4}-\d{2}-\d{2}-\d+$",
    "A path on lovdata.no is written like lov/2020-05-07-37 or dokument/SF/forskrift/2021-05-09-1476.",
)
TO_ITSELF = "An instrument is not related to itself. Choose another."
# By kind of provision: the field that says which of them exist.
EXTENTS = {
    "article": "articles",
    "annex": "annexes",
    "chapter": "chapters",
    "recital": "recitals",
    "rule": "rules",
    "section": "sections",
}


class InstrumentQuerySet(models.QuerySet["Instrument"]):
    def get_by_natural_key(self, slug: str) -> Instrument:
        return self.get(slug=slug)

    def in_force(self, on: date) -> Self:
        """Without what was repealed by the day; what has no date of repeal counts as in force."""
        return self.filter(Q(repealed_on__isnull=True) | Q(repealed_on__gt=on))

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def known_as(self, name: str) -> Self:
        """Those that texts mean by this name, in whatever case they write it, or by this number."""
        named = Q(short_name__iexact=name) | Q(names__name__iexact=name)
        if number := act_number(name):
            year, count = number
            named |= Q(celex__startswith=f"3{year}", celex__endswith=f"{count:04}")
            named |= Q(slug=key_of(year, count, "").lower())
        return self.filter(named)


class Instrument(models.Model):
    """An act, directive, standard or guidance document. Its slug in capitals is the key by which citations name it."""

    class Kind(models.TextChoices):
        REGULATION = "regulation", "Regulation"
        DELEGATED = "delegated", "Delegated act"
        IMPLEMENTING = "implementing", "Implementing act"
        DIRECTIVE = "directive", "Directive"
        DECISION = "decision", "Decision"
        AGREEMENT = "agreement", "International agreement"
        EEA_DECISION = "eea-decision", "EEA Joint Committee decision"
        NATIONAL_ACT = "national-act", "National act"
        NATIONAL_REGULATION = "national-regulation", "National regulation"
        GUIDANCE = "guidance", "Guidance"
        STANDARD = "standard", "Standard"
        PROPOSAL = "proposal", "Proposal, not law"

    slug = models.SlugField(
        max_length=60,
        unique=True,
        validators=[small_letters],
        error_messages={"unique": "Another instrument has this slug. Open that one, or write another."},
        help_text="Its address below /law/, and in capitals its key: mdr, mdcg-2021-24, no-for-2021-05-09-1476.",
    )
    kind = models.CharField(max_length=20, choices=Kind)
    short_name = models.CharField(max_length=120, help_text="What pages and messages call it, such as “MDR”.")
    title = models.TextField(
        blank=True, help_text="The official title in full; empty when it was not compared with the source."
    )
    issuer = models.CharField(max_length=120, blank=True)
    territory = models.CharField(
        max_length=3,
        blank=True,
        validators=[territory_code],
        help_text="EU, EEA or the code of a country; empty for guidance.",
    )
    celex = models.CharField(
        "CELEX", max_length=20, blank=True, validators=[celex_number], help_text="EUR-Lex number, such as 32017R0745."
    )
    consolidated_on = models.DateField(null=True, blank=True, help_text="Date of the newest consolidated text.")
    eli = models.CharField(
        "ELI", max_length=60, blank=True, validators=[eli_path], help_text="European identifier, such as reg/2017/745."
    )
    lovdata = models.CharField(
        max_length=60,
        blank=True,
        validators=[lovdata_path],
        help_text="Path on lovdata.no, such as lov/2020-05-07-37.",
    )
    address = models.URLField(
        max_length=500, blank=True, help_text="Only where no identifier leads to the text: guidance, standards."
    )
    oj_reference = models.CharField("Official Journal", max_length=80, blank=True)
    adopted = models.CharField(max_length=10, blank=True, validators=[partial_date])
    published_on = models.DateField(null=True, blank=True)
    in_force_on = models.DateField(null=True, blank=True)
    applies_from = models.DateField(null=True, blank=True, help_text="In the territory that issued it.")
    repealed_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True, help_text="What it does, in one or two sentences of ours.")
    note = models.TextField(
        blank=True, help_text="What readers should know about this record: open points, corrigenda."
    )
    is_certain = models.BooleanField(
        default=True, help_text="Off: the page says that this record is not fully confirmed."
    )
    articles = models.CharField(
        max_length=100, blank=True, validators=[extents.readable], help_text="Which exist: 1-123, 10a."
    )
    has_lettered_articles = models.BooleanField(
        default=False, help_text="Further articles with letters (14a) exist and are not listed: they pass unchecked."
    )
    annexes = models.CharField(max_length=100, blank=True, validators=[extents.readable])
    chapters = models.CharField(max_length=100, blank=True, validators=[extents.readable])
    recitals = models.CharField(max_length=100, blank=True, validators=[extents.readable])
    rules = models.CharField(max_length=100, blank=True, validators=[extents.readable])
    sections = models.CharField(
        max_length=100, blank=True, validators=[extents.readable], help_text="Norwegian §: 1-24."
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("instrument_detail", args=[self.slug])

    def clean(self) -> None:
        """One row for each act: of two with one name or number, texts could only mean either."""
        others = Instrument.objects.exclude(pk=self.pk)
        if holder := others.known_as(self.short_name).first():
            problem = f"“{self.short_name}” already means {holder} ({holder.slug}). Edit that one, or write another."
            raise ValidationError({"short_name": problem})
        if self.celex and (holder := others.filter(celex=self.celex).first()):
            problem = f"{self.celex} is the number of {holder} ({holder.slug}). Edit that one, or correct the number."
            raise ValidationError({"celex": problem})

    @property
    def key(self) -> str:
        """The name by which the recogniser knows it: MDR, EU-2023-607."""
        return self.slug.upper()

    @property
    def is_law(self) -> bool:
        """Guidance and standards bind nobody by themselves; a proposal binds nobody yet."""
        return self.kind not in (self.Kind.GUIDANCE, self.Kind.STANDARD, self.Kind.PROPOSAL)

    def source_url(self) -> str:
        """The official text, built from the identifiers; empty when none is known."""
        return sources.instrument_url(self)

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class InstrumentNameQuerySet(models.QuerySet["InstrumentName"]):
    def get_by_natural_key(self, name: str) -> InstrumentName:
        return self.get(name=name)


class InstrumentName(models.Model):
    """A name that texts use for the instrument, so that it is recognised; its number is without a row here."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="names")
    name = models.CharField(
        max_length=150,
        unique=True,
        error_messages={"unique": "Another row has this name. A name belongs to one instrument: write it once."},
        help_text="As texts write it: “Medical Device Regulation”, “forskrift 1476”. Numbers are known without a row.",
    )

    objects = InstrumentNameQuerySet.as_manager()

    class Meta:
        ordering = ("instrument", "name")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        words = words_of(self.name)
        if not any(letter.isalnum() for word in words for letter in word):
            raise ValidationError({"name": "Texts cannot be searched for this. Write a name of letters or digits."})
        if len(words) == 1 and words[0] in ACT_KINDS:
            raise ValidationError({"name": f"“{self.name}” alone can mean any act. Write more of its name."})
        if holder := self.holder():
            problem = f"“{self.name}” already means {holder}. Remove the name there first, or write another."
            raise ValidationError({"name": problem})

    def holder(self) -> Instrument | None:
        """The other instrument that texts mean by this name."""
        return Instrument.objects.known_as(self.name).exclude(pk=self.instrument_id).first()

    def natural_key(self) -> tuple[str]:
        return (self.name,)


class RelationQuerySet(models.QuerySet["Relation"]):
    def get_by_natural_key(self, instrument: str, kind: str, target: str) -> Relation:
        return self.get(instrument__slug=instrument, kind=kind, target__slug=target)


class Relation(models.Model):
    """What one instrument does to another as a whole; changes to single provisions are Amendment rows."""

    class Kind(models.TextChoices):
        AMENDS = "amends", "amends"
        REPEALS = "repeals", "repeals"
        IMPLEMENTS = "implements", "implements"
        INTERPRETS = "interprets", "explains"
        WOULD_AMEND = "would-amend", "would amend"

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=12, choices=Kind)
    target = models.ForeignKey(Instrument, models.CASCADE, related_name="relations_to")
    note = models.CharField(max_length=300, blank=True)

    objects = RelationQuerySet.as_manager()

    class Meta:
        ordering = ("instrument", "kind", "target")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "kind", "target"],
                name="relation_once",
                violation_error_message="This is already recorded. Edit that row.",
            ),
            models.CheckConstraint(
                condition=~Q(instrument=F("target")),
                name="relation_to_another",
                violation_error_message=TO_ITSELF,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.get_kind_display()} {self.target}"

    def clean(self) -> None:
        # Below an instrument the form leaves the instrument out, and the constraint with it.
        if self.target_id and self.target_id == self.instrument_id:
            raise ValidationError({"target": TO_ITSELF})

    def natural_key(self) -> tuple[str, str, str]:
        return (self.instrument.slug, self.kind, self.target.slug)
