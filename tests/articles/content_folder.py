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
        ("articles.topic", {"name": "Classes", "slug": "classes", "scope": "Risk classes", "review_days": 365}),
        ("articles.topic", {"name": "Labels", "slug": "labels", "scope": "Labels and languages", "review_days": 180}),
    ],
}

REGISTER: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "instruments.json": [
        (
            "legislation.instrument",
            {
                "slug": slug,
                "kind": "regulation",
                "short_name": name,
                "title": "Regulation on devices: æøå",
                "issuer": "European Parliament and Council",
                "territory": "EU",
                "celex": celex,
                "consolidated_on": "2026-07-19",
                "eli": "",
                "lovdata": "",
                "address": "",
                "oj_reference": "",
                "adopted": "2017-04",
                "published_on": "2017-05-05",
                "in_force_on": None,
                "applies_from": "2021-05-26",
                "repealed_on": None,
                "status": "in force",
                "summary": "",
                "note": "",
                "is_certain": True,
                "articles": "1-123, 10a",
                "has_lettered_articles": False,
                "annexes": "I-XVII",
                "chapters": "",
                "recitals": "",
                "rules": "",
                "sections": "",
            },
        )
        for slug, name, celex in (
            ("eu-2023-607", "Regulation (EU) 2023/607", "32023R0607"),
            ("mdr", "MDR", "32017R0745"),
        )
    ],
    "instrument_names.json": [("legislation.instrumentname", {"instrument": ["mdr"], "name": "MDR"})],
    "relations.json": [
        (
            "legislation.relation",
            {"instrument": ["eu-2023-607"], "kind": "amends", "target": ["mdr"], "note": "Article 120"},
        )
    ],
    "provisions.json": [
        (
            "legislation.provision",
            {
                "instrument": ["mdr"],
                "kind": "article",
                "number": "120",
                "heading": "Transitional provisions",
                "chapter": "X",
                "position": 1,
                "paragraphs": ["1", "3a"],
                "deleted_paragraphs": ["8"],
                "is_unnumbered": False,
                "structure": "",
                "note": "",
                "is_certain": True,
            },
        )
    ],
    "amendments.json": [
        (
            "legislation.amendment",
            {
                "by": ["eu-2023-607"],
                "provision": ["mdr", "article", "120"],
                "what": "paragraph 3a",
                "published_on": "2023-03-20",
                "applies_on": None,
                "note": "",
            },
        )
    ],
    "incorporations.json": [
        (
            "legislation.incorporation",
            {
                "instrument": ["mdr"],
                "territory": "NO",
                "decision": None,
                "decided_on": None,
                "applies_from": None,
                "note": "",
                "is_certain": False,
            },
        )
    ],
    "deadlines.json": [
        (
            "legislation.deadline",
            {
                "slug": slug,
                "title": "MDR applies",
                "group": "Application dates",
                "kind": "milestone",
                "legal_basis": "MDR Article 123(2)",
                "who": "",
                "condition": "All rules apply.",
                "classes": classes,
                "eu_on": day,
                "rule": "",
                "superseded_by": superseded_by,
                "superseded_note": "",
                "source": "MDR Article 123(2)",
                "is_certain": True,
                "note": "",
                "instruments": [["eu-2023-607"], ["mdr"]],
            },
        )
        # The first names the last, so that rows are not stored in the order of the file.
        for slug, day, classes, superseded_by in (
            ("first-day", "2020-05-26", [], ["second-day"]),
            ("second-day", "2021-05-26", ["class III"], ["third-day"]),
            ("third-day", "2022-05-26", [], None),
        )
    ],
    "national_dates.json": [
        (
            "legislation.nationaldate",
            {"deadline": ["third-day"], "territory": "NO", "applies_on": None, "note": "Not confirmed."},
        )
    ],
    "former_dates.json": [
        (
            "legislation.formerdate",
            {
                "deadline": ["third-day"],
                "territory": "",
                "former_on": "2023-05-26",
                "replaced_on": "2024-01-02",
                "source": "The act that moved it.",
            },
        )
    ],
    "terms.json": [
        (
            "legislation.term",
            {
                "slug": "device",
                "name": "Device",
                "expansion": "",
                "definition": "A product with a medical purpose.",
                "basis": "MDR Article 2(1)",
                "aliases": ["medical device"],
                "see_also": [],
                "is_certain": True,
            },
        )
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


def write_register(root: Path) -> None:
    """A register of law beside the other reference rows: two instruments, and a row of every other kind."""
    for name, rows in REGISTER.items():
        (root / name).write_text(rows_text(rows), encoding="utf-8")


def contents(root: Path) -> dict[str, str]:
    """Every file below the folder: its path and its text."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in files}
