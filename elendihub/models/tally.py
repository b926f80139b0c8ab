from django.db import connection, models


class TallyQuerySet(models.QuerySet["Tally"]):
    def admit(self, client: str, minute: int, most: int) -> bool:
        """Count one request of the client, unless `most` were counted in this minute. Past minutes are deleted.

        One statement, so that of several servers on one database none lets through what another has counted.
        """
        with connection.cursor() as cursor:
            cursor.execute(ADMIT, [client, minute, most])
            # All of it: SQLite ends the statement, and so commits it, with the last row.
            counted = cursor.fetchall()
        if counted == [(1,)]:
            self.filter(minute__lt=minute).delete()
        return bool(counted)


class Tally(models.Model):
    """How often one client asked within one minute. Who it was cannot be read from it: `client` is a keyed hash."""

    client = models.CharField(max_length=64)
    minute = models.PositiveBigIntegerField(db_index=True, help_text="Minutes since 1970.")
    count = models.PositiveIntegerField(default=1)

    objects = TallyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "minute"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.count} in minute {self.minute}"


ADMIT = """INSERT INTO elendihub_tally (client, minute, count) VALUES (%s, %s, 1)
ON CONFLICT (client, minute) DO UPDATE SET count = elendihub_tally.count + 1 WHERE elendihub_tally.count < %s
RETURNING count"""
