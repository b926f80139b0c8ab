"""Designations of one act side by side, and references with the act that stands next to them."""

from .existence import may_hold
from .provisions import Budget
from .registry import Register
from .scanning import SPACED, Tokens
from .structure import ACT, DOCUMENT, DROPPED, LOOSE, Node, add_part, between
from .words import AND_FOLLOWING, ANNEX, RULE

TO_ACT = frozenset(
    (
        (),
        (",",),
        ("of",),
        ("of", "the"),
        ("of", ","),
        ("of", ",", "the"),
        ("to", ","),
        ("to", ",", "the"),
        ("to",),
        ("to", "the"),
        ("in", "the"),
        (",", "of"),
        (",", "of", "the"),
        (".", "of"),
        (".", "of", "the"),
        ("i",),
        ("av",),
        ("til",),
        ("(",),
        ("(", '"'),
    )
)
TO_REFERENCE = frozenset(((), (",",), ("'", "s"), ("'", "s", ",")))
SHARING = frozenset((("/",), ("and",), ("or",), ("and", "/", "or"), ("and", "the"), ("or", "the"), ("&",), ("og",)))
ABBREVIATED_ROWS = AND_FOLLOWING | {"f", "ff"}
# Guidance and standards have these parts; articles, recitals and rules are parts of acts only.
PARTS_OF_DOCUMENTS = frozenset(("annex", "chapter", "paragraph"))


def joined_acts(tokens: Tokens, nodes: list[Node]) -> list[Node]:
    """ "Medical Device Regulation (EU) 2017/745 (MDR)" is one designation."""
    result: list[Node] = []
    for node in nodes:
        before = result[-1] if result else None
        if before is None or not (before.kind == node.kind == ACT and before.keys == node.keys):
            result.append(node)
            continue
        gap = between(tokens, before.last, node.first)
        is_opened = before.first > 0 and tokens.lows[before.first - 1] == "("
        if gap == () and before.is_number != node.is_number and tokens.gaps[node.first]:
            before.last, before.is_number = node.last, True
        elif gap in (("(",), ("(", '"'), ("(", "'")) and (closed := _closed(tokens, node.last)):
            before.last = closed
        elif gap == (")",) and is_opened:
            before.first, before.last = before.first - 1, node.last
        else:
            result.append(node)
            continue
        _close_brackets(tokens, result)
    return result


def _close_brackets(tokens: Tokens, nodes: list[Node]) -> None:
    """ "Medical Device Regulation (MDR 2017/745)": the bracket closes after two designations."""
    if len(nodes) < 2 or nodes[-2].kind != ACT or nodes[-2].keys != nodes[-1].keys:
        return
    closed = _closed(tokens, nodes[-1].last)
    if closed and between(tokens, nodes[-2].last, nodes[-1].first) == ("(",):
        nodes[-2].last = closed
        nodes.pop()


def _closed(tokens: Tokens, at: int) -> int:
    """The token after the bracket that closes here, if one does."""
    if tokens.lows[at] in ('"', "'"):
        at += 1
    return at + 1 if tokens.lows[at] == ")" else 0


def bind(tokens: Tokens, nodes: list[Node], register: Register, budget: Budget) -> list[Node]:
    """Each reference with the act next to it as one node; parts of documents are dropped."""
    result: list[Node] = []
    position = 0
    while position < len(nodes):
        node = nodes[position]
        before = result[-1] if result else None
        if node.kind not in (ACT, DOCUMENT):
            result.append(node)
            position += 1
        elif before and before.is_reference and not before.keys and _take_act(tokens, before, node):
            position += 1
            if position < len(nodes) and _takes_annex(tokens, before, nodes[position]):
                before.last, position = nodes[position].last, position + 1
            if position < len(nodes) and nodes[position].kind == LOOSE and node.kind == ACT:
                position += add_part(tokens, before, nodes[position], budget)
            if before.kind == DROPPED:
                result.append(node)
        else:
            position += _take_reference(tokens, result, nodes, position)
    share(tokens, result, register)
    return [node for node in result if node.kind not in (LOOSE, DROPPED)]


def _take_act(tokens: Tokens, reference: Node, act: Node) -> bool:
    """The reference and the act after it; "Articles 92 et seq. of the MDR" has the full stop of its abbreviation."""
    gap = between(tokens, reference.last, act.first)
    if gap not in TO_ACT and not (gap == (".",) and tokens.lows[reference.last - 1] in ABBREVIATED_ROWS):
        return False
    if act.kind == DOCUMENT:
        is_part = reference.kind in PARTS_OF_DOCUMENTS and gap not in ((",",), ("(",))
        if is_part:
            reference.kind = DROPPED
        return is_part
    if not may_hold(act.keys[0], reference.kind):
        return False
    closed = _closed(tokens, act.last) if gap and gap[0] == "(" else act.last
    if not closed:
        return False
    reference.keys, reference.last, reference.is_bound_after = act.keys, closed, True
    return True


def _takes_annex(tokens: Tokens, rule: Node, annex: Node) -> bool:
    """ "Rule 1 of MDR Annex VIII": the annex only says where the rule stands."""
    return rule.kind == RULE and annex.kind == ANNEX and between(tokens, rule.last, annex.first) == ()


def _take_reference(tokens: Tokens, result: list[Node], nodes: list[Node], position: int) -> int:
    """The act and the reference after it; how many nodes were used."""
    act = nodes[position]
    following = nodes[position + 1] if position + 1 < len(nodes) else None
    result.append(act)
    if following is None or not following.is_reference:
        return 1
    gap = between(tokens, act.last, following.first)
    if gap not in TO_REFERENCE and not (act.kind == DOCUMENT and gap == (":",)):
        return 1
    later = nodes[position + 2] if position + 2 < len(nodes) else None
    link = between(tokens, following.last, later.first) if later and later.kind in (ACT, DOCUMENT) else None
    is_same = later is not None and later.keys == act.keys
    is_beside = later is not None and tokens.gaps[later.first] == SPACED
    if (
        link in TO_ACT
        and not (is_same and (link or not is_beside))
        and (link and link[0] != "(" and link != (",",) or (gap == (",",) and link == ()))
    ):
        return 1
    if act.kind == DOCUMENT:
        following.kind = DROPPED if following.kind in PARTS_OF_DOCUMENTS else following.kind
        return 1
    if not may_hold(act.keys[0], following.kind):
        return 1
    result.pop()
    following.first, following.keys = act.first, act.keys
    result.append(following)
    after = nodes[position + 3] if position + 3 < len(nodes) else None
    leads_on = later and after and after.is_reference and between(tokens, later.last, after.first) == ()
    if later and is_same and not leads_on and link in TO_ACT and link not in ((), (",",)):
        closed = _closed(tokens, later.last) if link and link[0] == "(" else later.last
        if closed:
            following.last = closed
            return 3
    return 2


def share(tokens: Tokens, nodes: list[Node], register: Register) -> None:
    """ "Annex I of the MDR and IVDR", "MDR/IVDR Annex I": the bare name carries the provision too."""
    for position, node in enumerate(nodes[:-1]):
        following = nodes[position + 1]
        is_shared = node.is_bound_after and following.kind == ACT
        if not is_shared and (node.kind != ACT or following.kind == ACT):
            continue
        gap = between(tokens, node.last, following.first)
        if gap not in SHARING:
            continue
        if node.is_reference and node.is_bound_after and following.kind == ACT:
            _give(following, node, register)
            continue
        is_led = following.is_reference and following.keys and not following.is_bound_after
        if node.kind == ACT and not node.provisions and gap == ("/",) and is_led:
            _give(node, following, register)


def _give(act: Node, reference: Node, register: Register) -> None:
    extents = [register.extent(key, reference.kind) for key in (act.keys[0], reference.keys[0])]
    if all(extent and all(extent.holds(item.number) for item in reference.provisions) for extent in extents):
        act.provisions = reference.provisions
