"""Which parts of two sequences are the same, in order: what is unique to both first, then the shortest edit between."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Match = tuple[int, int, int]


@dataclass
class Budget:
    """Steps that are left for the search of shortest edits."""

    left: int


def align(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Match]:
    """Matching runs as (start in old, start in new, length), in order, none empty.

    What both begin and end with is matched, then what occurs once in each (patience diff), then the shortest edit of
    what lies between (Myers 1986) while the budget lasts; after that such a stretch has no match.
    """
    pairs = [pair for start, end in gaps(old, new) for pair in edit(old, new, start, end, budget)]
    return runs(pairs)


Corner = tuple[int, int]


def gaps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Corner, Corner]]:
    """Stretches of both, from one corner to the next, that together cover everything; anchors begin each."""
    start, end = trimmed(old, new, (0, 0), (len(old), len(new)))
    corners = [(0, 0), start, *anchors(old, new, start, end), end, (len(old), len(new))]
    yield from zip(corners, corners[1:], strict=False)


def trimmed(old: Sequence[str], new: Sequence[str], start: Corner, end: Corner) -> tuple[Corner, Corner]:
    """The corners without what both stretches begin and end with."""
    (i, j), (n, m) = start, end
    while i < n and j < m and old[i] == new[j]:
        i, j = i + 1, j + 1
    while i < n and j < m and old[n - 1] == new[m - 1]:
        n, m = n - 1, m - 1
    return (i, j), (n, m)


def anchors(old: Sequence[str], new: Sequence[str], start: Corner, end: Corner) -> list[Corner]:
    """The longest row, rising in both, of what occurs once in each stretch."""
    (i, j), (n, m) = start, end
    counts, others = Counter(old[i:n]), Counter(new[j:m])
    places = {token: place for place, token in enumerate(new[j:m], start=j) if others[token] == 1}
    found = [(i + at, places[token]) for at, token in enumerate(old[i:n]) if counts[token] == 1 and token in places]
    return rising(found)


def rising(pairs: Sequence[Corner]) -> list[Corner]:
    """The longest subsequence whose second numbers rise; the first ones rise already."""
    tails: list[int] = []
    ends: list[int] = []
    links: list[int] = []
    for number, (_, place) in enumerate(pairs):
        at = bisect_left(tails, place)
        links.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [place]
        ends[at : at + 1] = [number]
    chain = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = links[at]
    return chain[::-1]


def edit(old: Sequence[str], new: Sequence[str], start: Corner, end: Corner, budget: Budget) -> list[Corner]:
    """Matched places of a stretch: those at its two ends, and of its middle those of a shortest edit."""
    left, right = trimmed(old, new, start, end)
    head = [(start[0] + step, start[1] + step) for step in range(left[0] - start[0])]
    tail = [(right[0] + step, right[1] + step) for step in range(end[0] - right[0])]
    middle: list[Corner] = []
    if left[0] < right[0] and left[1] < right[1]:
        part, other = old[left[0] : right[0]], new[left[1] : right[1]]
        if not set(part).isdisjoint(other):
            middle = [(left[0] + i, left[1] + j) for i, j in shortest(part, other, budget)]
    return [*head, *middle, *tail]


def shortest(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Corner]:
    """Matched places of a shortest edit (Myers 1986); none when the budget does not last."""
    furthest = {1: 0}
    trace = []
    for cost in range(len(old) + len(new) + 1):
        budget.left -= cost + 1
        if budget.left < 0:
            return []
        trace.append(furthest.copy())
        for diagonal in range(-cost, cost + 1, 2):
            goes_down = diagonal == -cost or (diagonal != cost and furthest[diagonal - 1] < furthest[diagonal + 1])
            i = furthest[diagonal + 1] if goes_down else furthest[diagonal - 1] + 1
            began = i
            j = i - diagonal
            while i < len(old) and j < len(new) and old[i] == new[j]:
                i, j = i + 1, j + 1
            budget.left -= i - began
            furthest[diagonal] = i
            if i >= len(old) and j >= len(new):
                return walked_back(trace, len(old), len(new))
    return []


def walked_back(trace: Sequence[dict[int, int]], i: int, j: int) -> list[Corner]:
    pairs: list[Corner] = []
    for cost in range(len(trace) - 1, -1, -1):
        furthest, diagonal = trace[cost], i - j
        goes_down = diagonal == -cost or (diagonal != cost and furthest[diagonal - 1] < furthest[diagonal + 1])
        before = diagonal + 1 if goes_down else diagonal - 1
        start_i = furthest[before] if cost else 0
        start_j = start_i - before if cost else 0
        first = start_i if goes_down or not cost else start_i + 1
        while i > first and j > 0:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        i, j = start_i, start_j
    return pairs[::-1]


def runs(pairs: Sequence[Corner]) -> list[Match]:
    found: list[Match] = []
    for i, j in pairs:
        if found and found[-1][0] + found[-1][2] == i and found[-1][1] + found[-1][2] == j:
            start_i, start_j, length = found[-1]
            found[-1] = (start_i, start_j, length + 1)
        else:
            found.append((i, j, 1))
    return found
