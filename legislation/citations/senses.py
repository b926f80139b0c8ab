"""Names that mean something else than an act of the EU, told by their neighbours.

1. Another country's act: "UK MDR 2002", "Swiss …", "ASEAN Medical Device Directive".
2. MDR as multi-drug resistance ("MDR tuberculosis", "MDR strains") and as managed detection and response.
3. MDR as an American medical device report ("MDR reportable", "MDR event files"; any MDR of a text about the FDA
   that says nothing European). MDD as major depressive disorder and as model-driven development.
"""

from .scanning import BARRIERS, Tokens
from .structure import Node

COUNTRIES = frozenset(
    "uk gb british swiss asean saudi us usa american u.s australian canadian indian chinese japanese brazilian korean "
    "singapore turkish german french italian spanish dutch austrian belgian danish swedish finnish irish polish "
    "malaysian thai vietnamese israeli mexican ukrainian eaeu national".split()
)
AMBIGUOUS = frozenset(("MDR", "MDD"))
OTHER_SENSE_AFTER = frozenset(
    "tb tuberculosis strain strains bacteria bacterial bacterium pathogen pathogens organism organisms infection "
    "infections isolate isolates gram acinetobacter pseudomonas klebsiella microbes gene genes phenotype transporter "
    "protein provider providers vendor vendors soc analyst analysts "
    "reportable reporting reports report event events file files record records recordkeeping submission submissions "
    "procedure procedures regulation patients diagnosis symptoms episode".split()
)
REPORTS = frozenset(
    "reportable reporting reports report event events file files record records recordkeeping procedure procedures "
    "submission submissions regulation".split()
)
OTHER_SENSE_BEFORE = frozenset("electronic multidrug depression resistant against file submit submitted".split())
OTHER_TOPICS: tuple[tuple[str, ...], ...] = (
    ("managed", "detection"),
    ("multidrug", "-"),
    ("multi", "-", "drug"),
    ("drug", "resistant"),
    ("drug", "-", "resistant"),
    ("depressive", "disorder"),
    ("model", "-", "driven"),
    ("medical", "device", "report"),
    ("medical", "device", "reporting"),
    ("tuberculosis",),
    ("antibiotic",),
    ("antimicrobial",),
)
AMERICAN = frozenset(("fda", "cfr", "maude", "cdrh", "mdrs", "emdr"))
EUROPEAN = frozenset(
    "eu ivdr mdd aimdd ivdd mdcg eudamed article articles annex annexes european notified ce ivd directive "
    "directives gdpr eea".split()
)


def real_acts(tokens: Tokens, nodes: list[Node]) -> list[Node]:
    """The nodes without the acts that only look like one."""
    words = set(tokens.lows)
    is_american = bool(words & AMERICAN) and not words & EUROPEAN
    topics = [topic for topic in OTHER_TOPICS if topic[0] in words and _occurs(tokens, topic)]
    kept = []
    for position, node in enumerate(nodes):
        if node.kind != "act" or node.is_number:
            kept.append(node)
            continue
        has_provision = any(
            0 <= position + step < len(nodes)
            and nodes[position + step].is_reference
            and _is_near(node, nodes[position + step])
            for step in (-1, 1)
        )
        if _is_other_country(tokens, node):
            continue
        is_plain = node.last - node.first == 1 and tokens.texts[node.first] in AMBIGUOUS
        if is_plain and not has_provision and (is_american or _has_other_sense(tokens, node, topics, words)):
            continue
        kept.append(node)
    return kept


def _is_near(one: Node, other: Node) -> bool:
    return other.first - one.last in range(4) or one.first - other.last in range(4)


def _occurs(tokens: Tokens, topic: tuple[str, ...]) -> bool:
    lows, position = tokens.lows, -1
    while True:
        try:
            position = lows.index(topic[0], position + 1)
        except ValueError:
            return False
        if tuple(lows[position : position + len(topic)]) == topic:
            return True


def _is_other_country(tokens: Tokens, node: Node) -> bool:
    before = tokens.lows[node.first - 1] if node.first else ""
    if before == ")" and node.first > 2:
        before = tokens.lows[node.first - 2]
    if before in BARRIERS:
        return False
    is_uk_year = tokens.texts[node.first] == "MDR" and tokens.lows[node.last] == "2002"
    return is_uk_year or (before in COUNTRIES and tokens.gaps[node.first] < 2)


def _has_other_sense(tokens: Tokens, node: Node, topics: list[tuple[str, ...]], words: set[str]) -> bool:
    after = tokens.lows[node.last]
    if after == "-" and not tokens.gaps[node.last + 1]:
        after = tokens.lows[node.last + 1]
    before = tokens.lows[node.first - 1] if node.first else ""
    if after in REPORTS and words & EUROPEAN and not words & AMERICAN:
        return False
    if after in OTHER_SENSE_AFTER or before in OTHER_SENSE_BEFORE:
        return True
    return bool(topics) and not words & EUROPEAN
