from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from elendihub import changes as record
from elendihub import feeds
from regulators.models import Hub


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    found = record.page(timezone.now(), request.GET.get("page", ""))
    return render(request, "elendihub/changes.html", {"changes": found})


@require_safe
def hub_changes(request: HttpRequest, slug: str) -> HttpResponse:
    at = timezone.now()
    hub = public_hub(slug)
    context = {
        "hub": hub,
        "hub_name": hub.name_at(at),
        "changes": record.page(at, request.GET.get("page", ""), hub),
    }
    return render(request, "elendihub/hub_changes.html", context)


@require_safe
def changes_feed(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    return feed_of("Changes", reverse("changes"), reverse("changes_feed"), record.notable(at, feeds.LENGTH))


@require_safe
def hub_changes_feed(request: HttpRequest, slug: str) -> HttpResponse:
    at = timezone.now()
    hub = public_hub(slug)
    path, feed_path = reverse("hub_changes", args=[slug]), reverse("hub_changes_feed", args=[slug])
    return feed_of(f"{hub.name_at(at)}: changes", path, feed_path, record.notable(at, feeds.LENGTH, hub))


def feed_of(title: str, path: str, feed_path: str, rows: list[record.Row]) -> HttpResponse:
    changed_at = rows[0].at if rows else feeds.NEVER
    feed = feeds.changes_feed(title, path, feed_path, rows, changed_at)
    return HttpResponse(feed, content_type=feeds.CONTENT_TYPE)


def public_hub(slug: str) -> Hub:
    """The hub, if it ever was public; withdrawn ones keep their record."""
    hub = get_object_or_404(Hub, slug=slug)
    if not hub.versions.published().exists():
        raise Http404("This hub is not published.")
    return hub
