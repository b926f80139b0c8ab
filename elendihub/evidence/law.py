"""The law that the versions of a pack cite: what they said when published, then the register's word of it.

The register keeps no past, so its word is that of the day on which the pack is made. It says nothing of that day or of
other law: packs of one selection and moment are the same bytes until what they cite is changed in the register.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from articles.models import Citation
from elendihub.structured_data import absolute
from legislation import dates
from legislation.models import Amendment, Instrument, Provision

# Numbers of rows that one question to the database names.
CHUNK = 500


# By primary keys of an instrument and a provision; nothing where the register held none on the day of publication.
Place = tuple[int | None, int | None]


@dataclass
class Cited:
    """Which versions cite what and in which words, as they were published: this never changes."""

    places: dict[Place, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def add(self, folder: str, number: int, rows: Iterable[Citation]) -> None:
        """Citations of the version with this number of the document in the folder."""
        for row in rows:
            by_folder = self.places.setdefault((row.instrument_id, row.provision_id), {})
            found = by_folder.setdefault(folder, {"folder": folder, "versions": [], "words": []})
            found["versions"] += [number] if number not in found["versions"] else []
            found["words"] += [row.surface] if row.surface not in found["words"] else []

    def at(self, instrument: int | None, provision: int | None) -> list[dict[str, Any]]:
        return list(self.places.get((instrument, provision), {}).values())


def register(cited: Cited) -> list[dict[str, Any]]:
    """The instruments cited, by key, each with its provisions cited in their order; first what versions say of each."""
    found: dict[int, dict[str, Any]] = {}
    for instrument in rows(Instrument.objects.all(), {pk for pk, _ in cited.places if pk}):
        of_it = {"as_published": cited.at(instrument.pk, None), "register": instrument_record(instrument)}
        found[instrument.pk] = of_it | {"provisions": []}
    provisions = Provision.objects.with_address().prefetch_related("amendments__by")
    for provision in sorted(rows(provisions, {pk for _, pk in cited.places if pk}), key=place):
        of_it = {"as_published": cited.at(provision.instrument_id, provision.pk)}
        found[provision.instrument_id]["provisions"].append(of_it | {"register": provision_record(provision)})
    return sorted(found.values(), key=lambda record: record["register"]["key"])


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
