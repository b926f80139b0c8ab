"""Dates at the desk: what comes next stands first, and a date moves with its source or not at all."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Case, Value, When
from django.http import HttpRequest
from django.utils import timezone

from elendihub.publishing_admin import DeskAdmin

from .controls import CONTROLS, RegisterInline
from .models import Deadline, NationalDate

POSTPONING = (
    "To postpone a date, change the EU date and say in Source which act moved it. The page then keeps the former date, "
    "and calendars move their event. A date that holds no longer is not deleted: name its successor, or say in the "
    "note by which act it was withdrawn."
)
NEEDS_SOURCE = "A date is published only with its source. Say where it was read: act and provision."
STATES = {"ahead": "Ahead", "passed": "Passed", "open": "No date yet", "superseded": "Replaced or withdrawn"}


class DeadlineForm(forms.ModelForm):
    class Meta:
        error_messages = {"source": {"required": NEEDS_SOURCE}}


class NationalDateInline(RegisterInline):
    model = NationalDate
    can_delete = False
    fields = (("territory", "applies_on"), "note")


class DateStateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.now().date()
        match self.value():
            case "ahead":
                return queryset.standing().ahead(today)
            case "passed":
                return queryset.standing().passed(today)
            case "open":
                return queryset.standing().filter(eu_on__isnull=True)
            case "superseded":
                return queryset.superseded()
        return queryset


class DeadlineAdmin(DeskAdmin):
    form = DeadlineForm
    list_display = ("title", "eu_on", "state", "legal_basis", "is_certain")
    list_filter = (DateStateFilter, "kind", "is_certain", ("instruments", admin.RelatedOnlyFieldListFilter), "group")
    list_per_page = 50
    search_fields = ("title", "slug", "legal_basis", "condition", "instruments__short_name")
    autocomplete_fields = ("instruments", "superseded_by")
    prepopulated_fields = {"slug": ("title",)}
    formfield_overrides = CONTROLS
    inlines = (NationalDateInline,)
    fieldsets = (
        (None, {"fields": ("title", "slug", ("group", "kind"), "instruments", "legal_basis", "who", "condition")}),
        (None, {"fields": ("classes", "note")}),
        ("When", {"description": POSTPONING, "fields": ("eu_on", "rule", "source", "is_certain")}),
        ("Replaced or withdrawn", {"fields": ("superseded_by", "superseded_note")}),
    )

    def get_ordering(self, request: HttpRequest) -> Any:
        """Dates ahead, then those without a day, then what has passed."""
        today = timezone.now().date()
        ahead_first = Case(When(eu_on__gte=today, then=0), When(eu_on__isnull=True, then=1), default=Value(2))
        return (ahead_first, "eu_on", "slug")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Calendars know it by this name."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Calendars would keep the event of a date that is gone."""
        return False

    def save_model(self, request: HttpRequest, obj: Deadline, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        former = form.initial.get("eu_on")
        if change and former and "eu_on" in form.changed_data:
            self.message_user(
                request,
                f"The date moved from {former:%-d %B %Y}. The page keeps that day, and calendars move their event.",
            )

    @admin.display(description="State")
    def state(self, deadline: Deadline) -> str:
        if deadline.is_superseded:
            return STATES["superseded"]
        if deadline.eu_on is None:
            return STATES["open"]
        return STATES["ahead" if deadline.eu_on >= timezone.now().date() else "passed"]
