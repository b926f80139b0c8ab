"""Citations that lead nowhere: what does not exist, and what the register does not tell the act of."""

from legislation.linking import MISSING, UNRESOLVED
from legislation.rendering import Text

from .finding import Finding


def missing(text: Text) -> list[Finding]:
    """What does not exist in the act that the text names."""
    return [
        Finding(citation.line, f"{citation.reason} Correct the number, or name another act.", is_wrong=True)
        for citation in text.citations
        if citation.state == MISSING
    ]


def unresolved(text: Text) -> list[Finding]:
    return [
        Finding(citation.line, f"“{citation.surface}” leads nowhere. {citation.reason}")
        for citation in text.citations
        if citation.state == UNRESOLVED
    ]
