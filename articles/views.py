from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import citing
from articles.models import Article, ArticleVersion
from articles.structured_data import article_data
from elendihub import comparing, history, moments, preview, review
from elendihub.moments import Moment
from elendihub.structured_data import absolute
from legislation import amending
from regulators.models import Hub
from regulators.models.hub_version import published_name


@require_safe
def article_detail(request: HttpRequest, hub: str, slug: str) -> HttpResponse:
    if moment := moments.asked(request):
        return article_as_at(request, hub, slug, moment)
    at = timezone.now()
    version = shown_version(request, hub, slug, at)
    if version is None:
        return moved(request, hub, slug)
    found = version.article
    name = hub_name(version)
    context = {
        "article": found,
        "version": version,
        "hub_name": name,
        **review.said_of(version),
        **amending.said_of(version),
        "law_cited": citing.law_of(version),
        "successor": ArticleVersion.objects.successor(version, at),
        "steps": history.steps(found.versions, at),
        "related": found.hub.articles.live_versions(at).related_to(version),
        "structured_data_html": article_data(found, version, name),
    }
    return render(request, "articles/article_detail.html", context)


def shown_version(request: HttpRequest, hub: str, slug: str, at: datetime) -> ArticleVersion | None:
    """What preview.shown() shows, its article and hub with it; readers get all by one query. None: no article there."""
    versions = ArticleVersion.objects.live(at).for_page(at).select_related("article__hub__jurisdiction")
    versions = versions.annotate(hub_name=published_name(at, "article__hub__slug"))
    live = versions.filter(article__hub__slug=hub, article__slug=slug).first()
    if live and preview.PARAMETER not in request.GET:
        return live
    found = standing(hub, slug)
    return preview.shown(request, found, at) if found else None


def hub_name(version: Any) -> str:
    """What shown_version() brought along with the version, or, for a preview, with its article."""
    name: str = version.__dict__.get("hub_name") or version.article.hub_name
    return name


def article_as_at(request: HttpRequest, hub: str, slug: str, moment: Moment) -> HttpResponse:
    """The page as it stood: of nothing that may change since, addresses included."""
    article: Any = Article.objects.standing_at(hub, slug, moment.at)
    if article is None:
        return moved_then(request, hub, slug, moment)
    stood_in = get_object_or_404(Hub, slug=hub)
    version = article.versions.live(moment.at).with_checks(moment.at).with_emergency_review(moment.at).first()
    if version is None:
        return not_yet(request, article, (hub, slug), moment)
    context = {
        "article": article,
        "version": version,
        "moment": moment,
        "hub": stood_in,
        "hub_name": stood_in.name_at(moment.at),
        "hub_address": stood_in.get_absolute_url(),
        "address": request.path,
        **review.said_of(version),
        "successor": ArticleVersion.objects.successor(version, moment.at),
        "steps": history.steps(article.versions, moment.at),
        "related": ArticleVersion.objects.listed_at(stood_in, moment.at).related_to(version),
    }
    return render(request, "articles/article_as_at.html", context)


@require_safe
def article_version(request: HttpRequest, hub: str, slug: str, number: int) -> HttpResponse:
    """One version for ever; only the frame around it tells what happened since."""
    at = timezone.now()
    article = standing(hub, slug)
    if article is None:
        return moved(request, hub, slug, "article_version", number)
    version = article.versions.published(at).filter(number=number).with_emergency_review(at).first()
    if version is None:
        return comparing.unknown(request, article, at)
    context = {
        "article": article,
        "version": version,
        "hub_name": article.hub_name,
        "corrections": comparing.corrected_since(version, article, [hub, slug], at),
        "current": article.versions.live(at).only("number", "kind", "article").first(),
        "successor": ArticleVersion.objects.successor(version, at),
        "steps": history.steps(article.versions, at),
        "live_url": absolute(article.get_absolute_url()),
    }
    return render(request, "articles/article_version.html", context)


@require_safe
def article_compare(request: HttpRequest, hub: str, slug: str, old: int, new: int) -> HttpResponse:
    article, at = standing(hub, slug), timezone.now()
    if article is None:
        return moved(request, hub, slug, "article_compare", old, new)
    if comparing.is_turned(article, old, new, at):
        return redirect("article_compare", hub, slug, new, old)
    context = comparing.page(request, article, [hub, slug], (old, new), at)
    if context is None:
        return comparing.unknown(request, article, at)
    return render(
        request, "articles/article_compare.html", context | {"document": article, "hub_name": article.hub_name}
    )


@require_safe
def article_compare_chosen(request: HttpRequest, hub: str, slug: str) -> HttpResponse:
    article = standing(hub, slug)
    if article is None:
        return moved(request, hub, slug, "article_compare_chosen")
    return comparing.chosen(request, article, [hub, slug], timezone.now())


def standing(hub: str, slug: str) -> Any:
    """The article and the name of its hub as published; in a preview, a hub that never was goes by its present one."""
    name = Coalesce(published_name(timezone.now(), "hub__slug"), F("hub__jurisdiction__name"))
    found = Article.objects.select_related("hub__jurisdiction").annotate(hub_name=name)
    return found.filter(hub__slug=hub, slug=slug).first()


def moved(request: HttpRequest, hub: str, slug: str, route: str = "article_detail", *numbers: int) -> HttpResponse:
    """The way from an address that an article had to the one it has, for preview links too: those are of its page."""
    article, at = Article.objects.formerly_at(hub, slug), timezone.now()
    if route == "article_detail":
        if article is None or not preview.is_open(request, article, at):
            raise preview.nothing(request)
    elif article is None or not article.versions.live(at).exists():
        raise Http404("Nothing is published here.")
    query = request.GET.urlencode()
    address = reverse(route, args=[article.hub.slug, article.slug, *numbers])
    return redirect(address + (f"?{query}" if query else ""), permanent=True)


def moved_then(request: HttpRequest, hub: str, slug: str, moment: Moment) -> HttpResponse:
    """The way from any address of an article to the one it had at the moment, if readers had it then."""
    article: Any = Article.objects.known_by(hub, slug, moment.at)
    if article is None or (hub, slug) == (article.hub_slug_then, article.slug_then):
        raise Http404("No article has this address, and none had it.")
    if not article.versions.published(moment.at).exists():
        return not_yet(request, article, (hub, slug), moment)
    return redirect(reverse("article_detail", args=[article.hub_slug_then, article.slug_then]) + moment.query)


def not_yet(request: HttpRequest, article: Article, asked: tuple[str, str], moment: Moment) -> HttpResponse:
    first = article.versions.published().order_by("number").first()
    if first is None:
        raise Http404("Nothing is published here.")
    # The address asked for, which leads on when it has another since: this page stays as it is, too. One that it had
    # before it was public is told to nobody.
    context = {
        "moment": moment,
        "first": first,
        "address": reverse("article_detail", args=asked),
        "permalink": reverse("article_version", args=[*asked, first.number]),
    }
    return render(request, "not_yet.html", context)
