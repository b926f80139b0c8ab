"""How we review: the figures, what they mean, and the list behind each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Link, Topic
from elendihub import trust as care
from elendihub import trust_lists
from elendihub.trust import FIGURES, Figure
from regulators.models.hub_version import REVIEW_DAYS

PARTS = (
    ("Reviews", ("checked", "due", "amended")),
    ("Publishing", ("single-handed", "emergencies", "emergencies-all", "corrections-lately", "corrections")),
    ("Links and citations", ("links", "moved", "unresolved")),
    ("The record", ("texts", "versions")),
)
# Of the public texts so many are in the list.
SHARES = ("checked", "due", "amended", "single-handed")


@dataclass(frozen=True)
class Line:
    """A figure of the page; `number` counts the rows of the list at `name`."""

    name: str
    figure: Figure
    number: int
    said: str
    note: str = ""


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    numbers, notes = care.counts(at), notes_at(at)
    context = {
        "today": at,
        "parts": [(title, [line(name, numbers, notes) for name in names]) for title, names in PARTS],
        "checked": line("checked", numbers, notes),
        "topics": Topic.objects.order_by("review_days", "name"),
        "hub_review_days": REVIEW_DAYS,
        "wants_second_person": settings.SECOND_PERSON,
    }
    return render(request, "elendihub/trust.html", context)


@require_safe
def trust_list(request: HttpRequest, name: str) -> HttpResponse:
    if name not in FIGURES:
        raise Http404("There is no such list.")
    at = timezone.now()
    figure = FIGURES[name]
    number = care.count({name: figure.rows(at)})[name]
    context = {
        "figure": figure,
        "name": name,
        "number": number,
        "unit": figure.of[number != 1],
        "said": trust_lists.in_words(number, figure.of),
        "page": trust_lists.page(name, at, request.GET.get("page", "")),
    }
    return render(request, "elendihub/trust_list.html", context)


def line(name: str, numbers: dict[str, int], notes: dict[str, str]) -> Line:
    figure, number, of = FIGURES[name], numbers[name], numbers["texts"]
    said = trust_lists.in_words(number, figure.of)
    if name in SHARES and of:
        said = f"{number} of {trust_lists.in_words(of, figure.of)} ({trust_lists.percent(number, of)})"
    return Line(name, figure, number, said, notes.get(name, ""))


def notes_at(at: datetime) -> dict[str, str]:
    """What stands beside a figure."""
    asked_at = Link.objects.aggregate(last=Max("asked_at"))["last"]
    oldest = trust_lists.found("amended", at, 1)
    day = f"Links were last asked on {trust_lists.said(asked_at)}." if asked_at else "Links have not been asked yet."
    return {"links": day, "amended": oldest_said(oldest, at)}


def oldest_said(rows: Iterable[trust_lists.Row], at: datetime) -> str:
    for row in rows:
        return f"The oldest was flagged on {trust_lists.said(row.day)}, {trust_lists.age(row.day, at)}."
    return ""
