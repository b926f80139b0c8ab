"""The register of law as the recogniser needs it: built from rows, remembered while they stay as they are."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Max

from elendihub.models import Generation
from legislation import extents
from legislation.citations import Act, Extent, Register
from legislation.citations.words import PARAGRAPH
from legislation.models import Instrument, InstrumentName, Provision
from legislation.models.instrument import EXTENTS

# Keys that texts write as numbers. Anything else is recognised by its CELEX number and the names an editor gave it.
NUMBERED = re.compile(r"(EU|EC|EEC|EURATOM|MDCG|ISO|IEC|EN|NO)-")
# 32017R0745, 31993L0042: a number under which texts cite acts that have a name for their key.
CELEX = re.compile(r"3(\d{4})[RLD](\d{4})")


def current() -> Register:
    """What the database holds now. It costs two small queries while nothing has changed."""
    facts = Instrument.objects.aggregate(newest=Max("updated_at"), count=Count("pk"))
    return built(Instrument.objects.db, Generation.objects.current(), facts["newest"], facts["count"])


@lru_cache(maxsize=1)
def built(alias: str, generation: int, newest: datetime | None, count: int) -> Register:
    """The register of one state of the database. The state is its name only: the rows are read here."""
    names = names_by_instrument()
    paragraphs = paragraphs_by_instrument()
    acts = [
        Act(row.key, row.short_name, names[row.pk] + numbers_of(row), extents_of(row), paragraphs[row.pk])
        for row in Instrument.objects.all()
        if row.pk in names or NUMBERED.match(row.key) or numbers_of(row)
    ]
    return Register(acts)


def names_by_instrument() -> defaultdict[int, tuple[str, ...]]:
    names: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for instrument, name in InstrumentName.objects.values_list("instrument_id", "name"):
        names[instrument] += (name,)
    return names


def paragraphs_by_instrument() -> defaultdict[int, dict[str, tuple[str, ...]]]:
    """By number of the article, deleted paragraphs included; an article that is not described has no entry."""
    paragraphs: defaultdict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    fields = ("instrument_id", "number", "paragraphs", "deleted_paragraphs", "is_unnumbered")
    for instrument, number, present, deleted, is_unnumbered in Provision.objects.filter(kind="article").values_list(
        *fields
    ):
        if present or deleted or is_unnumbered:
            paragraphs[instrument][number] = (*present, *deleted)
    return paragraphs


def numbers_of(instrument: Instrument) -> tuple[str, ...]:
    found = CELEX.fullmatch(instrument.celex)
    return (f"{found[1]}/{int(found[2])}",) if found else ()


def extents_of(instrument: Instrument) -> Mapping[str, Extent]:
    return {
        PARAGRAPH if kind == "section" else kind: extents.read(
            text, is_open_lettered=kind == "article" and instrument.has_lettered_articles
        )
        for kind, field in EXTENTS.items()
        if (text := getattr(instrument, field))
    }
