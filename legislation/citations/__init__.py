"""The recogniser of legal citations: text to spans, pure Python, no database. Its grammar is in grammar.py."""

from .citation import Citation
from .grammar import find, find_in
from .registry import Act, Extent, Register

__all__ = ["Act", "Citation", "Extent", "Register", "find", "find_in"]
