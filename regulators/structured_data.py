from datetime import date
from typing import Any

from django.utils.safestring import SafeString

from elendihub.structured_data import absolute, breadcrumbs, publisher, script_html
from regulators import record
from regulators.models import Hub, HubVersion


def hub_data(hub: Hub, version: HubVersion, on: date) -> SafeString:
    """The hub page for search engines: what it is about, who regulates, where it stands."""
    page: dict[str, Any] = {
        "@type": "WebPage",
        "name": version.title,
        "description": version.summary,
        "url": absolute(hub.get_absolute_url()),
        "inLanguage": "en",
        "datePublished": version.published_at.isoformat(),
        "dateModified": version.changed_at.isoformat(),
        "publisher": publisher(),
    }
    if organisation := regulator_data(version, on):
        page["about"] = organisation
    return script_html(
        page, breadcrumbs(("All regulatory hubs", "/"), (version.jurisdiction_name, hub.get_absolute_url()))
    )


def regulator_data(version: HubVersion, on: date) -> dict[str, Any] | None:
    name = record.name_on(version.regulator_record, on)
    if name is None:
        return None
    site = record.site_on(version.regulator_record, on)
    former = [old.name for old in record.former_names(version.regulator_record, on)]
    data: dict[str, Any] = {
        "@type": "GovernmentOrganization",
        "name": name.name,
        "alternateName": [other for other in (name.acronym, name.native, *former) if other],
        "areaServed": version.jurisdiction_name,
    }
    return data | ({"url": site.url} if site else {})
