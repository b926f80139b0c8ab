from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from elendihub.publishing import Permanent
from legislation.lookup import LONGEST, Targets, find_rows, in_words, label_parts
from legislation.models import Instrument, Provision

from .version import ArticleVersion

# What a row says by itself; where it leads is the register's to say.
WORDS = ("position", "line", "surface", "sentence", "instrument_key", "label", "paragraph")


class CitationQuerySet(models.QuerySet["Citation"]):
    def of_live(self, at: datetime | None = None) -> Self:
        """Of what readers of lists see at the moment: live and not withdrawn."""
        return self.filter(version__in=ArticleVersion.objects.live(at).readable().values("pk"))

    def unresolved(self) -> Self:
        """The register did not hold the act that they name, or not the provision, on the day of publication."""
        return self.filter(Q(instrument__isnull=True) | (Q(provision__isnull=True) & ~Q(label="")))

    def of_instrument(self, instrument: Instrument) -> Self:
        """The instrument itself and its provisions."""
        return self.filter(instrument=instrument)

    def of_provision(self, provision: Provision) -> Self:
        """The provision as a whole and its paragraphs."""
        return self.filter(provision=provision)

    def in_reading_order(self) -> Self:
        """Articles newest first, and in each the order of its text."""
        return self.order_by("-version__published_at", "version__article", "position", "pk")

    def with_address(self) -> Self:
        """The article, its hub, instrument and provision come along."""
        return self.select_related("version__article__hub__jurisdiction", "instrument", "provision__instrument")

    def write(self, version: ArticleVersion) -> None:
        """The rows of a version that was just stored."""
        Citation.objects.bulk_create(rows_of(version))

    def agree_with(self, version: ArticleVersion) -> bool:
        """These rows say what the version's `citations` say, no more and no less."""
        written = [words_of(record, label) for record, label in pairs_of(version)]
        said = {(words["position"], words["label"]): words for words in written}
        stored = {(row.position, row.label): {name: getattr(row, name) for name in WORDS} for row in self}
        return said == stored

    def update(self, **kwargs: Any) -> int:
        raise Permanent

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Permanent


class Citation(models.Model):
    """From a version to the law: a row for each provision that a citation names, as permanent as the version.

    `instrument` and `provision` are empty when the register did not hold them on the day of publication.
    """

    version = models.ForeignKey(ArticleVersion, models.PROTECT, related_name="citation_rows")
    position = models.PositiveIntegerField(help_text="Which citation of the text it is, from 1.")
    line = models.PositiveIntegerField(help_text="Of the text's source, from 1.")
    surface = models.TextField(help_text="The words of the text.")
    sentence = models.TextField(help_text="The sentence or table row around it, as plain text.")
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True, related_name="citations")
    instrument_key = models.CharField(max_length=LONGEST, blank=True, help_text="MDR; empty: no known act.")
    provision = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True, related_name="citations")
    label = models.CharField(max_length=LONGEST, blank=True, help_text="art_120(3c); empty: the act as a whole.")
    paragraph = models.CharField(max_length=LONGEST, blank=True, help_text="What of the provision: (3c), part_B/6.1.")

    objects = CitationQuerySet.as_manager()

    class Meta:
        ordering = ("version", "position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["version", "position", "label"], name="citation_once"),
            models.CheckConstraint(
                condition=Q(provision__isnull=True) | Q(instrument__isnull=False),
                name="citation_of_a_provision_names_its_instrument",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.surface} in {self.version}"

    @property
    def name(self) -> str:
        """Article 120(3c); empty for the act as a whole."""
        return in_words(self.label) if self.label else ""


def rows_of(version: ArticleVersion) -> list[Citation]:
    pairs = pairs_of(version)
    targets = find_rows((record["instrument"], label) for record, label in pairs)
    rows = [row_of(version, record, label, targets) for record, label in pairs]
    return list({(row.position, row.label): row for row in rows}.values())


def row_of(version: ArticleVersion, record: dict[str, Any], label: str, targets: Targets) -> Citation:
    return Citation(
        version=version,
        instrument=targets.instrument(record["instrument"]),
        provision=targets.provision(record["instrument"], label),
        **words_of(record, label),
    )


def pairs_of(version: ArticleVersion) -> list[tuple[dict[str, Any], str]]:
    """Each citation of the text with each label that it names; with none where it names an act as a whole."""
    return [(record, label) for record in version.citations for label in record["provisions"] or [""]]


def words_of(record: dict[str, Any], label: str) -> dict[str, Any]:
    """The values of a row under WORDS."""
    return {
        **label_parts(record["instrument"], label),
        **{name: record[name] for name in ("position", "line", "surface", "sentence")},
    }
