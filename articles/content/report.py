from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

MADE, CHANGED, SKIPPED = "made", "changed", "skipped"
UNCHANGED = "nothing differs"


@dataclass
class Report:
    """What an import did, object by object."""

    lines: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: str, path: Path, name: str = "", reason: str = "") -> None:
        """`outcome` is made, changed or skipped."""
        self.counts[outcome] += 1
        what = " ".join(part for part in (f"{path.parent.name}/{path.name}", name) if part)
        self.lines.append(f"{outcome:8} {what}{': ' + reason if reason else ''}")

    def __str__(self) -> str:
        return ", ".join(f"{self.counts[outcome]} {outcome}" for outcome in (MADE, CHANGED, SKIPPED)) + "."
