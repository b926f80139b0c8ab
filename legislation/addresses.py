"""Where the site says something about a provision: the addresses that citations lead to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from legislation import register, terms
from legislation.citations import Register
from legislation.lookup import Place, place_of
from legislation.models import Instrument, Provision, Term
from legislation.terms import NOTHING, Vocabulary


@dataclass(frozen=True, eq=False)
class Law:
    """All that a text's citations are read against: the recogniser's register, and the slugs of what has a page."""

    register: Register
    instruments: Mapping[str, str]
    provisions: Mapping[tuple[str, Place], str]
    vocabulary: Vocabulary = NOTHING

    def address(self, key: str, labels: Sequence[str]) -> str:
        """The page of the first provision that has one, else the instrument's; empty when it is not in the register."""
        slug = self.instruments.get(key.upper())
        if slug is None:
            return ""
        if provision := self.provision(key, labels):
            return reverse("provision_detail", args=[slug, provision])
        return reverse("instrument_detail", args=[slug])

    def provision(self, key: str, labels: Sequence[str]) -> str:
        """The slug of the first provision that has a page; empty when none has."""
        slug = self.instruments.get(key.upper(), "")
        places = [small(place) for label in labels if (place := place_of(label))]
        return next((found for place in places if (found := self.provisions.get((slug, place)))), "")


def current() -> Law:
    """The law as the database holds it now; two small queries while nothing has changed."""
    return read_for(register.current())


@lru_cache(maxsize=1)
def read_for(current_register: Register) -> Law:
    """The addresses of the moment for which this register was made: a changed database makes another register."""
    instruments = {row.key: row.slug for row in Instrument.objects.only("slug")}
    rows = Provision.objects.only("kind", "number", "instrument__slug").select_related("instrument")
    provisions = {(row.instrument.slug, small(Place(row.kind, row.number))): row.slug for row in rows}
    return Law(current_register, instruments, provisions, terms.build(Term.objects.all(), current_register))


def small(place: Place) -> Place:
    return Place(place.kind, place.number.lower())
