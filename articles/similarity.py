"""How much two texts say the same in the same words, cheaply: the smallest checksums of their runs of words.

The share of the smallest that both have estimates the share of runs that both have (Broder's bottom-k sketch).
"""

import re
import zlib
from functools import lru_cache

RUN = 4
# Shorter texts have too few runs to tell anything.
FEWEST = 32
KEPT = 128


def similarity(one: str, other: str) -> float:
    """From 0, nothing in common, to 1."""
    first, second = sketch(one), sketch(other)
    if min(len(first), len(second)) < FEWEST:
        return 0.0
    smallest = sorted(first | second)[:KEPT]
    return sum(each in first and each in second for each in smallest) / len(smallest)


@lru_cache(maxsize=2048)
def sketch(text: str) -> frozenset[int]:
    words = re.findall(r"\w+", text.lower())
    runs = (" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
    return frozenset(sorted({zlib.crc32(run.encode()) for run in runs})[:KEPT])
