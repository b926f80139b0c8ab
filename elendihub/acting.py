"""Who writes, and by which road, said to the database in the transaction that writes; the triggers of
elendihub.auditing read it there.

PostgreSQL holds it in a setting of the transaction, SQLite in the name of a column of a temporary view: both belong to
one connection, and both go when what said them is rolled back. So no entry can bear another writer's name, whoever
writes at the same moment and whatever fails. Whoever says nothing, such as another program, is recorded as the shell.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import Any

from django.db import DatabaseError, connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|WITH)\b", re.IGNORECASE)
SILENT = "DROP VIEW IF EXISTS temp.elendihub_acting"


class Road(models.TextChoices):
    DESK = "desk", "The desk"
    SITE = "site", "Another page"
    COMMAND = "command", "A command"
    SHELL = "shell", "A shell or another program"


@dataclass(frozen=True)
class Actor:
    road: str = Road.SHELL
    user_id: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Said:
    """Left among the hooks of a transaction, which forgets them where it forgets its settings: in each rollback."""

    actor: Actor

    def __call__(self) -> None:
        """Nothing is left to do when the transaction commits."""


NOBODY = Actor()
found: ContextVar[Callable[[], Actor] | None] = ContextVar("found", default=None)


def acting(user_id: int | None, name: str, road: str) -> Any:
    """A context: everything written inside is recorded as written by this user on this road."""
    actor = Actor(str(road), user_id, name)
    return acting_as(lambda: actor)


@contextmanager
def acting_as(find: Callable[[], Actor]) -> Iterator[None]:
    """As acting(), for an actor who is asked for only when something is written."""
    is_outermost = announcing not in connection.execute_wrappers
    token = found.set(find)
    try:
        with connection.execute_wrapper(announcing) if is_outermost else nullcontext():
            yield
    finally:
        found.reset(token)
        if is_outermost:
            fall_silent()


def announcing(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Around each statement: before the first that writes in a transaction, say who does."""
    if not WRITES.match(str(sql)):
        return execute(sql, params, many, context)
    database, find = context["connection"], found.get()
    actor = find() if find else NOBODY
    alone = database.vendor == "postgresql" and not database.in_atomic_block
    with transaction.atomic(using=database.alias) if alone else nullcontext():
        if not (database.in_atomic_block and last_said(database) == actor):
            for words in announcement(database, actor):
                execute(words, None, False, context)
            if database.in_atomic_block:
                database.on_commit(Said(actor))
        return execute(sql, params, many, context)


def last_said(database: BaseDatabaseWrapper) -> Actor:
    """Whom this transaction's entries name now."""
    hooks: list[Any] = [hook for _, hook, *_ in database.run_on_commit]
    return next((hook.actor for hook in reversed(hooks) if isinstance(hook, Said)), NOBODY)


def announcement(database: BaseDatabaseWrapper, actor: Actor) -> list[str]:
    said = json.dumps(asdict(actor))
    if database.vendor == "postgresql":
        return ["SELECT set_config('elendihub.acting', '{}', true)".format(said.replace("'", "''"))]
    name = said.replace('"', '""')
    return [SILENT, f'CREATE TEMP VIEW elendihub_acting AS SELECT 1 AS "{name}"']


def fall_silent() -> None:
    """What the connection writes from here on is nobody's. The driver is asked: Django refuses to after an error."""
    driver: Any = connection.connection
    if driver is None:
        return
    # A connection that is closed, or a transaction that can only be rolled back, forgets by itself.
    with suppress(DatabaseError), connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            driver.execute(SILENT)
        elif connection.in_atomic_block and last_said(connection) != NOBODY:
            driver.execute("SELECT set_config('elendihub.acting', '', true)")
    if connection.in_atomic_block:
        connection.on_commit(Said(NOBODY))
