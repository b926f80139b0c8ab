from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db.models import DateField, URLField
from django.http import HttpRequest

from elendihub.check_admin import CheckedAdmin, ReviewFilter
from elendihub.check_forms import Source, links
from elendihub.comments import open_comments
from elendihub.publishing_admin import DeskAdmin, Reading, RowInline, StateFilter
from elendihub.widgets import DayInput
from legislation import amending
from legislation.lint import missing, unresolved
from legislation.listing import listed
from regulators import lint

from .membership_admin import MembershipAdmin
from .models import (
    Fact,
    Hub,
    Jurisdiction,
    Membership,
    Regulator,
    RegulatorName,
    Responsibility,
    Role,
    Website,
)
from .models.hub import said

NO_ADDRESS = "Enter a full address that begins with https://."


class PrintedAdmin(DeskAdmin):
    """Rows that hubs name and print, by the field of that name: whoever wrote one is no second person for the hub."""

    named_by: str

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if any(each.has_changed() for each in (form, *formsets)):
            for hub in Hub.objects.filter(**{self.named_by: form.instance}):
                hub.contributors.add(request.user)


@admin.register(Jurisdiction)
class JurisdictionAdmin(PrintedAdmin):
    named_by = "jurisdiction"
    list_display = ("name", "code", "region", "market")
    list_filter = ("region",)
    search_fields = ("name", "code")


class DatedInline(RowInline):
    formfield_overrides = {
        DateField: {"widget": DayInput},
        URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https", "error_messages": {"invalid": NO_ADDRESS}},
    }


class NameInline(DatedInline):
    model = RegulatorName
    fields = (("name", "acronym", "language"), ("valid_from", "valid_until"))


class WebsiteInline(DatedInline):
    model = Website
    fields = (("url", "language"), ("valid_from", "valid_until", "recorded_on"))


@admin.register(Regulator)
class RegulatorAdmin(PrintedAdmin):
    named_by = "regulator"
    list_display = ("slug", "name_today", "jurisdiction", "site_today")
    list_select_related = ("jurisdiction",)
    search_fields = ("slug", "names__name", "names__acronym")
    autocomplete_fields = ("jurisdiction",)
    inlines = (NameInline, WebsiteInline)

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset: Any = super().get_queryset(request)
        return queryset.with_current()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A hub's editors keep its names and sites; which regulator it is, they do not choose."""
        return () if self.has_add_permission(request) else ("jurisdiction", "slug")

    @admin.display(description="Name today")
    def name_today(self, regulator: Any) -> str:
        return regulator.current_name or "None on this day"

    @admin.display(description="Official site today")
    def site_today(self, regulator: Any) -> str:
        return regulator.current_site or "None on this day"


class ResponsibilityInline(RowInline):
    model = Responsibility
    fields = ("label", "text", "position")


class FactInline(RowInline):
    model = Fact
    fields = ("label", "text", "position")


@admin.register(Hub)
class HubAdmin(CheckedAdmin):
    comparison_template = "regulators/hub_compare.html"
    list_display = ("title", "jurisdiction", "regulator", "state", "reviewed", "updated", open_comments)
    list_select_related = ("jurisdiction", "regulator")
    list_filter = (StateFilter, ReviewFilter, "jurisdiction__region")
    search_fields = ("title", "slug", "summary", "overview")
    autocomplete_fields = ("jurisdiction", "regulator")
    fieldsets = (
        (None, {"fields": ("title", "slug", "summary", "overview")}),
        ("Who regulates", {"fields": ("jurisdiction", "regulator")}),
    )
    inlines = (ResponsibilityInline, FactInline)

    def reading(self, document: Any) -> Reading:
        texts, names = document.texts(), lint.former_names()
        return Reading(
            problems=said(texts, missing),
            unsettled=said(texts, unresolved),
            notices=said(texts, lambda text: lint.advice_on(text, names)),
            citations=listed(texts[0][1].citations),
        )

    def amendments(self, live: Any) -> list[Any]:
        return amending.amendments_of(live)

    def acts_offered(self, live: Any) -> list[Source]:
        return amending.acts_of(live)

    def sources_offered(self, live: Any) -> list[Source]:
        sites = [{"title": "Official regulator site", "url": site["url"]} for site in live.regulator_record["websites"]]
        lines = [line["text_html"] for line in (*live.responsibilities, *live.facts)]
        return [*sites, *links(live.overview_html, *lines)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a hub is about is chosen by who makes hubs, or its editors could take another's regulator for theirs."""
        kept = ("slug",) if obj and obj.versions.exists() else ()
        return kept if obj is None or self.has_add_permission(request) else (*kept, "jurisdiction", "regulator")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and not request.user.is_superuser:
            obj.memberships.create(user=request.user, role=Role.ADMINISTRATOR)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("title",)}


admin.site.register(Membership, MembershipAdmin)
