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
    "protein provider providers vendor vendors soc analyst analysts patients diagnosis symptoms episode".split()
)
# American after MDR by themselves, and only in an American text.
REPORTABLE = frozenset("reportable event events".split())
REPORTS = frozenset(
    "reporting reports report file files record records recordkeeping procedure procedures submission submissions "
    "regulation".split()
)
OTHER_SENSE_BEFORE = frozenset(("electronic", "multidrug"))
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
AMERICAN = frozenset(("fda", "cfr", "maude", "cdrh", "mdrs", "emdr", "federal"))
CONTRASTS = frozenset(("and", "or", ",", "/", "vs", "&", "+", "|"))
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
        is_plain = node.last - node.first == 1 and tokens.texts[node.first] in AMBIGUOUS
        is_suspect = is_plain and (
            (is_american and not _is_contrasted(tokens, node)) or _has_other_sense(tokens, node, topics, words)
        )
        is_other = _is_other_country(tokens, node) or (is_suspect and not _has_provision(nodes, position))
        if not is_other:
            kept.append(node)
    return kept


def _has_provision(nodes: list[Node], position: int) -> bool:
    beside = [nodes[at] for at in (position - 1, position + 1) if 0 <= at < len(nodes)]
    return any(other.is_reference and _is_near(nodes[position], other) for other in beside)


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
    if after in OTHER_SENSE_AFTER or before in OTHER_SENSE_BEFORE:
        return True
    if after in REPORTABLE and not words & EUROPEAN:
        return True
    if after in (REPORTS | REPORTABLE) and words & AMERICAN:
        return True
    return bool(topics) and not words & EUROPEAN


def _is_contrasted(tokens: Tokens, node: Node) -> bool:
    """ "FDA and MDR", "MDR/FDA": named beside the American authority, it is the European act."""
    before, after = tokens.lows[max(0, node.first - 2) : node.first], tokens.lows[node.last : node.last + 2]
    is_after = len(before) == 2 and before[0] == "fda" and before[1] in CONTRASTS
    return is_after or (after[0] in CONTRASTS and after[1] == "fda")
