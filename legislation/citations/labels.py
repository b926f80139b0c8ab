"""One number of a provision with what is written close to it: 120(3c), 10.4.1, 1(b), 2(1)(a), XIV, (a)."""

from functools import lru_cache
from typing import NamedTuple

from .numerals import LONGEST_NUMBER, arabic, roman
from .scanning import GLUED, SPACED, Tokens

# The commonest tokens after a number, none of which begins an inner label.
NO_INNER = frozenset((",", "and", "of", "to"))


class Label(NamedTuple):
    number: str
    inner: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def _plain(number: str) -> Label:
    return Label(number)


def bracketed(tokens: Tokens, at: int) -> tuple[str, int] | None:
    """The label in "(3c)", "(a)", "(iv)", "(30-32)", and the token after it."""
    lows = tokens.lows
    if lows[at] != "(":
        return None
    if lows[at + 1].isdecimal() and len(lows[at + 1]) <= 3:
        if lows[at + 2] == ")":
            return lows[at + 1], at + 3
        if lows[at + 2] == "-" and lows[at + 3].isdecimal() and len(lows[at + 3]) <= 3 and lows[at + 4] == ")":
            return f"{lows[at + 1]}-{lows[at + 3]}", at + 5
        if len(lows[at + 2]) == 1 and lows[at + 2].isalpha() and lows[at + 3] == ")":
            return lows[at + 1] + lows[at + 2], at + 4
    elif _is_letters(tokens.texts[at + 1]) and lows[at + 2] == ")":
        return lows[at + 1], at + 3
    return None


def _is_letters(text: str) -> bool:
    """Whether it labels a point: a, aa, iv; not the abbreviation of an act."""
    is_doubled = len(text) == 2 and text[0] == text[1] and text.islower()
    return (
        text.isascii() and text.isalpha() and (len(text) == 1 or is_doubled or (text.islower() and bool(roman(text))))
    )


def lettered(tokens: Tokens, at: int) -> tuple[str, int] | None:
    """The label in "a)", and the token after it."""
    text = tokens.texts[at]
    if len(text) == 1 and text.isascii() and text.islower() and tokens.lows[at + 1] == ")":
        return (text, at + 2) if tokens.gaps[at + 1] == GLUED else None
    return None


def inner_labels(tokens: Tokens, at: int) -> tuple[tuple[str, ...], int]:
    """What follows a number closely: (3)(a), .2.j, (2)b, a)."""
    lows, gaps = tokens.lows, tokens.gaps
    if lows[at] in NO_INNER:
        return (), at
    labels: list[str] = []
    while True:
        dot = 1 if lows[at] == "." and gaps[at] == GLUED and gaps[at + 1] == GLUED else 0
        found = bracketed(tokens, at + dot) if gaps[at + dot] <= SPACED else None
        if not found and gaps[at] == SPACED:
            found = lettered(tokens, at)
        if not found and (dot or (labels and gaps[at] == GLUED)):
            found = _glued(tokens, at + dot)
        if not found:
            return tuple(labels), at
        labels.append(found[0])
        at = found[1]


def _glued(tokens: Tokens, at: int) -> tuple[str, int] | None:
    """The part after a full stop or a bracket: 2, j, 3a."""
    text = tokens.texts[at]
    is_last = tokens.gaps[at + 1] != GLUED or not tokens.lows[at + 1].isalnum()
    if text.isdecimal() and len(text) <= 3:
        if is_last:
            return text, at + 1
        letter = tokens.texts[at + 1]
        is_lettered = len(letter) == 1 and letter.islower()
        return (text + letter, at + 2) if is_lettered else None
    return (text, at + 1) if len(text) == 1 and text.islower() and text.isascii() and is_last else None


def number(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """An Arabic number, a letter close to it, and its inner labels: 120(3c), 10a, 21.2.j."""
    digits = tokens.lows[at]
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
        return None
    digits = digits.lstrip("0") or "0"
    at += 1
    if tokens.gaps[at] == GLUED and tokens.lows[at].isalpha():
        letter = tokens.lows[at]
        if len(letter) > 1 or not letter.isascii():
            return None
        digits, at = digits + letter, at + 1
    if tokens.lows[at] in NO_INNER:
        return _plain(digits), at
    inner, at = inner_labels(tokens, at)
    return Label(digits, inner), at


def section(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """The number after "section": as `dotted`, but 6a is a section of its own, inserted after 6."""
    found = dotted(tokens, at)
    if not found or not found[0].inner or "." in found[0].number:
        return found
    label, after = found
    is_inserted = tokens.gaps[at + 1] == GLUED and tokens.lows[at + 1] == label.inner[0]
    return (Label(label.number + label.inner[0], label.inner[1:]), after) if is_inserted else found


def dotted(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """The number of a part: 10.4.1, 3e, 1.1(b), 2.(f), "5.2. (b) of"."""
    digits = tokens.lows[at]
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= LONGEST_NUMBER):
        return None
    lows, gaps = tokens.lows, tokens.gaps
    parts = [digits]
    at += 1
    while (
        lows[at] == "."
        and gaps[at] == GLUED
        and gaps[at + 1] == GLUED
        and lows[at + 1].isdecimal()
        and len(lows[at + 1]) < 4
    ):
        parts.append(lows[at + 1])
        at += 2
    inner: list[str] = []
    if gaps[at] == GLUED and lows[at].isalpha():
        if len(lows[at]) > 1:
            return None
        inner.append(lows[at])
        at += 1
    if lows[at] == "." and gaps[at] == GLUED and gaps[at + 1] == SPACED and not inner:
        spaced = bracketed(tokens, at + 1)
        at += spaced is not None and lows[spaced[1]] in ("of", "to", "in", ",")
    further, at = inner_labels(tokens, at)
    return Label(".".join(parts), (*inner, *further)), at


def numeral(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """The number of an annex or a chapter: XIV, IA, 7."""
    text = tokens.texts[at]
    if text.isascii() and text.isdecimal():
        is_alone = tokens.gaps[at + 1] != GLUED or not tokens.lows[at + 1].isalnum()
        return (Label(text.lstrip("0") or "0"), at + 1) if len(text) <= LONGEST_NUMBER and is_alone else None
    value = arabic(text)[0] if text.isascii() and len(text) <= 8 and text.isalpha() else None
    if value is None or value > 39:
        return None
    if roman(text) is not None:
        return _plain(text.upper()), at + 1
    is_lettered = text[:-1].isupper()
    return (Label(text), at + 1) if is_lettered else None


def point(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """The label of a point: (a), a), f, 12, 2.5."""
    found = bracketed(tokens, at) or lettered(tokens, at)
    if found:
        inner, after = inner_labels(tokens, found[1])
        return Label(found[0], inner), after
    text = tokens.texts[at]
    if len(text) == 1 and text.isascii() and text.islower() and tokens.gaps[at] != GLUED:
        return (Label(text), at + 1) if tokens.gaps[at + 1] != GLUED or not tokens.lows[at + 1].isalnum() else None
    return dotted(tokens, at)


def para(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """The number of a paragraph of an article: 3, (3), 3c."""
    return section(tokens, at) if tokens.lows[at].isdecimal() else point(tokens, at)


def part(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """The label of a part of an annex: A, III, 3, or the number of a section."""
    text = tokens.texts[at]
    if len(text) == 1 and text.isascii() and text.isupper():
        return Label(text), at + 1
    return numeral(tokens, at) if text.isalpha() else dotted(tokens, at)


def recital(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """The number of a recital: 43 or (43)."""
    found = bracketed(tokens, at)
    if found:
        return (Label(found[0]), found[1]) if found[0].isdecimal() else None
    return numeral(tokens, at) if tokens.lows[at].isdecimal() else None


def rule(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """The number of a rule with its indent: 11, 10(a), "11 a of"."""
    found = numeral(tokens, at)
    if not found:
        return None
    inner, after = inner_labels(tokens, found[1])
    letter = tokens.texts[after]
    if (
        not inner
        and len(letter) == 1
        and letter.isascii()
        and letter.islower()
        and tokens.lows[after + 1] in ("of", ")")
    ):
        inner, after = (letter,), after + 1
    return Label(found[0].number, inner), after


def paragraph(tokens: Tokens, at: int) -> tuple[Label, int] | None:
    """The number of a Norwegian paragraph: 5, 5a, 3-1 is the first of chapter 3 unless a list of §§."""
    found = number(tokens, at)
    lows, gaps = tokens.lows, tokens.gaps
    if not found or tokens.lows[at - 2] == "§":
        return found
    label, after = found
    is_double = lows[after] == "-" and gaps[after] == gaps[after + 1] == GLUED and lows[after + 1].isdecimal()
    if is_double and not label.inner and len(lows[after + 1]) < 4:
        return Label(f"{label.number}-{lows[after + 1]}"), after + 2
    return found
