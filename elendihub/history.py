"""The versions of a document that readers can open, newest first, each beside the one before it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

# Versions that a page lists; the page of changes has them all.
LENGTH = 10


@dataclass(frozen=True)
class Step:
    """`before` is the number of the version that it followed, None for the first."""

    version: Any
    before: int | None


def steps(versions: Any, at: datetime) -> list[Step]:
    """The last LENGTH that had gone live by the moment, of a document's `versions`. One query."""
    told = ("note", "emergency_reason", "approver_name")
    names = ("number", "kind", *told, "live_from", "changed_at", versions.field.name)
    told_later = versions.published(at).with_emergency_review(at)
    rows = list(told_later.order_by("-number").only(*names)[: LENGTH + 1])
    befores = [row.number for row in rows[1:]] + [None] * (len(rows) <= LENGTH)
    return [Step(row, before) for row, before in zip(rows, befores, strict=False)]
