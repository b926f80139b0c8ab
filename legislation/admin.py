from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from elendihub.publishing_admin import DeskAdmin

from .controls import CONTROLS, RegisterInline
from .deadline_admin import DeadlineAdmin
from .models import Amendment, Deadline, Incorporation, Instrument, InstrumentName, Provision, Relation, Term

WITHOUT_SOURCE = (
    "Saved, but no page can lead to the official text: give the CELEX number, the ELI, the path on lovdata.no, or an "
    "address."
)

KEPT = (
    "Nothing was deleted: readers have the address of “{}”, and it has to go on answering. Correct what is wrong "
    "instead. If the entry should never have been made, say so in its text, and take the mark “is certain” away."
)


class KeptAdmin(DeskAdmin):
    """What has a public address is corrected and never deleted."""

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        found = self.get_object(request, unquote(object_id))
        if not self.has_delete_permission(request, found):
            raise PermissionDenied
        if found is None:
            raise Http404("There is no such entry.")
        self.message_user(request, KEPT.format(found), messages.ERROR)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", found.pk)


class TerritoryFilter(admin.AllValuesFieldListFilter):
    """Guidance and standards have no territory; their link needs words all the same."""

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield choice | {"display": choice["display"] or "None"}


class NameInline(RegisterInline):
    model = InstrumentName
    fields = ("name",)
    verbose_name_plural = "names that texts use"


class RelationInline(RegisterInline):
    model = Relation
    fk_name = "instrument"
    fields = (("kind", "target"), "note")
    autocomplete_fields = ("target",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("instrument", "target")


class IncorporationInline(RegisterInline):
    model = Incorporation
    fk_name = "instrument"
    fields = ("territory", "decision", ("decided_on", "applies_from"), "note", "is_certain")
    autocomplete_fields = ("decision",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("instrument", "decision")


class AmendmentInline(RegisterInline):
    model = Amendment
    fk_name = "provision"
    fields = (("by", "what"), ("published_on", "applies_on"), "note")
    autocomplete_fields = ("by",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("by", "provision__instrument")


@admin.register(Instrument)
class InstrumentAdmin(KeptAdmin):
    list_display = ("short_name", "slug", "kind", "territory", "celex", "is_certain")
    list_filter = ("kind", ("territory", TerritoryFilter), "is_certain")
    list_per_page = 50
    search_fields = ("short_name", "slug", "title", "celex", "names__name")
    formfield_overrides = CONTROLS
    inlines = (NameInline, RelationInline, IncorporationInline)
    fieldsets = (
        (None, {"fields": ("short_name", "slug", "kind", "title", "issuer", "territory", "summary")}),
        ("Where the official text is", {"fields": ("celex", "consolidated_on", "eli", "lovdata", "address")}),
        (
            "Dates",
            {
                "fields": (
                    "oj_reference",
                    "adopted",
                    "published_on",
                    "in_force_on",
                    "applies_from",
                    "repealed_on",
                    "status",
                    "note",
                    "is_certain",
                )
            },
        ),
        (
            "How far it goes",
            {
                "description": "A citation of what is not here is marked as not existing. Left empty, it passes.",
                "fields": (
                    "articles",
                    "has_lettered_articles",
                    "annexes",
                    "chapters",
                    "recitals",
                    "rules",
                    "sections",
                ),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Its page keeps its address, and published texts name it by this key."""
        return ("slug",) if obj else ()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not form.instance.source_url():
            self.message_user(request, WITHOUT_SOURCE, messages.WARNING)


@admin.register(Provision)
class ProvisionAdmin(KeptAdmin):
    list_display = ("name", "of_instrument", "heading", "is_certain")
    list_filter = ("kind", "is_certain", ("instrument", admin.RelatedOnlyFieldListFilter))
    list_per_page = 50
    search_fields = ("instrument__short_name", "instrument__slug", "number", "heading")
    autocomplete_fields = ("instrument",)
    formfield_overrides = CONTROLS
    inlines = (AmendmentInline,)
    fields = (
        "instrument",
        ("kind", "number"),
        "heading",
        ("chapter", "position"),
        "paragraphs",
        "deleted_paragraphs",
        "is_unnumbered",
        "structure",
        "note",
        "is_certain",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset: Any = super().get_queryset(request)
        return queryset.with_address()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Its page keeps its address."""
        return ("instrument", "kind", "number") if obj else ()

    @admin.display(description="Instrument", ordering="instrument__short_name")
    def of_instrument(self, provision: Provision) -> str:
        return provision.instrument.short_name


@admin.register(Amendment)
class AmendmentAdmin(DeskAdmin):
    list_display = ("provision", "by", "what", "published_on", "applies_on")
    list_filter = (("by", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("by__short_name", "by__slug", "provision__number", "provision__instrument__short_name", "what")
    autocomplete_fields = ("by", "provision")
    formfield_overrides = CONTROLS
    fields = ("by", "provision", "what", ("published_on", "applies_on"), "note")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("by", "provision__instrument")


@admin.register(Term)
class TermAdmin(KeptAdmin):
    list_display = ("name", "expansion", "basis", "is_certain")
    list_filter = ("is_certain",)
    search_fields = ("name", "expansion", "definition", "aliases")
    prepopulated_fields = {"slug": ("name",)}
    formfield_overrides = CONTROLS
    fields = ("name", "slug", "expansion", "definition", "basis", "aliases", "see_also", "is_certain")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Pages lead to it by this anchor."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields


admin.site.register(Deadline, DeadlineAdmin)
