"""The findings of a check as files: JSON, in one shape for the API and the download, and CSV for a spreadsheet."""

import csv
from io import StringIO
from typing import Any

from legislation.checking import Finding, Report
from legislation.judgement import DELETED, EXISTS, MISSING, NO_ACT, STATES, UNREGISTERED, UNVERIFIED, Change

COLUMNS = (
    "line",
    "column",
    "start",
    "end",
    "as_written",
    "citation",
    "instrument",
    "state",
    "verified_to",
    "reason",
    "note",
    "amended_by",
    "repealed_on",
    "page",
    "official_text",
)
PHRASES = {
    EXISTS: ("exists", "exist"),
    MISSING: ("does not exist", "do not exist"),
    DELETED: ("was deleted", "were deleted"),
    UNVERIFIED: ("is not verified", "are not verified"),
    UNREGISTERED: ("is not in the register", "are not in the register"),
    NO_ACT: ("has no known act", "have no known act"),
}
# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def summary(report: Report) -> str:
    """ "3 citations: 2 exist, 1 does not exist" """
    counted = [(report.states[state], PHRASES[state]) for state in STATES if report.states[state]]
    parts = [f"{count} {words[count > 1]}" for count, words in counted]
    citations = f"{report.found} citation{'s' * (report.found > 1)}"
    return f"{citations}: {', '.join(parts)}" if parts else "No citation found"


def as_json(report: Report) -> dict[str, Any]:
    return {
        "citations": [finding_as_json(finding) for finding in report.findings],
        "summary": {"citations": report.found, "listed": len(report.findings)}
        | {state: report.states[state] for state in STATES},
        "register": {"generation": report.generation, "checked_on": report.on.isoformat()},
    }


def finding_as_json(finding: Finding) -> dict[str, Any]:
    verdict = finding.verdict
    return {
        "line": finding.line,
        "column": finding.column,
        "start": finding.start,
        "end": finding.end,
        "as_written": finding.as_written,
        "citation": verdict.citation,
        "instrument": verdict.key or None,
        "provision": verdict.label or None,
        "state": verdict.state,
        "exists": verdict.exists,
        "verified_to": verdict.verified_to or None,
        "reason": verdict.reason,
        "is_ambiguous": finding.is_ambiguous,
        "note": finding.note,
        "amendments": [change_as_json(change) for change in verdict.amendments],
        "is_repealed": verdict.is_repealed,
        "repealed_on": verdict.repealed_on and verdict.repealed_on.isoformat(),
        "page": verdict.page or None,
        "official_text": verdict.official_text or None,
    }


def change_as_json(change: Change) -> dict[str, Any]:
    return {
        "by": change.by,
        "what": change.what,
        "published_on": change.published_on and change.published_on.isoformat(),
        "applies_on": change.applies_on and change.applies_on.isoformat(),
        "page": change.page,
    }


def as_csv(report: Report) -> str:
    """With a byte order mark, without which Excel reads every letter beyond ASCII wrongly."""
    file = StringIO()
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(row(finding) for finding in report.findings)
    return file.getvalue()


def row(finding: Finding) -> list[str | int]:
    verdict = finding.verdict
    texts = (
        finding.as_written,
        verdict.citation,
        verdict.instrument or verdict.key,
        verdict.state_in_words,
        verdict.verified_to,
        verdict.reason,
        finding.note,
        "; ".join(in_words(change) for change in verdict.amendments),
        verdict.repealed_on.isoformat() if verdict.repealed_on else "",
        verdict.page,
        verdict.official_text,
    )
    return [finding.line, finding.column, finding.start, finding.end, *map(harmless, texts)]


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def in_words(change: Change) -> str:
    """ "Regulation (EU) 2023/607 (paragraph 3), published on 20 March 2023, applies from a day not confirmed" """
    published, applies = (
        f"{day:%-d %B %Y}" if day else "a day not confirmed" for day in (change.published_on, change.applies_on)
    )
    what = f" ({change.what})" if change.what else ""
    return f"{change.by}{what}, published on {published}, applies from {applies}"
