"""The recogniser of legal citations: text to spans, pure Python, no database. The grammar is in grammar.py."""

from .citation import Citation
from .registry import Act, Extent, Register

__all__ = ["Act", "Citation", "Extent", "Register", "find", "find_in"]


def find(text: str, register: Register) -> list[Citation]:
    return []


def find_in(parts: list[str], register: Register) -> list[list[Citation]]:
    return [[] for _ in parts]
