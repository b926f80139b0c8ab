"""Whether the record holds: each version hashes to its hash, follows the one before, and ends where the next begins.

What hashes leave out is checked against what they cover: the ends of intervals follow from the versions after, and the
rows that index a version from the values that it keeps. What no chain can tell, such as its last version taken away or
all of it made anew, is told by elendihub.trail.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import models

from elendihub.publishing import Version

CHUNK = 200
# What a row of the record belongs to, nearest first.
OWNERS = ("version", "article_version", "hub_version", "article", "hub")


@dataclass(frozen=True)
class Broken:
    """A row that does not hold, as a person finds it, and what of it differs."""

    row: str
    differs: str

    def __str__(self) -> str:
        return f"{self.row}. {self.differs}."


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
    """What is broken in the chains of a model's versions, whose field `document` names the owner; counts as it goes."""
    rows = versions.with_rows().select_related(document).order_by(document, "number").iterator(chunk_size=CHUNK)
    for owner, chain in groupby(rows, key=lambda row: getattr(row, document)):
        count.documents += 1
        for number, differs in faults(chain, count):
            named = f"{document} {owner.pk} ({owner.get_absolute_url()}), version {number}"
            yield Broken(f"{versions.model.__name__}: {named}", differs)


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


def place(model: type[models.Model], values: dict[str, Any]) -> str:
    """article 18 (/hubs/norway/labels/), version 2; without what is gone or never was."""
    name = next((name for name in OWNERS if values.get(f"{name}_id")), "")
    if not name:
        return ""
    key = values[f"{name}_id"]
    related: Any = model._meta.get_field(name).related_model
    owner = related._default_manager.filter(pk=key).first()
    if "version" in name:
        return place(related, vars(owner)) if owner else f"version with the key {key}"
    at = f"{name} {key} ({owner.get_absolute_url()})" if owner else f"{name} {key}"
    return f"{at}, version {values['number']}" if "hash" in values else at
