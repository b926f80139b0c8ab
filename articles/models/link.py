"""Outgoing addresses and how they answer, and the pages that articles rest on. What is here changes daily: it is work
in hand, not part of the record."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from regulators.models import Hub, Regulator

from .article import Article

# Characters; longer ones are no addresses that a person wrote down.
LONGEST_ADDRESS = 2000


class LinkQuerySet(models.QuerySet["Link"]):
    def standing(self) -> Self:
        """Those that a live text or a regulator has."""
        return self.filter(Exists(LinkPlace.objects.filter(link=OuterRef("pk"))))

    def broken(self) -> Self:
        """Failed on two days, and never answered between or since."""
        return self.standing().filter(failed_again_on__isnull=False)

    def doubtful(self) -> Self:
        """Failed on one day so far."""
        return self.standing().filter(failed_on__isnull=False, failed_again_on__isnull=True)

    def moved(self) -> Self:
        """Answers, but from another domain."""
        return self.standing().filter(is_moved_domain=True)

    def undecided(self) -> Self:
        """The server keeps programs out or asks to come later: a person has to look."""
        return self.standing().filter(outcome="undecided")

    def longest_unasked_first(self) -> Self:
        return self.order_by(models.F("asked_at").asc(nulls_first=True), "pk")

    def with_places(self) -> Self:
        return self.prefetch_related("places__article", "places__hub", "places__regulator")


class Link(models.Model):
    """An outgoing address, one row however many texts have it. Days are of UTC."""

    url = models.CharField("address", max_length=LONGEST_ADDRESS, unique=True)
    host = models.CharField(max_length=255, db_index=True)
    asked_at = models.DateTimeField("last asked", null=True)
    answered_at = models.DateTimeField("last answered", null=True)
    outcome = models.CharField(max_length=10, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    words = models.CharField("what happened", max_length=200, blank=True)
    failed_on = models.DateField("failed on", null=True)
    failed_again_on = models.DateField("and again on", null=True)
    moved_to = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    is_moved_domain = models.BooleanField(default=False)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ("host", "url")
        constraints = [
            models.CheckConstraint(
                condition=Q(failed_again_on__isnull=True) | Q(failed_on__lt=models.F("failed_again_on")),
                name="link_fails_twice_on_two_days",
            )
        ]

    def __str__(self) -> str:
        return self.url


class LinkPlace(models.Model):
    """Where a link stands: the live text of an article or a hub, or the official sites of a regulator."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="places")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="link_places")
    hub = models.ForeignKey(Hub, models.CASCADE, null=True, related_name="link_places")
    regulator = models.ForeignKey(Regulator, models.CASCADE, null=True, related_name="link_places")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link", "article", "hub", "regulator"], name="link_place_once"
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=False, hub__isnull=True, regulator__isnull=True)
                | Q(article__isnull=True, hub__isnull=False, regulator__isnull=True)
                | Q(article__isnull=True, hub__isnull=True, regulator__isnull=False),
                name="link_place_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.article or self.hub or self.regulator)


class SourceTextQuerySet(models.QuerySet["SourceText"]):
    def waiting(self) -> Self:
        """What happened to a source and nobody has looked at."""
        return self.filter(event__in=SourceText.LISTED, decision="")

    def drifted(self) -> Self:
        return self.waiting().filter(event=SourceText.Event.CHANGED)

    def moved(self) -> Self:
        return self.waiting().filter(event=SourceText.Event.MOVED)

    def vanished(self) -> Self:
        return self.waiting().filter(event=SourceText.Event.VANISHED)

    def needing_change(self) -> Self:
        """A person looked, and the articles have to follow."""
        return self.filter(decision=SourceText.Decision.NEEDS_CHANGE)

    def newest_of_each(self) -> Self:
        newest = SourceText.objects.filter(url=OuterRef("url")).order_by("-pk").values("pk")[:1]
        return self.filter(pk=models.Subquery(newest))


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

    class Decision(models.TextChoices):
        NOTHING = "nothing", "I have looked: nothing to change"
        NEEDS_CHANGE = "needs_change", "Needs a change"

    LISTED = (Event.CHANGED, Event.MOVED, Event.VANISHED)

    url = models.CharField("address", max_length=LONGEST_ADDRESS, db_index=True)
    event = models.CharField(max_length=8, choices=Event)
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
        return self.event in self.LISTED and not self.decision

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
