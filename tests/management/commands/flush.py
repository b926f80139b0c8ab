"""Django's flush between tests that commit: published rows refuse to be deleted, so their triggers step aside."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import flush
from django.db import connection

TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        with without_triggers():
            super().handle(**options)


@contextmanager
def without_triggers() -> Iterator[None]:
    """SQLite empties tables by DELETE, PostgreSQL by TRUNCATE, and the triggers see both."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        triggers = cursor.execute(TRIGGERS).fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        try:
            yield
        finally:
            for _, sql in triggers:
                cursor.execute(sql)
