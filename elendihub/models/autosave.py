from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

DAYS_KEPT = 30
# Forms of one document that one editor may leave unsaved; of more, the oldest are let go.
MOST_KEPT = 5


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def of(self, user: Any, model: str, object_id: str) -> Self:
        """What this editor, and nobody else, wrote in forms of the document; newest first."""
        return self.filter(user=user.pk, model=model, object_id=object_id).order_by("-saved_at", "-pk")

    def keep(self, *, user: Any, model: str, object_id: str, form: str, **values: Any) -> datetime:
        """Write or overwrite what the form holds, and return the moment. Nobody's old text is kept beyond its days."""
        now = timezone.now()
        row = self.model(user_id=user.pk, model=model, object_id=object_id, form=form, saved_at=now, **values)
        # One statement, so that two requests of one form at once make one row.
        self.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["user", "model", "object_id", "form"],
            update_fields=["saved_at", *values],
        )
        surplus = list(self.of(user, model, object_id).values_list("pk", flat=True)[MOST_KEPT : 2 * MOST_KEPT])
        self.filter(models.Q(pk__in=surplus) | models.Q(saved_at__lt=now - timedelta(days=DAYS_KEPT))).delete()
        return now


class Autosave(models.Model):
    """What somebody typed into one form of the desk and has not saved. It is theirs alone and changes no document."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    model = models.CharField(max_length=100, help_text="As in articles.article.")
    object_id = models.CharField(max_length=20, blank=True, help_text="Empty for a document that is not saved yet.")
    form = models.CharField(max_length=32, help_text="Which opening of the form: two tabs never overwrite each other.")
    edit_number = models.PositiveIntegerField(help_text="That of the working copy when the form was opened.")
    fields = models.JSONField(help_text="The values of each field, by its name.")
    saved_at = models.DateTimeField(db_index=True)

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "model", "object_id", "form"], name="autosave_once_per_form")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id} at {self.saved_at}"
