"""Phrases and mentions to nodes: a reference with all that narrows it, an act, a document.

reference = { part ( "of" | "," ) } anchor { [ "," ] part } ;   "second subparagraph of Article 52(4)",
                                                                "Annex XIV, Part A, Section 3"
citation  = reference [ "," | "of" | "of the" | "to the" | "in the" | "(" ] act
          | act [ "," | "'s" ] reference | act | document ;
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from . import numerals
from .designations import Mention
from .labels import Label
from .provisions import Budget, Phrase
from .scanning import GLUED, Tokens
from .words import ANCHORS, ANNEX, ARTICLE, CHAPTER, INDENT, PARA, PART, POINT, RULE, SECTION, SENTENCE, STANDALONE, SUB

ACT, DOCUMENT, LOOSE, DROPPED = "act", "document", "loose", "dropped"
PREFIXES = {ARTICLE: "art", ANNEX: "anx", CHAPTER: "chp", "recital": "rec", RULE: "rule", "paragraph": "par"}
DESCENDING = frozenset(
    (
        (),
        (",",),
        ("of",),
        ("of", "the"),
        ("in",),
        (",", "of"),
        (".", "of"),
        (".",),
        (".", ","),
        ("i",),
        ("av",),
        ("to",),
        ("under",),
    )
)
JOINING = frozenset((("and",), ("or",), (",", "and"), (".", "and")))
FOLLOWING = frozenset(((), (",",), (".", ",")))
PARTS = {
    ARTICLE: frozenset((SECTION, POINT, PARA, SUB, INDENT, SENTENCE)),
    ANNEX: frozenset((SECTION, POINT, PARA, SUB, INDENT, PART, CHAPTER, RULE)),
    "paragraph": frozenset((POINT, PARA, SUB)),
    RULE: frozenset((SUB, INDENT, POINT, PARA)),
    CHAPTER: frozenset((SECTION, PART)),
    "recital": frozenset(),
}


class Provision(NamedTuple):
    kind: str
    number: str
    code: str
    paragraph: str = ""
    """Label of the paragraph, where an article is cited by one."""


@dataclass(slots=True)
class Node:
    """Tokens `first` to `last` (exclusive)."""

    kind: str
    first: int
    last: int
    keys: tuple[str, ...] = ()
    provisions: Sequence[Provision] = ()
    phrase: Phrase | None = None
    is_number: bool = False
    is_ambiguous: bool = False
    is_bound_after: bool = False
    """Its act follows it, as in "Article 5 MDR"."""
    is_foreign: bool = False
    """It belongs to a text that is none of the known instruments."""

    @property
    def is_reference(self) -> bool:
        return self.kind in PREFIXES


def between(tokens: Tokens, first: int, last: int, longest: int = 5) -> tuple[str, ...] | None:
    """The tokens between two nodes without a closing quotation mark; None when they are too many."""
    if not 0 <= last - first <= longest:
        return None
    gap = tuple(tokens.lows[first:last])
    if gap and (gap[0] == '"' or (gap[0] == "'" and gap[1:2] != ("s",))):
        gap = gap[1:]
    return gap


def nodes_of(tokens: Tokens, elements: list[Phrase | Mention], budget: Budget) -> list[Node]:
    nodes: list[Node] = []
    position = 0
    while position < len(elements):
        element = elements[position]
        if isinstance(element, Mention):
            kind = DOCUMENT if element.is_document else ACT
            nodes.append(Node(kind, element.first, element.last, (element.key,), is_number=element.is_number))
            position += 1
            continue
        chain, position = _chain(tokens, elements, position)
        nodes += _references(tokens, chain, budget)
    return nodes


def _chain(tokens: Tokens, elements: list[Phrase | Mention], position: int) -> tuple[list[Phrase], int]:
    """The phrases from `position` on that stand close enough to narrow one another, and the position after them."""
    chain: list[Phrase] = []
    index = position
    for index in range(position, len(elements)):
        element = elements[index]
        if not isinstance(element, Phrase):
            break
        gap = between(tokens, chain[-1].last, element.first) if chain else ()
        if chain and element.kind == chain[-1].kind and element.kind not in STANDALONE and gap in JOINING:
            before = chain[-1]
            chain[-1] = Phrase(before.kind, before.first, element.last, before.items + element.items)
        elif gap in DESCENDING:
            chain.append(element)
        else:
            break
    else:
        index = len(elements)
    return chain, index


def _references(tokens: Tokens, chain: list[Phrase], budget: Budget) -> list[Node]:
    """A chain parted into references: each has one anchor, what leads to it and what follows it."""
    nodes: list[Node] = []
    lead: list[Phrase] = []
    position = 0
    while position < len(chain):
        phrase = chain[position]
        position += 1
        if phrase.kind not in ANCHORS and _leads_on(tokens, chain, position - 1):
            lead.append(phrase)
            continue
        if phrase.kind not in STANDALONE:
            nodes += [Node(LOOSE, item.first, item.last, phrase=item) for item in [*lead, phrase]]
            lead = []
            continue
        if lead:
            lead = _fitting(lead, phrase, nodes)
        tail: list[Phrase] = []
        while position < len(chain) and _follows(tokens, chain, position, phrase):
            tail.append(chain[position])
            position += 1
        nodes.append(_reference(lead, phrase, tail, budget))
        lead = []
    nodes += [Node(LOOSE, item.first, item.last, phrase=item) for item in lead]
    return nodes


def _fitting(lead: list[Phrase], anchor: Phrase, nodes: list[Node]) -> list[Phrase]:
    """What of the lead can be part of the anchor; the rest stands alone."""
    allowed = PARTS[anchor.kind]
    if all(phrase.kind in allowed for phrase in lead):
        return lead
    nodes += [Node(LOOSE, item.first, item.last, phrase=item) for item in lead]
    return []


def _leads_on(tokens: Tokens, chain: list[Phrase], position: int) -> bool:
    """Whether this phrase is part of the next: "Section 3 of Annex I", "Section 3.6, chapter II, Annex XV"."""
    if position + 1 >= len(chain):
        return False
    phrase, following = chain[position], chain[position + 1]
    gap = between(tokens, phrase.last, following.first)
    has_of = gap is not None and gap[-1:] != () and gap[-1] in ("of", "the", "in", "i", "av")
    is_descending = phrase.kind in STANDALONE and phrase.kind != CHAPTER and not has_of
    return phrase.kind in PARTS.get(following.kind, PARTS[ANNEX]) and not is_descending


def _follows(tokens: Tokens, chain: list[Phrase], position: int, anchor: Phrase) -> bool:
    phrase = chain[position]
    if phrase.kind not in PARTS[anchor.kind]:
        return False
    gap = between(tokens, chain[position - 1].last, phrase.first)
    if gap not in FOLLOWING and gap != ("(",):
        return False
    if gap == ("(",):
        return tokens.lows[phrase.last] == ")" and anchor.kind in ANCHORS
    following = chain[position + 1] if position + 1 < len(chain) else None
    if following is None:
        return True
    after = between(tokens, phrase.last, following.first)
    return not (after and after[-1] in ("of", "the", "in"))


def _reference(lead: list[Phrase], anchor: Phrase, tail: list[Phrase], budget: Budget) -> Node:
    if not lead and not tail:
        provisions = _provisions(anchor, [], budget)
        return Node(anchor.kind, anchor.first, anchor.last, (), provisions, anchor)
    parts = [*reversed(lead), *tail]
    last = tail[-1].last if tail else anchor.last
    first = lead[0].first if lead else anchor.first
    rule = next((part for part in parts if part.kind == RULE), None)
    if rule and anchor.kind == ANNEX:
        is_led = rule.first < anchor.first
        inside = [part for part in parts if part is not rule and (part.first < rule.first) == is_led]
        anchor, parts = rule, [part for part in inside if part.kind in PARTS[RULE]]
    node = Node(anchor.kind, first, last, phrase=anchor)
    node.provisions = _provisions(anchor, parts, budget)
    return node


def _provisions(anchor: Phrase, parts: list[Phrase], budget: Budget) -> list[Provision]:
    items = anchor.items
    if any(item.inner for item in items):
        items = [each for item in items for each in _unfolded(item, budget)]
    found = [_provision(anchor.kind, item.number, item.inner) for item in items]
    if parts:
        number = len(found) - 1
        steps = [[_step(anchor.kind, part.kind, item.number, item.inner) for item in part.items] for part in parts]
        size = 1
        for step in steps:
            size *= len(step)
        budget.left -= size
        if budget.left >= 0:
            base = items[-1]
            found[number:] = [_narrowed(anchor.kind, base.number, base.inner, inner) for inner in product(*steps)]
        else:
            budget.left = 0
    return found if len(found) == 1 else list(dict.fromkeys(found))


def _unfolded(item: Label, budget: Budget) -> list[Label]:
    """ "2(30-32)" is 2(30), 2(31), 2(32)."""
    first, dash, last = item.inner[-1].partition("-") if item.inner else ("", "", "")
    names = numerals.between(first, last) if dash else None
    if not names or len(names) > budget.left:
        return [item]
    budget.left -= len(names)
    return [Label(item.number, (*item.inner[:-1], name)) for name in (first, *names)]


@lru_cache(maxsize=4096)
def _provision(kind: str, number: str, inner: tuple[str, ...]) -> Provision:
    if not inner:
        return Provision(kind, number, f"{PREFIXES[kind]}_{number}")
    code = f"{PREFIXES[kind]}_{number}" + "".join(f"({label})" for label in inner)
    return Provision(kind, number, code, inner[0] if inner and kind == ARTICLE else "")


def _narrowed(kind: str, number: str, inner: tuple[str, ...], steps: tuple[str, ...]) -> Provision:
    base = _provision(kind, number, inner)
    paragraph = base.paragraph
    if not paragraph and kind == ARTICLE and steps[0].startswith("(") and steps[0][1:2].isdecimal():
        paragraph = steps[0][1:].partition(")")[0]
    return Provision(kind, number, base.code + "".join(steps), paragraph)


def _step(anchor: str, kind: str, number: str, inner: tuple[str, ...]) -> str:
    """The code of one part: "(3)(a)", "/part_A", "/6.1(b)", "/sub_2"."""
    rest = "".join(f"({label})" for label in inner)
    if kind == SENTENCE:
        return ""
    if kind == SUB and number.isdecimal():
        return f"/sub_{number}"
    if kind == INDENT:
        return f"/ind_{number}"
    if kind == PART:
        return f"/part_{number}"
    if kind == CHAPTER:
        return f"/chp_{number}"
    if anchor == ANNEX and number[0].isdecimal():
        return f"/{number}{rest}"
    return f"({number}){rest}"


def add_part(tokens: Tokens, node: Node, loose: Node, budget: Budget) -> bool:
    """ "Art. 51 MDR, Section 1": a part that follows the act narrows the reference before it."""
    phrase = loose.phrase
    gap = between(tokens, node.last, loose.first)
    if phrase is None or node.phrase is None or gap not in FOLLOWING or phrase.kind not in PARTS[node.kind]:
        return False
    if any("/" in provision.code for provision in node.provisions) or tokens.gaps[loose.first] == GLUED:
        return False
    node.provisions = _provisions(node.phrase, [phrase], budget)
    node.last = loose.last
    return True
