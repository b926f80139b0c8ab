"""All instruments on the shelves of the index, from the law of the EU to guidance and standards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from legislation.models import Instrument

Kind = Instrument.Kind
# Anchor, heading and kinds, from the law that binds to what explains it. What is repealed stands on the last shelf.
SHELVES = (
    ("eu", "EU regulations", (Kind.REGULATION,)),
    ("acts-under", "Delegated and implementing acts", (Kind.DELEGATED, Kind.IMPLEMENTING)),
    ("directives", "EU directives and decisions", (Kind.DIRECTIVE, Kind.DECISION)),
    ("eea", "EEA Agreement and Joint Committee decisions", (Kind.AGREEMENT, Kind.EEA_DECISION)),
    ("national", "National law", (Kind.NATIONAL_ACT, Kind.NATIONAL_REGULATION)),
    ("guidance", "Guidance", (Kind.GUIDANCE,)),
    ("standards", "Standards", (Kind.STANDARD,)),
    ("proposals", "Proposals, not law", (Kind.PROPOSAL,)),
)
REPEALED = ("repealed", "Repealed")


@dataclass(frozen=True)
class Row:
    """`citing` counts the articles of ours that cite the instrument now."""

    instrument: Instrument
    citing: int


@dataclass
class Shelf:
    anchor: str
    name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def is_law(self) -> bool:
        """Dates of application say something here; guidance and standards have none."""
        return self.anchor not in ("guidance", "standards", "proposals")


def fill(instruments: Iterable[Instrument], citing: Mapping[int, int], on: date) -> list[Shelf]:
    """Shelves that hold something; on each the most cited first, then by name."""
    shelves = [Shelf(anchor, name) for anchor, name, _ in SHELVES]
    by_kind = {kind: shelf for shelf, (_, _, kinds) in zip(shelves, SHELVES, strict=True) for kind in kinds}
    repealed = Shelf(*REPEALED)
    for instrument in instruments:
        shelf = repealed if is_repealed(instrument, on) else by_kind[Kind(instrument.kind)]
        shelf.rows.append(Row(instrument, citing.get(instrument.pk, 0)))
    filled = [shelf for shelf in (*shelves, repealed) if shelf.rows]
    for shelf in filled:
        shelf.rows.sort(key=lambda row: (-row.citing, row.instrument.short_name))
    return filled


def is_repealed(instrument: Instrument, on: date) -> bool:
    """By its date, or by its status where the date is not confirmed."""
    by_date = instrument.repealed_on is not None and instrument.repealed_on <= on
    return by_date or instrument.status.lower().startswith("repealed")
