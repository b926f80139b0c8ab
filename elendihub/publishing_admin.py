"""What the desk does with every document: saves it without overwriting another's text, publishes it, previews it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from markdownx.models import MarkdownxField

from elendihub import comments, conflict, preview, record_admin, review_admin
from elendihub.document import Document
from elendihub.publishing import PublishingError
from elendihub.publishing_forms import ActForm, DocumentForm, PublishForm, RowFormSet, Text
from elendihub.review_forms import ACTS
from elendihub.rights_admin import RightsAdmin
from elendihub.state import STATES, in_words, is_live
from elendihub.widgets import FoundByTyping, MarkdownEditor
from elendihub.writing_admin import WritingAdmin

# Characters of a search that are looked for.
MAX_SEARCH = 100
# Notes on a saved text that the list after it repeats.
MOST_TOLD = 5


@dataclass(frozen=True)
class Reading:
    """What was found in a text: why it cannot be published, what must be read before, advice; each with its cure.

    `citations` is what admin/_citations.html lists for a browser without the editor's script.
    """

    problems: Sequence[str] = ()
    unsettled: Sequence[str] = ()
    notices: Sequence[str] = ()
    citations: Any = None


class DeskAdmin(RightsAdmin):
    """What every list and form of the desk has in common."""

    view_on_site = False
    actions = None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            # Plain text in the models; the admin would take it for HTML.
            field.help_text = escape(field.help_text)
            # One thing at a time: what a text refers to is changed on its own page.
            for kind in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{kind}_related", False)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", FoundByTyping(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        # Each word is a condition, and a database takes only so many.
        return super().get_search_results(request, queryset, search_term[:MAX_SEARCH])

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError:
            # Another took the name between our question and our answer; asked again, the form says so at the field.
            return super().changeform_view(request, *args, **kwargs)


class RowInline(admin.StackedInline):
    formset = RowFormSet
    extra = 0
    formfield_overrides = {models.TextField: {"form_class": Text, "widget": AdminTextareaWidget({"rows": 2})}}


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, label) for name, (label, _) in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.in_state(self.value()) if self.value() in STATES else queryset


class DocumentAdmin(WritingAdmin, DeskAdmin):
    form = DocumentForm
    change_form_template = "admin/document_change_form.html"
    formfield_overrides = {
        MarkdownxField: {"form_class": Text, "widget": MarkdownEditor},
        models.TextField: {"form_class": Text, "widget": AdminTextareaWidget({"rows": 3})},
    }
    comparison_template: str
    acts: ClassVar[tuple[type[ActForm], ...]] = ACTS

    def reading(self, document: Any) -> Reading:
        """What an editor should know about the text at once."""
        return Reading(document.unpublishable(), document.unsettled())

    def counts(self, request: HttpRequest) -> dict[str, Any]:
        """For the desk's front page: how many documents are in each state, and where they are listed."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        numbers = self.get_queryset(request).counted_by_state()
        states = [(label, numbers[name], f"{address}?state={name}") for name, (label, _) in STATES.items()]
        return {"label": self.opts.verbose_name_plural, "states": states}

    # Lists

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_state()

    @admin.display(description="State")
    def state(self, document: Document) -> str:
        return in_words(document)

    @admin.display(description="Updated (UTC)", ordering="updated_at")
    def updated(self, document: Document) -> str:
        return f"{document.updated_at:%-d %b %Y, %H:%M}"

    # Rights

    def may_take(self, request: HttpRequest, act: type[ActForm], document: Document) -> bool:
        """Whoever publishes can change the text, too; whoever approves need not."""
        is_reader = act.right == "approve" and self.has_view_permission(request, document)
        return (is_reader or self.has_change_permission(request, document)) and self.may(request, act.right, document)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was published stays: it is withdrawn, never deleted."""
        return super().has_delete_permission(request, obj) and (obj is None or not obj.versions.exists())

    # Saving

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        document = super().get_object(request, object_id, from_field)
        if document and request.method == "POST" and transaction.get_connection().in_atomic_block:
            # Whoever saves or publishes this at the same moment waits here, and what is read is what they saved.
            try:
                document.refresh_from_db(from_queryset=self.model._default_manager.select_for_update())
            except self.model.DoesNotExist:
                return None
        return document

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.updated_by = request.user
        if not change or form.has_changed():
            # What was only opened is not written: even a line feed trimmed at its end would end an approval.
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            form.instance.contributors.add(request.user)
        elif any(each.has_changed() for each in (form, *formsets)):
            form.instance.changed(by=request.user)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self.response_to_act(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self.response_to_act(request, obj) or super().response_change(request, obj)

    def response_to_act(self, request: HttpRequest, document: Document) -> HttpResponse | None:
        """A button beside Save leads, after saving, to the page of its step."""
        for act in self.acts:
            if f"_{act.name}" in request.POST:
                return redirect(self.act_address(document, act.name))
        if "_continue" not in request.POST:
            self.tell(request, document)
        return None

    def tell(self, request: HttpRequest, document: Document) -> None:
        """What the form would show, on the page that follows it."""
        found = self.reading(document)
        told = [(problem, messages.ERROR) for problem in found.problems]
        told += [(notice, messages.WARNING) for notice in (*found.notices, *found.unsettled)]
        for words, level in told[:MOST_TOLD]:
            self.message_user(request, words, level)
        if len(told) > MOST_TOLD:
            more = f"{len(told) - MOST_TOLD} more notes stand over the text. Open it to read them."
            self.message_user(request, more, messages.WARNING)

    # The form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        newest = None
        if context["original"]:
            # As stored: the form's own copy may hold a refused text.
            document = self.get_queryset(request).get(pk=context["original"].pk)
            found = self.reading(document)
            context |= self.standing(document) | {
                "notices": [*found.notices, *found.unsettled],
                "problems": found.problems,
                "citations": found.citations,
            }
            newest = context["versions"][0] if context["versions"] else None
            if getattr(context["original"], "is_overtaken", False):
                formsets = [inline.formset for inline in context["inline_admin_formsets"]]
                context["conflict"] = conflict.between(context["adminform"].form, formsets)
        context |= review_admin.steps(self, request, context["original"], newest)
        return super().render_change_form(request, context, *args, **kwargs)

    def standing(self, document: Document) -> dict[str, Any]:
        """What is published of the document, and where its working copy can be read."""
        now = timezone.now()
        versions = list(document.versions.with_emergency_review().order_by("-number"))
        return {
            "document": document,
            "state": in_words(document),
            "versions": versions,
            "live": next((each for each in versions if is_live(each, now)), None),
            "scheduled": next((each for each in versions if each.live_from > now and not each.is_cancelled), None),
            "preview_address": preview.address(document),
            **record_admin.addresses(self, document),
            "preview_link": preview.link(document),
            "preview_until": now + timedelta(days=settings.PREVIEW_LINK_DAYS),
        }

    # Publishing

    def get_urls(self) -> list[Any]:
        steps = [
            path(
                f"<path:object_id>/{act.name}/",
                self.admin_site.admin_view(self.act_view),
                {"act": act},
                name=self.act_route(act.name),
            )
            for act in self.acts
        ]
        return steps + record_admin.urls(self) + super().get_urls()

    def act_route(self, name: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{name}"

    def act_address(self, document: Document, name: str) -> str:
        return reverse(f"admin:{self.act_route(name)}", args=[document.pk])

    def act_view(self, request: HttpRequest, object_id: str, act: type[ActForm]) -> HttpResponse:
        with transaction.atomic():
            document = self.get_object(request, unquote(object_id))
            if document is None:
                raise Http404("No text has this number. Perhaps somebody deleted it.")
            if not self.may_take(request, act, document):
                raise PermissionDenied
            form = act(request.POST if request.method == "POST" else None, document=document)
            form.offer_to(request.user)
            if done := self.carried_out(request, form):
                self.log_change(request, document, done)
        if done:
            link = review_admin.seen_at(document) if form.makes_version else ""
            self.message_user(request, format_html("{}{}", done, link), messages.SUCCESS)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", document.pk)
        return self.act_page(request, document, form)

    def carried_out(self, request: HttpRequest, form: ActForm) -> str:
        """What was done; empty when the form has yet to be filled in or says what is wrong."""
        if not form.is_bound or not form.is_valid():
            return ""
        try:
            return form.carry_out(request.user)
        except PublishingError as error:
            form.add_error(None, error)
            return ""

    def act_page(self, request: HttpRequest, document: Document, form: ActForm) -> HttpResponse:
        found = self.reading(document)
        problems = []
        if isinstance(form, PublishForm):
            cure = form.why_not(document, form.newest)
            problems = [*found.problems, *([cure] if cure else [])]
        context = {
            **self.admin_site.each_context(request),
            **self.standing(self.get_queryset(request).get(pk=document.pk)),
            "title": f"{form.verb}: {document}",
            "opts": self.opts,
            "form": form,
            "next_number": form.next_number,
            "problems": problems,
            "notices": [*comments.notices(document), *found.notices],
        }
        return TemplateResponse(request, "admin/act.html", context)
