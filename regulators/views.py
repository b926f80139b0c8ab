from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from elendihub import preview
from regulators import record
from regulators.models import Hub
from regulators.structured_data import hub_data


@require_safe
def hub_detail(request: HttpRequest, slug: str) -> HttpResponse:
    at = timezone.now()
    hub = Hub.objects.select_related("jurisdiction", "regulator").filter(slug=slug).first()
    if hub is None:
        raise preview.nothing(request)
    version = preview.shown(request, hub, at)
    regulator = version.regulator_record
    context = {
        "hub": hub,
        "version": version,
        "name": record.name_on(regulator, at.date()),
        "names": record.names(regulator),
        "former_names": record.former_names(regulator, at.date()),
        "site": record.site_on(regulator, at.date()),
        "listing": hub.articles.listing(request.GET, at),
        "structured_data_html": hub_data(hub, version, at.date()),
    }
    return render(request, "regulators/hub_detail.html", context)
