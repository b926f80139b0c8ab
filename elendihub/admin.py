"""The audit trail at the desk: read, filtered, exported; nobody adds to it, changes it or deletes from it there."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property

from elendihub import audit_export
from elendihub.models import AuditEntry
from elendihub.publishing_admin import DeskAdmin

# What the list leads to; older entries are found by filters, and all of them in the export.
MOST_LISTED = 10_000
MOST_ACTORS = 100
DAYS = ("from", "until")


class ShortPaginator(Paginator):
    """Counts no further than the list leads: counting a million rows costs more than showing a hundred."""

    @cached_property
    def count(self) -> int:
        entries: Any = self.object_list
        return len(entries.order_by("-id").values_list("id", flat=True)[:MOST_LISTED])


class TableFilter(admin.SimpleListFilter):
    title = "what"
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(named_tables().items(), key=lambda pair: pair[1].lower())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(table=self.value()) if self.value() else queryset


class ActorFilter(admin.SimpleListFilter):
    """The staff of today; a name of the past is found by the search."""

    title = "who"
    parameter_name = "actor"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = get_user_model().objects.filter(is_staff=True).order_by("username")
        return [(name, name) for name in staff.values_list("username", flat=True)[:MOST_ACTORS]]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(actor=self.value()) if self.value() else queryset


class DaysFilter(admin.ListFilter):
    """From one day to another, both included, in UTC; either may be left open."""

    title = "when (UTC)"
    template = "admin/elendihub/auditentry/days_filter.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in DAYS:
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(DAYS)

    def choices(self, changelist: Any) -> Any:
        """One choice: the form, with what else the address holds."""
        days = {name: self.used_parameters.get(name, "") for name in DAYS}
        others = changelist.get_filters_params()
        kept = [(name, values[-1]) for name, values in others.items() if name not in days]
        query = changelist.query
        yield {"days": days, "kept": [*kept, ("q", query)] if query else kept}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if first := self.used_parameters.get("from"):
            queryset = queryset.filter(at__gte=day_begins(str(first)))
        if last := self.used_parameters.get("until"):
            queryset = queryset.filter(at__lt=day_begins(str(last), later=1))
        return queryset


def day_begins(text: str, later: int = 0) -> datetime:
    try:
        return timezone.make_aware(datetime.combine(date.fromisoformat(text) + timedelta(days=later), time.min))
    except (ValueError, OverflowError) as error:
        raise IncorrectLookupParameters(f"No day: {text}") from error


@admin.register(AuditEntry)
class AuditEntryAdmin(DeskAdmin):
    list_display = ("moment", "who", "road", "action", "what", "row", "columns")
    list_display_links = ("moment",)
    list_filter = (DaysFilter, "action", "road", ActorFilter, TableFilter)
    search_fields = ("row__exact", "actor__exact")
    show_full_result_count = False
    list_per_page = 50
    paginator = ShortPaginator
    ordering = ("-id",)
    change_list_template = "admin/elendihub/auditentry/change_list.html"
    change_form_template = "admin/elendihub/auditentry/change_form.html"

    # Rights: superusers and who holds elendihub.view_auditentry see all of it, others nothing.

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # The list

    @admin.display(description="When (UTC)")
    def moment(self, entry: AuditEntry) -> str:
        return f"{entry.at:%-d %b %Y, %H:%M:%S}"

    @admin.display(description="Who", empty_value="nobody signed in")
    def who(self, entry: AuditEntry) -> str | None:
        return entry.actor or None

    @admin.display(description="What")
    def what(self, entry: AuditEntry) -> str:
        return in_words(entry.table)

    @admin.display(description="Columns", empty_value="the whole row")
    def columns(self, entry: AuditEntry) -> str | None:
        return ", ".join(entry.after) if entry.action == AuditEntry.Action.CHANGED else None

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """Without what was: the texts of fifty entries may be large, and the list shows none."""
        return AuditEntry.objects.order_by("-id").defer("before")

    def get_urls(self) -> list[Any]:
        exports = [
            path(f"export.{kind}", self.admin_site.admin_view(self.export), {"kind": kind}, name=f"audit_{kind}")
            for kind in audit_export.KINDS
        ]
        return exports + super().get_urls()

    def export(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The list as it is filtered, to its end."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entries = self.get_changelist_instance(request).get_queryset(request).defer(None)
        except IncorrectLookupParameters:
            return HttpResponseBadRequest("No such filter. Go back to the list and export from there.")
        lines, content_type = audit_export.KINDS[kind]
        answer = StreamingHttpResponse(lines(entries), content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="audit-trail.{kind}"'
        return answer

    # One entry

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> Any:
        entry = self.get_object(request, object_id)
        if entry is None:
            raise Http404("No entry has this number.")
        if not self.has_view_permission(request, entry):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"{in_words(entry.table)} {entry.row}: {entry.get_action_display().lower()}",
            "opts": self.opts,
            "entry": entry,
            "what": in_words(entry.table),
            "columns": compared(entry),
        }
        return TemplateResponse(request, self.change_form_template, context)


def named_tables() -> dict[str, str]:
    """What each table holds, in words."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: str(model._meta.verbose_name).capitalize() for model in models}


def in_words(table: str) -> str:
    return named_tables().get(table, table)


def compared(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """Column, before, after; text as people wrote it, anything else as JSON."""
    names = dict.fromkeys([*entry.before, *entry.after])
    return [(name, shown(entry.before, name), shown(entry.after, name)) for name in sorted(names)]


def shown(values: dict[str, Any], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else audit_export.as_json(value)
