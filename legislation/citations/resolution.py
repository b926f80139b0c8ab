"""Which act a reference without one belongs to.

In this order:
1. It says so: "of the lease agreement", "of this Regulation", "Article 10 TFEU": another text, no act.
2. It is listed with a reference that has one: "Article 5 and Annex I MDR".
3. A preposition leads to one: "Article 16(2) under the MDR".
4. "of that Regulation", "its Articles": the act named last.
5. The act, or the acts side by side, named last before it in its block, then the one named next in the block, then
   the one named last in the text, then the only one of the text. Acts whose extent the register knows go before
   others, and acts in which the provision exists before those in which it does not.
"""

from dataclasses import dataclass
from itertools import accumulate

from .existence import holds, may_hold
from .foreign import ALL, FOREIGN, LAST, TREATIES, binder
from .registry import Register
from .scanning import BLOCK, Tokens
from .structure import DOCUMENT, Node, between
from .words import HEADS, PARAGRAPH, RULE

LISTED = frozenset(
    (
        (",",),
        ("and",),
        ("or",),
        (",", "and"),
        ("/",),
        ("and", "/", "or"),
        ("&",),
        ("and", "in"),
        ("and", "the"),
        ("of", ",", "and"),
        ("to", ",", "and"),
        ("of", ",", "or"),
    )
)
SIDE_BY_SIDE = LISTED | {
    ("or", "the"),
    ("and", "of", "the"),
    ("as", "well", "as", "the"),
    ("-",),
    ("and", "to", "the"),
    ("(",),
    (")", "and"),
    (")", "or"),
    (")", ","),
    (")", "/"),
    (")", "and", "the"),
}
LEADING = frozenset("under for in within by from pursuant according per".split())
LED_BY = frozenset(("the", "to", "with", "both", "new", "current"))
TITLE_STARTS = frozenset(("on", "concerning", "of", "relating"))
LONGEST_TITLE = 16


@dataclass(slots=True)
class Group:
    """Acts that are named side by side."""

    first: int
    last: int
    block: int
    keys: tuple[str, ...]
    is_bare: bool = True
    """No provision is named with them."""


def resolve(tokens: Tokens, nodes: list[Node], register: Register) -> None:
    """Give every reference its acts; those that stay without one belong to none that is named."""
    if all(node.keys or not node.is_reference for node in nodes):
        return
    blocks = _counts(tokens, BLOCK)
    cells = _counts(tokens, "|") if "|" in tokens.lows else blocks
    treaties = _treaties(tokens)
    _bind_lists(tokens, nodes)
    groups = _groups(tokens, nodes, blocks)
    distinct = {key for group in groups for key in group.keys}
    before = treaty = -1
    for position, node in enumerate(nodes):
        while before + 1 < len(groups) and groups[before + 1].first < node.first:
            before += 1
        if not node.is_reference or node.keys or node.is_foreign:
            continue
        before_it = nodes[position - 1] if position else None
        if not groups:
            node.is_foreign = binder(tokens, node, before_it, None) == FOREIGN
            continue
        link = binder(tokens, node, before_it, nodes[position + 1] if position + 1 < len(nodes) else None)
        while treaty + 1 < len(treaties) and treaties[treaty + 1] < node.first:
            treaty += 1
        since = groups[before].last if before >= 0 else 0
        is_of_treaty = treaty >= 0 and max(since, node.first - LONGEST_TITLE) <= treaties[treaty]
        if link == FOREIGN or (is_of_treaty and blocks[treaties[treaty]] == blocks[node.first]):
            node.is_foreign = True
            if is_of_treaty:
                treaties[treaty] = node.first
            continue
        _choose(tokens, node, groups, before, (blocks, cells), register, link, len(distinct))


def _counts(tokens: Tokens, mark: str) -> list[int]:
    """For each token how many such marks stand up to it."""
    return list(accumulate(low == mark for low in tokens.lows))


def _treaties(tokens: Tokens) -> list[int]:
    found = [at for at, low in enumerate(tokens.lows) if low in TREATIES]
    return [at for at in found if tokens.texts[at][0].isupper()]


def _bind_lists(tokens: Tokens, nodes: list[Node]) -> None:
    """Backwards: "Article 2(58) and Article 83 MDR" are both of the MDR."""
    for node, following in zip(reversed(nodes[:-1]), reversed(nodes[1:]), strict=True):
        if not (node.is_reference and not node.keys and following.is_reference and following.is_bound_after):
            continue
        gap = between(tokens, node.last, following.first)
        if gap in LISTED and all(may_hold(key, node.kind) for key in following.keys):
            node.keys, node.is_bound_after = following.keys, True


def _groups(tokens: Tokens, nodes: list[Node], blocks: list[int]) -> list[Group]:
    groups: list[Group] = []
    for node in nodes:
        if node.kind == DOCUMENT or not node.keys:
            continue
        last = groups[-1] if groups else None
        if last and last.block == blocks[node.first] and _is_side_by_side(tokens, last.last, node.first):
            last.keys += tuple(key for key in node.keys if key not in last.keys)
            last.last = node.last
        else:
            groups.append(Group(node.first, node.last, blocks[node.first], node.keys, not node.is_reference))
    return groups


def _is_side_by_side(tokens: Tokens, first: int, last: int) -> bool:
    if not 0 < last - first <= LONGEST_TITLE:
        return False
    if between(tokens, first, last) in SIDE_BY_SIDE:
        return True
    gap = between(tokens, first, last, LONGEST_TITLE)
    if not gap or gap[0] not in TITLE_STARTS or any(word == "." or word in HEADS for word in gap):
        return False
    return gap[-1] in ("and", "or", "(") or gap[-2:] == ("and", "the")


def _choose(
    tokens: Tokens,
    node: Node,
    groups: list[Group],
    before: int,
    places: tuple[list[int], list[int]],
    register: Register,
    link: str,
    distinct: int,
) -> None:
    """`places`: for each token the number of its block and of its cell in a table."""
    blocks, cells = places
    block = blocks[node.first]
    led = _led_to(tokens, node, groups, before)
    order = [led] if led else []
    order += [groups[index] for index in range(before, max(-1, before - 8), -1) if groups[index].block == block]
    if link != LAST:
        later = [group for group in groups[before + 1 : before + 3] if group.block == block]
        order += [group for group in later if _is_open(group, node, cells)]
    is_certain = bool(order) or distinct == 1
    order += [groups[index] for index in range(before, max(-1, before - 8), -1) if groups[index].block != block]
    if distinct == 1 and link != LAST:
        order += [group for group in groups[:1] if group.block != block or _is_open(group, node, cells)]
    if link == ALL:
        order = (
            [Group(0, 0, block, tuple(dict.fromkeys(key for group in order for key in group.keys)))] if order else []
        )
    if node.kind == "annex" and tokens.lows[node.last] in ("devices", "products", "device", "product"):
        order = [group for group in order if any(register.extent(key, "annex") for key in group.keys)]
    best = _best(node, order, register, is_last=link == LAST or led is not None)
    node.keys = tuple(best)
    node.is_ambiguous = len(best) > 1 or (bool(best) and not (is_certain and (distinct == 1 or led or link == LAST)))


def _is_open(group: Group, node: Node, cells: list[int]) -> bool:
    """Whether acts named after a reference may be its own: not those that another cell has with provisions."""
    return group.is_bare or cells[group.first] <= cells[node.first]


def _led_to(tokens: Tokens, node: Node, groups: list[Group], before: int) -> Group | None:
    following = groups[before + 1] if before + 1 < len(groups) else None
    gap = between(tokens, node.last, following.first) if following else None
    return following if gap and gap[0] in LEADING and LED_BY.issuperset(gap[1:]) else None


def _best(node: Node, order: list[Group], register: Register, *, is_last: bool) -> list[str]:
    """The acts of the first group that hold the provision, or that could."""
    fitting = [[key for key in group.keys if _fits(node, key, register)] for group in order]
    fitting = [keys for keys in fitting if keys]
    if not fitting or is_last:
        return fitting[0] if fitting else []
    for keys in fitting:
        held = [key for key in keys if _holds_all(node, key, register)]
        if held:
            return held
    return fitting[0]


def _holds_all(node: Node, key: str, register: Register) -> bool:
    """An act of unknown extent holds a §: few acts are known so well, and a § is of the Norwegian one named last."""
    found = [holds(register, key, item) for item in node.provisions]
    return all(found) or (node.kind == PARAGRAPH and False not in found)


def _fits(node: Node, key: str, register: Register) -> bool:
    if not may_hold(key, node.kind) or not node.provisions:
        return False
    extent = register.extent(key, node.kind)
    if extent is None:
        act = register.act(key)
        return node.kind != RULE and not (act and act.extents)
    return node.kind not in ("annex", "chapter") or not extent.is_roman or not node.provisions[0].number.isdecimal()
