"""Whether the record holds: each version hashes to its hash, follows the one before, and ends where the next begins.

What hashes leave out is checked against what they cover: the ends of intervals follow from the versions after, and the
rows that index a version from the values that it keeps. What no chain can tell, such as its last version taken away or
all of it made anew, is told by the audit trail, which recorded each version as it was written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models.fields.json import KT

from elendihub.models import AuditEntry
from elendihub.publishing import Version

CHUNK = 200


@dataclass(frozen=True)
class Broken:
    """The first row that does not hold, and what of it differs."""

    document: str
    number: int
    differs: str


@dataclass
class Count:
    documents: int = 0
    versions: int = 0


@dataclass(frozen=True)
class Link:
    """What of a version its neighbours are judged by."""

    number: int
    kind: str
    live_from: datetime
    live_until: datetime | None
    created_at: datetime
    hash: str


def broken(versions: Any, document: str, count: Count) -> Iterator[Broken]:
    """All that does not hold of a model's versions, as walk() and unlike_trail() find it."""
    yield from walk(versions, document, count)
    yield from unlike_trail(versions, document)


def walk(versions: Any, document: str, count: Count) -> Iterator[Broken]:
    """What is broken in the chains of a model's versions, whose field `document` names the owner; counts as it goes."""
    rows = versions.with_rows().select_related(document).order_by(document, "number").iterator(chunk_size=CHUNK)
    for owner, chain in groupby(rows, key=lambda row: getattr(row, document)):
        count.documents += 1
        for number, differs in faults(chain, count):
            yield Broken(f"{owner.pk} ({owner.get_absolute_url()})", number, differs)


def unlike_trail(versions: Any, document: str) -> Iterator[Broken]:
    """Versions that are not as the audit trail recorded them; older than the trail are those of before an upgrade."""
    column = f"{document}_id"
    stored = {pk: tuple(values) for pk, *values in versions.values_list("pk", column, "number", "hash").iterator()}
    told = AuditEntry.objects.filter(table=versions.model._meta.db_table, action=AuditEntry.Action.ADDED)
    recorded = told.annotate(owner=KT(f"after__{column}"), number=KT("after__number"), hash=KT("after__hash"))
    for row, owner, number, digest in recorded.order_by("id").values_list("row", "owner", "number", "hash").iterator():
        expected = (int(owner), int(number), digest)
        if (found := stored.get(int(row))) != expected:
            differs = "it is gone" if found is None else "it is not the row that was written then"
            yield Broken(named(versions, document, owner), int(number), f"trail: {differs}, says the audit trail")


def named(versions: Any, document: str, key: str) -> str:
    """The document of that key, with its address while it is there."""
    owner = versions.model._meta.get_field(document).related_model._default_manager.filter(pk=key).first()
    return f"{key} ({owner.get_absolute_url()})" if owner else key


def faults(chain: Iterable[Any], count: Count) -> Iterator[tuple[int, str]]:
    """The number of each version of one document that does not hold, and why: false contents before false places."""
    links: list[Link] = []
    misplaced: list[tuple[int, str]] = []
    for row in chain:
        count.versions += 1
        for differs in contents(row):
            yield row.number, differs
        misplaced += [(row.number, differs) for differs in places(row, links[-1] if links else None)]
        links.append(Link(row.number, row.kind, row.live_from, row.live_until, row.created_at, row.hash))
    yield from misplaced
    yield from ends(links)


def contents(row: Any) -> Iterator[str]:
    if row.computed_hash() != row.hash:
        yield f"hash: its content hashes to {row.computed_hash()}, and {row.hash} is stored"
    for name in row.false_rows():
        yield f"{name}: these rows are not what the version says"


def places(row: Any, before: Link | None) -> Iterator[str]:
    number = before.number + 1 if before else 1
    if row.number != number:
        yield f"number: version {number} is missing before it"
    if row.previous_hash != (before.hash if before else ""):
        yield "previous_hash: it is not the hash of the version before"


def ends(links: list[Link]) -> list[tuple[int, str]]:
    """Ends that are not where the next text begins, in the order of numbers. A cancelled version ends as it begins."""
    found = []
    after: Link | None = None
    read: Link | None = None
    for link in reversed(links):
        if is_cancelled(link, after):
            if link.live_until != link.live_from:
                found.append((link.number, f"live_until is {link.live_until}, and it was cancelled"))
        else:
            if link.live_until != (read.live_from if read else None):
                follows = f"version {read.number} is live from {read.live_from}" if read else "no version follows"
                found.append((link.number, f"live_until is {link.live_until}, and {follows}"))
            read = link
        after = link
    return found[::-1]


def is_cancelled(link: Link, after: Link | None) -> bool:
    """By what is hashed: another took its place before it went live, or nothing was read before the next one.

    Of the newest version only its end tells, and only of one that lay ahead where nothing was live to be restated.
    """
    if after is None:
        lay_ahead = link.kind == Version.Kind.FIRST and link.created_at < link.live_from
        return lay_ahead and link.live_until == link.live_from
    return after.live_from < link.live_from or after.kind == Version.Kind.FIRST
