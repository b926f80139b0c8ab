"""Names that mean something else than an act of the EU, told by their neighbours.

1. Another country's act: "UK MDR 2002", "Swiss …", "ASEAN Medical Device Directive".
2. MDR as multi-drug resistance ("MDR tuberculosis", "MDR strains") and as managed detection and response.
3. Any words that it stands for: "merchant discount rate (MDR)", "minimum detectable difference (MDD)".
4. MDR as an American medical device report ("MDR reportable", "MDR event files"; any MDR of a text about the FDA
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
# Fields in which MDR and MDD mean something else, told by one word; by two or three; and by a word that texts on
# devices use as well, so that it counts only where nothing speaks of devices or law.
OTHER_FIELDS = frozenset(
    "tuberculosis antibiotic antibiotics antimicrobial antimicrobials xdr pdr mdro mdros rifampicin isoniazid "
    "klebsiella acinetobacter pseudomonas escherichia staphylococcus enterobacteriaceae glycoprotein efflux "
    "depressive antidepressant antidepressants psychiatric bipolar anhedonia drawdown sharpe sortino calmar "
    "edr siem mssp ransomware merchant dac6 hmrc uml broadcaster rundfunk epistasis polygenic yeast".split()
)
OTHER_TOPICS: tuple[tuple[str, ...], ...] = (
    ("managed", "detection"),
    ("multidrug", "-"),
    ("multi", "-", "drug"),
    ("drug", "resistant"),
    ("drug", "-", "resistant"),
    ("drug", "resistance"),
    ("model", "-", "driven"),
    ("medical", "device", "report"),
    ("medical", "device", "reporting"),
)
WEAK_FIELDS = frozenset(
    "isolates strains bacterial bacteria resistance susceptibility cancer tumor tumour chemotherapy transporter "
    "transporters depression disorder disorders mental cortical diagnosed prevalence prognosis participants cohort "
    "portfolio portfolios asset returns threat threats hunts malware endpoint soc connector pins bit opcode bus "
    "comorbid comorbidities neurons detectable equity volatility fmri serotonin anxiety suicide".split()
)
OF_DEVICES = frozenset(
    "device devices regulation regulations regulatory manufacturer manufacturers directive compliance compliant "
    "conformity medtech certificate certificates certification certified".split()
)
AMERICAN = frozenset(("fda", "cfr", "maude", "cdrh", "mdrs", "emdr", "federal"))
# American for a company, in texts on reports of events.
FIRMS = frozenset(("firm", "firms"))
CONTRASTS = frozenset(("and", "or", ",", "/", "vs", "&", "+", "|"))
EUROPEAN = frozenset(
    "eu ivdr aimdd ivdd mdcg eudamed article articles annex annexes european notified ce ivd directive "
    "directives gdpr eea".split()
)
# "… (MDR)" and "…, MDR for short"; what of the words before has no letter in it.
SPELT_BEFORE = frozenset((("(", ")"), (",", "for")))
SIGNS_OF_OTHER_SENSE = OTHER_SENSE_AFTER | OTHER_SENSE_BEFORE | {"(", "short"}
UNSPELT = frozenset(("-", "'", "s", "of", "and"))
BOTH_ACTS = frozenset(("mdr", "mdd"))
# "File an MDR within 30 days": a report can be counted, the act cannot.
COUNTABLE_BEFORE = frozenset(("an", "each", "every"))
COUNTABLE_AFTER = frozenset((".", ",", ";", "to", "with", "within", "for", "is", "was", "must", "when", "if"))


def real_acts(tokens: Tokens, nodes: list[Node], *, is_american: bool) -> list[Node]:
    """The nodes without the acts that only look like one. `is_american`: the text links to the American authority."""
    words = set(tokens.lows)
    is_european = bool(words & EUROPEAN) or words >= BOTH_ACTS
    is_of_authority = is_american or bool(words & AMERICAN)
    is_elsewhere = not is_european and (_is_of_other_field(tokens, words) or is_of_authority)
    may_be = not words.isdisjoint(SIGNS_OF_OTHER_SENSE)
    renamed = {tokens.texts[node.first] for node in nodes if _is_renamed(tokens, node)} if may_be else set()
    kept = []
    for position, node in enumerate(nodes):
        if node.kind != "act" or node.is_number:
            kept.append(node)
            continue
        is_plain = node.last - node.first == 1 and tokens.texts[node.first] in AMBIGUOUS
        is_other = is_plain and (
            (is_elsewhere and not _is_contrasted(tokens, node))
            or (tokens.texts[node.first] in renamed and (not is_european or _is_renamed(tokens, node)))
            or _has_other_sense(tokens, node, words, is_european=is_european, is_american=is_of_authority)
        )
        if not (_is_other_country(tokens, node) or (is_other and not _has_provision(nodes, position))):
            kept.append(node)
    return kept


def _is_of_other_field(tokens: Tokens, words: set[str]) -> bool:
    if words & OTHER_FIELDS or any(topic[0] in words and _occurs(tokens, topic) for topic in OTHER_TOPICS):
        return True
    return bool(words & WEAK_FIELDS) and not words & OF_DEVICES


def _is_renamed(tokens: Tokens, node: Node) -> bool:
    """ "merchant discount rate (MDR)", "MDR (Mandatory Disclosure Rules)": its letters begin other words."""
    if node.last - node.first > 1 or tokens.texts[node.first] not in AMBIGUOUS:
        return False
    lows, letters = tokens.lows, tokens.lows[node.first]
    if _has_neighbour_of_other_sense(tokens, node):
        return True
    if node.first and (lows[node.first - 1], lows[node.last]) in SPELT_BEFORE:
        words = [low for low in lows[max(0, node.first - 6) : node.first - 1] if low not in UNSPELT][-3:]
    elif lows[node.last] == "(":
        inside = lows[node.last + 1 : node.last + 7]
        words = [low for low in inside[: inside.index(")")] if low not in UNSPELT] if ")" in inside else []
    else:
        return False
    is_spelt = "".join(word[0] for word in words) == letters
    return is_spelt and not (words[1].startswith("device") and words[2] in ("regulation", "regulations", "directive"))


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
    """ "Swiss …", "UK MDR", "UK-MDR", "MDR 2002", "Medical Device Regulation (UK MDR) 2002"."""
    lows, first, last = tokens.lows, node.first, node.last
    if lows[last] == "2002" or (lows[last] == ")" and lows[last + 1] == "2002"):
        return lows[last + 1] != "/"
    if lows[last] == "(" and lows[last + 1] in COUNTRIES:
        return True
    before = lows[first - 1] if first else ""
    if before in (")", "-") and first > 2:
        before = lows[first - 2]
    return before not in BARRIERS and before in COUNTRIES and tokens.gaps[first] < 2


def _word_after(tokens: Tokens, node: Node) -> str:
    is_tied = tokens.lows[node.last] == "-" and not tokens.gaps[node.last + 1]
    return tokens.lows[node.last + is_tied]


def _has_neighbour_of_other_sense(tokens: Tokens, node: Node) -> bool:
    before = tokens.lows[node.first - 1] if node.first else ""
    return before in OTHER_SENSE_BEFORE or _word_after(tokens, node) in OTHER_SENSE_AFTER


def _has_other_sense(tokens: Tokens, node: Node, words: set[str], *, is_european: bool, is_american: bool) -> bool:
    after = _word_after(tokens, node)
    before = tokens.lows[node.first - 1] if node.first else ""
    if before in COUNTABLE_BEFORE and after in COUNTABLE_AFTER:
        return True
    if not is_european and (after in REPORTABLE or (after in REPORTS and words & FIRMS)):
        return True
    return after in (REPORTS | REPORTABLE) and is_american


def _is_contrasted(tokens: Tokens, node: Node) -> bool:
    """ "FDA and MDR", "MDR/FDA": named beside the American authority, it is the European act."""
    before, after = tokens.lows[max(0, node.first - 2) : node.first], tokens.lows[node.last : node.last + 2]
    is_after = len(before) == 2 and before[0] == "fda" and before[1] in CONTRASTS
    return is_after or (after[0] in CONTRASTS and after[1] == "fda")
