"""The rows that every hub shares: Django fixtures with natural keys, one file per model.

A row of the file is the record: an import sets the stored row to it. Rows that the file does not name stay as they are.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.exceptions import ObjectDoesNotExist, ValidationError

from articles.models import Category, Topic
from regulators.models import Jurisdiction, Regulator, RegulatorName, Website

from .frontmatter import ContentError, read_text
from .report import CHANGED, MADE, SKIPPED, UNCHANGED, Report

# In the order in which rows name each other.
FILES: dict[str, Any] = {
    "jurisdictions.json": Jurisdiction,
    "regulators.json": Regulator,
    "regulator_names.json": RegulatorName,
    "websites.json": Website,
    "categories.json": Category,
    "topics.json": Topic,
}
BEFORE_ROW = re.compile(r"[\s,\[]*(?=[^\s,\]])")


def load(folder: Path, report: Report) -> None:
    """Bring the rows of every file in the folder into the database. Raises ContentError."""
    for name, model in FILES.items():
        seen: dict[tuple[Any, ...], int] = {}
        for line, row in read_rows(folder / name):
            candidate = build(model, row, folder / name, line)
            key = candidate.natural_key()
            if key in seen:
                raise ContentError(folder / name, line, f"{label(key)} is also on line {seen[key]}. Keep one row.")
            seen[key] = line
            report.add(*store(candidate, folder / name, line))


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
    position = text.index("[") + 1
    while found := BEFORE_ROW.match(text, position):
        row, position = json.JSONDecoder().raw_decode(text, found.end())
        yield text.count("\n", 0, found.end()) + 1, row


def build(model: Any, row: Any, path: Path, line: int) -> Any:
    """An unsaved object of the row's values."""
    name = model._meta.label_lower
    if not isinstance(row, dict) or row.keys() != {"model", "fields"} or not isinstance(row["fields"], dict):
        raise ContentError(path, line, 'A row is {"model": …, "fields": {…}}. Write it so.')
    if row["model"] != name:
        raise ContentError(path, line, f"“{row['model']}” does not belong in this file. Use {name}.")
    if not is_storable(row):
        raise ContentError(path, line, "A character here cannot be stored. Remove \\u0000 and lone \\ud800 to \\udfff.")
    wanted = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    for key in row["fields"]:
        if key not in wanted:
            raise ContentError(path, line, f"The key {key} is unknown. Use {', '.join(wanted)}.")
    for key in wanted:
        if key not in row["fields"]:
            raise ContentError(path, line, f"The key {key} is missing. Add it to this row.")
    return model(**{key: value_of(model, key, value, path, line) for key, value in row["fields"].items()})


def value_of(model: Any, name: str, value: Any, path: Path, line: int) -> Any:
    field = model._meta.get_field(name)
    if field.related_model:
        related: Any = field.related_model
        try:
            return related.objects.get_by_natural_key(*value)
        except (ObjectDoesNotExist, TypeError, ValueError) as error:
            file = next(file for file, known in FILES.items() if known is related)
            problem = f"The {name} {value} is unknown. Add it to {file}, or name one that is there."
            raise ContentError(path, line, problem) from error
    if value is not None and not isinstance(value, str):
        raise ContentError(path, line, f"{name}: {json.dumps(value)} is no text. Put it in quotes.")
    try:
        return field.to_python(value)
    except ValidationError as error:
        raise ContentError(path, line, f"{name}: {' '.join(error.messages)} Correct it.") from error


def store(candidate: Any, path: Path, line: int) -> tuple[str, Path, str, str]:
    """Save the object unless its row is the same already; says what was done."""
    name = label(candidate.natural_key())
    try:
        present = type(candidate).objects.get_by_natural_key(*candidate.natural_key())
    except ObjectDoesNotExist:
        present = None
    if present:
        candidate.pk, candidate._state.adding = present.pk, False
        if all(getattr(candidate, f.attname) == getattr(present, f.attname) for f in candidate._meta.concrete_fields):
            return SKIPPED, path, name, UNCHANGED
    try:
        candidate.full_clean()
    except ValidationError as error:
        raise ContentError(path, line, f"{name}: {said(error)} Correct this row.") from error
    candidate.save()
    return (CHANGED if present else MADE), path, name, ""


def dump(name: str) -> str:
    """The file of that name as the database has it, in the order of natural keys."""
    rows = sorted(FILES[name].objects.select_related(), key=lambda row: row.natural_key())
    options = {"indent": 2, "use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    return str(serializers.serialize("json", rows, **options))


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
