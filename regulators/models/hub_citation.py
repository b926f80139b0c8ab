from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q

from elendihub.publishing import Permanent
from legislation.lookup import LONGEST, find_rows, label_parts
from legislation.models import Instrument, Provision

from .hub_version import HubVersion


class HubCitationQuerySet(models.QuerySet["HubCitation"]):
    def of_live(self, at: datetime | None = None) -> Self:
        """Of what readers of lists see at the moment: live and not withdrawn."""
        return self.filter(version__in=HubVersion.objects.live(at).readable().values("pk"))

    def of_instrument(self, instrument: Instrument) -> Self:
        """The instrument itself and its provisions."""
        return self.filter(instrument=instrument)

    def of_provision(self, provision: Provision) -> Self:
        """The provision as a whole and its paragraphs."""
        return self.filter(provision=provision)

    def write(self, version: HubVersion, records: Iterable[dict[str, Any]]) -> None:
        """The rows of a version that was just stored; `records` are regulators.reading.records_of() it."""
        HubCitation.objects.bulk_create(HubCitation(version=version, **values) for values in values_of(records))

    def update(self, **kwargs: Any) -> int:
        raise Permanent

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Permanent


class HubCitation(models.Model):
    """From a published hub to the law: a row for each provision that its texts cite, as permanent as the version.

    `instrument` and `provision` are empty when the register did not hold them on the day of publication. No hash covers
    these rows, for hubs were published before there were any. The audit trail has each as it was written, and
    regulators.reading.can_be() holds them against the texts.
    """

    version = models.ForeignKey(HubVersion, models.PROTECT, related_name="citation_rows")
    position = models.PositiveIntegerField(help_text="Which citation of the texts it is, from 1: the overview's first.")
    surface = models.TextField(help_text="The words of the text.")
    sentence = models.TextField(help_text="The sentence or table row around it, as plain text.")
    instrument = models.ForeignKey(Instrument, models.PROTECT, null=True, blank=True, related_name="hub_citations")
    instrument_key = models.CharField(max_length=LONGEST, blank=True, help_text="MDR; empty: no known act.")
    provision = models.ForeignKey(Provision, models.PROTECT, null=True, blank=True, related_name="hub_citations")
    label = models.CharField(max_length=LONGEST, blank=True, help_text="art_120(3c); empty: the act as a whole.")
    paragraph = models.CharField(max_length=LONGEST, blank=True, help_text="What of the provision: (3c), part_B/6.1.")

    objects = HubCitationQuerySet.as_manager()

    class Meta:
        ordering = ("version", "position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["version", "position", "label"], name="hub_citation_once"),
            models.CheckConstraint(
                condition=Q(provision__isnull=True) | Q(instrument__isnull=False),
                name="hub_citation_of_a_provision_names_its_instrument",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.surface} in {self.version}"


def values_of(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of each row but its version: one row for each citation with each label that it names."""
    pairs = [(record, label) for record in records for label in record["provisions"] or [""]]
    found = find_rows((record["instrument"], label) for record, label in pairs)
    rows = [
        {
            "instrument": found.instrument(record["instrument"]),
            "provision": found.provision(record["instrument"], label),
            **label_parts(record["instrument"], label),
            **{name: record[name] for name in ("position", "surface", "sentence")},
        }
        for record, label in pairs
    ]
    return list({(row["position"], row["label"]): row for row in rows}.values())
