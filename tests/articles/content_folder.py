"""A small site as files: one hub of two articles, written where a test wants it."""

import json
from pathlib import Path
from typing import Any

ROWS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "jurisdictions.json": [
        ("regulators.jurisdiction", {"code": "AX", "name": "Åland", "region": "europe", "market": "EEA"})
    ],
    "regulators.json": [("regulators.regulator", {"jurisdiction": ["AX"], "slug": "agency", "parent": ""})],
    "regulator_names.json": [
        (
            "regulators.regulatorname",
            {
                "valid_from": "2024-01-01",
                "valid_until": None,
                "regulator": ["agency"],
                "language": "sv",
                "name": "Myndigheten",
                "acronym": "M",
            },
        )
    ],
    "websites.json": [
        (
            "regulators.website",
            {
                "valid_from": None,
                "valid_until": None,
                "regulator": ["agency"],
                "url": "https://agency.example",
                "language": "sv",
                "recorded_on": "2026-11-22",
            },
        )
    ],
    "categories.json": [("articles.category", {"name": "Other", "slug": "other"})],
    "topics.json": [
        ("articles.topic", {"name": "Classes", "slug": "classes", "scope": "Risk classes"}),
        ("articles.topic", {"name": "Labels", "slug": "labels", "scope": "Labels and languages"}),
    ],
}

HUB = """---
title: The agency of Åland
jurisdiction: AX
regulator: agency
slug: aland
summary: Who supervises, under which law.
---
The agency supervises.

### Role

It inspects.

## Key Responsibilities

Vigilance
: Receives reports (MDR Article 87).

## Regulator facts

Remit
: Devices: all of them
"""

ARTICLE = """---
title: {title}
date: {date}
category: Other
topics: classes, labels
summary: What the reader finds: {title}.
---
{body}
"""


def rows_text(rows: list[tuple[str, dict[str, Any]]]) -> str:
    objects = [{"model": model, "fields": fields} for model, fields in rows]
    return "[\n" + ",\n".join(json.dumps(row, indent=2, ensure_ascii=False) for row in objects) + "\n]\n"


def article(title: str = "Rules", date: str = "2026-02-16", body: str = "## In short\n\nText.") -> str:
    return ARTICLE.format(title=title, date=date, body=body)


def write_folder(root: Path) -> Path:
    """The folder of the hub; its reference rows are in `root`."""
    folder = root / "aland"
    folder.mkdir(parents=True)
    for name, rows in ROWS.items():
        (root / name).write_text(rows_text(rows), encoding="utf-8")
    (folder / "hub.md").write_text(HUB, encoding="utf-8")
    (folder / "01-rules.md").write_text(article("Rules"), encoding="utf-8")
    (folder / "02-labels.md").write_text(article("Labels", date="2026-02-10"), encoding="utf-8")
    return folder


def contents(root: Path) -> dict[str, str]:
    """Every file below the folder: its path and its text."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in files}
