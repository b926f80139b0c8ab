"""What the register of law says about one cited provision: whether it exists, what changed it, where its text is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from elendihub.structured_data import absolute
from legislation import lookup
from legislation.citations import Citation, Register
from legislation.models import Amendment, Instrument, Provision

EXISTS, DELETED, MISSING = "exists", "deleted", "does-not-exist"
UNVERIFIED, UNREGISTERED, NO_ACT = "not-verified", "not-in-register", "no-known-act"
# In the order in which a summary tells them.
STATES = {
    EXISTS: "Exists",
    MISSING: "Does not exist",
    DELETED: "Deleted",
    UNVERIFIED: "Not verified",
    UNREGISTERED: "Not in the register",
    NO_ACT: "No known act",
}
PARAGRAPH = re.compile(r"art_[^(/]+\(([0-9]+[a-z]*)\)")


@dataclass(frozen=True, slots=True)
class Change:
    """An unknown date is None and shown as “not confirmed”."""

    by: str
    page: str
    what: str
    published_on: date | None
    applies_on: date | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`citation` is the normalised form; `verified_to` says how deep the register was asked."""

    citation: str
    state: str
    reason: str = ""
    key: str = ""
    instrument: str = ""
    label: str = ""
    verified_to: str = ""
    """ "act", "provision" or "paragraph"; empty when nothing was verified. Points are never compared."""
    amendments: tuple[Change, ...] = ()
    """Newest first; at the provision, or anywhere in the act when it is cited as a whole."""
    repealed_on: date | None = None
    is_repealed: bool = False
    page: str = ""
    official_text: str = ""

    @property
    def state_in_words(self) -> str:
        return STATES[self.state]

    @property
    def exists(self) -> bool | None:
        """None when the register cannot tell."""
        return {EXISTS: True, DELETED: False, MISSING: False}.get(self.state)


@dataclass(frozen=True, slots=True)
class Rows:
    """Amendments by primary key of the provision and of the instrument, newest first."""

    targets: lookup.Targets = field(default_factory=lookup.Targets)
    by_provision: Mapping[int, list[Amendment]] = field(default_factory=dict)
    by_instrument: Mapping[int, list[Amendment]] = field(default_factory=dict)


class Judge:
    """Gives each provision one verdict, however often it is cited."""

    def __init__(self, register: Register, rows: Rows, on: date) -> None:
        self.register = register
        self.rows = rows
        self.on = on
        self.given: dict[tuple[str | None, str, str], Verdict] = {}

    def verdict(self, citation: Citation, label: str) -> Verdict:
        key = citation.instrument
        # Without an act the reason belongs to the place in the text; with one it follows from the register.
        name = (key, label, "" if key else citation.reason)
        if name not in self.given:
            self.given[name] = self._judged(citation, label)
        return self.given[name]

    def _judged(self, citation: Citation, label: str) -> Verdict:
        words = lookup.in_words(label) if label else ""
        if citation.instrument is None:
            return Verdict(words, NO_ACT, citation.reason, label=label)
        instrument = self.rows.targets.instrument(citation.instrument)
        if instrument is None:
            form = f"{citation.instrument} {words}".strip()
            return Verdict(form, UNREGISTERED, key=citation.instrument, label=label)
        provision = self.rows.targets.provision(instrument.key, label)
        state, verified_to, reason = judged(self.register, instrument, provision, label)
        return Verdict(
            citation=f"{instrument.short_name} {words}".strip(),
            state=state,
            reason=reason,
            key=instrument.key,
            instrument=instrument.short_name,
            label=label,
            verified_to=verified_to,
            amendments=self._amendments(instrument, provision, label),
            repealed_on=instrument.repealed_on,
            is_repealed=instrument.repealed_on is not None and instrument.repealed_on <= self.on,
            page=absolute((provision or instrument).get_absolute_url()),
            official_text=(provision or instrument).source_url(),
        )

    def _amendments(self, instrument: Instrument, provision: Provision | None, label: str) -> tuple[Change, ...]:
        if not label:
            # An act changes many provisions of another: it is told once.
            acts = {row.by_id: row for row in self.rows.by_instrument.get(instrument.pk, [])}
            return changes(acts.values(), is_whole=True)
        return changes(self.rows.by_provision.get(provision.pk, [])) if provision else ()


def judged(register: Register, instrument: Instrument, provision: Provision | None, label: str) -> tuple[str, str, str]:
    """State, how deep it was verified, and the reason in a sentence where there is one to give."""
    place = lookup.place_of(label)
    if place is None:
        return (UNVERIFIED, "", "The register cannot read this reference.") if label else (EXISTS, "act", "")
    kind = "paragraph" if place.kind == Provision.Kind.SECTION else place.kind
    extent = register.extent(instrument.key, kind)
    if extent is None and provision is None:
        return UNVERIFIED, "act", f"The register does not hold how far {instrument.short_name} goes."
    if extent is not None and not extent.holds(place.number):
        return MISSING, "provision", f"{instrument.short_name} has {register.describe(instrument.key, kind)}."
    cited = PARAGRAPH.match(label)
    if provision is None or cited is None:
        return EXISTS, "provision", ""
    return judged_paragraph(provision, cited[1])


def judged_paragraph(provision: Provision, paragraph: str) -> tuple[str, str, str]:
    if paragraph in provision.paragraphs:
        return EXISTS, "paragraph", ""
    if paragraph in provision.deleted_paragraphs:
        return DELETED, "paragraph", f"Paragraph {paragraph} of {provision.name} was deleted."
    if provision.paragraphs:
        return MISSING, "paragraph", f"{provision.name} has paragraphs {', '.join(provision.paragraphs)}."
    if provision.is_unnumbered:
        return MISSING, "paragraph", f"{provision.name} has no numbered paragraphs."
    return EXISTS, "provision", ""


def changes(amendments: Iterable[Amendment], *, is_whole: bool = False) -> tuple[Change, ...]:
    return tuple(
        Change(
            by=row.by.short_name,
            page=absolute(row.by.get_absolute_url()),
            what="" if is_whole else row.what,
            published_on=row.published_on,
            applies_on=row.by.applies_from if is_whole else row.applies_on,
        )
        for row in amendments
    )
