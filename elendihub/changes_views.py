from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from elendihub import changes as record
from elendihub import feeds, moments
from elendihub.moments import Moment
from regulators.models import Hub


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    at, moment = moment_of(request)
    found = record.page(at, request.GET.get("page", ""), text=moment.text if moment else "")
    return render(request, "elendihub/changes.html", {"changes": found, "moment": moment})


@require_safe
def hub_changes(request: HttpRequest, slug: str) -> HttpResponse:
    at, moment = moment_of(request)
    hub = public_hub(slug)
    context = {
        "hub": hub,
        "hub_name": hub.name_at(at),
        "changes": record.page(at, request.GET.get("page", ""), hub, moment.text if moment else ""),
        "moment": moment,
    }
    return render(request, "elendihub/hub_changes.html", context)


@require_safe
def changes_feed(request: HttpRequest) -> HttpResponse:
    at, moment = moment_of(request)
    return feed_of("Changes", reverse("changes"), reverse("changes_feed"), record.notable(at, feeds.LENGTH), moment)


@require_safe
def hub_changes_feed(request: HttpRequest, slug: str) -> HttpResponse:
    at, moment = moment_of(request)
    hub = public_hub(slug)
    path, feed_path = reverse("hub_changes", args=[slug]), reverse("hub_changes_feed", args=[slug])
    return feed_of(f"{hub.name_at(at)}: changes", path, feed_path, record.notable(at, feeds.LENGTH, hub), moment)


def moment_of(request: HttpRequest) -> tuple[datetime, Moment | None]:
    """The moment that the address asks for, else the present one and None."""
    moment = moments.asked(request)
    return (moment.at if moment else timezone.now(), moment)


def feed_of(title: str, path: str, feed_path: str, rows: list[record.Row], moment: Moment | None) -> HttpResponse:
    query = moment.query if moment else ""
    changed_at = rows[0].at if rows else min(feeds.NEVER, moment.at) if moment else feeds.NEVER
    return feeds.response(feeds.changes_feed(title, path + query, feed_path + query, rows, changed_at), moment)


def public_hub(slug: str) -> Hub:
    """The hub, if it ever was public; withdrawn ones keep their record."""
    hub = get_object_or_404(Hub, slug=slug)
    if not hub.versions.published().exists():
        raise Http404("This hub is not published.")
    return hub
