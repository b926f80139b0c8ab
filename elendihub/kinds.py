"""What the kinds of change promise to readers, and what each has to say for itself."""

from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from django.utils import timezone

from elendihub import touching
from elendihub.publishing import PublishingError, Version

OF_LATER_VERSIONS = (Version.Kind.SIGNIFICANT, Version.Kind.MINOR, Version.Kind.CORRECTION)
NO_EMERGENCY = (
    "What cannot wait for a second person is no minor change: readers have to hear of it. Publish it as a significant "
    "change or a correction, or have it approved."
)


@dataclass(frozen=True)
class Change:
    """What an editor says of a change. The last three are of a correction: the error, since when, what is right."""

    kind: str
    note: str = ""
    corrected_error: str = ""
    wrong_since: date | None = None
    corrected_to: str = ""

    def fields(self) -> dict[str, Any]:
        """As a version keeps them. A correction without a note explains itself in every list and feed."""
        error, right = self.corrected_error.strip(), self.corrected_to.strip()
        own = f"What was wrong: {error} What is right: {right}" if error else ""
        return {
            "note": self.note.strip() or own,
            "corrected_error": error,
            "wrong_since": self.wrong_since,
            "corrected_to": right,
        }


def refuse(
    change: Change, before: Version | None, fields: dict[str, Any], *, is_approved: bool, is_emergency: bool
) -> None:
    """Raise PublishingError unless the change may be what it says it is.

    `before` is what readers had until then (None: nothing), `fields` what they would get.
    """
    corrects = bool(change.corrected_error or change.corrected_to or change.wrong_since)
    if corrects and change.kind != Version.Kind.CORRECTION:
        raise PublishingError("Only a correction of a published text says what was wrong. Publish it as a correction.")
    if before is None:
        return
    if change.kind not in OF_LATER_VERSIONS:
        known = ", ".join(OF_LATER_VERSIONS)
        raise PublishingError(f"“{change.kind}” is no kind of change. Use one of: {known}.")
    if change.kind == Version.Kind.CORRECTION:
        refuse_correction(change, before)
    if change.kind == Version.Kind.SIGNIFICANT and not change.note.strip():
        raise PublishingError("A significant change needs a public note: tell readers what changed and why.")
    if change.kind == Version.Kind.MINOR:
        if is_emergency:
            raise PublishingError(NO_EMERGENCY)
        refuse_minor(before, fields, is_approved=is_approved)


def refuse_correction(change: Change, before: Version) -> None:
    if not (change.corrected_error.strip() and change.wrong_since and change.corrected_to.strip()):
        raise PublishingError("A correction says what was wrong, since when, and what is right. Fill in all three.")
    first_on = before.published_at.astimezone(UTC).date()
    if not first_on <= change.wrong_since <= timezone.now().astimezone(UTC).date():
        raise PublishingError(
            f"The text was first published on {first_on:%-d %B %Y}: it was wrong since that day or a later one, "
            "and not since a day to come."
        )


def refuse_minor(before: Version, fields: dict[str, Any], *, is_approved: bool) -> None:
    if before.is_withdrawal:
        raise PublishingError("To bring back a withdrawn text is no minor change. Publish it as a significant one.")
    touched = [] if is_approved else touching.touched(before.public_fields(), fields)
    if touched:
        raise PublishingError(
            f"This is no minor change without a second person: it touches {', '.join(touched)}. "
            "Have it approved, or publish it as a significant change or a correction."
        )
