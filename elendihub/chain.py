"""Whether the record holds: each version hashes to its hash, follows the one before, and ends where the next begins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

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


def walk(versions: Any, document: str, count: Count) -> Iterator[Broken]:
    """What is broken in the chains of a model's versions, whose field `document` names the owner; counts as it goes."""
    rows = versions.select_related(document).order_by(document, "number").iterator(chunk_size=CHUNK)
    for owner, chain in groupby(rows, key=lambda row: getattr(row, document)):
        count.documents += 1
        for row, differs in links(chain, count):
            yield Broken(f"{owner.pk} ({owner.get_absolute_url()})", row.number, differs)


def links(chain: Iterable[Any], count: Count) -> Iterator[tuple[Any, str]]:
    """Each row of one document with what differs in it, if anything does."""
    before = read = None
    for row in chain:
        count.versions += 1
        for differs in faults(row, before):
            yield row, differs
        if not row.is_cancelled:
            if read is not None and read.live_until != row.live_from:
                yield read, f"live_until is {read.live_until}, and version {row.number} is live from {row.live_from}"
            read = row
        before = row
    if read is not None and read.live_until is not None:
        yield read, f"live_until is {read.live_until}, and no version follows: one is missing"


def faults(row: Any, before: Any) -> Iterator[str]:
    number = before.number + 1 if before else 1
    if row.number != number:
        yield f"number: version {number} is missing before it"
    if row.previous_hash != (before.hash if before else ""):
        yield "previous_hash: it is not the hash of the version before"
    if row.computed_hash() != row.hash:
        yield f"hash: its content hashes to {row.computed_hash()}, and {row.hash} is stored"
