"""How a text becomes fit to publish: its stage, who may take the next step, and the one table of steps refused.

The author of a text never approves it. An approval counts for exactly what would have been published when it was
given: its fingerprint covers every public field and the address, so a change by any road (desk, import, shell, a
shelf's new name) makes it count no more.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from elendihub.publishing import PublishingError, Version


class TransitionError(PublishingError):
    """A step that is not legal now, or not for this person; the message tells the cure."""


class Stage(models.TextChoices):
    """Of the working copy."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"


class Standing(models.TextChoices):
    """Of what was published last."""

    NOTHING = "nothing", "Nothing"
    SCHEDULED = "scheduled", "Scheduled"
    GOING_LIVE = "going_live", "Going live"
    LIVE = "live", "Live"
    WITHDRAWN = "withdrawn", "Withdrawn"


IS_SCHEDULED = (
    "Version {number} is scheduled for {moment}. "
    "Cancel it first: its text stays in the working copy, and one version can carry both changes."
)
# So close to its moment a version is not cancelled any more: readers might have seen it before that is done.
LAST_MINUTE = timedelta(minutes=1)
IS_FIXED = "Version {number} goes live in less than a minute. Do this when it is live."
CANNOT_BE_CANCELLED = "It goes live in less than a minute. Withdraw it then, or publish another over it."
IS_DRAFT = "Nobody has sent this text to review, or it was changed since. Send it to review first."
STALE = (
    "What would be published is not what was approved: the text changed since, or something that it shows from "
    "elsewhere, such as the name of its category. Send it to review again."
)
NOTHING_LIVE = "Nothing is live here, so there is nothing to withdraw."
NOTHING_SCHEDULED = "Nothing is scheduled here."
WAITS: dict[str, str] = {Standing.SCHEDULED: IS_SCHEDULED, Standing.GOING_LIVE: IS_FIXED}
# For each step the stages and standings that refuse it, with the cure; all others allow it.
STEPS: dict[str, dict[str, str]] = {
    "submit": {Stage.IN_REVIEW: "It is in review already. It can be approved or sent back."},
    "send_back": {Stage.DRAFT: IS_DRAFT},
    "approve": {Stage.DRAFT: IS_DRAFT, Stage.APPROVED: "It is approved already. It can be published."},
    # Without settings.SECOND_PERSON, and by the import.
    "publish": WAITS,
    "publish_approved": {
        **WAITS,
        Stage.DRAFT: "A second person has to approve this text before it is published. Send it to review.",
        Stage.IN_REVIEW: "A second person has to approve this text before it is published. It is in review.",
    },
    "publish_in_emergency": WAITS,
    "withdraw": {**WAITS, Standing.NOTHING: NOTHING_LIVE, Standing.WITHDRAWN: NOTHING_LIVE},
    "cancel": {
        Standing.GOING_LIVE: CANNOT_BE_CANCELLED,
        **dict.fromkeys((Standing.NOTHING, Standing.LIVE, Standing.WITHDRAWN), NOTHING_SCHEDULED),
    },
}
UNREVIEWED: dict[str, Any] = {
    "stage": Stage.DRAFT,
    "submitted_by": None,
    "submitted_at": None,
    "approved_by": None,
    "approved_at": None,
    "approved_hash": "",
}


def standing_of(newest: Version | None) -> Standing:
    if newest is None or newest.is_cancelled:
        return Standing.NOTHING
    ahead = newest.live_from - timezone.now()
    if ahead > timedelta(0):
        return Standing.SCHEDULED if ahead >= LAST_MINUTE else Standing.GOING_LIVE
    return Standing.WITHDRAWN if newest.is_withdrawal else Standing.LIVE


def why_not(step: str, stage: str, newest: Version | None) -> str:
    """The cure when the step is not legal for a text at this stage with this newest version; empty when it is."""
    refused = STEPS[step]
    cure = refused.get(standing_of(newest)) or refused.get(stage, "")
    moment = f"{newest.live_from:%-d %B %Y, %H:%M} UTC" if newest else ""
    return cure.format(number=newest.number if newest else "", moment=moment)


def refuse(step: str, stage: str, newest: Version | None) -> None:
    if cure := why_not(step, stage, newest):
        raise TransitionError(cure)


def fingerprint(fields: dict[str, Any], address: str) -> str:
    """SHA-256 of public fields and of where they stand, in hexadecimal."""
    fields = {**fields, "": address}
    return hashlib.sha256(json.dumps(fields, sort_keys=True, default=str).encode()).hexdigest()


class Staged(models.Model):
    """The review of a working copy. `contributors` changed its text since its last version."""

    stage = models.CharField(max_length=9, choices=Stage, default=Stage.DRAFT, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    review_note = models.TextField(blank=True, default="", editable=False, help_text="Why it was sent back.")
    contributors = models.ManyToManyField(settings.AUTH_USER_MODEL, editable=False, related_name="+")

    # Given by Document.
    edit_number: Any
    updated_by_id: Any
    get_absolute_url: Any

    class Meta:
        abstract = True

    def public_fields(self) -> dict[str, Any]:
        raise TypeError(f"{type(self).__name__} does not say what it publishes.")

    def fingerprint(self, fields: dict[str, Any]) -> str:
        """What an approval of these public fields is of."""
        return fingerprint(fields, self.get_absolute_url())

    def unpublishable(self) -> list[str]:
        """Why this working copy cannot be published as it stands, each with its cure."""
        return []

    def changed(self, *, by: AbstractBaseUser | None) -> None:
        """The text was saved, by this person or (None) an import: it is a draft again, whatever was approved."""
        self._set(edit_number=F("edit_number") + 1, updated_at=timezone.now(), updated_by=by, **UNREVIEWED)
        self.refresh_from_db(fields=["edit_number"])
        if by is not None:
            self.contributors.add(by.pk)

    def submit(self, *, by: AbstractBaseUser) -> None:
        """Send to review. Of what was approved before and changed by another road, the approval ends."""
        with transaction.atomic():
            refuse("submit", *self._locked())
            needs_person(by)
            review = {"stage": Stage.IN_REVIEW, "submitted_by": by, "submitted_at": timezone.now(), "review_note": ""}
            self._set(**UNREVIEWED | review)

    def send_back(self, *, by: AbstractBaseUser, note: str) -> None:
        """To the author, who learns from the note what to change. It is never public."""
        if not note.strip():
            raise PublishingError("Write what has to change, so that the author knows.")
        with transaction.atomic():
            refuse("send_back", *self._locked())
            needs_person(by)
            self._set(**UNREVIEWED, review_note=note.strip())

    def approve(self, *, by: AbstractBaseUser) -> None:
        """Approve the stored text as it would be published now. Raises TransitionError for whoever had a hand in it."""
        with transaction.atomic():
            refuse("approve", *self._locked())
            needs_person(by)
            if by.pk in self.authors():
                raise TransitionError(f"{by.get_username()} wrote or submitted this text. Ask another person.")
            stored = type(self)._default_manager.get(pk=self.pk)
            if problems := stored.unpublishable():
                raise PublishingError(problems)
            approval = {"approved_by": by, "approved_at": timezone.now()}
            self._set(stage=Stage.APPROVED, **approval, approved_hash=stored.fingerprint(stored.public_fields()))

    def authors(self) -> set[int]:
        """The keys of everybody who had a hand in the text since its last version."""
        return {*self.contributors.values_list("pk", flat=True), self.submitted_by_id, self.updated_by_id} - {None}

    def is_approved(self, fields: dict[str, Any]) -> bool:
        """Whether these public fields are what the approval is of, and it is that of a second person."""
        is_given = self.stage == Stage.APPROVED and self.approved_by_id is not None
        return is_given and self.approved_hash == self.fingerprint(fields) and self.approved_by_id not in self.authors()

    def begin_anew(self, *, is_unread: bool) -> None:
        """After a publish: what follows is another text, with authors of its own.

        Not after an emergency: whoever wrote that text is no second person for it later.
        """
        self._set(**UNREVIEWED, review_note="")
        if not is_unread:
            self.contributors.clear()

    def _locked(self) -> tuple[str, Any]:
        """The stage and the newest version, with the document locked until the transaction ends."""
        newest = self._lock()
        return self.stage, newest

    def _lock(self) -> Any:
        raise TypeError(f"{type(self).__name__} has no versions.")

    def _set(self, **values: Any) -> None:
        """Write these columns alone, whatever else of this object is not saved."""
        type(self)._default_manager.filter(pk=self.pk).update(**values)
        for name, value in values.items():
            setattr(self, name, value)


def needs_person(by: AbstractBaseUser | None) -> None:
    if by is None:
        raise TransitionError("This step needs a person: say who takes it.")
    if not by.is_active:
        raise TransitionError(f"The account {by.get_username()} is closed. Somebody else has to take this step.")
