"""Pages of the law for search engines: schema.org's Legislation, and where the page stands."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from elendihub.structured_data import absolute, breadcrumbs, publisher, script_html
from legislation.models import Instrument, Provision


def index_data() -> SafeString:
    page = {"@type": "CollectionPage", "name": "Law", "url": absolute(reverse("law")), "publisher": publisher()}
    return script_html(page, breadcrumbs(("Law", reverse("law"))))


def glossary_data() -> SafeString:
    path = reverse("glossary")
    terms = {"@type": "DefinedTermSet", "name": "Glossary", "url": absolute(path), "publisher": publisher()}
    return script_html(terms, breadcrumbs(("Glossary", path)))


def instrument_data(instrument: Instrument) -> SafeString:
    data = legislation(instrument)
    return script_html(data, breadcrumbs(("Law", reverse("law")), (str(instrument), instrument.get_absolute_url())))


def provision_data(provision: Provision) -> SafeString:
    instrument = provision.instrument
    data: dict[str, Any] = {
        "@type": "Legislation",
        "name": str(provision),
        "url": absolute(provision.get_absolute_url()),
        "isPartOf": legislation(instrument),
    }
    if provision.heading:
        data["alternateName"] = provision.heading
    if source := provision.source_url():
        data["sameAs"] = source
    steps = (("Law", reverse("law")), (str(instrument), instrument.get_absolute_url()))
    return script_html(data, breadcrumbs(*steps, (provision.name, provision.get_absolute_url())))


def legislation(instrument: Instrument) -> dict[str, Any]:
    """Guidance and standards are no legislation."""
    known = {
        "alternateName": instrument.title,
        "description": instrument.summary,
        "sameAs": instrument.source_url(),
    }
    if instrument.is_law:
        known |= {
            "legislationIdentifier": instrument.celex or instrument.lovdata,
            "legislationType": instrument.get_kind_display(),
            "legislationPassedBy": instrument.issuer,
            "legislationJurisdiction": instrument.territory,
            "legislationDate": instrument.adopted,
            "legislationDateOfApplicability": instrument.applies_from.isoformat() if instrument.applies_from else "",
        }
    kind = "Legislation" if instrument.is_law else "CreativeWork"
    data = {"@type": kind, "name": str(instrument), "url": absolute(instrument.get_absolute_url())}
    return data | {name: value for name, value in known.items() if value}
