"""Writes a pack: a ZIP whose bytes are the same whenever and wherever the same is asked for.

Its entries are stored, not deflated: builds of zlib differ in what they make of the same input. On its way to the
reader the whole is compressed as every answer of the site is.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from articles.models import ArticleVersion, Check, Citation
from elendihub.evidence import law, manifest, pages, pictures, program, readable, verify
from elendihub.evidence.selection import Held, Refused, Selection
from elendihub.publishing import said
from regulators.models import HubVersion

# Versions read at once.
CHUNK = 20
IN_MEMORY = 5_000_000
MOST_BYTES = 100_000_000
# The first moment that a ZIP can tell; which day it was made says nothing about a pack.
EPOCH = (1980, 1, 1, 0, 0, 0)
TOO_LARGE = f"This pack would be larger than {MOST_BYTES // 1_000_000} MB. Choose fewer documents."


@dataclass
class Writer:
    """`files` is what the manifest lists; bytes are counted, those of pictures also apart."""

    archive: ZipFile
    files: list[dict[str, Any]] = field(default_factory=list)
    written: int = 0
    pictured: int = 0
    cited: law.Cited = field(default_factory=law.Cited)

    def add(self, name: str, content: str | bytes) -> None:
        raw = content.encode() if isinstance(content, str) else content
        self.written += len(raw)
        if self.written > MOST_BYTES:
            raise Refused(TOO_LARGE)
        entry = ZipInfo(name, EPOCH)
        entry.compress_type, entry.create_system, entry.external_attr = ZIP_STORED, 3, 0o100644 << 16
        self.archive.writestr(entry, raw)
        self.files.append({"name": name, "size": len(raw), "sha256": verify.digest(raw)})


def write(selection: Selection) -> IO[bytes]:
    """The pack, at its beginning; the caller closes it. Raises Refused when it would be too large."""
    with ExitStack() as on_failure:
        file = on_failure.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))
        with ZipFile(file, "w", ZIP_STORED) as archive:
            write_into(Writer(archive), selection)
        file.seek(0)
        on_failure.pop_all()
    return file


def write_into(writer: Writer, selection: Selection) -> None:
    record = manifest.begun(selection)
    stream = versions(selection.held)
    for held in selection.held:
        document = manifest.document(held, selection.at)
        record["documents"].append(document)
        write_document(writer, record, document, held, stream)
    record["changes"] = manifest.changes(selection)
    cited = {"cited": law.register(writer.cited), "not_in_register": {"as_published": writer.cited.at(None, None)}}
    writer.add("law.json", as_json(cited))
    writer.add("law.html", pages.law(record, cited))
    writer.add("index.html", pages.index(record))
    writer.add("README.txt", pages.readme(record))
    writer.add(program.NAME, program.source())
    record["files"] = sorted(writer.files, key=lambda each: each["name"])
    raw = as_json(record).encode()
    writer.add(verify.MANIFEST, raw)
    writer.add(verify.SEAL, f"{verify.digest(raw)}  {verify.MANIFEST}\n")


def write_document(
    writer: Writer, record: dict[str, Any], document: dict[str, Any], held: Held, stream: Iterator[Any]
) -> None:
    """`stream` gives its public versions next."""
    entries = {entry["number"]: entry for entry in document["versions"]}
    compared = {held.change.was, held.rows[-1].number} if held.comparison and held.change else set()
    kept: list[Any] = []
    for version in islice(stream, len(held.public)):
        entry = entries[version.number]
        entry["checks"] = [check(row) for row in version.checks.all() if said(row.recorded_at) <= record["moment"]]
        write_version(writer, record, document, entry, version)
        kept += [version] if version.number in compared else []
    if kept:
        old, new = kept
        writer.add(held.comparison, pages.comparison(record, document, held.comparison, old, new))


def write_version(writer: Writer, record: dict[str, Any], document: dict[str, Any], entry: Any, version: Any) -> None:
    raw = version.canonical()
    values = json.loads(raw)
    entry |= {name: values.get(name, "") for name in verify.REPEATED}
    rows = list(version.citation_rows.all()) if document["kind"] == "article" else []
    writer.cited.add(document["folder"], entry["number"], rows)
    details = {"citations": [citation(row) for row in rows], "sources": readable.sources(values)}
    folder = verify.place(document, entry)
    writer.add(f"{folder}/canonical.json", raw)
    writer.add(f"{folder}/details.json", as_json(details))
    write_pictures(writer, record, readable.pictures(values))
    writer.add(f"{folder}/page.html", readable.page(record, folder, entry, values))
    writer.add(f"{folder}/text.md", readable.text(values))


def write_pictures(writer: Writer, record: dict[str, Any], addresses: Iterable[str]) -> None:
    """Those that are new to the pack; publishing lets no text show what was not uploaded here."""
    for address in addresses:
        if address not in record["pictures"]:
            content, why = pictures.stored(address, pictures.MOST_BYTES - writer.pictured)
            name = None if why else verify.picture_place(address)
            if name:
                writer.add(name, content)
                writer.pictured += len(content)
            record["pictures"][address] = {"file": name, "why": why}


def versions(held: Sequence[Held]) -> Iterator[Any]:
    """The public versions of all documents in full, in their order; three queries for each CHUNK."""
    rows = [(each.kind, row.pk) for each in held for row in each.public]
    for kind, group in groupby(rows, key=itemgetter(0)):
        queryset: Any = HubVersion.objects.prefetch_related("checks")
        if kind == "article":
            queryset = ArticleVersion.objects.prefetch_related("checks", "citation_rows")
        numbers = [pk for _, pk in group]
        for start in range(0, len(numbers), CHUNK):
            found = queryset.in_bulk(numbers[start : start + CHUNK])
            yield from (found[pk] for pk in numbers[start : start + CHUNK])


def citation(row: Citation) -> dict[str, Any]:
    """As the version keeps it for ever; what the register says of the law today is in law.json."""
    return {
        "position": row.position,
        "line": row.line,
        "surface": row.surface,
        "sentence": row.sentence,
        "instrument": row.instrument_key,
        "label": row.label,
        "paragraph": row.paragraph,
    }


def check(row: Check) -> dict[str, Any]:
    return {
        "checked_on": row.checked_on.isoformat(),
        "checked_by": row.checked_by_name,
        "outcome": row.outcome,
        "sources": row.sources,
        "note": row.note,
        "recorded_at": said(row.recorded_at),
    }


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
