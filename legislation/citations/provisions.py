"""Phrases that name provisions: a head word and its list of numbers, ranges expanded.

phrase = head { list-mark item | range-mark item } ;      "Articles 44(8), 48(1) and (5)", "Annexes IX to XI"
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from . import labels
from .labels import Label
from .numerals import between
from .scanning import GLUED, SPACED, Tokens
from .words import (
    ABBREVIATED,
    AND_FOLLOWING,
    ANNEX,
    ARTICLE,
    CHAPTER,
    COUNTED,
    HEADS,
    INDENT,
    INSIDE_MARKS,
    LIST_MARKS,
    LIST_STARTS,
    PARA,
    PARAGRAPH,
    PART,
    PLURAL_HEADS,
    POINT,
    RANGE_MARKS,
    RECITAL,
    RULE,
    SECTION,
    SENTENCE,
    SIGNS_OF_AMOUNT,
    SUB,
)

type_of_item = Callable[[Tokens, int], tuple[Label, int] | None]
ITEMS: dict[str, type_of_item] = {
    ARTICLE: labels.number,
    PARAGRAPH: labels.paragraph,
    RULE: labels.rule,
    ANNEX: labels.numeral,
    CHAPTER: labels.numeral,
    RECITAL: labels.recital,
    SECTION: labels.section,
    POINT: labels.point,
    PARA: labels.para,
    SUB: labels.point,
    INDENT: labels.point,
    PART: labels.part,
    SENTENCE: labels.dotted,
}


@dataclass(slots=True)
class Phrase:
    """Tokens `first` to `last` (exclusive), what kind of provision they name, and which."""

    kind: str
    first: int
    last: int
    items: list[Label]
    written: list[tuple[int, int, int]] = field(default_factory=list)
    """For each item its first token, the token after it and how many labels the list has with it."""


@dataclass(slots=True)
class Budget:
    """How many provisions ranges may still expand to: keeps the work linear in the length of the text."""

    left: int


def phrases_at(tokens: Tokens, at: int, budget: Budget) -> list[Phrase]:
    """The phrase that begins at a head word; an annex may bring the number of its section with it."""
    kind = HEADS[tokens.lows[at]]
    is_plural = tokens.lows[at] in PLURAL_HEADS
    after = at + 1
    if kind == PARAGRAPH and tokens.lows[after] == "§":
        is_plural, after = True, after + 1
    if tokens.lows[after] == "." and tokens.gaps[after] == GLUED and tokens.lows[at] in ABBREVIATED:
        after += 1
    first = ITEMS[kind](tokens, after)
    if first is None or (kind != PARAGRAPH and tokens.gaps[after] == GLUED and tokens.lows[after - 1] != "."):
        return []
    if kind in (RULE, PARAGRAPH) and _is_decimal(tokens, after + 1):
        return [Phrase(SECTION, at, found[1], [found[0]])] if (found := labels.dotted(tokens, after)) else []
    if _is_number_of_act(tokens, first[1]):
        return []
    if kind == PART and "." in first[0].number:
        kind = SECTION
    phrase = Phrase(kind, at, first[1], [first[0]], [(at, first[1], 1)])
    _continue_list(tokens, phrase, is_plural, budget)
    if kind in (ANNEX, CHAPTER, PART):
        section = _bare_section(tokens, phrase, budget)
        return [phrase, section] if section else [phrase]
    if kind == ARTICLE:
        _take_following(tokens, phrase)
    return [phrase]


def _is_number_of_act(tokens: Tokens, at: int) -> bool:
    """Whether "/745" follows."""
    low = tokens.lows[at + 1]
    return tokens.lows[at] == "/" and tokens.gaps[at] == GLUED and low.isdecimal() and len(low) > 2


def _is_decimal(tokens: Tokens, at: int) -> bool:
    return tokens.lows[at] == "." and tokens.gaps[at + 1] == GLUED and tokens.lows[at + 1].isdecimal()


def _mark(tokens: Tokens, at: int, marks: dict[str, list[tuple[str, ...]]]) -> int:
    """The token after the first of `marks` that stands at `at`; 0 when none does."""
    lows = tokens.lows
    found = marks.get(lows[at], ())
    if lows[at + 1] not in INSIDE_MARKS:
        return at + 1 if found and len(found[-1]) == 1 else 0
    for mark in found:
        if len(mark) == 1 or tuple(lows[at : at + len(mark)]) == mark:
            return at + len(mark)
    return 0


def _continue_list(tokens: Tokens, phrase: Phrase, is_plural: bool, budget: Budget) -> None:
    while True:
        at = phrase.last
        if phrase.kind in (SECTION, POINT, PARA) and tokens.lows[at] == "." and tokens.gaps[at] == GLUED:
            at += tokens.lows[at + 1] in LIST_STARTS and tokens.lows[at + 1] != "-"
        if tokens.lows[at] not in LIST_STARTS:
            return
        after = _mark(tokens, at, RANGE_MARKS) if tokens.lows[at] in RANGE_MARKS else 0
        if after and _take_range(tokens, phrase, after, budget):
            continue
        after = _mark(tokens, at, LIST_MARKS)
        if not after or not _take_item(tokens, phrase, after, is_plural):
            return


def _take_range(tokens: Tokens, phrase: Phrase, at: int, budget: Budget) -> bool:
    if HEADS.get(tokens.lows[at]) == phrase.kind and phrase.kind in (ARTICLE, ANNEX, RECITAL, RULE, CHAPTER, PARAGRAPH):
        at += 1
        at += tokens.lows[at] == "." and tokens.lows[at - 1] in ABBREVIATED
    found = _inner_item(tokens, phrase.items[-1], at) or ITEMS[phrase.kind](tokens, at)
    if found is None:
        return False
    label, after = found
    names = _names_between(phrase.items[-1], label)
    if names is None:
        return False
    if len(names) - 1 > budget.left:
        names = ()
    budget.left -= len(names)
    phrase.items += [_renamed(phrase.items[-1], label, name) for name in names[:-1]]
    phrase.items.append(label)
    phrase.last = after
    phrase.written.append((at, after, len(phrase.items)))
    return True


def _depth(first: Label, last: Label) -> int:
    """Where the ends of a range differ: -1 in the number itself, else in this inner label."""
    if first.number != last.number:
        return -1
    pairs = zip(first.inner, last.inner, strict=False)
    return next((depth for depth, (one, other) in enumerate(pairs) if one != other), len(first.inner))


def _names_between(first: Label, last: Label) -> tuple[str, ...] | None:
    """What follows the one end up to the other; () when it is too much to be listed, None for no range."""
    depth = _depth(first, last)
    if depth >= 0:
        is_inner = depth < min(len(first.inner), len(last.inner))
        return between(first.inner[depth], last.inner[depth]) if is_inner else None
    names = between(first.number, last.number) or _dotted_between(first.number, last.number)
    if names is None:
        is_rising = first.number.isdecimal() and last.number.isdecimal() and int(first.number) < int(last.number)
        return () if is_rising else None
    return names


def _renamed(first: Label, last: Label, name: str) -> Label:
    depth = _depth(first, last)
    return Label(name) if depth < 0 else Label(last.number, (*last.inner[:depth], name))


def _dotted_between(first: str, last: str) -> tuple[str, ...] | None:
    """4.4 to 4.7 is 4.5, 4.6, 4.7."""
    stem, dot, low = first.rpartition(".")
    other, _, high = last.rpartition(".")
    names = between(low, high) if dot and stem == other else None
    return tuple(f"{stem}.{name}" for name in names) if names else None


def _inner_item(tokens: Tokens, last: Label, at: int) -> tuple[Label, int] | None:
    """ "(5)" after 56(1) is 56(5); "(b)" or "b)" after 2(1)(a) is 2(1)(b)."""
    if not last.inner:
        return None
    found = labels.bracketed(tokens, at) or labels.lettered(tokens, at)
    if not found:
        return None
    is_number = found[0][0].isdecimal()
    depths = [depth for depth, name in enumerate(last.inner) if name[0].isdecimal() == is_number]
    if not depths:
        return None
    further, after = labels.inner_labels(tokens, found[1])
    return Label(last.number, (*last.inner[: depths[-1]], found[0], *further)), after


def _take_item(tokens: Tokens, phrase: Phrase, at: int, is_plural: bool) -> bool:
    found = _inner_item(tokens, phrase.items[-1], at)
    if not found:
        found = ITEMS[phrase.kind](tokens, at)
        if not found or not _is_listed(tokens, phrase, found, at, is_plural):
            return False
    phrase.items.append(found[0])
    phrase.last = found[1]
    phrase.written.append((at, found[1], len(phrase.items)))
    return True


def _is_listed(tokens: Tokens, phrase: Phrase, found: tuple[Label, int], at: int, is_plural: bool) -> bool:
    """Whether a number after a comma or "and" goes on with the list, and is no date, amount, act or pronoun."""
    label, after = found
    following = tokens.lows[after]
    if tokens.texts[at] in ("I", "a", "i") and not is_plural and following.isalpha() and tokens.texts[after].islower():
        return following in ("of", "to", "and", "or") and tokens.texts[at] == "I"
    if not label.number[0].isdecimal():
        return True
    is_long = len(label.number) > 3 and phrase.kind != SECTION
    is_act = _is_number_of_act(tokens, after)
    is_counting = following in COUNTED or following.startswith(SIGNS_OF_AMOUNT)
    is_decimal = phrase.kind in (ARTICLE, ANNEX) and _is_decimal(tokens, after)
    is_roman = phrase.kind in (ANNEX, CHAPTER, PART) and not phrase.items[0].number.isdecimal()
    return not (is_long or is_act or is_counting or is_decimal or is_roman)


def _take_following(tokens: Tokens, phrase: Phrase) -> None:
    """ "85 f." is 85 and 86; "83 ff." and "83 et seq." are 83 and an unknown number more."""
    if tokens.lows[phrase.last] == "et" and tokens.lows[phrase.last + 1] in AND_FOLLOWING:
        phrase.last += 2
        return
    word = tokens.lows[phrase.last]
    last = phrase.items[-1]
    if word not in ("f", "ff") or tokens.gaps[phrase.last] > SPACED or last.inner or not last.number.isdecimal():
        return
    if word == "f":
        phrase.items.append(Label(str(int(last.number) + 1)))
    phrase.last += 1


def _bare_section(tokens: Tokens, phrase: Phrase, budget: Budget) -> Phrase | None:
    """The number of a section right after its annex: I 17.2, III 2c, I (17.2), I, 23.4, IX 4.8, III.20."""
    at, lows = phrase.last, tokens.lows
    bracket = lows[at] == "(" and tokens.gaps[at] <= SPACED
    is_glued = lows[at] in (".", "/") and tokens.gaps[at] == tokens.gaps[at + 1] == GLUED
    mark = bracket or lows[at] == "," or is_glued
    start = at + 1 if mark else at
    found = labels.dotted(tokens, start) if tokens.gaps[start] <= SPACED else None
    if not found or (not mark and tokens.gaps[start] == GLUED):
        return None
    label, after = found
    is_plain = "." not in label.number and not label.inner
    if bracket:
        is_refused = lows[after] != ")" or (is_plain and len(label.number) > 2)
    elif phrase.kind == ANNEX:
        is_refused = is_plain and not mark
    else:
        is_refused = not mark or (lows[at] == "," and is_plain)
    if is_refused or not (is_glued or _is_listed(tokens, Phrase(SECTION, at, at, []), found, start, True)):
        return None
    if len(label.number) > 3 and is_plain:
        return None
    first = start if lows[at] == "," else at
    if bracket:
        inner, after = labels.inner_labels(tokens, after + 1)
        return Phrase(SECTION, first, after, [Label(label.number, (*label.inner, *inner))])
    section = Phrase(SECTION, first, after, [label])
    _continue_list(tokens, section, True, budget)
    return section
