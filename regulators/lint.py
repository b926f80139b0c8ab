"""What lint says about a hub, and the names of regulators that texts may no longer use."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from legislation.lint import Finding, FormerName, advice, lint
from legislation.rendering import Text
from regulators.models import Hub, Regulator, RegulatorName

# The page gives Overview its own heading.
TOP = 3


def former_names(on: date | None = None) -> list[FormerName]:
    """The names that ended before the day (default: today), each with the regulator's name of that day."""
    on = on or timezone.localdate()
    current: dict[int, Any] = {row.pk: row for row in Regulator.objects.with_current(on)}
    shared = {row.current_acronym for row in current.values()}
    ended = RegulatorName.objects.filter(valid_until__lt=on).order_by("pk")
    return [
        FormerName(
            name=row.name,
            acronym="" if row.acronym in shared else row.acronym,
            valid_until=row.valid_until,
            now=current[row.regulator_id].current_name or "",
        )
        for row in ended
        if row.valid_until
    ]


def advice_on(text: Text, names: Iterable[FormerName]) -> list[Finding]:
    """Without what is about citations."""
    return advice(text, top=TOP, names=names)


def findings(hub: Hub) -> list[tuple[str, Finding]]:
    """Of the overview, under the name "", then of each line under its label."""
    names = former_names()
    return [(label, finding) for label, text in hub.texts() for finding in lint(text, top=TOP, names=names)]
