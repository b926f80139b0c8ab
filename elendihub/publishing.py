"""What "live at a moment" means, once: versions, which are numbered, complete, live for an interval, and never changed.

Visitors read versions only. elendihub.document makes them of working copies.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone


class Permanent(Exception):
    """Somebody tried to change or delete what was published."""

    def __init__(self) -> None:
        super().__init__("Published versions are permanent. Publish a new version, or withdraw the document.")


class PublishingError(ValidationError):
    """A publish that cannot be; the message tells the cure."""


V = TypeVar("V", bound=models.Model)


class VersionQuerySet(models.QuerySet[V]):
    def live(self, at: datetime | None = None) -> Self:
        """What is live at the moment (default: this one). Withdrawal notices are live too."""
        at = at or timezone.now()
        return self.filter(live_from__lte=at).filter(Q(live_until__isnull=True) | Q(live_until__gt=at))

    def readable(self) -> Self:
        """Without withdrawal notices: what lists, counts and feeds show."""
        return self.exclude(kind=Version.Kind.WITHDRAWAL)

    def scheduled(self, at: datetime | None = None) -> Self:
        """What goes live after the moment; cancelled versions never do."""
        return self.filter(live_from__gt=at or timezone.now()).exclude(live_until=F("live_from"))

    def published(self, at: datetime | None = None) -> Self:
        """What has gone live by the moment, whether or not it still is; cancelled versions never did."""
        at = at or timezone.now()
        return self.filter(live_from__lte=at).exclude(live_until=F("live_from"))

    def more_than_minor(self) -> Self:
        """What readers should hear of: neither minor edits nor a text restated when its successor was cancelled."""
        return self.filter(changed_at=F("live_from"))

    def emergencies(self) -> Self:
        """What was published in an emergency, so without a second person."""
        return self.exclude(emergency_reason="")

    def without_second_person(self) -> Self:
        return self.filter(approver_name="")

    def corrections(self) -> Self:
        """Each once, though a version that restates one also says what was wrong."""
        return self.filter(kind=Version.Kind.CORRECTION)

    def gone_live_since(self, at: datetime) -> Self:
        return self.filter(live_from__gte=at)

    def with_before(self, document: str) -> Self:
        """Adds `before`, the number of the version that readers had until then; `document` is the field of theirs."""
        own = self.model._default_manager.filter(**{document: OuterRef(document)}, number__lt=OuterRef("number"))
        read = own.exclude(live_until=F("live_from")).order_by("-number")
        return self.annotate(before=Subquery(read.values("number")[:1]))

    def with_rows(self) -> Self:
        """The rows that index them come along; see Version.false_rows()."""
        return self

    def close(self, at: datetime) -> None:
        """End the interval of these rows. The database takes no end but where a later version begins, which is written
        first, and moves none that has passed; see elendihub.triggers."""
        super().update(live_until=at)

    def update(self, **kwargs: Any) -> int:
        raise Permanent

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[V]:
        raise Permanent

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise Permanent

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Permanent


class Version(models.Model):
    """One published state: every public field as it was, its interval, and its link in the chain of hashes."""

    class Kind(models.TextChoices):
        FIRST = "first", "First published"
        SIGNIFICANT = "significant", "Significant change"
        MINOR = "minor", "Minor change"
        CORRECTION = "correction", "Correction"
        WITHDRAWAL = "withdrawal", "Withdrawal"

    class WithdrawalReason(models.TextChoices):
        ERROR = "error", "Published in error"
        MERGED = "merged", "Merged into another article"
        OBSOLETE = "obsolete", "No longer applies"

    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.TextField(blank=True)
    live_from = models.DateTimeField()
    live_until = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(help_text="When the first version went live.")
    changed_at = models.DateTimeField(help_text="When the text last changed by more than a minor edit.")
    title = models.CharField(max_length=200)
    summary = models.TextField()
    withdrawal_reason = models.CharField(max_length=8, choices=WithdrawalReason, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    author_name = models.CharField(max_length=150)
    contributors = models.ManyToManyField(settings.AUTH_USER_MODEL, editable=False, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approver_name = models.CharField(max_length=150, blank=True)
    publisher_name = models.CharField(max_length=150, blank=True, default="")
    emergency_reason = models.TextField(blank=True, default="")
    corrected_error = models.TextField(blank=True, default="", help_text="What was wrong.")
    wrong_since = models.DateField(null=True, blank=True)
    corrected_to = models.TextField(blank=True, default="", help_text="What is right.")
    created_at = models.DateTimeField(default=timezone.now)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    # What a subclass publishes beside title and summary; every value has a form in JSON.
    public_values: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise Permanent

    def store(self) -> None:
        """Write the row: what publish(), withdraw() and cancel_scheduled() of its document end with, and nothing else.

        The database takes it only as the next link of the chain.
        """
        super().save(force_insert=True)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Permanent

    @property
    def is_draft(self) -> bool:
        """Made by Document.draft() for a preview: never saved, never public."""
        return self._state.adding

    @property
    def is_withdrawal(self) -> bool:
        return self.kind == self.Kind.WITHDRAWAL

    @property
    def is_correction(self) -> bool:
        """It says what was wrong; also when a correction was restated because its successor was cancelled."""
        return bool(self.corrected_error)

    @property
    def has_second_person(self) -> bool:
        return bool(self.approver_name)

    @property
    def is_minor(self) -> bool:
        """Nothing that readers should hear of; see more_than_minor()."""
        return self.changed_at != self.live_from

    @property
    def is_changed(self) -> bool:
        """More than minor edits happened since it was first published."""
        return self.changed_at > self.published_at

    @property
    def is_cancelled(self) -> bool:
        return self.live_until == self.live_from

    def public_fields(self) -> dict[str, Any]:
        """What a later version repeats when it restates this one."""
        names = ("title", "summary", "withdrawal_reason", *self.public_values)
        return {name: getattr(self, name) for name in names}

    def false_rows(self) -> list[str]:
        """The names of rows beside it that do not say what it says; a subclass that writes such rows looks."""
        return []

    def passed_on(self) -> dict[str, Any]:
        """What a version that restates this one repeats beside its public fields: the same text, as it was judged."""
        judged = ("approver", "approver_name", "emergency_reason", "corrected_error", "wrong_since", "corrected_to")
        return {name: getattr(self, name) for name in judged}

    def canonical(self) -> bytes:
        """The bytes under the hash: UTF-8 JSON, keys sorted, moments in UTC, the hash of the version before included.

        Empty values are left out, so that a field added later leaves the hashes of older versions as they are.
        """
        names = (
            *("number", "kind", "note", "live_from", "published_at", "changed_at", "title", "summary"),
            *("withdrawal_reason", "author_name", "approver_name", "publisher_name", "created_at", "previous_hash"),
            *("emergency_reason", "corrected_error", "wrong_since", "corrected_to"),
            *self.public_values,
        )
        record = {name: value for name in names if (value := getattr(self, name)) not in (None, "", [])}
        return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=said).encode()

    def computed_hash(self) -> str:
        """SHA-256 of the canonical form, in hexadecimal; equals `hash` unless the row was tampered with."""
        return hashlib.sha256(self.canonical()).hexdigest()


def said(value: date) -> str:
    """A day as 2026-03-01, a moment in UTC with microseconds."""
    if not isinstance(value, datetime):
        return value.isoformat()
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
