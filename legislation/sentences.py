"""The sentence around a place in plain text."""

import re

# Where a sentence ends: a mark, perhaps a closing one, then white space and no small letter.
END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[^\sa-z])")
# After these a full stop ends nothing.
SHORT = frozenset("art arts no nos e.g i.e cf para paras p pp sec dr mr ms vs approx fig reg incl".split())
LONGEST = 300


def sentence_at(text: str, start: int, end: int) -> str:
    """The sentence that holds text[start:end], in one line; with "…" where it goes on for more than LONGEST."""
    end = min(end, start + LONGEST)
    left, right = max(0, start - LONGEST), min(len(text), end + LONGEST)
    first, last = left, right
    for found in END.finditer(text, left, right):
        if is_short(text, found.start()):
            continue
        if found.end() <= start:
            first = found.end()
        elif found.start() >= end - 1:
            last = found.end()
            break
    cut_before, cut_after = first == left and left > 0, last == right and right < len(text)
    sentence = " ".join(text[first:last].split())
    if cut_before:
        sentence = "… " + sentence.partition(" ")[2]
    return sentence.rpartition(" ")[0] + " …" if cut_after else sentence


def is_short(text: str, stop: int) -> bool:
    """Whether the full stop belongs to an abbreviation or to a single letter."""
    word = re.split(r"[\s(\[]", text[max(0, stop - 12) : stop])[-1].lower()
    return text[stop] == "." and (word in SHORT or (len(word) == 1 and word.isalpha()))


def shortened(words: str) -> str:
    """At most LONGEST letters."""
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 2]} …"
