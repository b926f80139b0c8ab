"""The number of an EU act: 2017/745, 745/2017, 93/42/EEC, No 1025/2012, to (year, number)."""

import re

COMMUNITIES = {"eu": "EU", "ec": "EC", "eec": "EEC", "euratom": "EURATOM", "eøf": "EEC", "ef": "EC", "eg": "EC"}
FIRST_YEAR, LAST_YEAR = 1952, 2099
NAMED = re.compile(
    r"(?:(?:EU|EC|EEC|Council|Commission|European|Implementing|Delegated) )*"
    r"(?:Regulations?|Directives?|Decisions?|forordning|direktiv|beslutning|Regulation \((?:EU|EC|EEC)\)|"
    r"Directive \(EU\)|Decision \(EU\)|forordning \((?:EU|EF)\)|EU|\(EU\))?"
)
KEY = re.compile(r"(?:EU|EC|EEC|EURATOM)-([0-9]{2,4})-([0-9]{1,5})")


def full_year(digits: str) -> int | None:
    """A year of four digits, or of two in the last century."""
    if len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR:
        return int(digits)
    if len(digits) == 2 and int(digits) >= 52:
        return 1900 + int(digits)
    return None


def ordered(left: str, right: str, is_number_first: bool) -> tuple[int, int] | None:
    """(year, number) of "left/right". `is_number_first`: "No" stands before it, as in No 1025/2012."""
    if max(len(left), len(right)) > 5:
        return None
    sides = [(full_year(left), right), (full_year(right), left)]
    if is_number_first:
        sides.reverse()
    for year, number in sides:
        if year is not None and number.isdecimal() and int(number):
            return year, int(number)
    return None


def act_number(name: str) -> tuple[int, int] | None:
    """(year, number) when the whole name is one, with or without its kind of act; "EU-2017-745" too."""
    key = KEY.fullmatch(name)
    if key:
        year = full_year(key[1])
        return (year, int(key[2])) if year else None
    last = name.split()[-1] if name.split() else ""
    sides = last.split("/")
    if len(sides) not in (2, 3) or not (sides[0].isdecimal() and sides[1].isdecimal()):
        return None
    if len(sides) == 3 and sides[2].lower() not in COMMUNITIES:
        return None
    lead = name.removesuffix(last).strip()
    is_number_first = lead.endswith(("No", "nr", "nr.", "No."))
    for ending in ("No.", "No", "nr.", "nr"):
        lead = lead.removesuffix(ending).strip()
    return ordered(sides[0], sides[1], is_number_first) if NAMED.fullmatch(lead) else None


def key_of(year: int, number: int, community: str) -> str:
    """The key of an act by its number; without a community, the one that adopted acts in that year."""
    community = community or ("EEC" if year <= 1993 else "EC" if year <= 2009 else "EU")
    return (
        f"{community}-{year % 100:02d}-{number}"
        if community == "EEC" and year < 2000
        else f"{community}-{year}-{number}"
    )
