from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils import timezone

MAX_COMMENT = 2000
MAX_QUOTE = 500


class ReviewCommentQuerySet(models.QuerySet[Any]):
    def unresolved(self) -> Self:
        return self.filter(resolved_at__isnull=True)

    def resolve(self, by: AbstractBaseUser) -> int:
        """Mark these as dealt with; those that somebody resolved before keep that person's name."""
        return self.unresolved().update(resolved_by=by.pk, resolved_at=timezone.now())


class ReviewComment(models.Model):
    """What one editor tells another about a working copy. It is never part of what is published.

    A subclass names the document that it is about in `document`, with the related_name `comments`.
    """

    document: Any
    about = models.CharField(
        max_length=MAX_QUOTE, blank=True, help_text="The line of the text that you mean, copied from it; may be empty."
    )
    text = models.TextField(
        "comment", max_length=MAX_COMMENT, help_text="Plain text. Only people who work on this text read it."
    )
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        default_permissions = ()
        ordering = ("written_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_by__isnull=True) | models.Q(resolved_at__isnull=False),
                name="%(class)s_resolved_at_a_moment",
                violation_error_message="A resolved comment has the moment of it.",
            )
        ]

    def __str__(self) -> str:
        return self.text
