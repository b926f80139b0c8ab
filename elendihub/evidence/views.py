"""Packs and the page to choose them. A pack is made anew each time, so one visitor may ask for so many in a minute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Article
from elendihub import errors, moments, settling, throttle
from elendihub.evidence import choices, packing, program, selection
from elendihub.evidence.selection import Held, Refused, Selection
from regulators.models import Hub

ZIP = "application/zip"
UNINDEXED = {"X-Robots-Tag": "noindex"}


@dataclass(frozen=True)
class Asked:
    """`at` is the present moment unless the address gives one; `since` is that of an earlier pack."""

    at: datetime
    is_past: bool
    since: datetime | None


def refusing(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """400 with the cure where no pack can be made of what was asked for."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            link = {"path": reverse("evidence"), "path_words": "what a pack can hold"}
            return errors.page(request, 400, cure=str(refused), **link)

    return guarded


@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """The form to choose documents; what it asks for is selection_evidence."""
    context = {
        "hubs": choices.published(timezone.now()),
        "most_choices": choices.MOST_CHOICES,
        "most_documents": selection.MOST_DOCUMENTS,
        "most_a_minute": settings.PACKS_PER_MINUTE,
    }
    return render(request, "elendihub/evidence.html", context)


@require_safe
def verify_program(request: HttpRequest) -> HttpResponse:
    """The program that proves a pack, for those who do not trust the one inside."""
    return HttpResponse(program.source(), content_type="text/x-python; charset=utf-8")


@require_safe
@refusing
def hub_evidence(request: HttpRequest, slug: str) -> HttpResponseBase:
    asked = read(request)
    hub = get_object_or_404(Hub, slug=slug)
    return answer(request, asked, selection.of_hub(hub, asked.at), hub=hub)


@require_safe
@refusing
def article_evidence(request: HttpRequest, hub: str, slug: str) -> HttpResponseBase:
    """At any address that the article has or had; the pack names the one of its moment."""
    asked = read(request)
    article: Any = Article.objects.select_related("hub").known_by(hub, slug, asked.at)
    if article is None or not article.versions.published(asked.at).exists():
        raise Http404("No article that was public then has this address, and none had it.")
    if not asked.is_past and (hub, slug) != article.natural_key():
        query = request.GET.urlencode()
        address = reverse("article_evidence", args=article.natural_key())
        return redirect(address + (f"?{query}" if query else ""), permanent=True)
    return answer(request, asked, selection.held_of([], [article], asked.at))


@require_safe
@refusing
def selection_evidence(request: HttpRequest) -> HttpResponseBase:
    asked = read(request)
    held = choices.held(request.GET.getlist("hub"), request.GET.getlist("article"), asked.at)
    parameters = [(each.kind, "/".join(each.names)) for each in held]
    return answer(request, asked, held, parameters)


def read(request: HttpRequest) -> Asked:
    """What the address says of moments; a field left empty says nothing. Raises moments.Refused and Refused.

    A pack names a moment even where none is asked for, and can be asked for again as of that one: this one settles too.
    """
    at, since = (
        moments.read(text, name) if (text := request.GET.get(name)) else None for name in (moments.PARAMETER, "since")
    )
    if at and since and since.at > at.at:
        raise Refused("“since=” is the moment of an earlier pack, and it is after the one behind “at=”. Swap them.")
    now = timezone.now()
    if at is None:
        settling.settle(now)
    return Asked(at.at if at else now, at is not None, since.at if since else None)


def answer(
    request: HttpRequest,
    asked: Asked,
    held: list[Held],
    parameters: list[tuple[str, str]] | None = None,
    hub: Hub | None = None,
) -> HttpResponseBase:
    """The pack, of when what is in it last changed unless a moment is asked for: until it changes, the same bytes."""
    if not held:
        raise Http404("Nothing was published here then.")
    if request.method == "HEAD":
        return HttpResponse(content_type=ZIP, headers=UNINDEXED)
    if not throttle.admit(request, settings.PACKS_PER_MINUTE, "packs"):
        return too_many(request)
    at = asked.at if asked.is_past else selection.newest(held, asked.since, hub)
    kind, names = held[0].kind, held[0].names
    path = request.path if parameters else reverse(f"{kind}_evidence", args=names)
    name = "-".join(["evidence", *([] if parameters else names)])
    changed = [each.since(asked.since) if asked.since else each for each in held]
    pack = packing.write(chosen := Selection(changed, at, asked.since, path, parameters or [], name))
    return FileResponse(pack, as_attachment=True, filename=chosen.file_name, content_type=ZIP, headers=UNINDEXED)


def too_many(request: HttpRequest) -> HttpResponse:
    refusal = errors.page(request, 429, most=settings.PACKS_PER_MINUTE, seconds=throttle.seconds_left())
    refusal["Retry-After"] = str(throttle.seconds_left())
    return refusal
