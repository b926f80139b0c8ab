"""The desk's first page: what waits for somebody, in numbers, each leading to its list at the desk.

Texts are counted by elendihub.trust, as for readers, and left out where the person may not see them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from articles.models import Article, ArticleVersion, Link, SourceText
from elendihub import state, trust, trust_lists
from elendihub.desk import Desk
from elendihub.trust import FIGURES
from elendihub.workflow import Stage
from regulators.models import Hub, HubVersion

# Rows that a section shows of its list.
SHOWN = 10
# Characters of a note that are shown; the form has it whole.
NOTE = 300
DOCUMENTS = {HubVersion: (Hub, "hub"), ArticleVersion: (Article, "article")}
# The category of what fits no other; a large share says that a shelf is missing.
OTHER = "other"


@dataclass(frozen=True)
class Sight:
    """What the person may see, by model: `lists` as the desk shows them, `keys` the keys of the same rows alone."""

    lists: dict[Any, Any]
    keys: dict[Any, Any]


@dataclass(frozen=True)
class Number:
    """How many rows the list of the model shows under the query."""

    rows: Any
    model: Any
    query: str
    number: int = 0

    @property
    def label(self) -> str:
        named = self.model._meta
        return str(named.verbose_name if self.number == 1 else named.verbose_name_plural)

    @property
    def address(self) -> str:
        return f"{changelist(self.model)}?{self.query}"


@dataclass(frozen=True)
class Line:
    title: str
    address: str
    said: str


@dataclass(frozen=True)
class Section:
    title: str
    empty: str
    numbers: list[Number]
    lines: list[Line]

    @property
    def is_empty(self) -> bool:
        return not any(each.number for each in self.numbers)


class FrontDesk(Desk):
    """The desk with this page in front."""

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        models = (Hub, Article, Link, SourceText)
        desks: dict[Any, Any] = {model: self._registry[model] for model in models}
        seen = {model: desk for model, desk in desks.items() if desk.has_view_or_change_permission(request)}
        sight = Sight(
            lists={model: desk.get_queryset(request) for model, desk in seen.items()},
            keys={model: desk.visible(model.objects.all(), request).values("pk") for model, desk in seen.items()},
        )
        waiting = {"sections": sections(sight, timezone.now()), "others": others(sight)}
        return super().index(request, waiting | (extra_context or {}))


def sections(sight: Sight, at: datetime) -> list[Section]:
    numbers = counted(
        {
            "in_review": of_state("in_review", sight),
            "sent_back": of_state("sent_back", sight),
            "approved": of_state("approved", sight),
            "due": of_figure("due", "review=due", sight, at),
            "amended": of_figure("amended", "review=flagged", sight, at),
            "emergencies": of_figure("emergencies", "state=emergency", sight, at),
            "unresolved": of_figure("unresolved", "citations=unresolved", sight, at),
            "links": of_figure("links", "state=broken", sight, at),
            "moved": of_figure("moved", "state=moved", sight, at),
            "drifted": of_sources("drifted", sight),
            "waiting": of_sources("waiting", sight),
            "scheduled": of_state("scheduled", sight),
        }
    )
    lines = {
        **in_hands(sight),
        "scheduled": scheduled(sight, at),
        **{name: lines_of(name, sight, at) for name in ("due", "amended", "emergencies", "unresolved")},
    }
    return [
        Section(title, empty, numbers[name], lines.get(name, []) if any(each.number for each in numbers[name]) else [])
        for name, (title, empty) in TITLES.items()
        if numbers[name]
    ]


TITLES = {
    "in_review": ("Waiting for review", "Nothing waits for review."),
    "sent_back": ("Sent back", "Nothing was sent back."),
    "approved": ("Approved, not published", "Nothing that was approved waits to be published."),
    "due": (FIGURES["due"].title, FIGURES["due"].empty),
    "amended": (FIGURES["amended"].title, FIGURES["amended"].empty),
    "emergencies": (FIGURES["emergencies"].title, FIGURES["emergencies"].empty),
    "scheduled": ("Scheduled", "Nothing is scheduled."),
    "unresolved": (FIGURES["unresolved"].title, FIGURES["unresolved"].empty),
    "links": (FIGURES["links"].title, FIGURES["links"].empty),
    "moved": (FIGURES["moved"].title, FIGURES["moved"].empty),
    "drifted": ("Sources that changed", "No source is known to have changed."),
    "waiting": ("Sources that wait for a decision", "No source waits for a decision."),
}


# Numbers


def of_state(name: str, sight: Sight) -> list[Number]:
    models = [model for model in (Hub, Article) if model in sight.lists]
    return [Number(sight.lists[model].in_state(name), model, f"state={name}") for model in models]


def of_sources(name: str, sight: Sight) -> list[Number]:
    """`name` is a method of the queryset, and the state that its list is filtered by."""
    if SourceText not in sight.lists:
        return []
    return [Number(getattr(sight.lists[SourceText], name)(), SourceText, f"state={name}")]


def of_figure(name: str, query: str, sight: Sight, at: datetime) -> list[Number]:
    found = [(rows, DOCUMENTS.get(rows.model, (rows.model, ""))[0]) for rows in FIGURES[name].rows(at)]
    return [Number(narrowed(rows, sight), model, query) for rows, model in found if model in sight.lists]


def counted(numbers: dict[str, list[Number]]) -> dict[str, list[Number]]:
    """With their numbers, in one query."""
    asked = {f"{name} {index}": [each.rows] for name, row in numbers.items() for index, each in enumerate(row)}
    found = trust.count(asked)
    return {
        name: [replace(each, number=found[f"{name} {index}"]) for index, each in enumerate(row)]
        for name, row in numbers.items()
    }


def narrowed(rows: Any, sight: Sight) -> Any:
    """Versions of the documents, or links, that the person's lists show."""
    model, field = DOCUMENTS.get(rows.model, (rows.model, "pk"))
    return rows.filter(**{f"{field}__in": sight.keys[model]}) if model in sight.keys else rows.none()


# Rows of the lists


def lines_of(name: str, sight: Sight, at: datetime) -> list[Line]:
    found = trust_lists.found(name, at, SHOWN, narrow=lambda rows: narrowed(rows, sight))
    return [Line(row.title, change(row.row), said_of(name, row, at)) for row in found]


def said_of(name: str, row: trust_lists.Row, at: datetime) -> str:
    """An editor wants to know at once how old a flag is."""
    said = f"{row.said.removesuffix('.')}, {trust_lists.age(row.day, at)}." if name == "amended" else row.said
    return f"{row.place}. {said}"


def in_hands(sight: Sight) -> dict[str, list[Line]]:
    """What reviewers have and what authors have back, the longest wait first; of each model in one query."""
    found: list[Any] = []
    for model in (model for model in (Hub, Article) if model in sight.lists):
        rows = sight.lists[model]
        lists = rows.waiting_for_review(), rows.in_state("sent_back").order_by("updated_at", "pk")
        waiting, returned = (Q(pk__in=each.values("pk")[:SHOWN]) for each in lists)
        found += rows.filter(waiting | returned)
    waits = sorted((each for each in found if each.submitted_at), key=lambda each: each.submitted_at)[:SHOWN]
    backs = sorted((each for each in found if each.stage == Stage.DRAFT), key=lambda each: each.updated_at)[:SHOWN]
    return {
        "in_review": [
            Line(str(each), change_address(each), f"Since {state.said(each.submitted_at)}.") for each in waits
        ],
        "sent_back": [Line(str(each), change_address(each), Truncator(each.review_note).chars(NOTE)) for each in backs],
    }


def scheduled(sight: Sight, at: datetime) -> list[Line]:
    """The next first."""
    found: list[Any] = []
    for model in (HubVersion, ArticleVersion):
        rows = narrowed(model.objects.scheduled(at), sight).order_by("live_from", "pk")
        found += trust_lists.with_address(rows)[:SHOWN]
    coming = sorted(found, key=lambda each: each.live_from)[:SHOWN]
    return [Line(each.title, change(each), f"{kind_of(each)} on {state.said(each.live_from)}.") for each in coming]


def kind_of(version: Any) -> str:
    return "Withdrawal" if version.is_withdrawal else f"Version {version.number}"


def change(version: Any) -> str:
    """Where the desk changes the document of the version."""
    return change_address(getattr(version, DOCUMENTS[type(version)][1]))


def change_address(document: Any) -> str:
    return reverse(f"admin:{document._meta.app_label}_{document._meta.model_name}_change", args=[document.pk])


def changelist(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


# Shares


def others(sight: Sight) -> Iterable[dict[str, Any]]:
    """For each hub with live articles how many of them the editors file under Other, where they are listed."""
    if Article not in sight.lists:
        return []
    live = sight.lists[Article].in_state("live").order_by()
    rows = live.values("hub", name=F("hub__jurisdiction__name")).annotate(
        of=Count("pk"),
        number=Count("pk", filter=Q(category__slug=OTHER)),
        category=Max("category", filter=Q(category__slug=OTHER)),
    )
    return [row | {"address": others_address(row), "share": share(row)} for row in rows.order_by("name")]


def others_address(row: dict[str, Any]) -> str:
    """Empty when there is nothing to list."""
    query = f"state=live&hub__id__exact={row['hub']}&category__id__exact={row['category']}"
    return f"{changelist(Article)}?{query}" if row["number"] else ""


def share(row: dict[str, Any]) -> str:
    return trust_lists.percent(row["number"], row["of"])
