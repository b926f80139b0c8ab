"""Names and numbers of acts and documents.

eu-act      = [ title-words ] [ kind ] [ "(" community ")" ] [ "No" ] number "/" number [ "/" community ] ;
name        = [ "EU" ] any name that the register lists ;
guidance    = "MDCG" year "-" number [ ("-" | "/") number ] [ "Rev." number ] ;
standard    = body { "/" body } number { "-" number } [ ":" year ] { ("+" | "/") "A" number ":" year } ;
norwegian   = ("LOV" | "FOR") "-" year "-" month "-" day "-" number
            | ("lov" | "forskrift" | "act" | "regulation") [ "of" ] day month year ("nr" | "No") number ;
"""

from dataclasses import dataclass

from .documents import guidance_at, norwegian_at, norwegian_date, standard_at
from .eu_numbers import COMMUNITIES, key_of, ordered
from .registry import Register
from .scanning import BARRIERS, GLUED, SPACED, Tokens

ACT_KINDS = frozenset(
    "regulation regulations directive directives decision decisions forordning forordningen direktiv direktivet "
    "beslutning gjennomføringsforordning kommisjonsforordning rådsdirektiv".split()
)
ABBREVIATED_KINDS = frozenset(("reg", "regs", "dir", "dec"))
# A number after one of these is of a file or a program.
NO_ACT_BEFORE = frozenset("version build release file path issue ticket ratio score".split())
LEADS = frozenset("eu ec eec council commission implementing delegated union european joint".split())
TITLE_JOINTS = frozenset(("and", "of", "on", "-", "for"))
# Words that begin a sentence and stand before "Regulation" without being its title.
NO_TITLE = frozenset(
    "the this that these those under per see and or by in of to for with from as on both while since if when where "
    "according pursuant following new also article articles annex annexes recital section chapter table figure "
    "here however therefore thus although hence moreover furthermore finally unlike until after before because".split()
)
NUMBER_WORDS = frozenset(("no", "nr", "n", "number"))
LONGEST_TITLE = 8


@dataclass(slots=True)
class Mention:
    """Tokens `first` to `last` (exclusive) that designate one act or document."""

    key: str
    first: int
    last: int
    is_number: bool = False
    is_document: bool = False
    """Guidance and standards: their parts are not provisions."""


STARTERS = {
    "mdcg": guidance_at,
    **dict.fromkeys("iso iec en cen din bs ns pren cenelec clc ansi aami".split(), standard_at),
    **dict.fromkeys(("lov", "for", "forskrift", "forskriften", "act", "regulation", "regulations"), norwegian_at),
}


def mention_at(tokens: Tokens, at: int, floor: int, register: Register) -> Mention | None:
    """The designation that begins at `at`, or that has its number there; it may reach back to `floor`."""
    low = tokens.lows[at]
    if low.isdecimal():
        return _numbered(tokens, at, floor, register) if tokens.lows[at + 1] == "/" else None
    starter = STARTERS.get(low)
    if starter:
        found = starter(tokens, at)
        if found:
            is_document = starter is not norwegian_at
            return Mention(found[0], at, found[1], is_number=True, is_document=is_document)
    return _named(tokens, at, floor, register) if low in register.names.longer else None


ENDINGS_OF_UNION = frozenset(("eu", "european", "-", ")", "s"))


def _named(tokens: Tokens, at: int, floor: int, register: Register) -> Mention | None:
    """The longest name of the register that begins here."""
    node, best, key, position = register.names, 0, "", at
    while (deeper := node.longer.get(tokens.lows[position])) is not None:
        node, position = deeper, position + 1
        if node.key and (not node.spelling or _is_spelt(tokens, at, position, node.spelling)):
            best, key = position, node.key
    if not key or _is_inside_identifier(tokens, at, best):
        return None
    if key.startswith("NO-"):
        best = norwegian_date(tokens, best, key)
    first = _with_union(tokens, at, floor) if tokens.lows[at - 1] in ENDINGS_OF_UNION else at
    return Mention(key, first, best)


def _with_union(tokens: Tokens, at: int, floor: int) -> int:
    """ "EU MDR", "EU-MDR", "EU's MDR", "(EU) MDR": where the designation begins."""
    first = at
    if _is_tied_to_union(tokens, first, floor):
        first -= 2
    while first > floor and tokens.lows[first - 1] in ("eu", "european") and tokens.texts[first - 1][0] == "E":
        if tokens.gaps[first] == GLUED:
            break
        first -= 1
    if first - 3 >= floor and tokens.texts[first - 3 : first] == ["(", "EU", ")"] and tokens.gaps[first] == SPACED:
        first -= 3
    if first - 3 >= floor and tokens.lows[first - 3 : first] == ["eu", "'", "s"]:
        first -= 3
    return first


def _is_tied_to_union(tokens: Tokens, at: int, floor: int) -> bool:
    """ "EU-MDR"."""
    is_tied = at - 2 >= floor and tokens.lows[at - 1] == "-" and tokens.texts[at - 2] == "EU"
    return is_tied and tokens.gaps[at] == tokens.gaps[at - 1] == GLUED


def _is_spelt(tokens: Tokens, first: int, last: int, spelling: str) -> bool:
    return "".join(tokens.texts[first:last]) == "".join(spelling.split())


def _is_inside_identifier(tokens: Tokens, first: int, last: int) -> bool:
    """MDR_FILE, X_MDR, 5MDR, MDR2: glued to what no word of a sentence is glued to."""
    before = (
        tokens.gaps[first] == GLUED
        and first > 0
        and (tokens.lows[first - 1] == "_" or tokens.lows[first - 1].isalnum())
    )
    after = tokens.gaps[last] == GLUED and (tokens.lows[last] == "_" or tokens.lows[last].isalnum())
    return before or after or _is_hyphenated(tokens, first, last)


def _is_hyphenated(tokens: Tokens, first: int, last: int) -> bool:
    """QX-IVDR, MDR-FORM-7, MDR-TB: part of an identifier; EU-MDR, pre-MDR and MDR-certified are not."""
    lows, gaps = tokens.lows, tokens.gaps
    if last - first > 1:
        return False
    if lows[last] == "-" and gaps[last] == gaps[last + 1] == GLUED and lows[last + 1].isdecimal():
        return lows[last + 2] != "/"
    if (
        tokens.lows[last] == "-"
        and tokens.gaps[last] == tokens.gaps[last + 1] == GLUED
        and tokens.texts[last + 1].isupper()
    ):
        return tokens.texts[last + 1].isalpha()
    is_tied = first > 1 and tokens.lows[first - 1] == "-" and tokens.gaps[first] == tokens.gaps[first - 1] == GLUED
    before = tokens.texts[first - 2] if is_tied else ""
    return before.isalnum() and before.upper() == before and before != "EU"


def _numbered(tokens: Tokens, at: int, floor: int, register: Register) -> Mention | None:
    """An EU act by the number at `at`, with all that stands before it as part of its designation."""
    lows, gaps = tokens.lows, tokens.gaps
    left, right = lows[at], lows[at + 2]
    if not right.isdecimal() or gaps[at + 1] != GLUED or gaps[at + 2] != GLUED:
        return None
    last, community = _ending(tokens, at + 3)
    first, kind, led = _lead(tokens, at, floor)
    is_number_first = first < at and any(lows[index] in NUMBER_WORDS for index in range(first, at))
    number = ordered(left, right, is_number_first)
    if (
        number is None
        or (first == at and lows[at - 1] in NO_ACT_BEFORE)
        or (gaps[at] == GLUED and lows[at - 1] in ("/", "-", "_", ".", ":"))
    ):
        return None
    if gaps[last] == GLUED and lows[last] in ("/", "_") and last > at + 3 - 1 and lows[last + 1].isalnum():
        return None
    if lows[last] == "-" and gaps[last] == gaps[last + 1] == GLUED and _is_of_identifier(tokens.texts[last + 1]):
        return None
    known = register.numbers.get(number, "")
    if "committee" in lows[first:at]:
        return None  # decisions of the EEA Joint Committee count by themselves; the register names those it lists
    if known:
        first = _without_title(tokens, first, at)
    if not (kind or led or community) and not (known and len(left) > 2):
        return None
    key = known or key_of(*number, community or led)
    return Mention(key, first, last if known else _with_short_name(tokens, last, register), is_number=True)


def _is_of_identifier(text: str) -> bool:
    """What follows in "2017/746-A", but not in "2017/746-compliant"."""
    return text.isdecimal() or (len(text) < 3 and text.isupper())


def _with_short_name(tokens: Tokens, at: int, register: Register) -> int:
    """ "Regulation (EC) No 1272/2008 (CLP)": the token after an abbreviation in brackets that names no other act."""
    name = tokens.texts[at + 1]
    is_short = tokens.lows[at] == "(" and tokens.lows[at + 2] == ")" and 2 < len(name) < 9 and name.isalpha()
    is_name = is_short and sum(letter.isupper() for letter in name) > 1 and name[0].isupper()
    return at + 3 if is_name and tokens.lows[at + 1] not in register.names.longer else at


def _without_title(tokens: Tokens, first: int, at: int) -> int:
    """A known act goes by the names of the register: other capitalised words before "Regulation" are not its title."""
    kinds = [index for index in range(first, at) if tokens.lows[index] in ACT_KINDS]
    position = kinds[0] if kinds else first
    if "on" in tokens.lows[position:at]:
        return first
    while position > first and (tokens.lows[position - 1] in LEADS or tokens.lows[position - 1] == "-"):
        position -= 1
    return position


def _ending(tokens: Tokens, at: int) -> tuple[int, str]:
    """ "/EEC" or a glued "EU" after the number."""
    if tokens.lows[at] == "/" and tokens.lows[at + 1] in COMMUNITIES and tokens.gaps[at + 1] == GLUED:
        return _later_title(tokens, at + 2), COMMUNITIES[tokens.lows[at + 1]]
    if tokens.gaps[at] == GLUED and tokens.texts[at] in ("EU", "EC", "EEC"):
        return at + 1, COMMUNITIES[tokens.lows[at]]
    return at, ""


def _later_title(tokens: Tokens, at: int) -> int:
    """ "2014/33/EU Lifts Directive": the title stands after the number."""
    position = at
    while position - at < LONGEST_TITLE - 2 and tokens.texts[position].isalpha() and tokens.texts[position].istitle():
        position += 1
        if tokens.lows[position - 1] in ACT_KINDS:
            return position if position - at > 1 else at
    return at


def _lead(tokens: Tokens, at: int, floor: int) -> tuple[int, bool, str]:
    """Where the designation begins, whether it names a kind of act, and the community named in it."""
    lows, first, community = tokens.lows, at, ""
    first = _before_number_word(tokens, first, floor)
    if first - 3 >= floor and lows[first - 1] == ")" and lows[first - 2] in COMMUNITIES and lows[first - 3] == "(":
        community, first = COMMUNITIES[lows[first - 2]], first - 3
    elif first - 1 >= floor and tokens.texts[first - 1] in ("EU", "EC", "EEC"):
        community, first = COMMUNITIES[lows[first - 1]], first - 1
    if community and first < at:
        first = _before_number_word(tokens, first, floor)
    if first - 1 >= floor and lows[first - 1] in ACT_KINDS:
        return _title(tokens, first - 1, floor), True, community
    dot = first - 1 >= floor and lows[first - 1] == "."
    if first - 1 - dot >= floor and lows[first - 1 - dot] in ABBREVIATED_KINDS:
        return first - 1 - dot, True, community
    titled = _title_between(tokens, first, floor)
    if titled is not None:
        return titled, True, community
    if first < at and community:
        return first, False, community
    return at, False, ""


def _before_number_word(tokens: Tokens, at: int, floor: int) -> int:
    """The token of "No", "nr.", "n°" when it stands before `at`, else `at`."""
    lows = tokens.lows
    if at - 2 >= floor and lows[at - 1] in (".", "°") and lows[at - 2] in NUMBER_WORDS:
        return at - 2
    return at - 1 if at - 1 >= floor and lows[at - 1] in NUMBER_WORDS else at


def _title_between(tokens: Tokens, at: int, floor: int) -> int | None:
    """ "Regulation (EU) on Medical Devices 2017/745": the title stands before the number."""
    position = at
    while position - 1 >= max(floor, at - LONGEST_TITLE) and tokens.texts[position - 1][0].isalpha():
        position -= 1
        if tokens.lows[position] == "on":
            break
    if position == at or tokens.lows[position] != "on" or not tokens.texts[position + 1][0].isupper():
        return None
    if position - 3 >= floor and tokens.lows[position - 1] == ")" and tokens.lows[position - 2] in COMMUNITIES:
        position -= 3
    if position - 1 >= floor and tokens.lows[position - 1] in ACT_KINDS:
        return _title(tokens, position - 1, floor)
    return None


def _title(tokens: Tokens, at: int, floor: int) -> int:
    """Back from "Regulation" over Commission, Implementing, Delegated and capitalised words of its title."""
    position = first = at
    has_lead = False
    while position > floor and at - position < LONGEST_TITLE:
        low, text = tokens.lows[position - 1], tokens.texts[position - 1]
        if low in BARRIERS or tokens.gaps[position] > 1:
            break
        is_hyphen = low == "-" and tokens.gaps[position] == GLUED and tokens.gaps[position - 1] == GLUED
        is_counted = text.isdecimal() and len(text) == 1 and tokens.gaps[position - 1] == GLUED
        is_title = (text[0].isupper() and text.isalpha() and low not in NO_TITLE) or is_counted
        if low in LEADS and text[0].isupper():
            first, has_lead = position - 1, True
        elif is_title and not has_lead:
            first = position - 1
        elif not is_hyphen and (has_lead or low not in TITLE_JOINTS):
            break
        position -= 1
    return first
