"""The register of dates: its timeline, and the calendars that follow it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from legislation import bases, calendars, timeline
from legislation.calendars import Clock
from legislation.models import Deadline, Instrument
from legislation.models.deadline import CLASSES
from legislation.timeline import NEXT, OPEN, Chosen, View
from regulators.models import Hub, HubVersion


@dataclass(frozen=True)
class Option:
    """One value of a filter, with how many dates it would show beside the other filters."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Filters:
    """What was asked for, in the address's own words, and everything that can be asked for."""

    hubs: dict[str, HubVersion]
    laws: dict[str, str]
    hub: str
    law: str
    device_class: str

    @property
    def problems(self) -> list[str]:
        known = (("hub", self.hub, self.hubs), ("law", self.law, self.laws), ("class", self.device_class, CLASSES))
        wrong = [(name, value) for name, value, values in known if value and value not in values]
        return [f"No {name} “{value[:60]}” has dates here." for name, value in wrong]

    @property
    def is_filtered(self) -> bool:
        return bool(self.hub or self.law or self.device_class)

    @property
    def hub_name(self) -> str:
        return self.hubs[self.hub].jurisdiction_name if self.hub in self.hubs else ""

    @property
    def calendar_address(self) -> str:
        """The calendar nearest to the choice: of the hub, else of the act, else of all dates."""
        if self.hub:
            return reverse("hub_deadlines_calendar", args=[self.hub])
        if self.law:
            return reverse("instrument_deadlines_calendar", args=[self.law])
        return reverse("deadlines_calendar")

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.territory(self.hub), self.law, self.device_class)

    def view(self, at: datetime) -> View:
        names = {version.hub.jurisdiction.code: version.jurisdiction_name for version in self.hubs.values()}
        return View(at.date(), self.chosen.territory, names, bases.current())

    def territory(self, hub: str) -> str:
        return self.hubs[hub].hub.jurisdiction.code if hub in self.hubs else ""

    def options(self, standing: list[Deadline]) -> dict[str, list[Option]]:
        def count(**asked: str) -> int:
            wanted = replace(self.chosen, **asked)
            return sum(wanted.holds(each) for each in standing)

        hubs = [
            Option(slug, version.jurisdiction_name, count(territory=self.territory(slug)), slug == self.hub)
            for slug, version in self.hubs.items()
        ]
        laws = [Option(slug, name, count(law=slug), slug == self.law) for slug, name in self.laws.items()]
        classes = [Option(name, name, count(device_class=name), name == self.device_class) for name in CLASSES]
        return {"hubs": hubs, "laws": laws, "classes": classes}


def asked(query: QueryDict, deadlines: Iterable[Deadline], at: datetime) -> Filters:
    """Laws stand in the order of how many dates they have."""
    versions = HubVersion.objects.live(at).readable().select_related("hub__jurisdiction")
    hubs = {version.hub.slug: version for version in sorted(versions, key=lambda each: each.jurisdiction_name)}
    laws: dict[str, tuple[int, str]] = {}
    for instrument in (each for deadline in deadlines for each in deadline.instruments.all()):
        number, name = laws.get(instrument.slug, (0, instrument.short_name))
        laws[instrument.slug] = (number - 1, name)
    in_order = {slug: laws[slug][1] for slug in sorted(laws, key=laws.__getitem__)}
    return Filters(hubs, in_order, query.get("hub", ""), query.get("law", ""), query.get("class", ""))


@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    everything = list(Deadline.objects.in_full())
    standing = [each for each in everything if not each.is_superseded]
    superseded = [each for each in everything if each.is_superseded]
    filters = asked(request.GET, standing, at)
    shown = [] if filters.problems else [each for each in standing if filters.chosen.holds(each)]
    entries = timeline.entries(shown, superseded, filters.view(at))
    context = {
        "filters": filters,
        "options": filters.options(standing),
        "entries": entries,
        "years": timeline.years(entries, at.date()),
        "open_ended": [entry for entry in entries if entry.state == OPEN],
        "following": next((entry for entry in entries if entry.state == NEXT), None),
        "moved": [entry for entry in entries if entry.deadline.former_dates.all()],
        "superseded": concerned(superseded, shown, filters),
        "today": at.date(),
    }
    return render(request, "elendihub/deadlines.html", context, status=404 if filters.problems else 200)


def concerned(superseded: list[Deadline], shown: list[Deadline], filters: Filters) -> list[Deadline]:
    """Those that the filters hold for, and those whose successor is shown; no country has a row of its own for them."""
    successors = {each.pk for each in shown}
    if filters.problems:
        return []
    return [each for each in superseded if filters.chosen.holds(each) or each.superseded_by_id in successors]


@require_safe
def deadlines_calendar(request: HttpRequest) -> HttpResponse:
    everything = Deadline.objects.by_day().in_full()
    return calendar_answer("Deadlines", reverse("deadlines"), everything, Clock())


@require_safe
def hub_deadlines_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The dates on the clock of the hub's country."""
    hub = get_object_or_404(Hub.objects.select_related("jurisdiction"), slug=slug)
    version = hub.versions.live(timezone.now()).readable().first()
    if version is None:
        raise Http404("This hub is not published.")
    clock = Clock(hub.jurisdiction.code, version.jurisdiction_name)
    found = Deadline.objects.for_territory(clock.code).in_full()
    return calendar_answer(f"Deadlines: {clock.name}", f"{reverse('deadlines')}?hub={slug}", found, clock)


@require_safe
def instrument_deadlines_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    instrument = get_object_or_404(Instrument, slug=slug)
    found = Deadline.objects.for_instrument(instrument).by_day().in_full()
    name = f"Deadlines: {instrument.short_name}"
    return calendar_answer(name, f"{reverse('deadlines')}?law={slug}", found, Clock())


def calendar_answer(name: str, address: str, deadlines: Iterable[Deadline], clock: Clock) -> HttpResponse:
    found = list(deadlines)
    body = calendars.calendar(f"{name} · {settings.SITE_NAME}", address, found, clock)
    response = HttpResponse(body, content_type=calendars.CONTENT_TYPE)
    if found:
        response["Last-Modified"] = http_date(max(each.updated_at for each in found).timestamp())
    return response
