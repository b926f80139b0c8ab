"""The citations of a text as the desk lists them while somebody writes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from legislation.linking import MISSING, RESOLVED, UNRESOLVED, TextCitation

# What wants an editor's eye comes first.
ORDER = (MISSING, UNRESOLVED, RESOLVED)
MOST = 500


@dataclass(frozen=True)
class CitationList:
    """`rows` are the first MOST, `summary` counts all of them."""

    rows: list[TextCitation]
    summary: str


def listed(citations: Sequence[TextCitation]) -> CitationList:
    rows = sorted(citations, key=lambda citation: ORDER.index(citation.state))
    return CitationList(rows[:MOST], summary(citations))


def summary(citations: Sequence[TextCitation]) -> str:
    """12 citations, 1 does not exist, 2 lead nowhere"""
    counts = Counter(citation.state for citation in citations)
    parts = [f"{len(citations)} {'citation' if len(citations) == 1 else 'citations'}"]
    if number := counts[MISSING]:
        parts.append(f"{number} {'does' if number == 1 else 'do'} not exist")
    if number := counts[UNRESOLVED]:
        parts.append(f"{number} {'leads' if number == 1 else 'lead'} nowhere")
    return ", ".join(parts) if citations else "No citation of the law found in this text"
