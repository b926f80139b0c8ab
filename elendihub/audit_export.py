"""The audit trail as files: CSV for a spreadsheet, JSON lines for a program, each row as it is read."""

import csv
import json
from collections.abc import Callable, Iterator
from typing import Any

from elendihub.models import AuditEntry

COLUMNS = ("id", "at", "actor", "user_id", "road", "table", "row", "action", "before", "after")
# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Echo:
    """What csv writes to, one line at a time."""

    def write(self, line: str) -> str:
        return line


def as_csv(entries: Any) -> Iterator[str]:
    # The mark tells a spreadsheet that the text is UTF-8.
    yield "\ufeff"
    writer = csv.writer(Echo())
    yield writer.writerow(COLUMNS)
    for entry in each(entries):
        yield writer.writerow([cell(value) for value in values_of(entry).values()])


def as_json_lines(entries: Any) -> Iterator[str]:
    for entry in each(entries):
        yield f"{as_json(values_of(entry))}\n"


def each(entries: Any) -> Iterator[AuditEntry]:
    """Newest first; what is written meanwhile is not among them."""
    newest = entries.order_by("-id").values_list("id", flat=True).first() or 0
    return entries.filter(id__lte=newest).order_by("-id").iterator(chunk_size=500)


def values_of(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in COLUMNS} | {"at": entry.at.isoformat()}


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def cell(value: Any) -> str:
    text = "" if value is None else as_json(value) if isinstance(value, dict) else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


KINDS: dict[str, tuple[Callable[[Any], Iterator[str]], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "jsonl": (as_json_lines, "application/x-ndjson; charset=utf-8"),
}
