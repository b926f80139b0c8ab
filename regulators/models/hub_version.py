from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils.html import escape

from elendihub.comparison import Told
from elendihub.emergencies import Emergency, EmergencyQuerySet
from elendihub.publishing import Version
from elendihub.review import CLEARING, Joined, JsonList, Reviewed
from legislation.amending import AMENDED
from legislation.models import Amendment

# Days that a check of a hub counts: regulators change their names and sites seldom, and say so beforehand.
REVIEW_DAYS = 180


class HubVersionQuerySet(EmergencyQuerySet["HubVersion"]):
    document = "hub"

    def interval(self) -> Any:
        return Value(REVIEW_DAYS)

    def amended(self) -> Any:
        return Exists(self.open_amendments())

    def open_amendments(self) -> Any:
        """What was recorded while the outer version, or one before it, stood and linked to the provision.

        A hub has no rows of citations, so its texts are asked. A check that clears and came later closes it.
        """
        of_hub = HubVersion.objects.filter(hub=OuterRef(OuterRef("hub")))
        texts = Joined("overview_html", Cast("responsibilities", TextField()), Cast("facts", TextField()))
        standing = of_hub.readable().filter(
            Q(live_until__isnull=True) | Q(live_until__gt=OuterRef("recorded_at")),
            number__lte=OuterRef(OuterRef("number")),
            created_at__lt=OuterRef("recorded_at"),
        )
        citing = standing.alias(texts=texts).filter(texts__contains=OuterRef("link"))
        cleared = of_hub.filter(checks__outcome__in=CLEARING, checks__recorded_at__gt=OuterRef("recorded_at"))
        return Amendment.objects.with_link().filter(Exists(citing), ~Exists(cleared))

    def with_amendments(self) -> Self:
        """Adds what flagged them and no check has cleared, for legislation.amending."""
        names = {name: name.removeprefix("amendment__") for name in AMENDED}
        # One group of all, for a list of them.
        grouped = self.open_amendments().order_by().values(everything=Value(1))
        return self.annotate(
            amendments_open=Subquery(grouped.annotate(rows=JsonList(JSONObject(**names))).values("rows"))
        )

    def with_oldest_flag(self) -> Self:
        """Adds flagged_at, the moment at which the oldest open amendment was recorded."""
        oldest = self.open_amendments().order_by("recorded_at").values("recorded_at")[:1]
        return self.annotate(flagged_at=Subquery(oldest))

    def for_page(self, at: datetime) -> Self:
        return super().for_page(at).with_amendments()


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
