"""What a pack says of itself: documents, the chain of hashes of each, and what changed since an earlier pack."""

from datetime import datetime
from typing import Any

from django.conf import settings

from elendihub.evidence import verify
from elendihub.evidence.selection import Held, Selection
from elendihub.publishing import said
from elendihub.structured_data import absolute


def begun(selection: Selection) -> dict[str, Any]:
    """The manifest without its documents, pictures, changes and files."""
    return {
        "format": verify.FORMAT,
        "site": {"name": settings.SITE_NAME, "address": settings.SITE_URL},
        "moment": said(selection.at),
        "since": said(selection.since) if selection.since else None,
        "address": absolute(selection.address),
        "documents": [],
        "pictures": {},
        "changes": [],
    }


def document(held: Held, at: datetime) -> dict[str, Any]:
    return {
        "kind": held.kind,
        "folder": held.folder,
        "address": absolute(held.path),
        "versions": [link(held, row, at) for row in held.rows],
    }


def link(held: Held, row: Any, at: datetime) -> dict[str, Any]:
    """One version; what was never public tells no more than its place in the chain."""
    entry = {"number": row.number, "hash": row.hash, "previous_hash": row.previous_hash}
    if row.is_cancelled:
        return entry
    # An end that was still to come is no part of the record of that moment.
    is_over = row.live_until is not None and row.live_until <= at
    return entry | {
        "kind": row.kind,
        "live_from": said(row.live_from),
        "live_until": said(row.live_until) if is_over else None,
        "address": absolute(held.version_path(row.number)),
    }


def changes(selection: Selection) -> list[dict[str, Any]]:
    """Of every document since the earlier pack; none when no earlier pack was named."""
    return [
        {
            "folder": held.folder,
            "what": held.change.what,
            "from": held.change.was,
            "to": held.rows[-1].number,
            "comparison": held.comparison,
        }
        for held in selection.held
        if held.change
    ]
