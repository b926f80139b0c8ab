from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from elendihub import comparing, moments, preview, review
from elendihub.moments import Moment
from elendihub.structured_data import absolute
from legislation import amending, boxes, layers
from regulators import record
from regulators.models import Hub, HubVersion
from regulators.structured_data import hub_data


@require_safe
def hub_detail(request: HttpRequest, slug: str) -> HttpResponse:
    if moment := moments.asked(request):
        return hub_as_at(request, slug, moment)
    at = timezone.now()
    version = shown_version(request, slug, at)
    hub = version.hub
    standing = shown(hub, version, at.date())
    context = {
        **standing,
        "answer": record.answer_of(hub.regulator.answers, standing["site"]),
        **review.said_of(version),
        **amending.said_of(version),
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
    versions = HubVersion.objects.live(at).for_page(at).select_related("hub__jurisdiction", "hub__regulator")
    live = versions.filter(hub__slug=slug).first()
    if live is None:
        raise preview.nothing(request)
    return live


def hub_as_at(request: HttpRequest, slug: str, moment: Moment) -> HttpResponse:
    """The page as it stood, list included: of nothing that may change since."""
    hub = get_object_or_404(Hub, slug=slug)
    version = hub.versions.live(moment.at).with_checks(moment.at).with_emergency_review(moment.at).first()
    if version is None:
        return not_yet(request, hub, moment)
    context = {
        **shown(hub, version, moment.at.date()),
        "moment": moment,
        **review.said_of(version),
        "listing": hub.articles.listing_as_at(hub, request.GET, moment),
    }
    return render(request, "regulators/hub_as_at.html", context)


@require_safe
def hub_version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version for ever, its regulator named as on the day it went live."""
    at = timezone.now()
    hub = get_object_or_404(Hub.objects.select_related("jurisdiction"), slug=slug)
    version = hub.versions.published(at).filter(number=number).with_emergency_review(at).first()
    if version is None:
        return comparing.unknown(request, hub, at)
    context = {
        **shown(hub, version, version.live_from.date()),
        "corrections": comparing.corrected_since(version, hub, [slug], at),
        "current": hub.versions.live(at).only("number", "kind", "hub").first(),
        "live_url": absolute(hub.get_absolute_url()),
    }
    return render(request, "regulators/hub_version.html", context)


@require_safe
def hub_compare(request: HttpRequest, slug: str, old: int, new: int) -> HttpResponse:
    hub, at = get_object_or_404(Hub, slug=slug), timezone.now()
    if comparing.is_turned(hub, old, new, at):
        return redirect("hub_compare", slug, new, old)
    context = comparing.page(request, hub, [slug], (old, new), at)
    return render(request, "regulators/hub_compare.html", context) if context else comparing.unknown(request, hub, at)


@require_safe
def hub_compare_chosen(request: HttpRequest, slug: str) -> HttpResponse:
    return comparing.chosen(request, get_object_or_404(Hub, slug=slug), [slug], timezone.now())


def shown(hub: Hub, version: HubVersion, on: date) -> dict[str, Any]:
    """The hub and what its version says of the regulator on that day."""
    regulator = version.regulator_record
    return {
        "hub": hub,
        "version": version,
        "shown_on": on,
        "name": record.name_on(regulator, on),
        "names": record.names(regulator),
        "former_names": record.former_names(regulator, on),
        "site": record.site_on(regulator, on),
    }


def not_yet(request: HttpRequest, hub: Hub, moment: Moment) -> HttpResponse:
    first = hub.versions.published().order_by("number").first()
    if first is None:
        raise Http404("Nothing is published here.")
    context = {
        "moment": moment,
        "first": first,
        "address": hub.get_absolute_url(),
        "permalink": reverse("hub_version", args=[hub.slug, first.number]),
    }
    return render(request, "not_yet.html", context)
