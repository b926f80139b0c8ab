"""Working copies, which editors change freely, and how one becomes a version: publish, schedule, withdraw, cancel."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from elendihub import kinds, settling
from elendihub.kinds import Change
from elendihub.publishing import PublishingError, Version
from elendihub.workflow import STALE, Staged, TransitionError, needs_person, refuse

REASON_OF_MERGER = "Name the article that this one was merged into: a live one, and not this one."


class Document(Staged):
    """A working copy. `edit_number` rises with each save, so that nobody overwrites another's text unseen."""

    edit_number = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    # Given by the subclass: the related manager of its versions, and what a withdrawal may say beside the live text.
    versions: Any
    withdrawal_fields: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        raise TypeError(f"{type(self).__name__} has no page.")

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
            self.save()
            self.changed(by=by)
            self._credit_authors(version)

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
        emergency_reason: str = "",
        corrected_error: str = "",
        wrong_since: date | None = None,
        corrected_to: str = "",
        is_import: bool = False,
        entered_at: datetime | None = None,
    ) -> Any:
        """Make the working copy a version, live from the moment given (default: now), and return it.

        The first version is of kind first whatever `kind` says, and it alone may go live in the past: a text may have
        been public elsewhere before. `is_import` is for what an operator brings and nobody wrote here: a first version
        without a person, entered when the import began (`entered_at`, default: now). Raises PublishingError when the
        text may not be published as it stands, the moment has passed or another version is scheduled, and
        TransitionError (one of those) when the second person is missing.
        """
        if problems := self.unpublishable():
            raise PublishingError(problems)
        emergency_reason = emergency_reason.strip()
        with settling.writing():
            last = self._lock()
            fields, is_approved = self._admitted(last, by, live_from, emergency_reason, is_import)
            before = None if last is None or last.is_cancelled else last
            change = Change(kind if before else Version.Kind.FIRST, note, corrected_error, wrong_since, corrected_to)
            kinds.refuse(change, before, fields, is_approved=is_approved, is_emergency=bool(emergency_reason))
            now = timezone.now()
            fields |= {**self._judged(by, is_approved, emergency_reason), "created_at": entered_at or now}
            version = self._append(
                fields, after=last, before=before, change=change, live_from=live_from or now, by=self.submitted_by or by
            )
            version.contributors.add(*self.authors())
            self._credit_authors(version)
            self.begin_anew(is_unread=bool(emergency_reason))
            return version

    def _admitted(
        self, last: Any, by: AbstractBaseUser | None, live_from: datetime | None, emergency_reason: str, is_import: bool
    ) -> tuple[dict[str, Any], bool]:
        """What would go live, and whether somebody else approved it. Raises as publish() does."""
        refuse_past(live_from, allowed=last is None)
        fields = self.public_fields()
        is_approved = self.is_approved(fields)
        if is_import:
            refuse_import(last, by)
        self._refuse_alone(last, by, is_approved, emergency_reason, live_from, is_import)
        self.refuse_moment(max(live_from or timezone.now(), timezone.now()))
        return fields, is_approved

    def _judged(self, by: AbstractBaseUser | None, is_approved: bool, emergency_reason: str) -> dict[str, Any]:
        approver = self.approved_by if is_approved else None
        names = {"approver_name": username(approver), "publisher_name": username(by)}
        return {"approver": approver, **names, "emergency_reason": emergency_reason}

    def _refuse_alone(
        self,
        newest: Any,
        by: AbstractBaseUser | None,
        is_approved: bool,
        emergency_reason: str,
        live_from: datetime | None,
        is_import: bool,
    ) -> None:
        """Raise TransitionError when a second person is wanted and missing, or an emergency is none."""
        is_wanted = settings.SECOND_PERSON and not is_import
        if not emergency_reason:
            refuse("publish_approved" if is_wanted else "publish", self.stage, newest)
            if is_wanted and not is_approved:
                raise TransitionError(STALE)
        else:
            refuse("publish_in_emergency", self.stage, newest)
            if is_approved or not is_wanted:
                raise TransitionError("Nothing stands in the way of a publish here. Publish it without an emergency.")
            if live_from and live_from > timezone.now():
                raise TransitionError("An emergency is now. Publish at once, or have it approved and schedule it.")
        if is_wanted:
            needs_person(by)

    def withdraw(
        self, *, by: AbstractBaseUser | None, reason: str, note: str, live_from: datetime | None = None, **extra: Any
    ) -> Any:
        """Put a notice over the live text, from the moment given (default: now); its address goes on answering.

        `extra` are what the notice says beside, of withdrawal_fields. No second person is wanted: it protects readers.
        The record says so.
        """
        if reason not in Version.WithdrawalReason:
            known = ", ".join(Version.WithdrawalReason.values)
            raise PublishingError(f"“{reason}” is no reason for a withdrawal. Use one of: {known}.")
        if not note.strip():
            raise PublishingError("A withdrawal needs a public note: tell readers why, and what to read instead.")
        with settling.writing():
            last = self._lock()
            refuse_past(live_from)
            refuse("withdraw", self.stage, last)
            if settings.SECOND_PERSON:
                needs_person(by)
            fields = last.public_fields()
            if unknown := extra.keys() - self.withdrawal_fields:
                known = ", ".join(self.withdrawal_fields) or "none"
                raise TypeError(f"No field of a withdrawal: {', '.join(unknown)}. There are: {known}.")
            self._refuse_successor(reason, fields | extra)
            return self._append(
                {**fields, "withdrawal_reason": reason, "publisher_name": username(by), **extra},
                after=last,
                before=last,
                change=Change(Version.Kind.WITHDRAWAL, note),
                live_from=live_from or timezone.now(),
                by=by,
            )

    def _refuse_successor(self, reason: str, fields: dict[str, Any]) -> None:
        if "successor_id" not in fields:
            return
        successor = fields["successor_id"]
        live: Any = type(self)._default_manager.exclude(pk=self.pk).filter(pk=successor)
        is_named = successor is not None and live.with_state().in_state("live").exists()
        if not is_named and (successor is not None or reason == Version.WithdrawalReason.MERGED):
            raise PublishingError(REASON_OF_MERGER)

    def cancel_scheduled(self, *, by: AbstractBaseUser | None) -> Any:
        """Keep the scheduled version from ever going live.

        Its interval becomes empty and what is live is restated as the next version, which is returned; None when
        nothing was live. Nothing that anyone could read is changed.
        """
        with settling.writing():
            last = self._lock()
            now = timezone.now()
            refuse("cancel", self.stage, last)
            if settings.SECOND_PERSON:
                needs_person(by)
            self._credit_authors(last)
            live = self.versions.live(now).first()
            restated = self._restate(live, now, over=last, by=by) if live else None
            # Last: the database keeps it while the end of what is live waits for it.
            self.versions.filter(pk=last.pk).close(last.live_from)
            return restated

    def _restate(self, live: Any, now: datetime, *, over: Any, by: AbstractBaseUser | None) -> Any:
        cancelled = Change(Version.Kind.MINOR, f"Version {over.number} was cancelled before it went live.")
        return self._append(
            {**live.public_fields(), "publisher_name": username(by)},
            after=over,
            before=live,
            change=Change(Version.Kind.WITHDRAWAL, live.note) if live.is_withdrawal else cancelled,
            live_from=now,
            by=by,
            restates=live,
        )

    def _credit_authors(self, version: Any) -> None:
        """Its text is the working copy's, and whoever had a hand in it no second person."""
        self.contributors.add(*version.contributors.values_list("pk", flat=True), *filter(None, [version.author_id]))

    def _lock(self) -> Any:
        """The newest version, with the document locked until the transaction ends and its review read anew."""
        stored = type(self)._default_manager.select_for_update().get(pk=self.pk)
        for name in ("stage", "submitted_by_id", "approved_by_id", "approved_hash", "updated_by_id"):
            setattr(self, name, getattr(stored, name))
        return self.versions.order_by("number").last()

    def _append(
        self,
        fields: dict[str, Any],
        *,
        after: Any,
        before: Any,
        change: Change,
        live_from: datetime,
        by: AbstractBaseUser | None,
        restates: Any = None,
    ) -> Any:
        """Write the next link of the chain `after` the newest row, ending the text `before` it (either may be None)."""
        keeps_day = restates is not None or change.kind == Version.Kind.MINOR
        version = self.versions.model(
            **{self.versions.field.name: self},
            **fields | change.fields() | (restates.passed_on() if restates else {}),
            number=after.number + 1 if after else 1,
            kind=change.kind,
            live_from=live_from,
            published_at=before.published_at if before else live_from,
            changed_at=before.changed_at if keeps_day else live_from,
            author=by,
            author_name=username(by) or "import",
            previous_hash=after.hash if after else "",
        )
        version.hash = version.computed_hash()
        version.store()
        if before is not None:
            self.versions.filter(pk=before.pk).close(live_from)
        if restates is not None:
            version.contributors.add(*restates.contributors.values_list("pk", flat=True))
        return version


def refuse_import(newest: Any, by: AbstractBaseUser | None) -> None:
    if newest is not None or by is not None:
        raise TransitionError("An import publishes what never was, and in nobody's name. Publish it yourself.")


def refuse_past(live_from: datetime | None, *, allowed: bool = False) -> None:
    if live_from and live_from < timezone.now() and not allowed:
        raise PublishingError(
            f"{live_from:%-d %B %Y, %H:%M} UTC has passed. Choose a later moment, or leave it empty to publish at once."
        )


def username(user: AbstractBaseUser | None) -> str:
    return user.get_username() if user else ""
