"""The pages that articles rest on, and what a person decided when one changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from .article import Article
from .link import LONGEST_ADDRESS


class SourceTextQuerySet(models.QuerySet["SourceText"]):
    def of_hubs_of(self, user: Any, permission: str) -> Self:
        """Those that an article names in one of the hubs where the person has the permission."""
        articles = Article.objects.of_hubs_of(user, permission)
        return self if user.is_superuser else self.filter(pk__in=self.model.objects.filter(articles__in=articles))

    def waiting(self) -> Self:
        """What happened to a source and nobody has looked at."""
        return self.filter(event__in=SourceText.LISTED, decision="")

    def drifted(self) -> Self:
        return self.waiting().filter(event=SourceText.Event.CHANGED)

    def moved(self) -> Self:
        return self.waiting().filter(event=SourceText.Event.MOVED)

    def vanished(self) -> Self:
        return self.waiting().filter(event=SourceText.Event.VANISHED)

    def restless(self) -> Self:
        return self.waiting().filter(event=SourceText.Event.RESTLESS)

    def unread(self) -> Self:
        return self.waiting().filter(event=SourceText.Event.UNREAD)

    def needing_change(self) -> Self:
        """A person looked, and the articles have to follow."""
        return self.filter(decision=SourceText.Decision.NEEDS_CHANGE)


class SourceText(models.Model):
    """What a page that articles name as their source was found to say: a row when it is first read, and a row each
    time that it changes. `fingerprint` is SHA-256 in hexadecimal, of the visible text or of the bytes."""

    class Event(models.TextChoices):
        FIRST = "first", "First read"
        CHANGED = "changed", "Its text changed"
        MOVED = "moved", "It moved"
        MISSED = "missed", "Not found, on one day so far"
        VANISHED = "vanished", "It vanished"
        RETURNED = "returned", "Found again"
        RESTLESS = "restless", "It changes by itself: on three days of one week"
        UNREAD = "unread", "It cannot be watched: it has no text, or keeps programs out"

    class Decision(models.TextChoices):
        NOTHING = "nothing", "I have looked: nothing to change"
        NEEDS_CHANGE = "needs_change", "Needs a change"

    LISTED = (Event.CHANGED, Event.MOVED, Event.VANISHED, Event.RESTLESS, Event.UNREAD)

    url = models.CharField("address", max_length=LONGEST_ADDRESS, db_index=True)
    event = models.CharField(
        max_length=8,
        choices=Event,
        help_text="A page that changes by itself is not told again for 30 days, and one without text is filled in by "
        "scripts: read both yourself at each check.",
    )
    fetched_at = models.DateTimeField("noticed")
    fingerprint = models.CharField(max_length=64, blank=True)
    length = models.PositiveIntegerField(default=0, help_text="Characters of its text, or bytes of what is no text.")
    status = models.PositiveSmallIntegerField(null=True)
    final_url = models.CharField("answers from", max_length=LONGEST_ADDRESS, blank=True)
    articles = models.ManyToManyField(Article, related_name="source_texts", help_text="That named it then.")
    decision = models.CharField(max_length=12, choices=Decision, blank=True)
    note = models.TextField(blank=True, help_text="What you saw, for whoever asks later.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    decided_by_name = models.CharField("decided by", max_length=150, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SourceTextQuerySet.as_manager()

    class Meta:
        ordering = ("-fetched_at", "-pk")
        verbose_name = "source"
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="source_decided_at_a_moment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.url}: {self.get_event_display().lower()}"

    @property
    def is_waiting(self) -> bool:
        return self.event in self.LISTED and self.decided_at is None

    def hub_numbers(self) -> set[int]:
        # Of all its articles, whichever of them a list has fetched.
        return set(Article.objects.filter(source_texts=self.pk).order_by().values_list("hub", flat=True))

    def decide(self, decision: str, *, by: Any, note: str, at: datetime) -> None:
        """Once, by a person, in words. Raises ValidationError, of two at once for the second."""
        if not note.strip():
            raise ValidationError({"note": "Write what you saw, in a few words."})
        name = by.get_username()
        fields = {"note": note.strip(), "decided_by": by, "decided_by_name": name, "decided_at": at}
        waiting = SourceText.objects.waiting().filter(pk=self.pk)
        if not waiting.update(decision=decision, **fields):
            raise ValidationError("Somebody else has decided this meanwhile, or there is nothing to decide.")
        self.refresh_from_db()


class SourceReading(models.Model):
    """When a source was last asked, whatever came of it: whose turn it is when a run may not ask all."""

    url = models.CharField("address", max_length=LONGEST_ADDRESS, unique=True)
    asked_at = models.DateTimeField("last asked")

    def __str__(self) -> str:
        return self.url
