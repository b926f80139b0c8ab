"""verify.py as it travels: one file that anybody can read, copy and run alone, made of two modules of the project."""

from pathlib import Path

from elendihub.evidence import readable, verify

NAME = "verify.py"
# What verify.py imports stands in its place: all of readable.py that follows its own first import.
IMPORT = "from elendihub.evidence.readable import page, pictures, sources, text\n"
FIRST = "from __future__ import annotations\n"


def source() -> bytes:
    head, found, checks = Path(verify.__file__).read_text(encoding="utf-8").partition(IMPORT)
    _, first, making = Path(readable.__file__).read_text(encoding="utf-8").partition(FIRST)
    if not (found and first):
        raise ValueError("verify.py and readable.py no longer fit together; program.py says how they should.")
    return (head + making + checks).encode()
