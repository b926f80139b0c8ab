"""Where a typed line leads: an address, or what was understood, what is unknown, and the nearest things."""

from dataclasses import dataclass, field

from legislation import register, typed
from legislation.citations.numerals import arabic
from legislation.lookup import Place, find_rows, place_of
from legislation.models import Instrument, Provision
from legislation.paragraphs import anchor
from legislation.typed import Reading

NEAREST = 3
MOST_PROVISIONS = 20


@dataclass(frozen=True)
class Answer:
    """`address` is empty when the line leads nowhere; then the rest says why, and what is near."""

    address: str = ""
    understood: str = ""
    reason: str = ""
    instruments: list[Instrument] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)


def answer(line: str) -> Answer:
    """`line` is at most typed.LONGEST characters."""
    reading = typed.read(line, register.current())
    if not reading.key:
        return unnamed(reading)
    found = find_rows([(reading.key, reading.label)])
    instrument = found.instrument(reading.key)
    if instrument is None:
        return Answer(reason="No act of the register has such a name.")
    provision = found.provision(reading.key, reading.label)
    if reading.reason or (reading.label and provision is None):
        return missing(reading, instrument, provision)
    return Answer(address_of(provision, reading) if provision else instrument.get_absolute_url())


def too_long(line: str) -> Answer:
    return Answer(reason=f"That is {len(line):,} characters; {typed.LONGEST} are the most. Type one provision.")


def at_address(instrument: str, slug: str) -> Answer:
    """For an address /law/<instrument>/<slug>/ that has no page."""
    act = Instrument.objects.filter(slug=instrument).first()
    if act is None:
        return Answer(reason="No act of the register has this address.")
    unknown = Answer(understood=str(act), reason="No provision has this address.", instruments=[act])
    prefix, _, number = slug.partition("-")
    line = f"{prefix} {number} {act.key}"
    if prefix not in Provision.PREFIXES.values() or not number or len(line) > typed.LONGEST:
        return unknown
    found = answer(line)
    # Whoever asked for a provision is not sent elsewhere as if that were it.
    return unknown if found.address else found


def address_of(provision: Provision, reading: Reading) -> str:
    return provision.get_absolute_url() + (f"#{anchor(reading.paragraph)}" if reading.paragraph else "")


def unnamed(reading: Reading) -> Answer:
    """No act was named, or several have such a name."""
    acts = Instrument.objects.filter(slug__in=[key.lower() for key in reading.candidates])
    by_key = {act.key: act for act in acts}
    instruments = [by_key[key] for key in reading.candidates if key in by_key]
    place = place_of(reading.label)
    if place is None:
        several = "Several acts have a name like this." if instruments else "No act of the register has such a name."
        return Answer(reason=several, instruments=instruments)
    rows = Provision.objects.filter(kind=place.kind, number__iexact=place.number).with_address().in_order()
    if instruments:
        rows = rows.filter(instrument__in=instruments)
    return Answer(
        understood=reading.words,
        reason="It is not said of which act.",
        instruments=instruments,
        provisions=list(rows[:MOST_PROVISIONS]),
    )


def missing(reading: Reading, instrument: Instrument, provision: Provision | None) -> Answer:
    """The act is known and the place in it is not."""
    place = place_of(reading.label)
    near = [provision] if provision else nearest(instrument, place) if place else []
    reason = reading.reason or f"{reading.words} of {instrument} has no page here. Look for it in the official text."
    return Answer("", f"{instrument}, {reading.words}", reason, [instrument], near)


def nearest(instrument: Instrument, place: Place) -> list[Provision]:
    """Those of the same kind whose numbers are next to the one that does not exist."""
    wanted = arabic(place.number)[0] or 0
    rows = instrument.provisions.filter(kind=place.kind).with_address().in_order()
    close = sorted(rows, key=lambda row: abs((arabic(row.number)[0] or 0) - wanted))
    return sorted(close[:NEAREST], key=lambda row: row.position)
