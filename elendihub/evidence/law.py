"""The law that the versions of a pack cite, as the register has it when the pack is made: it keeps no past."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from elendihub.structured_data import absolute
from legislation import dates
from legislation.models import Amendment, Instrument, Provision

# Numbers of rows that one question to the database names.
CHUNK = 500


def register(instruments: Iterable[int], provisions: Iterable[int]) -> list[dict[str, Any]]:
    """The instruments, by key, each with the provisions cited of it in their order and the changes known to these."""
    found: dict[int, dict[str, Any]] = {}
    for instrument in rows(Instrument.objects.all(), instruments):
        found[instrument.pk] = instrument_record(instrument)
    for provision in sorted(
        rows(Provision.objects.with_address().prefetch_related("amendments__by"), provisions), key=place
    ):
        found[provision.instrument_id]["provisions"].append(provision_record(provision))
    return sorted(found.values(), key=lambda record: record["key"])


def rows(queryset: Any, numbers: Iterable[int]) -> Iterator[Any]:
    in_order = sorted(numbers)
    for start in range(0, len(in_order), CHUNK):
        yield from queryset.filter(pk__in=in_order[start : start + CHUNK])


def place(provision: Provision) -> tuple[int, str]:
    return (provision.position, provision.label)


def instrument_record(instrument: Instrument) -> dict[str, Any]:
    """Dates are those in the territory that issued it; an empty one is not confirmed."""
    return {
        "key": instrument.key,
        "name": instrument.short_name,
        "title": instrument.title,
        "issuer": instrument.issuer,
        "celex": instrument.celex,
        "official_address": instrument.source_url(),
        "address": absolute(instrument.get_absolute_url()),
        "consolidated_on": iso(instrument.consolidated_on),
        "dates": [{"what": event.name, "on": event.iso} for event in dates.of(instrument)],
        "provisions": [],
    }


def provision_record(provision: Provision) -> dict[str, Any]:
    amendments = sorted(provision.amendments.all(), key=lambda each: (iso(each.published_on), each.by.slug))
    return {
        "label": provision.label,
        "name": provision.name,
        "heading": provision.heading,
        "official_address": provision.source_url(),
        "address": absolute(provision.get_absolute_url()),
        "amendments": [amendment_record(amendment) for amendment in amendments],
    }


def amendment_record(amendment: Amendment) -> dict[str, Any]:
    return {
        "by": amendment.by.short_name,
        "official_address": amendment.by.source_url(),
        "what": amendment.what,
        "published_on": iso(amendment.published_on),
        "applies_on": iso(amendment.applies_on),
    }


def iso(day: date | None) -> str:
    """Empty for a day that is not confirmed."""
    return day.isoformat() if day else ""
