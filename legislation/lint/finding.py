"""What lint says about a text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`line` counts the source's lines from 1; `words` say what is wrong and the cure. `is_wrong` stops publishing."""

    line: int
    words: str
    is_wrong: bool = False

    def __str__(self) -> str:
        return f"Line {self.line}: {self.words}"
