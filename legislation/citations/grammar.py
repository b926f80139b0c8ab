"""The grammar of legal citations, and the road a text takes through it.

    text        = { citation | other } ;
    citation    = reference joint act | act joint reference | act | document ;
    joint       = "" | "," | "of" | "of the" | "to" | "to the" | "in the" | "'s" | "(" … ")" ;
    reference   = { part "of" } anchor { [ "," ] part } ;
    anchor      = ("Article" | "Annex" | "Chapter" | "Recital" | "Rule" | "§") list ;
    part        = ("Section" | "point" | "paragraph" | "subparagraph" | "indent" | "Part" | …) list | ordinal unit ;
    list        = label { ("," | "and" | "or" | …) label | ("to" | "-" | "through") label } ;
    act, document                                    see designations.py

The road: masks (masking.py) → tokens (scanning.py) → phrases (provisions.py, ordinals.py) and mentions
(designations.py) → nodes (structure.py) → acts beside references (joining.py) → references without an act
(resolution.py) → citations. Each step passes once over what the one before it found and looks a fixed number of
tokens around: linear in the text.
"""

from collections.abc import Sequence

from .citation import Citation
from .designations import STARTERS, Mention, mention_at
from .documents import guidance_number
from .existence import reason_for_foreign, reason_for_missing, reason_for_paragraph, reason_for_unnamed
from .joining import bind, joined_acts
from .masking import Mask, masks_of_markdown, masks_of_plain
from .ordinals import ordinals_at
from .provisions import Budget, Phrase, phrases_at
from .registry import Register
from .resolution import resolve
from .respectively import distribute
from .scanning import LOOK_AHEAD, Tokens, scan
from .senses import real_acts
from .structure import Node, nodes_of
from .words import HEADS, ORDINALS

AMERICAN_ADDRESS = "fda.gov"
SMALLEST_BUDGET = 400
STARTS = HEADS.keys() | ORDINALS.keys() | STARTERS.keys()
AND = frozenset(("and", "or", ",", "&"))


def find(text: str, register: Register) -> list[Citation]:
    """The citations of a Markdown text, in order of start; what Markdown hides or links already is left out."""
    return _find(text, masks_of_markdown(text), (), register)


def find_in(parts: Sequence[str], register: Register) -> list[list[Citation]]:
    """The citations of each of the parts of one running text, with offsets into the part.

    Parts are plain text; an empty one ends a block. No citation crosses from one part to the next.
    """
    starts, pieces, length = [], [], 0
    for part in parts:
        piece = part or "\n\n"
        starts.append(length)
        pieces.append(piece)
        length += len(piece)
    text = "".join(pieces)
    found: list[list[Citation]] = [[] for _ in parts]
    index = 0
    for citation in _find(text, masks_of_plain(text), starts, register):
        while index + 1 < len(starts) and starts[index + 1] <= citation.start:
            index += 1
        start = starts[index]
        found[index].append(citation._replace(start=citation.start - start, end=citation.end - start))
    return found


def _find(text: str, masks: list[Mask], edges: Sequence[int], register: Register) -> list[Citation]:
    tokens = scan(text, masks, edges)
    budget = Budget(SMALLEST_BUDGET + len(text) // 40)
    elements = _elements(tokens, register, budget)
    nodes = joined_acts(tokens, nodes_of(tokens, elements, budget))
    nodes = bind(tokens, real_acts(tokens, nodes, is_american=AMERICAN_ADDRESS in text), register, budget)
    nodes = distribute(tokens, nodes)
    resolve(tokens, nodes, register)
    return [citation for node in nodes for citation in _citations(tokens, node, register)]


def _elements(tokens: Tokens, register: Register, budget: Budget) -> list[Phrase | Mention]:
    """Phrases and mentions in order, without overlap."""
    elements: list[Phrase | Mention] = []
    starts = STARTS | register.names.longer.keys()
    position, length = 0, len(tokens.lows) - LOOK_AHEAD
    while position < length:
        low = tokens.lows[position]
        if low not in starts and not low[0].isdecimal():
            position += 1
            continue
        found = _elements_at(tokens, position, elements[-1] if elements else None, register, budget)
        elements += found
        position = found[-1].last if found else position + 1
    return elements


def _elements_at(
    tokens: Tokens, at: int, last: Phrase | Mention | None, register: Register, budget: Budget
) -> Sequence[Phrase | Mention]:
    low = tokens.lows[at]
    mention = mention_at(tokens, at, last.last if last else 0, register)
    if mention:
        return (mention,)
    if low in HEADS:
        return phrases_at(tokens, at, budget)
    if low in ORDINALS or low[0].isdecimal():
        found = ordinals_at(tokens, at) or _further_guidance(tokens, last, at)
        return (found,) if found else ()
    return ()


def _further_guidance(tokens: Tokens, last: Phrase | Mention | None, at: int) -> Mention | None:
    """ "MDCG 2020-5 and 2020-6": the second of a list has no name of its own."""
    if not (isinstance(last, Mention) and last.key.startswith("MDCG-") and last.last == at - 1):
        return None
    found = guidance_number(tokens, at) if tokens.lows[at - 1] in AND else None
    return Mention(found[0], at, found[1], is_number=True, is_document=True) if found else None


def _citations(tokens: Tokens, node: Node, register: Register) -> list[Citation]:
    start, end = tokens.starts[node.first], tokens.ends[node.last - 1]
    if not node.provisions and len(node.keys) == 1:
        return [Citation(start, end, node.keys[0], is_ambiguous=node.is_ambiguous)]
    codes = tuple(provision.code for provision in node.provisions)
    if not node.keys:
        if node.is_foreign:
            reason = reason_for_foreign(node.provisions[0])
        else:
            reason = reason_for_unnamed(node.provisions[0], _example(node, register))
        return [Citation(start, end, None, codes, reason=reason, is_ambiguous=True)]
    found = []
    for key in node.keys:
        missing = reason_for_missing(register, key, node.provisions)
        reason = missing
        if len(node.keys) > 1 and not missing:
            names = " or ".join(register.name(each) for each in node.keys)
            reason = f"This may be of the {names}. Name the act beside it."
        paragraph = "" if missing else reason_for_paragraph(register, key, node.provisions)
        found.append(Citation(start, end, key, codes, not missing, reason, node.is_ambiguous, paragraph))
    return found


def _example(node: Node, register: Register) -> str:
    """The first act of the register in which the provision exists, for the cure in a message."""
    for act in register.measured:
        extent = act.extents.get(node.kind)
        if extent and extent.holds(node.provisions[0].number):
            return act.name
    return next((act.name for act in register.acts.values()), "MDR")
