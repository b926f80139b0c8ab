"""Addresses of official texts, built from identifiers (CELEX, ELI, Lovdata) and never typed into texts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from legislation.models import Instrument, Provision

EUR_LEX = "https://eur-lex.europa.eu"
LOVDATA = "https://lovdata.no"


def instrument_url(instrument: Instrument) -> str:
    """The official text as a whole; empty when no identifier is known."""
    if instrument.lovdata:
        return f"{LOVDATA}/{instrument.lovdata}"
    if instrument.eli:
        return f"{EUR_LEX}/eli/{instrument.eli}/oj"
    if instrument.celex:
        return f"{EUR_LEX}/legal-content/EN/TXT/?uri=CELEX:{instrument.celex}"
    return instrument.address


def provision_url(provision: Provision) -> str:
    """The newest consolidated text at the article or annex; the instrument where no anchor is known to work.

    Anchors art_N and anx_ROMAN stand in EUR-Lex texts of the Regulations; rules, recitals and chapters have none that
    is reliable, and a rule stands in an annex that the reader must find. Lovdata has one address a section.
    """
    instrument = provision.instrument
    if instrument.lovdata and provision.kind == "section":
        return f"{LOVDATA}/{instrument.lovdata}/§{provision.number}"
    if instrument.consolidated_on and instrument.kind == "regulation" and provision.kind in ("article", "annex"):
        text = f"0{instrument.celex[1:]}-{instrument.consolidated_on:%Y%m%d}"
        return f"{EUR_LEX}/legal-content/EN/TXT/HTML/?uri=CELEX:{text}#{provision.label}"
    return instrument_url(instrument)


def host(url: str) -> str:
    """As a reader says it: eur-lex.europa.eu; empty for no address."""
    return urlsplit(url).netloc.removeprefix("www.")
