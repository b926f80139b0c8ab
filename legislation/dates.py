"""The dates of an instrument in the territory that issued it, each as precise as the source is."""

from dataclasses import dataclass
from datetime import date

from legislation.models import Instrument

FORMS = {10: "%-d %B %Y", 7: "%B %Y", 4: "%Y"}


@dataclass(frozen=True)
class Event:
    """`iso` is 2026, 2026-07 or 2026-07-19; empty when the day is not confirmed."""

    name: str
    iso: str

    @property
    def words(self) -> str:
        return in_words(self.iso)


def of(instrument: Instrument) -> list[Event]:
    """What is known, in the order of time; when law applies is named even when it is not confirmed."""
    days = {
        "Published": instrument.published_on,
        "In force": instrument.in_force_on,
        "Applies from": instrument.applies_from,
        "Repealed": instrument.repealed_on,
    }
    events = [Event("Adopted" if instrument.is_law else "Issued", instrument.adopted)]
    events += [Event(name, day.isoformat() if day else "") for name, day in days.items()]
    return [event for event in events if event.iso or (event.name == "Applies from" and instrument.is_law)]


def in_words(iso: str) -> str:
    """19 July 2026, July 2026, 2026; empty for an empty one."""
    if not iso:
        return ""
    padded = iso + "-01-01"[len(iso) - 4 :] if len(iso) < 10 else iso
    return f"{date.fromisoformat(padded):{FORMS[len(iso)]}}"
