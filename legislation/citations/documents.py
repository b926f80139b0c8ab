"""Designations with a grammar of their own: MDCG guidance, standards, Norwegian acts and regulations."""

from .numerals import arabic
from .scanning import GLUED, SPACED, Tokens

Found = tuple[str, int]

BODIES = frozenset("ISO IEC EN CEN CENELEC CLC DIN BS NS prEN TR TS PAS ASTM IEEE AAMI ANSI DIS FDIS IWA".split())
REVISIONS = frozenset(("rev", "revision", "v", "version"))
AMENDMENTS = frozenset(("a", "ac", "amd", "cor"))
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar",
            "february februar",
            "march mars",
            "april",
            "may mai",
            "june juni",
            "july juli",
            "august",
            "september",
            "october oktober",
            "november",
            "december desember",
        ),
        start=1,
    )
    for name in names.split()
}
GUIDANCE_NOUNS = frozenset(("guidance", "document", "guideline", "doc", "guidelines"))
COUNTERS = frozenset(("nr", "no", "number"))
YEARS = range(1687, 2100)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and int(text) in YEARS


def _is_number(text: str, longest: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= longest


def guidance_at(tokens: Tokens, at: int) -> Found | None:
    """MDCG 2021-24, MDCG 2020-10/1, MDCG 2018-3 Rev.1."""
    if tokens.texts[at] != "MDCG":
        return None
    start = at + 1
    while tokens.lows[start] in GUIDANCE_NOUNS or (tokens.lows[start] == "-" and start == at + 1):
        start += 1
    return guidance_number(tokens, start)


def guidance_number(tokens: Tokens, at: int) -> Found | None:
    """2021-24 with its part and revision; also what goes on a list after an MDCG document."""
    lows, gaps = tokens.lows, tokens.gaps
    if not (_is_year(lows[at]) and lows[at + 1] in ("-", "/") and _is_number(lows[at + 2], 3)):
        return None
    if int(lows[at]) < 2017 or gaps[at + 2] > gaps[at + 1]:
        return None
    key = f"MDCG-{lows[at]}-{int(lows[at + 2])}"
    end = at + 3
    if lows[end] in ("/", "-") and gaps[end] == gaps[end + 1] == GLUED and _is_number(lows[end + 1], 2):
        key, end = f"{key}-{int(lows[end + 1])}", end + 2
    return key, _revision(tokens, end)


def _revision(tokens: Tokens, at: int) -> int:
    lows = tokens.lows
    start = at + 1 if lows[at] == "," and lows[at + 1] in REVISIONS else at
    if lows[start] == "(" and lows[start + 1] in REVISIONS:
        return at
    if lows[start] in REVISIONS or lows[start] in ("rev", "r"):
        number = start + 1
        if lows[number] in (".", "-"):
            number += 1
        if _is_number(lows[number], 2):
            return number + 1
    return at


def standard_at(tokens: Tokens, at: int) -> Found | None:
    """EN ISO 14971:2019/A11:2021, ISO/IEC 27001, ISO/TR 24971:2020, IEC 60601-1-2, ISO15189."""
    bodies: list[str] = []
    position = at
    while tokens.texts[position] in BODIES:
        bodies.append(tokens.texts[position])
        position += 1
        if tokens.lows[position] in ("/", "-") and tokens.gaps[position + 1] == GLUED:
            position += 1
    if not _is_number(tokens.lows[position], 6) or len(tokens.lows[position]) < 3:
        return None
    body = next((name for name in ("ISO", "IEC", "EN") if name in bodies), "")
    if not body or (tokens.gaps[at] == GLUED and tokens.lows[at - 1].isalnum()):
        return None
    numbers = [tokens.lows[position].lstrip("0")]
    position += 1
    while tokens.lows[position] == "-" and tokens.gaps[position] == tokens.gaps[position + 1] == GLUED:
        if not _is_number(tokens.lows[position + 1], 3):
            break
        numbers.append(tokens.lows[position + 1])
        position += 2
    end = _edition(tokens, position)
    is_short = len(numbers) == 1 and len(numbers[0]) < 4 and end == position
    is_short = is_short and (numbers[0].endswith("0") or body != "EN" and tokens.gaps[position - 1] != SPACED)
    return None if is_short else (f"{body}-{'-'.join(numbers)}", end)


def _edition(tokens: Tokens, at: int) -> int:
    """Past ":2019", "(E)" and amendments such as "+A11:2021" or "/Amd 1:2015"."""
    at = _year(tokens, at)
    while tokens.lows[at] in ("+", "/") and tokens.lows[at + 1] in AMENDMENTS:
        number = at + 2
        if tokens.lows[number] == ".":
            number += 1
        if _is_number(tokens.lows[number], 2):
            number += 1
        elif tokens.lows[at + 1] != "ac":
            return at
        at = _year(tokens, number)
    return at


def _year(tokens: Tokens, at: int) -> int:
    """Past ":2019", ": 2019" or "-2019", with a month as in ":2013-06"."""
    lows, gaps = tokens.lows, tokens.gaps
    is_colon = lows[at] == ":" and gaps[at] <= SPACED
    is_hyphen = lows[at] == "-" and gaps[at] == gaps[at + 1] == GLUED
    if not ((is_colon or is_hyphen) and _is_year(lows[at + 1])):
        return at
    at += 2
    if lows[at] == "-" and gaps[at] == gaps[at + 1] == GLUED and len(lows[at + 1]) == 2 and lows[at + 1].isdecimal():
        at += 2
    return at


def norwegian_at(tokens: Tokens, at: int) -> Found | None:
    """LOV-2020-05-07-37; "forskrift 9. mai 2021 nr. 1476"; "Regulation of 9 May 2021 No. 1476"."""
    lows = tokens.lows
    if lows[at] in ("lov", "for") and lows[at + 1] == "-":
        return _dated_number(tokens, at)
    return _norwegian(tokens, at + 1, "LOV" if lows[at] in ("lov", "act") else "FOR")


def _norwegian(tokens: Tokens, position: int, kind: str) -> Found | None:
    lows = tokens.lows
    if lows[position] in ("of", "av"):
        position += 1
    if not _is_number(lows[position], 2):
        return None
    day, position = lows[position], position + 1
    if lows[position] == ".":
        position += 1
    month = MONTHS.get(lows[position])
    if not month or not _is_year(lows[position + 1]):
        return None
    year, position = lows[position + 1], position + 2
    if lows[position] not in COUNTERS:
        return None
    position += 2 if lows[position + 1] == "." else 1
    if not _is_number(lows[position], 6):
        return None
    return f"NO-{kind}-{year}-{month:02d}-{int(day):02d}-{int(lows[position])}", position + 1


def norwegian_date(tokens: Tokens, at: int, key: str) -> int:
    """ "lov om medisinsk utstyr av 7. mai 2020 nr. 37": the token after the number, if it is of the act."""
    if tokens.lows[at] not in ("av", "of"):
        return at
    kind = key.removeprefix("NO-")[:3]
    found = _norwegian(tokens, at, kind)
    return found[1] if found and found[0] == key else at


def _dated_number(tokens: Tokens, at: int) -> Found | None:
    """The tokens of LOV-2020-05-07-37 without a space between them."""
    if tokens.texts[at] not in ("LOV", "FOR"):
        return None
    parts = tokens.lows[at + 1 : at + 9]
    if parts[::2] != ["-"] * 4 or any(gap != GLUED for gap in tokens.gaps[at + 1 : at + 9]):
        return None
    year, month, day, number = parts[1::2]
    if not (_is_year(year) and len(month) == len(day) == 2 and arabic(month)[0] and arabic(day)[0]):
        return None
    return (f"NO-{tokens.texts[at]}-{year}-{month}-{day}-{int(number)}", at + 9) if _is_number(number, 6) else None
