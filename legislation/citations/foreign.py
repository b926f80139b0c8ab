"""What stands around a reference and says whose it is: another text, this one, that act, all acts."""

from .designations import ACT_KINDS
from .scanning import BARRIERS, LINK, SPACED, Tokens
from .structure import ACT, Node
from .words import AND_FOLLOWING

FOREIGN, LAST, ALL, UNKNOWN = "foreign", "last", "all", ""

# Capitals that stand beside a provision without being the act it belongs to.
NO_ACTS = frozenset(
    "EU EC EEA UDI GSPR GSPRS PMS PMCF PMPF PSUR PSURS SSCP SSP CER CEP EUDAMED NB NBS QMS CE IVD IVDS MD MDS SRN NCA "
    "PRRC AR IFU DOC EC MDCG AI DMP AND OR OF TO THE IN SEE PER FOR".split()
)
OTHER_TEXTS = frozenset(
    "treaty charter act code convention constitution agreement contract protocol law ordinance statute bylaws statutes "
    "policy manual guidance guideline".split()
)
OWN = frozenset(("our", "this", "my", "their", "your"))
GENITIVES_OF_OTHER_TEXTS = ("avtalens", "avtalen", "traktatens", "traktaten", "lovens")
# Texts with articles of their own that are no acts of the EU; cited by "thereof" after them.
TREATIES = frozenset("treaty charter convention constitution tfeu teu".split())
OPENERS = BARRIERS | {".", ";", "(", "see", "|", "cf"}
PREPOSITIONS = frozenset("with by for under between and on in from about".split())
POINTERS = frozenset(("that", "said", "same", "its", "latter"))


def binder(tokens: Tokens, node: Node, before_it: Node | None, following: Node | None) -> str:
    before = _before(tokens, node.first, before_it.last if before_it else 0)
    return before or _after(tokens, node, following)


def _before(tokens: Tokens, first: int, floor: int) -> str:
    """ "AIA Article 10", "Charter Article 8", "its Articles 3 and 8"; a link and a dash before it."""
    lows, texts = tokens.lows, tokens.texts
    if not first:
        return UNKNOWN
    at = first - 1
    if lows[at] in ("-", ":", ",") and at and lows[at - 1] == LINK:
        return FOREIGN
    if lows[at] == "," and _begins_sentence(tokens, at - 1) and _is_own_short_name(texts[at - 1]):
        return FOREIGN
    is_named = lows[at] == "," and at - 2 >= floor and lows[at - 1] == ")" and lows[at - 3] == "("
    if is_named and _is_abbreviation(texts[at - 2]):
        return FOREIGN
    if lows[at].endswith(GENITIVES_OF_OTHER_TEXTS):
        return FOREIGN
    if lows[at] == "its":
        return LAST
    if lows[at] in OWN:
        return FOREIGN
    is_beside = tokens.gaps[first] == SPACED and lows[at] not in BARRIERS
    if is_beside and (_is_abbreviation(texts[at]) or (lows[at] in OTHER_TEXTS and texts[at][0].isupper())):
        return FOREIGN
    return UNKNOWN


def _begins_sentence(tokens: Tokens, at: int) -> bool:
    """Whether a clause, a cell or a footnote begins here."""
    return at == 0 or (at > 0 and (tokens.lows[at - 1] in OPENERS or tokens.lows[at - 1].isdecimal()))


def _is_own_short_name(text: str) -> bool:
    """ "CS, Article 3": a text cited by letters of its own, since the known acts are nodes."""
    return text.isalpha() and text.isupper() and 1 < len(text) < 12 and text not in NO_ACTS


def _is_abbreviation(text: str) -> bool:
    """TFEU, BGB, MPBetreibV: letters of which several are capitals, first one included."""
    capitals = sum(letter.isupper() for letter in text)
    return text.isalpha() and text[0].isupper() and capitals > 1 and 2 < len(text) < 12 and text.upper() not in NO_ACTS


def _after(tokens: Tokens, node: Node, following: Node | None) -> str:
    lows, at = tokens.lows, node.last
    at += lows[at] == "." and lows[at - 1] in AND_FOLLOWING
    if tokens.gaps[at] == SPACED and _is_abbreviation(tokens.texts[at]):
        return FOREIGN
    if lows[at] == "thereof":
        return LAST
    if lows[at] not in ("of", "to", "in", "av", "i"):
        return UNKNOWN
    if lows[at + 1] in ("it", "them", "which"):
        return LAST
    is_near = following is not None and following.kind == ACT and following.first - at <= 5
    if following is not None and is_near and not any(low in ACT_KINDS for low in lows[at + 1 : following.first]):
        is_other = any(low in OTHER_TEXTS or low in PREPOSITIONS for low in lows[at + 1 : following.first])
        return FOREIGN if is_other else UNKNOWN
    start = at + 1
    words = lows[start : start + 4]
    if any(word in ACT_KINDS for word in words):
        return _pointed(tokens, words)
    has_article = words[0] in ("the", "this", "that", "its", "our", "their", "an", "a")
    if lows[at] == "of" or (has_article and any(word in OTHER_TEXTS for word in words)):
        return FOREIGN
    return UNKNOWN


def _pointed(tokens: Tokens, words: list[str]) -> str:
    """ "of that Regulation", "of the Regulation", "of both Regulations", "of this Directive"."""
    if words[0] == "this":
        return FOREIGN
    noun = next(word for word in words if word in ACT_KINDS)
    if noun in ("regulations", "directives"):
        return ALL
    is_pointer = words[0] in POINTERS or words[0] == "the" and (words[1] in POINTERS or words[1] == noun)
    return LAST if is_pointer else FOREIGN
