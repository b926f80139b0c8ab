"""What the desk does with checks: shows what is due and flagged, and records that a person compared a text."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html

from elendihub.check_forms import CheckForm, Source, offered
from elendihub.models import Generation
from elendihub.publishing_admin import DocumentAdmin
from elendihub.review import Outcome, State, checks_of

COUNTS = (
    "You neither wrote nor published it: when you confirm it, your check is the review that it waits for. No other "
    "outcome is."
)
COUNTS_NOT = (
    "You wrote or published it, so your check goes on record and is not the review that it waits for. Another person’s "
    "is, once it confirms the text."
)
FILTERS = {"flagged": "Law amended since review", "due": "Review due", "checked_within_interval": "Reviewed"}


class ReviewFilter(admin.SimpleListFilter):
    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(FILTERS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return getattr(queryset, self.value() or "")() if self.value() in FILTERS else queryset


class CheckedAdmin(DocumentAdmin):
    """A DocumentAdmin whose texts people check."""

    def get_queryset(self, request: HttpRequest) -> Any:
        versions = self.model._meta.get_field("versions")
        own = versions.related_model._default_manager.filter(**{versions.field.name: OuterRef("pk")})
        live = own.live().readable().with_review()
        names = ("checked_on", "review_days", "is_flagged", "reviewed_as_of")
        return super().get_queryset(request).annotate(**{name: Subquery(live.values(name)[:1]) for name in names})

    @admin.display(description="Review")
    def reviewed(self, document: Any) -> str:
        if not document.review:
            return "–"
        day = f"{document.checked_on:%-d %b %Y}" if document.checked_on else "not yet"
        if document.review != State.AMENDED:
            return f"{State(document.review).label}, checked: {day}"
        said = f"Law amended, checked: {day}"
        address = f"{self.act_address(document, 'check')}?outcome={Outcome.NOT_AFFECTED}"
        return format_html('{} <a href="{}">Not affected …</a>', said, address)

    # Rights

    def may_check(self, request: HttpRequest, document: Any) -> bool:
        right = f"{self.opts.app_label}.check_{self.opts.model_name}"
        return self.has_view_or_change_permission(request, document) and request.user.has_perm(right, document)

    # Recording

    def acts_offered(self, live: Any) -> list[Source]:
        """The official texts of what amended the law that the version cites."""
        return []

    def sources_offered(self, live: Any) -> list[Source]:
        """Where a check of the version may begin."""
        return []

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.check_view)
        return [path("<path:object_id>/check/", view, name=self.act_route("check")), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        document = context["original"]
        if document and document.review and self.may_check(request, document):
            context |= {
                "check_address": self.act_address(document, "check"),
                "is_flagged": document.review == State.AMENDED,
            }
        if document and document.review == State.AMENDED:
            context["amendments"] = self.amendments(live_rows(document, timezone.now()).first())
        return super().render_change_form(request, context, *args, **kwargs)

    def check_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        with transaction.atomic():
            document = self.get_object(request, unquote(object_id))
            if document is None:
                raise Http404("No text has this number. Perhaps somebody deleted it.")
            if not self.may_check(request, document):
                raise PermissionDenied
            if request.method == "POST":
                # Whoever records an amendment at this moment raises it: they are waited for, or wait.
                Generation.objects.select_for_update().first()
            live = live_text(document, timezone.now())
            data = request.POST if request.method == "POST" else None
            form = self.check_form(data, live, request.GET.get("outcome", ""))
            if done := form.carry_out(request.user) if form.is_valid() else "":
                self.log_change(request, document, done)
        if done:
            said = format_html('{} <a href="{}">See it on the site</a>', done, document.get_absolute_url())
            self.message_user(request, said, messages.SUCCESS)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", document.pk)
        return self.check_page(request, document, live, form)

    def check_form(self, data: Any, live: Any, outcome: str) -> CheckForm:
        last = [source for check in checks_of(live)[:1] for source in check.sources]
        # “Not affected” is one click: only what amended is named, and no source that nobody opened.
        others = [] if outcome == Outcome.NOT_AFFECTED else [*self.sources_offered(live), *last]
        sources = offered(self.acts_offered(live), others)
        return CheckForm(data, version=live, offered=sources, outcome=outcome if outcome in Outcome.values else "")

    def check_page(self, request: HttpRequest, document: Any, live: Any, form: CheckForm) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"{form.verb}: {document}",
            "opts": self.opts,
            "document": document,
            "live": live,
            "checks": checks_of(live),
            "amendments": self.amendments(live),
            "emergency": said_of_emergency(live, request.user),
            "form": form,
        }
        return TemplateResponse(request, "admin/check.html", context)

    def amendments(self, live: Any) -> list[Any]:
        """Those that flagged the text."""
        return []


def live_rows(document: Any, at: datetime) -> Any:
    return document.versions.live(at).readable().for_page(at)


def live_text(document: Any, at: datetime) -> Any:
    """The version that a check is of. Raises Http404 where readers have none."""
    live = live_rows(document, at).first()
    if live is None:
        raise Http404("Nothing is live here that could be checked. Publish it first.")
    return live


def said_of_emergency(live: Any, person: Any) -> str:
    """Whether a check by the person will be the review that the version waits for; empty when it is no emergency."""
    if not live.emergency_reason:
        return ""
    if review := live.reviewed_afterwards:
        return f"Reviewed afterwards by {review.by} on {review.checked_on:%-d %B %Y}."
    is_other = type(live).objects.filter(pk=live.pk).reviewable_by(person).exists()
    return COUNTS if is_other else COUNTS_NOT
