"""What an editor should look at again before a text is published. Pure functions on a rendered text: advice, except
what does not exist."""

from collections.abc import Iterable

from legislation.rendering import Text

from .citations import missing, unresolved
from .finding import Finding
from .headings import skipped_levels
from .links import empty_words, foreign_pictures, missing_descriptions
from .names import FormerName, names_out_of_use
from .terms import obsolete_terms
from .time import undated

__all__ = ["Finding", "FormerName", "advice", "lint", "missing", "refusals", "unresolved"]


def refusals(text: Text) -> list[Finding]:
    """What keeps a text from being published."""
    return sorted([*missing(text), *foreign_pictures(text.blocks), *missing_descriptions(text.blocks)])


def lint(text: Text, *, top: int, names: Iterable[FormerName] = ()) -> list[Finding]:
    """Every finding in the order of the text. `top` is the level of heading that the text begins at."""
    return sorted([*missing(text), *unresolved(text), *advice(text, top=top, names=names)])


def advice(text: Text, *, top: int, names: Iterable[FormerName] = ()) -> list[Finding]:
    """The findings that are not about citations."""
    blocks = text.blocks
    found = [
        *obsolete_terms(blocks),
        *names_out_of_use(blocks, names),
        *undated(blocks),
        *missing_descriptions(blocks),
        *skipped_levels(blocks, top),
        *empty_words(blocks),
    ]
    return sorted(found)
