"""Working copies, which editors change freely, and how one becomes a version: publish, schedule, withdraw, cancel."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from elendihub.publishing import Version


class PublishingError(ValidationError):
    """A publish that cannot be; the message tells the cure."""


class Document(models.Model):
    """A working copy. `edit_number` rises with each save, so that nobody overwrites another's text unseen."""

    edit_number = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    # Given by the subclass: the related manager of its versions, and the working copy as public fields, rendered.
    versions: Any

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        raise TypeError(f"{type(self).__name__} has no page.")

    def public_fields(self) -> dict[str, Any]:
        raise TypeError(f"{type(self).__name__} does not say what it publishes.")

    def draft(self) -> Any:
        """The version that a publish would make now, not saved: what a preview shows."""
        now = timezone.now()
        last = self.versions.order_by("number").last()
        return self.versions.model(
            **{self.versions.field.name: self},
            **self.public_fields(),
            number=last.number + 1 if last else 1,
            kind=Version.Kind.SIGNIFICANT if last else Version.Kind.FIRST,
            live_from=now,
            published_at=last.published_at if last else now,
            changed_at=now,
        )

    def take_text(self, version: Any) -> None:
        """Save what the version says as the working copy's own fields and rows."""
        raise TypeError(f"{type(self).__name__} does not say what it takes back.")

    def restore(self, version: Any, *, by: Any) -> None:
        """Make the text of one of its versions the working copy again. Nothing that readers see is changed."""
        with transaction.atomic():
            self._lock()
            self.refresh_from_db()
            self.take_text(version)
            self.edit_number += 1
            self.updated_at, self.updated_by = timezone.now(), by
            self.save()

    def unpublishable(self) -> list[str]:
        """Why this working copy cannot be published as it stands, each with its cure."""
        return []

    def refuse_moment(self, at: datetime) -> None:
        """Raise PublishingError when nothing of it may be live at that moment, which is not past."""

    def unsettled(self) -> list[str]:
        """What an editor says to have read before it is published; an import does without."""
        return []

    def publish(
        self,
        *,
        by: AbstractBaseUser | None,
        kind: str = Version.Kind.SIGNIFICANT,
        note: str = "",
        live_from: datetime | None = None,
        approver: AbstractBaseUser | None = None,
    ) -> Any:
        """Make the working copy a version, live from the moment given (default: now), and return it.

        The first version is of kind first whatever `kind` says, and it alone may go live in the past: a text may have
        been public elsewhere before. Raises PublishingError when the text may not be published as it stands, the
        moment has passed, or another version is scheduled.
        """
        if problems := self.unpublishable():
            raise PublishingError(problems)
        with transaction.atomic():
            last = self._lock()
            refuse_past(live_from, allowed=last is None)
            self.refuse_moment(max(live_from or timezone.now(), timezone.now()))
            before = None if last is None or last.is_cancelled else last
            return self._append(
                {**self.public_fields(), "approver": approver, "approver_name": username(approver)},
                after=last,
                before=before,
                kind=kind if before else Version.Kind.FIRST,
                note=note,
                live_from=live_from or timezone.now(),
                by=by,
            )

    def withdraw(
        self, *, by: AbstractBaseUser | None, reason: str, note: str, live_from: datetime | None = None, **extra: Any
    ) -> Any:
        """Put a notice over the live text, from the moment given (default: now); its address goes on answering.

        `extra` are further public fields under the names they are stored by, such as successor_id.
        """
        if not note.strip():
            raise PublishingError("A withdrawal needs a public note: tell readers why, and what to read instead.")
        with transaction.atomic():
            last = self._lock()
            refuse_past(live_from)
            if last is None or last.is_cancelled or last.is_withdrawal:
                raise PublishingError("Nothing is live here, so there is nothing to withdraw.")
            fields = last.public_fields()
            if unknown := extra.keys() - fields.keys():
                raise TypeError(
                    f"No public field: {', '.join(unknown)}. A row goes by its number, as successor_id does."
                )
            return self._append(
                {**fields, "withdrawal_reason": reason, **extra},
                after=last,
                before=last,
                kind=Version.Kind.WITHDRAWAL,
                note=note,
                live_from=live_from or timezone.now(),
                by=by,
            )

    def cancel_scheduled(self, *, by: AbstractBaseUser | None) -> Any:
        """Keep the scheduled version from ever going live.

        Its interval becomes empty and what is live is restated as the next version, which is returned; None when
        nothing was live. Nothing that anyone could read is changed.
        """
        with transaction.atomic():
            last = self._lock()
            now = timezone.now()
            if last is None or last.is_cancelled or last.live_from <= now:
                raise PublishingError("Nothing is scheduled here.")
            self.versions.filter(pk=last.pk).close(last.live_from)
            live = self.versions.live(now).first()
            if live is None:
                return None
            return self._append(
                live.public_fields(),
                after=last,
                before=live,
                kind=Version.Kind.WITHDRAWAL if live.is_withdrawal else Version.Kind.MINOR,
                note=live.note if live.is_withdrawal else f"Version {last.number} was cancelled before it went live.",
                live_from=now,
                by=by,
                changed_at=live.changed_at,
            )

    def _lock(self) -> Any:
        """The newest version, with the document locked until the transaction ends."""
        type(self)._default_manager.select_for_update().get(pk=self.pk)
        return self.versions.order_by("number").last()

    def _append(
        self,
        fields: dict[str, Any],
        *,
        after: Any,
        before: Any,
        kind: str,
        note: str,
        live_from: datetime,
        by: AbstractBaseUser | None,
        changed_at: datetime | None = None,
    ) -> Any:
        """Write the next link of the chain `after` the newest row, ending the text `before` it (either may be None)."""
        if before is not None:
            if before.live_from > timezone.now():
                raise PublishingError(
                    f"Version {before.number} is scheduled for {before.live_from:%-d %B %Y, %H:%M} UTC. "
                    "Cancel it first: its text stays in the working copy, and one version can carry both changes."
                )
            self.versions.filter(pk=before.pk).close(live_from)
            if kind == Version.Kind.MINOR:
                changed_at = before.changed_at
        version = self.versions.model(
            **{self.versions.field.name: self},
            **fields,
            number=after.number + 1 if after else 1,
            kind=kind,
            note=note.strip(),
            live_from=live_from,
            published_at=before.published_at if before else live_from,
            changed_at=changed_at or live_from,
            author=by,
            author_name=username(by) or "import",
            previous_hash=after.hash if after else "",
        )
        version.hash = version.computed_hash()
        version.save()
        return version


def refuse_past(live_from: datetime | None, *, allowed: bool = False) -> None:
    if live_from and live_from < timezone.now() and not allowed:
        raise PublishingError(
            f"{live_from:%-d %B %Y, %H:%M} UTC has passed. Choose a later moment, or leave it empty to publish at once."
        )


def username(user: AbstractBaseUser | None) -> str:
    return user.get_username() if user else ""
