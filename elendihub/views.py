"""Pages of no app: the index of hubs, about, accessibility, and what machines ask for."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.models import ArticleVersion
from elendihub import feeds, index, moments
from elendihub.structured_data import absolute, breadcrumbs, script_html
from legislation.models import Instrument, Provision
from regulators.models import Hub, HubVersion


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    regions = index.regions(at)
    context = {
        "regions": regions,
        "published_count": sum(region.published_count for region in regions),
        "last_changed": ArticleVersion.objects.live(at).readable().last_changed().without_texts()[:5],
        "structured_data_html": script_html(
            {"@type": "WebSite", "name": settings.SITE_NAME, "url": absolute("/"), "inLanguage": "en"},
            breadcrumbs(("All regulatory hubs", "/")),
        ),
    }
    return render(request, "elendihub/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "elendihub/about.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "elendihub/accessibility.html")


@require_safe
def hub_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed in a hub, by more than minor edits, newest first; it goes on answering when the hub is withdrawn."""
    moment = moments.asked(request)
    at = moment.at if moment else timezone.now()
    hub = get_object_or_404(Hub, slug=slug)
    version = hub.versions.live(at).first()
    if version is None and moment:
        # Before its record begins: an empty feed, which says since when there is more.
        version = hub.versions.published().order_by("number").first()
    if version is None:
        raise Http404("This hub is not published.")
    versions = ArticleVersion.objects.listed_at(hub, at) if moment else hub.articles.live_versions(at)
    entries = versions.last_changed().defer("body", "contents", "citations")[: feeds.LENGTH]
    return feeds.response(feeds.hub_feed(hub, version, entries, moment), moment)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    hubs = HubVersion.objects.live(at).readable().select_related("hub")
    articles = ArticleVersion.objects.live(at).readable().select_related("article__hub").in_reading_order()
    provisions = Provision.objects.with_address().in_order().only("kind", "number", "instrument__slug")
    context = {
        "hubs": hubs,
        "articles": articles.without_texts(),
        "instruments": Instrument.objects.only("slug"),
        "provisions": provisions,
    }
    return render(request, "sitemap.xml", context, content_type="application/xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "robots.txt", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain")
    if waiting:
        return HttpResponse(f"{len(waiting)} migrations wait.\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")
