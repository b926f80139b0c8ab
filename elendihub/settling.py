"""A moment settles once nobody can publish as of it any more. Pages as at a moment wait for that, then never change.

Whoever publishes takes the moment inside a transaction, and readers see it when that is committed. writing() opens
such a transaction before the moment is taken; settle() waits for those that are open when it is called. One opened
later takes a later moment, by a clock that all machines of the site share.

On SQLite nobody else writes while a transaction does, so a reader waits for a turn of its own. On PostgreSQL writers
hold a lock that all may hold at once. Readers only look who holds it, and wait for these alone: they keep no writer
waiting, and writers that go on coming do not keep them.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone

# Longer than any transaction that publishes: whoever was at it then has finished.
YOUNG = timedelta(minutes=2)
# How often a reader looks again, and in which steps of seconds: at most five seconds.
LOOKS, PAUSE = 250, 0.02
# Two numbers that name the lock among others in the same database.
LOCK = (1701602670, 1684629621)
HOLD = f"pg_advisory_xact_lock_shared({LOCK[0]}, {LOCK[1]})"
HOLDERS = """SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid = %s AND objid = %s AND objsubid = 2 AND pid IS DISTINCT FROM pg_backend_pid()"""


class Unsettled(Exception):
    """Somebody is still publishing as of the moment that was asked for."""


@contextmanager
def writing() -> Iterator[None]:
    """A transaction in which moments that pages go by may be taken, and not before it."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {HOLD}")
        yield


def settle(at: datetime) -> None:
    """Return when what stood at this moment, which has passed, stands for good. Raises Unsettled after five seconds."""
    if timezone.now() - at >= YOUNG:
        return
    has_settled = others_are_done if connection.vendor == "postgresql" else comes_to_its_turn
    if not has_settled():
        raise Unsettled


def others_are_done() -> bool:
    awaited = holders()
    for _ in range(LOOKS):
        if not awaited:
            return True
        time.sleep(PAUSE)
        awaited &= holders()
    return not awaited


def holders() -> set[str]:
    """The transactions of others that are open in writing()."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS, LOCK)
        return {name for (name,) in cursor.fetchall()}


def comes_to_its_turn() -> bool:
    if connection.in_atomic_block:
        # Who writes has the turn.
        return True
    with connection.cursor() as cursor:
        [usual] = cursor.execute("PRAGMA busy_timeout").fetchone()
        # Left to itself the file lets a reader sleep ever longer while writers come and go.
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            for _ in range(LOOKS):
                if has_turn():
                    return True
                time.sleep(PAUSE)
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
    return False


def has_turn() -> bool:
    try:
        with transaction.atomic():
            return True
    except OperationalError as error:
        if is_busy(error):
            return False
        raise


def is_busy(error: OperationalError) -> bool:
    code: int = getattr(error.__cause__, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY
