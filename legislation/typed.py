"""What a person types into a look-up ("mdr 120(3)", "§ 6 forskrift 1476") as an act and a place in it.

People leave out what a text says: the word Article, capitals, brackets. So the line is taken apart here, and what was
understood is put to the recogniser in the words of the law ("MDR Article 120(3)"), which says whether it exists.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from legislation.citations import Register, find
from legislation.citations.eu_numbers import act_number
from legislation.citations.numerals import roman
from legislation.lookup import LABEL, Place, in_words

LONGEST = 200
# Acts named in an answer when a line fits several of them.
MOST_CANDIDATES = 12
# What people call each kind of provision; a full stop may follow. Names that are one letter long are no names.
WORDS = {
    "article": "article articles art arts artikkel artikler",
    "annex": "annex annexes anx vedlegg",
    "rule": "rule rules regel",
    "recital": "recital recitals rec fortalepunkt",
    "chapter": "chapter chapters chap chp kapittel kap",
    "section": "§ §§ section sec paragraf par",
}
KINDS = {word: kind for kind, words in WORDS.items() for word in words.split()}
TOKEN = re.compile(r"§+|[^\W_]+(?:[/:-][^\W_]+)*|\(\s*[^\W_]{1,5}\s*\)")
NUMBER = re.compile(r"[0-9]{1,200}[a-z]?|[ivxl]{1,8}", re.IGNORECASE)
GLUED = re.compile(r"([a-z]+|§)-?([0-9]{1,200}[a-z]?)", re.IGNORECASE)
EU_NUMBER = re.compile(r"([0-9]{2,4})/([0-9]{1,5})(?:/[a-z]+)?", re.IGNORECASE)
# Words around an act that name nothing: "the", "of", "EU".
EMPTY = frozenset("the of in to under eu ec eec no nr regulation directive decision act law".split())


@dataclass(frozen=True)
class Reading:
    """`key` is the act understood, `label` the provision as citations name it; each may be empty.

    `candidates` are keys of acts that the words may mean. `reason` says why the place does not exist.
    """

    key: str = ""
    label: str = ""
    reason: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def paragraph(self) -> str:
        """The first step below the article: 3c of Article 120(3c)(a)."""
        found = LABEL.fullmatch(self.label)
        return found["inner"].partition(")")[0].removeprefix("(") if found else ""

    @property
    def words(self) -> str:
        """Article 120(3c); empty for an act as a whole."""
        return in_words(self.label) if self.label else ""


@dataclass(frozen=True)
class Part:
    """A provision as typed: its tokens are those from `start` to before `end`."""

    start: int
    end: int
    place: Place
    inner: str = ""


def read(line: str, register: Register) -> Reading:
    """The most specific understanding of the line. It is the caller's to keep the line within LONGEST."""
    tokens = [found[0] for found in TOKEN.finditer(line)]
    parts = [part for start in range(len(tokens)) if (part := named_part(tokens, start))]
    if parts:
        # "Annex VIII rule 11": the rule has a page of its own, the annex only says where it stands.
        part = next((part for part in parts if part.place.kind == "rule"), parts[0])
        covered = {index for each in parts for index in range(each.start, each.end)}
        return of_act([token for index, token in enumerate(tokens) if index not in covered], part, register)
    whole = of_act(tokens, None, register)
    if plain("".join(tokens)) in names_of(register):
        return whole
    # "MDR 120(3)": the act's name is in the line, and so is more.
    return next((found for found in bare(tokens, register) if found.key), whole)


def named_part(tokens: list[str], start: int) -> Part | None:
    """ "art 120 (3)" at this token, or "art120"."""
    kind, number, end = KINDS.get(tokens[start].lower().replace("§§", "§")), "", start + 2
    if kind and start + 1 < len(tokens):
        number = tokens[start + 1].strip("()")
    elif glued := GLUED.fullmatch(tokens[start]):
        kind, number, end = KINDS.get(glued[1].lower()), glued[2], start + 1
    if not kind or not NUMBER.fullmatch(number.strip()):
        return None
    inner, end = brackets(tokens, end)
    return Part(start, end, Place(kind, written(number.strip())), inner)


def bare(tokens: list[str], register: Register) -> Iterator[Reading]:
    """ "mdr 120(3)", "120 mdr", "mdr viii": a number beside the name of an act."""
    for start, token in enumerate(tokens):
        if NUMBER.fullmatch(token):
            inner, end = brackets(tokens, start + 1)
            rest = tokens[:start] + tokens[end:]
            key, _ = act_of(rest, register)
            kind = kind_of_bare(token, key, register)
            if kind:
                yield of_act(rest, Part(start, end, Place(kind, written(token)), inner), register)


def kind_of_bare(number: str, key: str, register: Register) -> str:
    """Articles are counted in Arabic figures, annexes in Roman ones, what Norwegian acts have are sections."""
    if not key:
        return ""
    if register.extent(key, "paragraph"):
        return "section" if number[0].isdecimal() else "chapter"
    kind = "article" if number[0].isdecimal() else "annex"
    return kind if register.extent(key, kind) else ""


def brackets(tokens: list[str], start: int) -> tuple[str, int]:
    """What stands in round brackets from here on, "(3)(a)", and where it ends."""
    end = start
    while end < len(tokens) and tokens[end].startswith("("):
        end += 1
    return "".join(f"({token.strip('() ').lower()})" for token in tokens[start:end]), end


def written(number: str) -> str:
    """As the law prints it: VIII, 10a."""
    return number.upper() if roman(number) else number.lower()


def of_act(words: list[str], part: Part | None, register: Register) -> Reading:
    """The act that the words name, and what the recogniser says of the part in it."""
    key, candidates = act_of(words, register)
    if part is None:
        return Reading(key, candidates=candidates)
    prefix = {"article": "art", "annex": "anx", "rule": "rule", "recital": "rec", "chapter": "chp", "section": "par"}
    label = f"{prefix[part.place.kind]}_{part.place.number}{part.inner}"
    if not key:
        return Reading(label=label, candidates=candidates)
    return Reading(key, label, reason_against(key, label, register))


def reason_against(key: str, label: str, register: Register) -> str:
    """Empty when the place exists as far as the register knows."""
    for citation in find(f"{register.name(key)} {in_words(label)}", register):
        if citation.instrument == key and citation.provisions:
            return citation.reason or citation.paragraph_reason
    return ""


def act_of(words: list[str], register: Register) -> tuple[str, tuple[str, ...]]:
    """Its key, or the keys of the acts that have such words in their names."""
    names = names_of(register)
    telling = [word for word in words if word.lower() not in EMPTY and word.lower() not in KINDS]
    for attempt in (words, telling):
        if key := names.get(plain("".join(attempt))):
            return key, ()
    for word in telling:
        number = EU_NUMBER.fullmatch(word)
        if number and (key := register.numbers.get(act_number(number[0]) or (0, 0))):
            return key, ()
    found = {each.instrument for each in find(" ".join(words), register) if each.instrument in register.acts}
    if len(found) == 1:
        return str(found.pop()), ()
    candidates = similar([plain(word) for word in telling], register)
    return (candidates[0], ()) if len(candidates) == 1 else ("", candidates)


def similar(words: list[str], register: Register) -> tuple[str, ...]:
    """Acts one of whose names has every word in it, the shortest name first."""
    if not any(words):
        return ()
    hits: dict[str, int] = {}
    for name, key in names_of(register).items():
        if all(word in name for word in words):
            hits[key] = min(len(name), hits.get(key, len(name)))
    return tuple(sorted(hits, key=lambda key: (hits[key], key))[:MOST_CANDIDATES])


@lru_cache(maxsize=1)
def names_of(register: Register) -> dict[str, str]:
    """Key of the act by each of its names without spaces, marks and capitals: "iso13485", "eu2023607"."""
    names: dict[str, str] = {}
    for act in register.acts.values():
        for name in (act.key, act.name, *act.names):
            names.setdefault(plain(name), act.key)
    return names


def plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
