"""How EU law became national: the act, the decision that took it into the EEA Agreement, the national law."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q

from legislation.models import Instrument, Relation

EU_ACT, EEA_DECISION, NATIONAL_ACT, NATIONAL_REGULATION = (
    *("Act of the EU", "Decision of the EEA Joint Committee"),
    *("National act", "National regulation"),
)


@dataclass(frozen=True)
class Step:
    """`dates` pairs what happened with its day; None is not confirmed."""

    name: str
    slug: str
    dates: tuple[tuple[str, date | None], ...]


@dataclass
class Layer:
    name: str
    steps: list[Step] = field(default_factory=list)


def of(territory: str, name: str) -> list[Layer]:
    """Layers that hold something, from the EU down to the territory, whose name is `name`. One query."""
    rows = Relation.objects.filter(kind=Relation.Kind.IMPLEMENTS, instrument__territory=territory)
    rows = rows.filter(instrument__kind__in=(Instrument.Kind.NATIONAL_ACT, Instrument.Kind.NATIONAL_REGULATION))
    clocks = {"eea": "EEA", "here": territory}
    rows = rows.annotate(
        **{
            alias: FilteredRelation("target__incorporations", condition=Q(target__incorporations__territory=code))
            for alias, code in clocks.items()
        }
    ).annotate(
        decision=F("eea__decision__short_name"),
        decision_slug=F("eea__decision__slug"),
        decided_on=F("eea__decided_on"),
        here_from=F("here__applies_from"),
    )
    layers = {title: Layer(title) for title in (EU_ACT, EEA_DECISION, NATIONAL_ACT, NATIONAL_REGULATION)}
    for row in rows.select_related("instrument", "target").order_by("-target__slug", "instrument__slug"):
        for title, step in steps_of(row, name):
            if step not in layers[title].steps:
                layers[title].steps.append(step)
    return [layer for layer in layers.values() if layer.steps]


def steps_of(row: Any, name: str) -> list[tuple[str, Step]]:
    """What one relation of layers' query says: the national act, and the EU act that it carries out."""
    steps = []
    if row.target.territory == "EU":
        dates = (("EU", row.target.applies_from), (name, row.here_from))
        steps.append((EU_ACT, Step(row.target.short_name, row.target.slug, dates)))
        if row.decision:
            decided = (("decided", row.decided_on),)
            steps.append((EEA_DECISION, Step(row.decision, row.decision_slug, decided)))
    national = row.instrument
    title = NATIONAL_ACT if national.kind == Instrument.Kind.NATIONAL_ACT else NATIONAL_REGULATION
    steps.append((title, Step(national.short_name, national.slug, ((name, national.applies_from),))))
    return steps
