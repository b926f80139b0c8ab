from django.db import models

from elendihub.acting import Road


class AuditEntry(models.Model):
    """One row of one table was added, changed or deleted. Database triggers write it (elendihub.auditing), so no way of
    writing can forget to; nothing changes or deletes it.

    `actor` and `user_id` outlive the account they name. `before` and `after` hold, by column, what differs; the whole
    row when it was added or deleted.
    """

    class Action(models.TextChoices):
        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        DELETED = "deleted", "Deleted"

    at = models.DateTimeField()
    actor = models.CharField(max_length=150, blank=True)
    user_id = models.BigIntegerField(null=True, blank=True)
    road = models.CharField(max_length=8, choices=Road)
    table = models.CharField(max_length=63)
    row = models.TextField()
    action = models.CharField(max_length=8, choices=Action)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        verbose_name_plural = "audit trail"
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at"], name="auditentry_at"),
            models.Index(fields=["row", "table"], name="auditentry_row_table"),
            models.Index(fields=["table", "-id"], name="auditentry_table"),
            models.Index(fields=["actor", "-id"], name="auditentry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.action}"
