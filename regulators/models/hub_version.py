from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.html import escape

from elendihub.comparison import Told
from elendihub.emergencies import Emergency
from elendihub.publishing import Version
from elendihub.review import Reviewed
from legislation.amending import AmendedQuerySet
from regulators import reading

# Days that a check of a hub counts: regulators change their names and sites seldom, and say so beforehand.
REVIEW_DAYS = 180


class HubVersionQuerySet(AmendedQuerySet["HubVersion"]):
    document = "hub"

    def interval(self) -> Any:
        return Value(REVIEW_DAYS)

    def with_rows(self) -> Self:
        return self.prefetch_related("citation_rows")


class HubVersion(Reviewed, Emergency, Version):
    """A published state of a hub, with its regulator as it was. `regulator_record` is Regulator.public_record()."""

    hub = models.ForeignKey("regulators.Hub", models.PROTECT, related_name="versions")
    overview = models.TextField()
    overview_html = models.TextField()
    responsibilities = models.JSONField()
    facts = models.JSONField()
    jurisdiction_name = models.CharField(max_length=100)
    market = models.CharField(max_length=100, blank=True)
    regulator_record = models.JSONField()

    public_values = (
        *("overview", "overview_html", "responsibilities", "facts"),
        *("jurisdiction_name", "market", "regulator_record"),
    )

    objects = HubVersionQuerySet.as_manager()

    class Meta:
        ordering = ("hub", "number")
        constraints = [
            models.UniqueConstraint(fields=["hub", "number"], name="hub_version_numbered_once"),
            models.CheckConstraint(
                condition=Q(live_until__isnull=True) | Q(live_until__gte=F("live_from")),
                name="hub_version_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["hub", "live_from"], name="hub_version_live")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    def store(self) -> None:
        # Before the row raises the site generation, while the register is at hand.
        cited = reading.records_of(self)
        with transaction.atomic():
            super().store()
            self.citation_rows.write(self, cited)

    def false_rows(self) -> list[str]:
        return [] if reading.can_be(self.citation_rows.all(), self) else ["citations"]

    def compared_with(self, new: HubVersion) -> list[tuple[Told, Told]]:
        """Every public field of both as a reader can compare it."""
        return list(zip(self.told(), new.told(), strict=True))

    def told(self) -> list[Told]:
        regulator = self.regulator_record
        return [
            Told("Title", self.title),
            Told("Summary", self.summary),
            Told("Overview", self.overview, self.overview_html),
            Told(
                "Key responsibilities", in_lines(self.responsibilities, "label", "text"), shown(self.responsibilities)
            ),
            Told("Regulator facts", in_lines(self.facts, "label", "text"), shown(self.facts)),
            Told("Jurisdiction", self.jurisdiction_name),
            Told("Market", self.market),
            Told("Regulator", in_lines(regulator["names"], "name", "acronym", "language", "valid_from", "valid_until")),
            Told("Official sites", in_lines(regulator["websites"], "url", "language", "valid_from", "valid_until")),
            Told("Answers to", regulator["parent"]),
            Told("Withdrawn", self.get_withdrawal_reason_display() if self.withdrawal_reason else ""),
        ]

    def get_absolute_url(self) -> str:
        return self.hub.get_absolute_url()

    def names(self, language: str) -> list[dict[str, Any]]:
        """The regulator's names in the language, newest first, as stored."""
        return [name for name in self.regulator_record["names"] if name["language"].split("-")[0] == language]


def published_name(at: Any, slug: str) -> Coalesce:
    """Of the jurisdiction, for rows that name a hub by its slug in this field, as Hub.name_at(). `at` may be theirs."""
    own = HubVersion.objects.filter(hub__slug=OuterRef(slug)).order_by("number")
    names = [versions.values("jurisdiction_name")[:1] for versions in (own.live(at), own)]
    return Coalesce(*(Subquery(name) for name in names))


def in_lines(records: Iterable[dict[str, Any]], *names: str) -> str:
    """A line for each record, with those of its values that are set."""
    return "\n".join(" · ".join(str(record[name]) for name in names if record.get(name)) for record in records)


def shown(records: Iterable[dict[str, Any]]) -> str:
    """Labels and sanitised texts, as HTML."""
    return "".join(f"<dl><dt>{escape(record['label'])}</dt><dd>{record['text_html']}</dd></dl>" for record in records)
