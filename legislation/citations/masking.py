"""Which stretches of Markdown may not carry a citation: code, addresses, links, HTML comments and attributes.

One pass over the marks that matter; every search for a closing mark starts where the last one ended.
"""

import re
from bisect import bisect_left
from collections import defaultdict

from .scanning import BLOCK, EDGE, LINK, SKIP

Mask = tuple[int, int, str]

FENCE = re.compile(r"^ {0,3}(?:> ?)?(```|~~~)", re.MULTILINE)
TICKS = re.compile(r"`+")
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)(?=[\s/>])[^<>]*>")
AUTOLINK = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]*>")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
FILE_ENDING = re.compile(r"\.(?:md|pdf|html?|json|ya?ml|xml|docx?|xlsx?|pptx?|txt|csv|py|js|ts|zip|png|jpe?g|svg)\b")
ATTRIBUTES = re.compile(r"\{[:.#][^{}\n]*\}")
BRACKET = re.compile(r"\\.|[\[\]()]|\n[ \t]*\n", re.DOTALL)
DEFINITION = re.compile(r"^ {0,3}\[([^\]\[^\n][^\]\[\n]*)\]:[^\n]*$", re.MULTILINE)
LONGEST_LABEL = 999
FILE_LETTERS = frozenset("./-_")
BLOCK_TAGS = frozenset("p div br td th tr table li ul ol h1 h2 h3 h4 h5 h6 blockquote hr section dt dd".split())


def masks_of_markdown(text: str) -> list[Mask]:
    found: list[Mask] = []
    if "`" in text or "~~~" in text:
        found += _fences(text)
        found += _code_spans(text, found)
    if "<" in text:
        found += _comments(text)
        found += _tags(text)
    if "]" in text:
        found += _links(text, _merged(found))
    if "{" in text:
        found += [(match.start(), match.end(), SKIP) for match in ATTRIBUTES.finditer(text)]
    return _merged(found + _addresses(text))


def masks_of_plain(text: str) -> list[Mask]:
    return _merged(_addresses(text))


def _merged(masks: list[Mask]) -> list[Mask]:
    """In order and without overlap; the first and longest wins."""
    kept: list[Mask] = []
    end = 0
    for mask in sorted(masks, key=lambda mask: (mask[0], -mask[1])):
        if mask[0] >= end:
            kept.append(mask)
            end = mask[1]
        elif mask[1] > end:
            kept.append((end, mask[1], kept[-1][2]))
            end = mask[1]
    return kept


def _fences(text: str) -> list[Mask]:
    masks: list[Mask] = []
    opened: tuple[int, str] | None = None
    for fence in FENCE.finditer(text):
        if opened is None:
            opened = fence.start(), fence[1]
        elif fence[1] == opened[1]:
            masks.append((opened[0], _end_of_line(text, fence.end()), BLOCK))
            opened = None
    if opened:
        masks.append((opened[0], len(text), BLOCK))
    return masks


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _code_spans(text: str, fences: list[Mask]) -> list[Mask]:
    """A run of ticks closes at the next run of the same length, as in CommonMark."""
    by_length: dict[int, list[int]] = defaultdict(list)
    runs = [(match.start(), match.end() - match.start()) for match in TICKS.finditer(text)]
    for start, length in runs:
        by_length[length].append(start)
    ends = [end for _, end, _ in fences]
    masks: list[Mask] = []
    position = 0
    for start, length in runs:
        fence = bisect_left(ends, start + 1)
        is_fenced = fence < len(fences) and fences[fence][0] <= start
        if start < position or is_fenced:
            continue
        later = by_length[length]
        closing = bisect_left(later, start + length)
        if closing < len(later):
            position = later[closing] + length
            masks.append((start, position, EDGE))
    return masks


def _comments(text: str) -> list[Mask]:
    masks: list[Mask] = []
    start = text.find("<!--")
    while start >= 0:
        end = text.find("-->", start + 4)
        end = len(text) if end < 0 else end + 3
        masks.append((start, end, EDGE))
        start = text.find("<!--", end)
    return masks


def _tags(text: str) -> list[Mask]:
    """Tags with their attributes; what stands in <code>, <pre> and <a> as well."""
    masks: list[Mask] = [(match.start(), match.end(), LINK) for match in AUTOLINK.finditer(text)]
    opened: dict[str, int] = {}
    for tag in TAG.finditer(text):
        name = tag[2].lower()
        masks.append((tag.start(), tag.end(), BLOCK if name in BLOCK_TAGS else SKIP))
        if name not in ("code", "pre", "a", "script", "style"):
            continue
        if not tag[1]:
            opened.setdefault(name, tag.start())
        elif name in opened:
            masks.append((opened.pop(name), tag.end(), LINK if name == "a" else EDGE))
    return masks


def _links(text: str, code: list[Mask]) -> list[Mask]:
    """Links and images with their texts; definitions of links with the references to them."""
    definitions = [match for match in DEFINITION.finditer(text) if not match[1].startswith("^")]
    labels = {" ".join(match[1].lower().split()) for match in definitions}
    masks: list[Mask] = [(match.start(), match.end(), EDGE) for match in definitions]
    squares, rounds = _pairs(text, code)
    for start, end in squares.items():
        following = text[end : end + 1]
        first = start - 1 if start and text[start - 1] == "!" else start
        if following == "(" and end in rounds:
            masks.append((first, rounds[end], LINK))
        elif labels and following == "[" and end - start <= LONGEST_LABEL and end in squares:
            label = text[end + 1 : squares[end] - 1] or text[start + 1 : end - 1]
            if " ".join(label.lower().split()) in labels:
                masks.append((first, squares[end], LINK))
        elif labels and end - start <= LONGEST_LABEL and " ".join(text[start + 1 : end - 1].lower().split()) in labels:
            masks.append((first, end, LINK))
    return masks


def _pairs(text: str, code: list[Mask]) -> tuple[dict[int, int], dict[int, int]]:
    """Opening bracket to the end after its partner, for [] and (), within one block and outside code."""
    pairs: dict[str, dict[int, int]] = {"]": {}, ")": {}}
    opened: dict[str, list[int]] = {"]": [], ")": []}
    position = 0
    for match in BRACKET.finditer(text):
        at, mark = match.start(), match[0]
        while position < len(code) and code[position][1] <= at:
            position += 1
        if mark[0] == "\\" or (position < len(code) and code[position][0] <= at and code[position][2] == EDGE):
            continue
        if mark == "[":
            opened["]"].append(at)
        elif mark == "(":
            opened[")"].append(at)
        elif mark[0] == "\n":
            opened["]"].clear()
            opened[")"].clear()
        elif opened[mark]:
            pairs[mark][opened[mark].pop()] = at + 1
    return pairs["]"], pairs[")"]


def _addresses(text: str) -> list[Mask]:
    masks: list[Mask] = []
    if "://" in text or "www." in text:
        masks += [(match.start(), match.end(), EDGE) for match in ADDRESS.finditer(text)]
    position = 0
    for match in FILE_ENDING.finditer(text):
        start = match.start()
        while start > position and (text[start - 1].isalnum() or text[start - 1] in FILE_LETTERS):
            start -= 1
        if start < match.start():
            masks.append((start, match.end(), EDGE))
        position = match.end()
    return masks
