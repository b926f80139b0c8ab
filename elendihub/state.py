"""Where working copies stand, for the desk: live, scheduled, waiting to be published, withdrawn."""

from datetime import UTC, datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from elendihub.publishing import Version
from elendihub.workflow import Stage

IS_WITHDRAWN = Q(live_kind=Version.Kind.WITHDRAWAL)
IS_SENT_BACK = Q(stage=Stage.DRAFT) & ~Q(review_note="")
# What the desk's lists filter by and its front page counts; a document may be in several.
STATES: dict[str, tuple[str, Q]] = {
    "live": ("Live", Q(live_number__isnull=False) & ~IS_WITHDRAWN),
    "scheduled": ("Scheduled", Q(scheduled_from__isnull=False)),
    "waits": ("Waits to be published", Q(is_waiting=True)),
    "in_review": ("In review", Q(stage=Stage.IN_REVIEW)),
    "sent_back": ("Sent back", IS_SENT_BACK),
    "approved": ("Approved", Q(stage=Stage.APPROVED)),
    "emergency": ("Emergency not yet reviewed", Q(open_emergency__isnull=False)),
    "withdrawn": ("Withdrawn", IS_WITHDRAWN),
}


class DocumentQuerySet(models.QuerySet[Any]):
    def with_state(self, at: datetime | None = None) -> Self:
        """For the desk: live_number, live_kind, live_since, open_emergency (the number of the live version, when it is
        one that nobody reviewed), scheduled_from, and is_waiting (text not yet published).
        """
        at = at or timezone.now()
        link = self.model._meta.get_field("versions")
        own = link.related_model.objects.filter(**{link.field.name: OuterRef("pk")})
        live, newest = own.live(at), own.order_by("-number")
        nowhere = Q(live_number__isnull=True, scheduled_from__isnull=True)
        return self.annotate(
            live_number=Subquery(live.values("number")[:1]),
            live_kind=Subquery(live.values("kind")[:1]),
            live_since=Subquery(live.values("live_from")[:1]),
            open_emergency=Subquery(live.unreviewed(at).values("number")[:1]),
            scheduled_from=Subquery(own.scheduled(at).values("live_from")[:1]),
            newest_made_at=Subquery(newest.values("created_at")[:1]),
        ).annotate(
            is_waiting=models.ExpressionWrapper(
                Q(newest_made_at__isnull=True) | Q(updated_at__gt=F("newest_made_at")) | nowhere,
                output_field=models.BooleanField(),
            )
        )

    def waiting_for_review(self) -> Self:
        """The longest wait first."""
        return self.filter(stage=Stage.IN_REVIEW).order_by("submitted_at", "pk")

    def in_state(self, name: str) -> Self:
        """Those of with_state() that are in the named one of STATES."""
        return self.filter(STATES[name][1])

    def counted_by_state(self) -> dict[str, int]:
        """How many of with_state() are in each of STATES."""
        return self.aggregate(**{name: models.Count("pk", filter=where) for name, (_, where) in STATES.items()})


def in_words(document: Any) -> str:
    """The state of a row of with_state() as the desk says it."""
    words = []
    if document.live_kind == Version.Kind.WITHDRAWAL:
        words.append("Withdrawn")
    elif document.live_number:
        waits = document.is_waiting and not document.scheduled_from
        words.append(f"{'Waits: changed since' if waits else 'Live:'} version {document.live_number}")
    elif not document.scheduled_from:
        words.append("Never published")
    if document.open_emergency:
        words.append("published in an emergency, not yet reviewed")
    if document.scheduled_from:
        words.append(f"{'scheduled' if words else 'Scheduled'} for {said(document.scheduled_from)}")
        words += ["changed since"] if document.is_waiting else []
    if document.stage != Stage.DRAFT:
        words.append(document.get_stage_display().lower())
    return ", ".join(words)


def is_live(version: Version, at: datetime) -> bool:
    return version.live_from <= at and (version.live_until is None or version.live_until > at)


def said(moment: datetime) -> str:
    """3 March 2026, 09:00 UTC"""
    return f"{moment.astimezone(UTC):%-d %B %Y, %H:%M} UTC"
