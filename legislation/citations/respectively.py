"""Lists that are shared out: "Articles 83 and 78 of the MDR and the IVDR respectively"."""

from .joining import SHARING
from .provisions import Phrase
from .scanning import Tokens
from .structure import ACT, Node, between
from .words import ANCHORS

NEAR = 4
JOINTS = frozenset(("of", "the", ",", "to", "in"))


def distribute(tokens: Tokens, nodes: list[Node]) -> list[Node]:
    """One node for each item and each bare act, where as many items as acts stand before "respectively"."""
    if "respectively" not in tokens.lows:
        return nodes
    result: list[Node] = []
    position = 0
    while position < len(nodes):
        node = nodes[position]
        acts = _acts_after(tokens, nodes, position)
        if acts and node.phrase and len(node.phrase.written) == len(acts) + 1 == len(node.provisions):
            result += _parted(tokens, node, node.phrase, acts)
            position += 1 + len(acts)
        elif len(acts) == 1 and result and _is_listed(tokens, result[-1], node):
            result += _exchanged(tokens, result.pop(), node, acts[0])
            position += 2
        else:
            result.append(node)
            position += 1
    return result


def _is_listed(tokens: Tokens, before: Node, node: Node) -> bool:
    return before.is_reference and not before.keys and between(tokens, before.last, node.first) == ("and",)


def _exchanged(tokens: Tokens, first: Node, second: Node, act: Node) -> list[Node]:
    """ "Article 7 and Article 6 of the MDR and IVDR, respectively"."""
    end = _end_of_reference(tokens, second)
    name = Node(ACT, end, second.last, second.keys)
    while tokens.lows[name.first] in JOINTS:
        name.first += 1
    first.keys, second.keys, second.last, act.provisions = second.keys, act.keys, end, ()
    return [first, second, name, act]


def _end_of_reference(tokens: Tokens, node: Node) -> int:
    """The token after the provision: the last joint before the act, or the list itself."""
    joints = [at for at in range(node.first, node.last) if tokens.lows[at] in ("of", "to", "in")]
    return joints[-1] if joints else node.phrase.last if node.phrase else node.last


def _acts_after(tokens: Tokens, nodes: list[Node], position: int) -> list[Node]:
    node = nodes[position]
    acts: list[Node] = []
    if node.kind not in ANCHORS or not node.is_bound_after:
        return []
    last = node.last
    for following in nodes[position + 1 : position + NEAR]:
        if following.kind != ACT or between(tokens, last, following.first) not in SHARING:
            break
        acts.append(following)
        last = following.last
    return acts if "respectively" in tokens.lows[last : last + 3] else []


def _parted(tokens: Tokens, node: Node, phrase: Phrase, acts: list[Node]) -> list[Node]:
    keys = [node.keys[0], *(act.keys[0] for act in acts)]
    parts = []
    for number, (first, last, _) in enumerate(phrase.written):
        start = node.first if number == 0 else first
        parts.append(Node(node.kind, start, last, (keys[number],), (node.provisions[number],)))
    end = phrase.last
    while tokens.lows[end] in JOINTS:
        end += 1
    name = Node(ACT, end, node.last, (keys[0],))
    for act in acts:
        act.provisions = ()
    return [*parts, name, *acts]
