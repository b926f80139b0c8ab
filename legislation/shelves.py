"""All instruments on the shelves of the index: law of the EU, decisions of the EEA, national law, guidance, standards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from legislation.models import Instrument

Kind = Instrument.Kind
# Anchor, heading and kinds, from the law that binds to what explains it. A repealed instrument stands on the last shelf.
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
    by_kind = {kind: Shelf(anchor, name) for anchor, name, kinds in SHELVES for kind in kinds[:1]}
    for _, _, kinds in SHELVES:
        by_kind |= dict.fromkeys(kinds, by_kind[kinds[0]])
    repealed = Shelf(*REPEALED)
    for instrument in instruments:
        shelf = repealed if instrument.repealed_on and instrument.repealed_on <= on else by_kind[Kind(instrument.kind)]
        shelf.rows.append(Row(instrument, citing.get(instrument.pk, 0)))
    shelves = [*dict.fromkeys(id(shelf) for shelf in by_kind.values())]
    in_order = {id(shelf): shelf for shelf in by_kind.values()}
    filled = [shelf for shelf in (*(in_order[each] for each in shelves), repealed) if shelf.rows]
    for shelf in filled:
        shelf.rows.sort(key=lambda row: (-row.citing, row.instrument.short_name))
    return filled
