from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

MINUTES_SHOWN = 30
MOST_SHOWN = 5


class OpeningQuerySet(models.QuerySet["Opening"]):
    def recent(self, at: datetime | None = None) -> Self:
        """Of people who opened a form, or wrote in it, within the last MINUTES_SHOWN."""
        return self.filter(seen_at__gte=(at or timezone.now()) - timedelta(minutes=MINUTES_SHOWN))

    def of(self, model: str, object_id: str) -> Self:
        return self.filter(model=model, object_id=object_id)

    def by_others(self, user: Any) -> Self:
        return self.exclude(user=user.pk).select_related("user").order_by("-opened_at")

    def record(self, user: Any, model: str, object_id: str) -> None:
        """This person has the form open from now on. What nobody is shown any more is deleted."""
        now = timezone.now()
        self.bulk_create(
            [self.model(user_id=user.pk, model=model, object_id=object_id, opened_at=now, seen_at=now)],
            update_conflicts=True,
            unique_fields=["user", "model", "object_id"],
            update_fields=["opened_at", "seen_at"],
        )
        self.filter(seen_at__lt=now - timedelta(minutes=MINUTES_SHOWN)).delete()


class Opening(models.Model):
    """Somebody has the form of a document open. It says so to others and locks nothing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    model = models.CharField(max_length=100, help_text="As in articles.article.")
    object_id = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True, help_text="When they opened it or last wrote in it.")

    objects = OpeningQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "model", "object_id"], name="opening_once_per_person")]

    def __str__(self) -> str:
        return f"{self.user} in {self.model} {self.object_id}"
