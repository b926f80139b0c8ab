"""Terms of the glossary explained where a text first uses them: the word leads to its entry at the end of the page.

Nothing is marked in headings, links, code and table headers, and an act that citations already lead to is no term.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from legislation.citations import Register

# Words that texts use in their ordinary sense too, where an entry would mislead: the quality management system.
ORDINARY = frozenset({"system", "classification", "qualification"})
WORD = re.compile(r"[^\W_]+")
GAP = re.compile(r"[\s\u00a0]+|-")
SKIPPED = frozenset({"th", "caption"})


@dataclass(frozen=True)
class Wording:
    """One way to write a term: its words as compared. Short names in capitals are matched as they are spelt."""

    words: tuple[str, ...]
    is_spelt: bool
    slug: str


@dataclass(frozen=True)
class Vocabulary:
    """Wordings by their first word, the longest first; `entries` by slug in the plain form that a version stores."""

    wordings: dict[str, list[Wording]]
    entries: dict[str, dict[str, str]]


NOTHING = Vocabulary({}, {})


def build(terms: Iterable[Any], register: Register) -> Vocabulary:
    """`terms` are rows of Term."""
    acts = {name.casefold() for act in register.acts.values() for name in (act.name, *act.names)}
    wordings: dict[str, list[Wording]] = {}
    entries = {}
    for term in terms:
        names = {*term.name.split(" / "), term.expansion, *term.aliases} - {""}
        if acts.intersection(name.casefold() for name in names):
            continue
        entries[term.slug] = {"slug": term.slug, "name": term.name, "expansion": term.expansion}
        entries[term.slug]["definition"] = term.definition
        for name in names:
            words = tuple(WORD.findall(name))
            if words and name.casefold() not in ORDINARY:
                wording = Wording(tuple(word.casefold() for word in words), is_acronym(name), term.slug)
                wordings.setdefault(wording.words[0], []).append(wording)
    for found in wordings.values():
        found.sort(key=lambda wording: -len(wording.words))
    return Vocabulary(wordings, entries)


def is_acronym(name: str) -> bool:
    return len(name) <= 8 and name.upper() == name


def explain_terms(state: StateCore) -> None:
    """A core rule after the one for citations. `env["vocabulary"]` is a Vocabulary; afterwards env has `terms`."""
    vocabulary: Vocabulary = state.env["vocabulary"]
    seen: dict[str, dict[str, str]] = {}
    tag = ""
    for token in state.tokens:
        if token.type == "html_block" and token.content.startswith("<caption"):
            tag = "caption"
        elif token.nesting == 1:
            tag = token.tag
        if token.type == "inline" and tag not in SKIPPED and not is_heading(tag):
            token.children = explained(token.children or [], vocabulary, seen)
    state.env["terms"] = list(seen.values())


def is_heading(tag: str) -> bool:
    return tag[:1] == "h" and tag[1:].isdecimal()


def explained(children: list[Token], vocabulary: Vocabulary, seen: dict[str, dict[str, str]]) -> list[Token]:
    """The tokens with a link around the first use of each term; `seen` gets what was found."""
    out: list[Token] = []
    depth = 0
    for child in joined(children):
        depth += (child.type == "link_open") - (child.type == "link_close")
        if child.type != "text" or depth:
            out.append(child)
            continue
        before = 0
        for start, end, slug in uses(child.content, vocabulary):
            if slug in seen:
                continue
            seen[slug] = vocabulary.entries[slug]
            out += [text(child.content[before:start]), opening(slug), text(child.content[start:end])]
            out.append(Token("link_close", "a", -1))
            before = end
        out.append(text(child.content[before:]) if before else child)
    return out


def joined(children: list[Token]) -> list[Token]:
    """With the lines of a paragraph in one token where nothing else is between them; it is rendered the same."""
    out: list[Token] = []
    for child in children:
        content = "\n" if child.type == "softbreak" else child.content
        if child.type not in ("text", "softbreak"):
            out.append(child)
        elif out and out[-1].type == "text":
            out[-1] = text(out[-1].content + content)
        else:
            out.append(text(content))
    return out


def uses(content: str, vocabulary: Vocabulary) -> Iterable[tuple[int, int, str]]:
    """Start, end and slug of each use, the longest wording at each place, none inside another."""
    words = [(found.start(), found.end()) for found in WORD.finditer(content)]
    index = 0
    while index < len(words):
        start = words[index][0]
        is_inside = start > 0 and content[start - 1] in "-/_@."
        candidates = () if is_inside else vocabulary.wordings.get(stem(content[slice(*words[index])]), ())
        plain = () if is_inside else vocabulary.wordings.get(content[slice(*words[index])].casefold(), ())
        for wording in sorted({*candidates, *plain}, key=lambda each: (-len(each.words), each.slug)):
            here = words[index : index + len(wording.words)]
            if fits(content, here, wording):
                yield start, here[-1][1], wording.slug
                index += len(here) - 1
                break
        index += 1


def fits(content: str, here: list[tuple[int, int]], wording: Wording) -> bool:
    """Whether the words stand there, the last one perhaps in the plural, and nothing goes on behind a hyphen."""
    if len(here) < len(wording.words):
        return False
    written = [content[start:end] for start, end in here]
    if wording.is_spelt and not all(word.rstrip("s").isupper() or word.isdecimal() for word in written):
        return False
    gaps = (content[end:start] for (_, end), (start, _) in zip(here, here[1:], strict=False))
    after = content[here[-1][1] : here[-1][1] + 2]
    if any(not GAP.fullmatch(gap) for gap in gaps) or (after[:1] in ("-", "/", "_") and after[1:].isalnum()):
        return False
    *first, last = (word.casefold() for word in written)
    return tuple(first) == wording.words[:-1] and wording.words[-1] in (last, stem(last))


def stem(word: str) -> str:
    """The singular of a regular plural: bodies, devices, UDIs."""
    word = word.casefold()
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def opening(slug: str) -> Token:
    return Token("link_open", "a", 1, attrs={"class": "term", "id": f"term-use-{slug}", "href": f"#term-{slug}"})
