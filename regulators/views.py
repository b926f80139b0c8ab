from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from elendihub import preview
from legislation import boxes, layers
from regulators import record
from regulators.models import Hub, HubVersion
from regulators.structured_data import hub_data


@require_safe
def hub_detail(request: HttpRequest, slug: str) -> HttpResponse:
    at = timezone.now()
    version = shown_version(request, slug, at)
    hub = version.hub
    regulator = version.regulator_record
    context = {
        "hub": hub,
        "version": version,
        "name": record.name_on(regulator, at.date()),
        "names": record.names(regulator),
        "former_names": record.former_names(regulator, at.date()),
        "site": record.site_on(regulator, at.date()),
        "layers": layers.of(hub.jurisdiction.code, version.jurisdiction_name),
        "most_cited": hub.articles.most_cited(at),
        "listing": hub.articles.listing(request.GET, at),
        "dates": boxes.of_hub(hub.jurisdiction.code, version.jurisdiction_name, hub.slug, at.date()),
        "structured_data_html": hub_data(hub, version, at.date()),
    }
    return render(request, "regulators/hub_detail.html", context)


def shown_version(request: HttpRequest, slug: str, at: datetime) -> HubVersion:
    """What preview.shown() shows, its hub with it; readers get both by one query."""
    if preview.PARAMETER in request.GET:
        hub = Hub.objects.select_related("jurisdiction", "regulator").filter(slug=slug).first()
        if hub is None:
            raise preview.nothing(request)
        version: HubVersion = preview.shown(request, hub, at)
        return version
    versions = HubVersion.objects.live(at).select_related("hub__jurisdiction", "hub__regulator")
    live = versions.filter(hub__slug=slug).first()
    if live is None:
        raise preview.nothing(request)
    return live
