"""How far an instrument goes, from what editors type ("1-123, 10a") to what the recogniser asks."""

from django.core.exceptions import ValidationError

from legislation.citations import Extent
from legislation.citations.numerals import arabic, between


def read(text: str, *, is_open_lettered: bool = False) -> Extent:
    """The first range is kept as one; what else is listed stands alone. Raises ValueError with the cure."""
    ranges = [part.strip().partition("-") for part in text.split(",")]
    for first, dash, last in ranges:
        _refuse_unreadable(first, dash, last)
    (first, dash, last), *others = ranges
    more = {number for begin, mark, end in others for number in _listed(begin, mark, end)}
    if not dash and others:
        return Extent(more=frozenset({first, *more}), is_open_lettered=is_open_lettered)
    return Extent(first, last or first, frozenset(more), is_open_lettered)


def readable(text: str) -> None:
    """The validator of fields that hold an extent."""
    try:
        read(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _refuse_unreadable(first: str, dash: str, last: str) -> None:
    for number in (first, last) if dash else (first,):
        if arabic(number)[0] is None:
            raise ValueError(f"“{number}” is no number. Write ranges and numbers with commas: 1-123, 10a.")
    if not dash:
        return
    if first.isdecimal() != last.isdecimal():
        raise ValueError(f"“{first}-{last}” mixes two ways of counting. Write 1-17 or I-XVII.")
    if (arabic(first)[0] or 0) > (arabic(last)[0] or 0):
        raise ValueError(f"“{first}-{last}” runs backwards. Write {last}-{first}.")


def _listed(first: str, dash: str, last: str) -> list[str]:
    return [first, *(between(first, last) or ())] if dash else [first]
