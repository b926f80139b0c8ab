"""Whether rows are as the audit trail recorded them: none changed, none gone, and none there that it never saw added.

Rows and entries are read side by side in the order of keys, so memory stays small however many there are. Rows whose
keys come before the first that the trail saw added are older than it, or their entries were archived: of such a row,
what was recorded since is compared. Columns that entries leave out are under a version's hash.

The trail cannot prove itself: digest() is to be noted elsewhere. Archiving leaves the newest entries.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import BigIntegerField, F, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, JSONObject

from elendihub.audit_export import as_json_lines
from elendihub.chain import CHUNK, Broken, place
from elendihub.models import AuditEntry

# Texts that entries leave out; reading them again would only take time.
LEFT_OUT = frozenset({"body", "body_html", "contents", "citations", "terms", "sentence", "overview", "overview_html"})
# The only value of a permanent row that is ever set later.
ENDS = {"live_until"}
STORED = "stored"
ONE_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


@dataclass(frozen=True)
class Kept:
    """A table whose rows are compared; where columns are named, only these: a working copy is no part of the record."""

    model: type[models.Model]
    columns: tuple[str, ...] = ()
    is_permanent: bool = False


@dataclass
class Story:
    """A row as it stands, None when it does not, beside what its entries say in their order."""

    stored: dict[str, Any] | None = None
    recorded: dict[str, Any] = field(default_factory=dict)
    is_added: bool = False
    is_deleted: bool = False
    moved: set[str] = field(default_factory=set)


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is asked inside is as it was at one moment, whoever writes meanwhile, and nobody waits for it."""
    if connection.in_atomic_block:
        yield
        return
    database: Any = connection
    database.ensure_connection()
    mode = getattr(database, "transaction_mode", None)
    # On SQLite a transaction keeps to one snapshot by itself; one that is to write makes all others wait.
    database.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute(ONE_SNAPSHOT)
            yield
    finally:
        database.transaction_mode = mode


def emptied(versions: Any, since: tuple[str, str]) -> Iterator[Broken]:
    """A trail without a single entry, though versions were published after the migration `since` that began it."""
    if AuditEntry.objects.exists():
        return
    began = MigrationRecorder.Migration.objects.filter(app=since[0], name=since[1]).values("applied")
    if versions.filter(created_at__gt=began[:1]).exists():
        yield Broken("AuditEntry", "trail: it is empty, and versions were published since it began")


def unlike(kept: Kept) -> Iterator[Broken]:
    """Rows of the table that are not as the trail says, in the order of their keys."""
    has_begun = False
    for key, told in groupby(merge(entries(kept), rows(kept), key=itemgetter(0)), key=itemgetter(0)):
        story = read(told)
        has_begun = has_begun or story.is_added
        # The database gives no key below 1, so such a row is not of before.
        for differs in faults(kept, story, has_begun or key < 1):
            yield Broken(named(kept.model, key, story), f"trail: {differs}")


def rows(kept: Kept) -> Iterator[tuple[int, str, dict[str, Any]]]:
    names = [name for name in fields_of(kept.model) if name in kept.columns or not kept.columns]
    for key, *values in kept.model._default_manager.order_by("pk").values_list("pk", *names).iterator(CHUNK):
        yield key, STORED, dict(zip(names, values, strict=True))


def entries(kept: Kept) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Each with the key of its row, in the order of keys and then of time."""
    told = AuditEntry.objects.filter(table=kept.model._meta.db_table)
    if kept.columns:
        told = told.filter(Q(after__has_any_keys=kept.columns) | Q(action=AuditEntry.Action.DELETED))
        values: Any = JSONObject(**{name: KT(f"after__{name}") for name in kept.columns})
    else:
        values = F("after")
    told = told.annotate(key=Cast("row", BigIntegerField()), values=values).order_by("key", "id")
    for key, action, after in told.values_list("key", "action", "values").iterator(CHUNK):
        # None of the columns that are named can be empty: an entry without one did not change it.
        yield key, action, {n: v for n, v in after.items() if v is not None} if kept.columns else after


@cache
def fields_of(model: type[models.Model]) -> dict[str, Any]:
    """By the name of the column."""
    return {each.attname: each for each in model._meta.concrete_fields if each.attname not in LEFT_OUT}


def read(told: Iterable[tuple[int, str, dict[str, Any]]]) -> Story:
    story = Story()
    for _, action, values in told:
        if action == STORED:
            story.stored = values
            continue
        story.recorded |= values
        story.is_added = story.is_added or action == AuditEntry.Action.ADDED
        story.is_deleted = action == AuditEntry.Action.DELETED
        story.moved |= values.keys() if action == AuditEntry.Action.CHANGED else set()
    return story


def faults(kept: Kept, story: Story, is_due: bool) -> Iterator[str]:
    """What differs; a row that `is_due` has an entry of the moment at which it was added."""
    if story.stored is None and not story.is_deleted:
        yield "it is gone, and the audit trail does not say that it was deleted"
    elif story.stored is None and kept.is_permanent:
        yield "it was deleted, says the audit trail, and such rows are permanent"
    elif story.is_deleted and story.stored is not None:
        yield "it stands there, and the audit trail says that it was deleted"
    elif is_due and not story.is_added:
        yield "the audit trail never saw it added"
    yield from differences(kept.model, story)
    if kept.is_permanent and (moved := sorted(story.moved - ENDS)):
        yield f"{', '.join(moved)} changed later, says the audit trail, and such rows are permanent"


def differences(model: type[models.Model], story: Story) -> Iterator[str]:
    known = fields_of(model)
    for name, stored in (story.stored or {}).items():
        if name in story.recorded and not is_same(known[name], story.recorded[name], stored):
            yield f"{name} is “{shown(stored)}”, and the audit trail says “{shown(story.recorded[name])}”"


def is_same(known: Any, recorded: Any, stored: Any) -> bool:
    try:
        return bool(known.to_python(recorded) == stored)
    except ValidationError:
        return False


def shown(value: Any) -> str:
    return f"{value!s:.80}"


def named(model: type[models.Model], key: int, story: Story) -> str:
    """The row by its key, or a version by its number, and the document that it belongs to."""
    values = story.recorded | (story.stored or {})
    if "number" in values and "hash" in values:
        return f"{model.__name__}: {place(model, values)}"
    return ": ".join(part for part in (f"{model.__name__} {key}", place(model, values)) if part)


def digest(until: int | None = None) -> tuple[int, int, str]:
    """The number of entries up to that one, the newest of them, and the SHA-256 of their lines in the desk's export.

    Lines come newest first: those that were there on an earlier day are the last of a later export.
    """
    told = AuditEntry.objects.all() if until is None else AuditEntry.objects.filter(id__lte=until)
    newest = told.order_by("-id").values_list("id", flat=True).first() or 0
    count, sha = 0, hashlib.sha256()
    for line in as_json_lines(told):
        count += 1
        sha.update(line.encode())
    return count, newest, sha.hexdigest()
