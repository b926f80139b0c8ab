from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

# Languages are BCP 47 tags: the page sets them as the lang attribute of each name.
language_tag = RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "Use a language tag such as en or nb.")
https_only = URLValidator(schemes=["https"], message="Enter a full address that begins with https://.")
ENDS_AFTER_IT_BEGINS = Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gte=F("valid_from"))


class JurisdictionQuerySet(models.QuerySet["Jurisdiction"]):
    def get_by_natural_key(self, code: str) -> Jurisdiction:
        return self.get(code=code)


class Jurisdiction(models.Model):
    """A legal territory: ISO 3166-1 alpha-2 code, or EU."""

    class Region(models.TextChoices):
        EUROPE = "europe", "Europe"
        AMERICAS = "americas", "Americas"
        ASIA_PACIFIC = "asia-pacific", "Asia and Pacific"
        MIDDLE_EAST_AFRICA = "middle-east-africa", "Middle East and Africa"

    code = models.CharField(
        max_length=2, unique=True, validators=[RegexValidator(r"^[A-Z]{2}$", "Two capital letters, such as NO.")]
    )
    name = models.CharField(max_length=100, unique=True, help_text="In English, as the index of hubs lists it.")
    region = models.CharField(max_length=20, choices=Region, help_text="Where the index of hubs lists it.")
    market = models.CharField(
        max_length=100, blank=True, help_text="How it stands to the EEA market, for instance “EEA, EFTA state”."
    )

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class DatedQuerySet(models.QuerySet[Any]):
    """Rows with valid_from and valid_until, both days included; an empty end is open."""

    def valid(self, on: date | None = None) -> Self:
        on = on or timezone.localdate()
        started = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
        return self.filter(started).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))

    def newest_first(self) -> Self:
        return self.order_by(F("valid_from").desc(nulls_last=True), "pk")


class RegulatorQuerySet(models.QuerySet["Regulator"]):
    def get_by_natural_key(self, slug: str) -> Regulator:
        return self.get(slug=slug)

    def with_current(self, on: date | None = None) -> Self:
        """Adds current_name, current_language, current_acronym, current_site of the day; English comes first."""
        names = RegulatorName.objects.valid(on).filter(regulator=OuterRef("pk"))
        names = names.order_by(models.Case(models.When(language="en", then=0), default=1), "pk")
        sites = Website.objects.valid(on).filter(regulator=OuterRef("pk"))
        sites = sites.order_by(models.Case(models.When(language="en", then=0), default=1), "pk")
        return self.annotate(
            current_name=Subquery(names.values("name")[:1]),
            current_language=Subquery(names.values("language")[:1]),
            current_acronym=Subquery(names.values("acronym")[:1]),
            current_site=Subquery(sites.values("url")[:1]),
        )


class Regulator(models.Model):
    """A body that supervises medical devices. Its names and web sites are rows with dates."""

    jurisdiction = models.ForeignKey(
        Jurisdiction, models.PROTECT, related_name="regulators", help_text="Where it supervises devices."
    )
    slug = models.SlugField("short name", unique=True, help_text="For lists and files, for instance “dmp”.")
    parent = models.CharField("answers to", max_length=200, blank=True, help_text="The ministry above it, if any.")
    # By address of a site: {"answered_on": day or None, "failed_on": [] or two days}, written by check_links. On this
    # row, which the hub's page reads anyway; rows of their own would cost it a query.
    answers = models.JSONField(default=dict, blank=True, editable=False)

    objects = RegulatorQuerySet.as_manager()

    class Meta:
        ordering = ("jurisdiction__name", "slug")

    def __str__(self) -> str:
        return self.slug

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def public_record(self) -> dict[str, Any]:
        """Names and web sites as a hub version keeps them, newest first; days in ISO form, or None."""
        return {
            "parent": self.parent,
            "names": [name.public_record() for name in self.names.newest_first()],
            "websites": [site.public_record() for site in self.websites.newest_first()],
        }


class RegulatorNameQuerySet(DatedQuerySet):
    def get_by_natural_key(self, regulator: str, language: str, name: str) -> RegulatorName:
        return self.get(regulator__slug=regulator, language=language, name=name)


class WebsiteQuerySet(DatedQuerySet):
    def get_by_natural_key(self, regulator: str, url: str) -> Website:
        return self.get(regulator__slug=regulator, url=url)


class Dated(models.Model):
    valid_from = models.DateField(null=True, blank=True, help_text="First day; empty when not known.")
    valid_until = models.DateField(null=True, blank=True, help_text="Last day; empty while it holds.")

    public_names: tuple[str, ...] = ()

    class Meta:
        abstract = True

    def public_record(self) -> dict[str, str | None]:
        record = {name: getattr(self, name) for name in (*self.public_names, "valid_from", "valid_until")}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in record.items()}


class RegulatorName(Dated):
    """What the regulator is or was called in one language."""

    regulator = models.ForeignKey(Regulator, models.CASCADE, related_name="names")
    language = models.CharField(max_length=20, validators=[language_tag], help_text="Language tag: en, nb, …")
    name = models.CharField(max_length=200, help_text="In full, as the regulator writes it in this language.")
    acronym = models.CharField(max_length=40, blank=True, help_text="As it writes it: DMP, NOMA. Empty if it has none.")

    public_names = ("language", "name", "acronym")

    objects = RegulatorNameQuerySet.as_manager()

    class Meta:
        ordering = ("regulator", "-valid_from", "language")
        constraints = [
            models.UniqueConstraint(
                fields=["regulator", "language", "name"],
                name="name_once_per_language",
                violation_error_message="This name is already listed in this language.",
            ),
            models.CheckConstraint(
                condition=ENDS_AFTER_IT_BEGINS,
                name="name_ends_after_it_begins",
                violation_error_message="The last day of a name cannot lie before its first day.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def natural_key(self) -> tuple[str, str, str]:
        return (self.regulator.slug, self.language, self.name)


class Website(Dated):
    regulator = models.ForeignKey(Regulator, models.CASCADE, related_name="websites")
    url = models.URLField(
        "address", max_length=300, validators=[https_only], help_text="Of its own site, with https://."
    )
    language = models.CharField(
        max_length=20, default="en", validators=[language_tag], help_text="Language tag of the site: en, nb, …"
    )
    recorded_on = models.DateField(help_text="The day on which this address was written down from the source.")

    public_names = ("url", "language", "recorded_on")

    objects = WebsiteQuerySet.as_manager()

    class Meta:
        ordering = ("regulator", "-valid_from", "url")
        constraints = [
            models.UniqueConstraint(
                fields=["regulator", "url"],
                name="site_once_per_regulator",
                violation_error_message="This address is already listed.",
            ),
            models.CheckConstraint(
                condition=ENDS_AFTER_IT_BEGINS,
                name="site_ends_after_it_begins",
                violation_error_message="The last day of a site cannot lie before its first day.",
            ),
        ]

    def __str__(self) -> str:
        return self.url

    def natural_key(self) -> tuple[str, str]:
        return (self.regulator.slug, self.url)
