"""What the recogniser returns."""

from typing import NamedTuple


class Citation(NamedTuple):
    """One reference of a text to a legal instrument, or to provisions of it.

    `start` and `end` count code points of the text; the end is exclusive.
    """

    start: int
    end: int
    instrument: str | None
    """Key such as "MDR", "EU-2012-1025", "MDCG-2021-24", "ISO-13485"; None when it is not known which act is meant."""
    provisions: tuple[str, ...] = ()
    """Ranges and lists expanded: "art_120(3c)", "anx_VIII", "rule_11", "rec_19", "chp_VII", "par_5"."""
    exists: bool = True
    """False when the register knows how far the instrument goes and a provision lies outside it."""
    reason: str = ""
    """Empty when resolved and existing; else one sentence that tells an editor the cure."""
    is_ambiguous: bool = False
    """Several acts fit, or the act was taken from the context without certainty."""
    paragraph_reason: str = ""
    """One sentence when the article exists and the paragraph does not; else empty."""
