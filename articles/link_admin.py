"""Links and sources at the desk: what is broken, moved or doubtful, and what a person decides of a source."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from elendihub.publishing_admin import DeskAdmin
from elendihub.publishing_forms import Text

from .models import Article, LinkPlace, SourceText

LINK_STATES = {
    "broken": "Broken: failed on two days",
    "doubtful": "Doubtful: failed on one day",
    "moved": "Answers from another domain",
    "undecided": "Keeps programs out: look yourself",
}
SOURCE_STATES = {
    "waiting": "Waits for a person",
    "drifted": "Changed",
    "moved": "Moved",
    "vanished": "Vanished",
    "restless": "Changes by itself",
    "unread": "Cannot be watched",
    "needing_change": "Needs a change",
}


class LinkStateFilter(admin.SimpleListFilter):
    """Each state is a method of the queryset."""

    title = "state"
    parameter_name = "state"
    states = LINK_STATES

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.states.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return getattr(queryset, self.value() or "")() if self.value() in self.states else queryset


class SourceStateFilter(LinkStateFilter):
    states = SOURCE_STATES


class ReadOnlyAdmin(DeskAdmin):
    """Rows that a program writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LinkAdmin(ReadOnlyAdmin):
    list_display = ("url", "standing", "answered_at", "failed_on", "failed_again_on", "moved_to", "found_in")
    list_filter = (LinkStateFilter,)
    list_per_page = 50
    search_fields = ("url", "moved_to")
    fields = ("url", "standing", "asked_at", "answered_at", "failed_on", "failed_again_on", "moved_to", "found_in")

    def get_queryset(self, request: HttpRequest) -> Any:
        queryset: Any = super().get_queryset(request)
        places = LinkPlace.objects.of_hubs_of(request.user, "articles.view_article")
        places = places.select_related("article", "hub", "regulator")
        return queryset.standing().prefetch_related(Prefetch("places", places))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="What happened")
    def standing(self, link: Any) -> str:
        if link.asked_at is None:
            return "Not asked yet"
        return link.words or ("Answers from another domain" if link.is_moved_domain else "Answers")

    @admin.display(description="Found in")
    def found_in(self, link: Any) -> str:
        return linked(place.article or place.hub or place.regulator for place in link.places.all())


class DecisionForm(forms.ModelForm):
    class Meta:
        model = SourceText
        fields = ("decision", "note")
        error_messages = {"decision": {"required": "Say what follows from it."}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].required = True


class SourceTextAdmin(ReadOnlyAdmin):
    """A row waits until somebody decides; then it is read-only, with their name and the moment."""

    form = DecisionForm
    list_display = ("url", "event", "fetched_at", "concerned", "decision", "decided_by_name", "decided_at")
    list_filter = (SourceStateFilter, "event")
    list_per_page = 50
    search_fields = ("url", "final_url")
    formfield_overrides = {SourceText._meta.get_field("note").__class__: {"form_class": Text}}
    facts = ("url", "event", "fetched_at", "final_url", "status", "length", "fingerprint", "concerned")
    fieldsets = (
        (None, {"fields": facts}),
        ("What follows", {"fields": ("decision", "note", "decided_by_name", "decided_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        articles = Article.objects.of_hubs_of(request.user, "articles.view_article")
        return super().get_queryset(request).prefetch_related(Prefetch("articles", articles))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        decided = ("decided_by_name", "decided_at")
        return (*self.facts, *decided) if obj and obj.is_waiting else (*self.facts, *decided, "decision", "note")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_waiting)

    def save_model(self, request: HttpRequest, obj: SourceText, form: Any, change: bool) -> None:
        decision, note = form.cleaned_data["decision"], form.cleaned_data["note"]
        try:
            obj.decide(decision, by=request.user, note=note, at=timezone.now())
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), "ERROR")

    @admin.display(description="Articles concerned")
    def concerned(self, source: Any) -> str:
        return linked(source.articles.all())


def linked(rows: Any) -> str:
    """Each under its name, leading to its page at the desk."""
    found = [
        (reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]), str(row)) for row in rows
    ]
    return format_html_join(", ", '<a href="{}">{}</a>', found) or format_html("{}", "None today")
