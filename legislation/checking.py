"""Every citation of a text, with what the register of law knows about each: the check that /check/ and the API give.

A citation of several provisions, or of one in several acts, is several findings at one position.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from elendihub.models import Generation
from legislation import citations, lookup, register
from legislation.citations import Citation, Register
from legislation.judgement import Judge, Rows, Verdict
from legislation.models import Amendment

# Of UTF-8.
MOST_BYTES = 200_000
# A text of that size can hold fifty thousand names of acts; an answer may not grow without bounds.
MOST_FINDINGS = 5_000
# Characters. A list of a thousand provisions is a thousand findings, each of which would repeat it whole.
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """`line` and `column` count from 1; `start` and `end` are code points of the text from 0, the end exclusive."""

    line: int
    column: int
    start: int
    end: int
    as_written: str
    """Cut after LONGEST_WORDS."""
    verdict: Verdict
    is_ambiguous: bool
    note: str
    """What the reader should know about the reading: which acts it may be of, or that none is named beside it."""


@dataclass(frozen=True, slots=True)
class Report:
    """`found` counts all findings, `findings` holds at most MOST_FINDINGS of them, in the order of the text."""

    findings: list[Finding]
    found: int
    states: Counter[str]
    on: date
    """The day for which repeals are told."""
    generation: int = 0
    """Of the site, when the register was asked."""


def check(text: str, on: date) -> Report:
    """In six queries, however long the text is."""
    generation = Generation.objects.current()
    known = register.current()
    # As plain text: a checker says what stands in links and code, too.
    (found,) = citations.find_in((text,), known)
    return replace(report(text, found, known, rows_for(found), on), generation=generation)


def report(text: str, found: Iterable[Citation], known: Register, rows: Rows, on: date) -> Report:
    judge = Judge(known, rows, on)
    findings: list[Finding] = []
    states: Counter[str] = Counter()
    breaks = [position for position, character in enumerate(text) if character == "\n"]
    for citation in found:
        line = bisect_right(breaks, citation.start - 1)
        column = citation.start - (breaks[line - 1] if line else -1)
        as_written, note = cut(text[citation.start : citation.end]), note_on(citation)
        for label in citation.provisions or ("",):
            verdict = judge.verdict(citation, label)
            states[verdict.state] += 1
            if len(findings) < MOST_FINDINGS:
                place = (line + 1, column, citation.start, citation.end, as_written)
                findings.append(Finding(*place, verdict, citation.is_ambiguous, note))
    return Report(findings, states.total(), states, on)


def cut(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"


def note_on(citation: Citation) -> str:
    if not citation.is_ambiguous or citation.instrument is None:
        return ""
    has_rivals = citation.exists and citation.reason
    return citation.reason if has_rivals else "No act is named beside it; this one is taken from the text around it."


def rows_for(found: Iterable[Citation]) -> Rows:
    """What the register holds about the citations, in three queries."""
    pairs = {(each.instrument, label) for each in found for label in each.provisions or ("",)}
    targets = lookup.find_rows(pairs)
    by_provision: defaultdict[int, list[Amendment]] = defaultdict(list)
    by_instrument: defaultdict[int, list[Amendment]] = defaultdict(list)
    amendments = Amendment.objects.filter(provision__instrument__in=[row.pk for row in targets.instruments.values()])
    for amendment in amendments.select_related("by", "provision").newest_first() if targets.instruments else ():
        by_provision[amendment.provision_id].append(amendment)
        by_instrument[amendment.provision.instrument_id].append(amendment)
    return Rows(targets, by_provision, by_instrument)
