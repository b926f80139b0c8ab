"""The rows that every hub shares: Django fixtures with natural keys, one file per model.

A row of the file is the record: an import sets the stored row to it. Rows that the file does not name stay as they are.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import models

from articles.models import Category, Topic
from legislation.models import (
    Amendment,
    Deadline,
    FormerDate,
    Incorporation,
    Instrument,
    InstrumentName,
    NationalDate,
    Provision,
    Relation,
    Term,
)
from regulators.models import Jurisdiction, Regulator, RegulatorName, Website

from .frontmatter import ContentError, read_text
from .report import CHANGED, MADE, SKIPPED, UNCHANGED, Report

# In the order in which rows name each other.
SHARED: dict[str, Any] = {
    "jurisdictions.json": Jurisdiction,
    "regulators.json": Regulator,
    "regulator_names.json": RegulatorName,
    "websites.json": Website,
    "categories.json": Category,
    "topics.json": Topic,
}
# The register of law. Content of a site without one comes without these files.
REGISTER: dict[str, Any] = {
    "instruments.json": Instrument,
    "instrument_names.json": InstrumentName,
    "relations.json": Relation,
    "provisions.json": Provision,
    "amendments.json": Amendment,
    "incorporations.json": Incorporation,
    "deadlines.json": Deadline,
    "national_dates.json": NationalDate,
    "former_dates.json": FormerDate,
    "terms.json": Term,
}
FILES = SHARED | REGISTER
# Fields whose values stand in quotes in JSON.
WRITTEN = (models.CharField, models.TextField, models.DateField)
BEFORE_ROW = re.compile(r"[\s,\[]*(?=[^\s,\]])")

Key = tuple[Any, ...]


@dataclass
class Source:
    """One row of a file as it is written, and where it stands."""

    path: Path
    line: int
    fields: dict[str, Any]

    def error(self, problem: str) -> ContentError:
        return ContentError(self.path, self.line, problem)


class Stored:
    """The rows of the database by natural key. Each table is read once, so that thousands of rows load in a moment."""

    def __init__(self) -> None:
        self.tables: dict[Any, dict[Key, Any]] = {}

    def rows(self, model: Any) -> dict[Key, Any]:
        if model not in self.tables:
            many = [field.name for field in model._meta.many_to_many]
            found = model.objects.select_related().prefetch_related(*many)
            self.tables[model] = {row.natural_key(): row for row in found}
        return self.tables[model]


def load(folder: Path, report: Report, files: Mapping[str, Any] = FILES) -> None:
    """Bring the rows of every file in the folder into the database. Raises ContentError; belongs in a transaction."""
    stored = Stored()
    for name, model in files.items():
        if name in REGISTER and not (folder / name).exists():
            continue
        lines: dict[Key, int] = {}
        sources = [checked(model, row, folder / name, line) for line, row in read_rows(folder / name)]
        for source in named_first(model, sources, stored):
            candidate, many = build(model, source, stored)
            key = candidate.natural_key()
            if key in lines:
                raise source.error(f"{label(key)} is also on line {lines[key]}. Keep one row.")
            lines[key] = source.line
            report.add(*store(candidate, many, source, stored))


def read_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Each object of the JSON list with the line on which it begins."""
    text = read_text(path)
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise ContentError(path, error.lineno, f"This is not JSON: {error.msg}. Correct it.") from error
    except (ValueError, RecursionError) as error:
        raise ContentError(path, 1, "A number here is too long, or rows stand too deep in one another.") from error
    if not isinstance(rows, list):
        raise ContentError(path, 1, "This is not a list of rows. Put the rows between [ and ].")
    line, position = 1, text.index("[") + 1
    counted = 0
    while found := BEFORE_ROW.match(text, position):
        line, counted = line + text.count("\n", counted, found.end()), found.end()
        row, position = json.JSONDecoder().raw_decode(text, found.end())
        yield line, row


def checked(model: Any, row: Any, path: Path, line: int) -> Source:
    """The row, when it has the form of one. Raises ContentError."""
    name = model._meta.label_lower
    if not isinstance(row, dict) or row.keys() != {"model", "fields"} or not isinstance(row["fields"], dict):
        raise ContentError(path, line, 'A row is {"model": …, "fields": {…}}. Write it so.')
    if row["model"] != name:
        raise ContentError(path, line, f"“{row['model']}” does not belong in this file. Use {name}.")
    if not is_storable(row):
        raise ContentError(path, line, "A character here cannot be stored. Remove \\u0000 and lone \\ud800 to \\udfff.")
    wanted = field_names(model)
    for key in row["fields"]:
        if key not in wanted:
            raise ContentError(path, line, f"The key {key} is unknown. Use {', '.join(wanted)}.")
    for key in wanted:
        if key not in row["fields"]:
            raise ContentError(path, line, f"The key {key} is missing. Add it to this row.")
    return Source(path, line, row["fields"])


def field_names(model: Any) -> list[str]:
    """What a file says of a row: all that an editor may set."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [field.name for field in fields if field.editable and not field.primary_key]


def named_first(model: Any, sources: list[Source], stored: Stored) -> Iterator[Source]:
    """The rows in the order of the file, but none before a row of the same file that it names.

    Each is to be stored before the next is asked for.
    """
    own = [field.name for field in model._meta.concrete_fields if field.related_model is model]
    while sources and own:
        ready = [source for source in sources if all(is_known(source.fields[name], stored.rows(model)) for name in own)]
        if not ready:
            break
        yield from ready
        sources = [source for source in sources if source not in ready]
    yield from sources


def is_known(value: Any, rows: dict[Key, Any]) -> bool:
    return value is None or find(value, rows) is not None


def find(value: Any, rows: dict[Key, Any]) -> Any:
    """The row with this natural key, or None."""
    try:
        return rows.get(tuple(value))
    except TypeError:
        return None


def build(model: Any, source: Source, stored: Stored) -> tuple[Any, dict[str, list[Any]]]:
    """An unsaved object of the row's values, and what it is to be related to many times. Raises ContentError."""
    many = {field.name: related(field, source, stored) for field in model._meta.many_to_many}
    values = {name: value_of(model, name, source, stored) for name in source.fields if name not in many}
    return model(**values), many


def value_of(model: Any, name: str, source: Source, stored: Stored) -> Any:
    field, value = model._meta.get_field(name), source.fields[name]
    if field.related_model:
        if value is None and field.null:
            return None
        return named(field, value, source, stored)
    if value is None and not field.null:
        raise source.error(f'{name}: null stands here. Write a value; an empty text is "".')
    if isinstance(field, WRITTEN) and value is not None and not isinstance(value, str):
        raise source.error(f"{name}: {json.dumps(value)} is no text. Put it in quotes.")
    try:
        return field.to_python(value)
    except ValidationError as error:
        raise source.error(f"{name}: {' '.join(error.messages)} Correct it.") from error


def named(field: Any, value: Any, source: Source, stored: Stored) -> Any:
    """The row that the file means. Raises ContentError."""
    row = find(value, stored.rows(field.related_model))
    if row is None:
        file = next(file for file, known in FILES.items() if known is field.related_model)
        raise source.error(f"The {field.name} {value} is unknown. Add it to {file}, or name one that is there.")
    return row


def related(field: Any, source: Source, stored: Stored) -> list[Any]:
    values = source.fields[field.name]
    if not isinstance(values, list) or not values:
        raise source.error(f"{field.name}: This is not a list of rows. Name at least one, such as [[…]].")
    return [named(field, value, source, stored) for value in values]


def store(candidate: Any, many: dict[str, list[Any]], source: Source, stored: Stored) -> tuple[str, Path, str, str]:
    """Save the object unless its row is the same already; says what was done."""
    key = candidate.natural_key()
    present = stored.rows(type(candidate)).get(key)
    single = [field for field in candidate._meta.concrete_fields if field.name in source.fields]
    if present and is_same(candidate, present, single, many):
        return SKIPPED, source.path, label(key), UNCHANGED
    if present:
        # What no file says stays: when it was changed, how often a date has moved.
        for field in single:
            setattr(present, field.name, getattr(candidate, field.name))
    row = present or candidate
    try:
        row.full_clean()
    except ValidationError as error:
        raise source.error(f"{label(key)}: {said(error)} Correct this row.") from error
    row.save()
    for name, rows in many.items():
        getattr(row, name).set(rows)
    stored.rows(type(row))[key] = row
    return (CHANGED if present else MADE), source.path, label(key), ""


def is_same(candidate: Any, present: Any, single: list[Any], many: dict[str, list[Any]]) -> bool:
    if any(getattr(candidate, field.attname) != getattr(present, field.attname) for field in single):
        return False
    return all(set(getattr(present, name).all()) == set(rows) for name, rows in many.items())


def dump(name: str) -> str:
    """The file of that name as the database has it, in the order of natural keys."""
    rows = sorted(FILES[name].objects.select_related(), key=lambda row: row.natural_key())
    options = {"indent": 2, "use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    return str(serializers.serialize("json", rows, fields=field_names(FILES[name]), **options))


def is_storable(row: Any) -> bool:
    text = json.dumps(row, ensure_ascii=False)
    return "\\u0000" not in text and not re.search("[\ud800-\udfff]", text)


def label(key: tuple[Any, ...]) -> str:
    return " ".join(map(str, key))


def said(error: ValidationError) -> str:
    """Every message of the error, each with the name of its field."""
    return " ".join(
        f"{name}: {' '.join(messages)}" if name != "__all__" else " ".join(messages)
        for name, messages in error.message_dict.items()
    )
