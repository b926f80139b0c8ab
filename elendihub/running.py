"""One run at a time of commands that would be in each other's way, on every machine that shares the database."""

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.core.management import CommandError
from django.db import connection

HOLDER = """
    SELECT backend_start FROM pg_stat_activity JOIN pg_locks USING (pid)
    WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = %s::oid AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@contextmanager
def alone(*commands: str) -> Iterator[None]:
    """Raises CommandError, with the moment since when, while another run of one of these commands is under way.

    PostgreSQL's lock ends with the session that does the work, and the file's with the process: a run that is killed
    holds nothing.
    """
    by_name = in_session if connection.vendor == "postgresql" else in_folder
    with by_name(commands):
        yield


@contextmanager
def in_session(commands: tuple[str, ...]) -> Iterator[None]:
    key = zlib.crc32(" ".join(commands).encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            cursor.execute(HOLDER, [key])
            holder = cursor.fetchone()
            raise under_way(commands, holder[0] if holder else None)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def in_folder(commands: tuple[str, ...]) -> Iterator[None]:
    """A file beside the database. It stays; only who holds it counts, and its time says since when."""
    database = Path(connection.settings_dict["NAME"])
    descriptor = opened(database.with_name(f"{database.name}-{'-'.join(commands)}.lock"))
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            since = datetime.fromtimestamp(os.fstat(descriptor).st_mtime, UTC)
            raise under_way(commands, since) from error
        os.utime(descriptor)
        yield
    finally:
        os.close(descriptor)


def opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        reason = f"{path} cannot be written: {error.strerror}"
        raise CommandError(f"{reason}. Run the command as the user that owns the database.") from error


def under_way(commands: tuple[str, ...], since: datetime | None) -> CommandError:
    moment = f" since {since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if since else ""
    return CommandError(f"Another run of {' or '.join(commands)} is under way{moment}. This one did nothing.")
