"""The legal bases of dates, read as citations: linked on pages, and asked which provisions they name."""

from functools import lru_cache

from elendihub.models import Generation
from legislation import addresses, rendering
from legislation.lookup import place_of
from legislation.models import Deadline, Provision
from legislation.rendering import RenderedLine


class Bases(dict[str, RenderedLine]):
    """Legal bases by their words, each read once, against the law of one site generation."""

    def __init__(self) -> None:
        self.law = addresses.current()

    def __missing__(self, words: str) -> RenderedLine:
        self[words] = rendering.render_line(words, self.law)
        return self[words]


def current() -> Bases:
    """It costs one small query while nothing public has changed."""
    return read_at(Generation.objects.current())


@lru_cache(maxsize=1)
def read_at(generation: int) -> Bases:
    """The generation is the state's name only: the rows are read here."""
    return Bases()


def naming(provision: Provision) -> list[Deadline]:
    """The standing dates whose legal basis names the provision or a part of it, by EU date, open-ended ones last."""
    bases = current()
    dates = Deadline.objects.standing().for_instrument(provision.instrument).by_day()
    return [deadline for deadline in dates if names(bases[deadline.legal_basis], provision)]


def names(basis: RenderedLine, provision: Provision) -> bool:
    key, kind, number = provision.instrument.key, provision.kind, provision.number.lower()
    places = (place_of(label) for each in basis.citations if each.instrument == key for label in each.labels)
    return any(place and (place.kind, place.number.lower()) == (kind, number) for place in places)
