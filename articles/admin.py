from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import ManyToManyField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from articles import lint
from elendihub.check_admin import CheckedAdmin, ReviewFilter
from elendihub.check_forms import Source, links
from elendihub.comments import open_comments
from elendihub.publishing_admin import DeskAdmin, DocumentAdmin, Reading, StateFilter
from elendihub.publishing_forms import WithdrawalForm
from elendihub.review_forms import ACTS
from elendihub.widgets import Checkboxes
from legislation import amending, rendering
from legislation.lint import refusals, unresolved
from legislation.listing import listed

from .link_admin import LinkAdmin, SourceTextAdmin
from .models import Article, Category, Link, SourceText, Topic


class ArticleWithdrawalForm(WithdrawalForm):
    successor = forms.ModelChoiceField(
        Article.objects.none(),
        required=False,
        label="Read instead",
        help_text="The live article that takes its place, if any.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        successor: Any = self.fields["successor"]
        successor.queryset = Article.objects.with_state().in_state("live").exclude(pk=self.document.pk)

    def offer_to(self, user: Any) -> None:
        successor: Any = self.fields["successor"]
        successor.queryset = successor.queryset.of_hubs_of(user, "articles.view_article")

    def extra(self) -> dict[str, Any]:
        successor = self.cleaned_data["successor"]
        return {"successor_id": successor.pk if successor else None}


class CitationFilter(admin.SimpleListFilter):
    title = "citations"
    parameter_name = "citations"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unresolved", "Unresolved")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.unresolved() if self.value() == "unresolved" else queryset


@admin.register(Article)
class ArticleAdmin(CheckedAdmin):
    list_display = ("title", "of_hub", "category", "topic", "state", "reviewed", "updated", open_comments)
    list_select_related = ("hub__jurisdiction", "category", "topic")
    own_hubs = ("hub", admin.RelatedOnlyFieldListFilter)
    list_filter = (StateFilter, ReviewFilter, CitationFilter, own_hubs, "category", "topic")
    list_per_page = 50
    search_fields = ("title", "summary", "body", "slug")
    autocomplete_fields = ("hub", "category", "topic")
    formfield_overrides = DocumentAdmin.formfield_overrides | {ManyToManyField: {"widget": Checkboxes}}
    fieldsets = (
        (None, {"fields": ("title", "slug", "summary", "body")}),
        ("Where it stands", {"fields": ("hub", "category", "topic", "also")}),
    )
    comparison_template = "articles/article_compare.html"
    acts = tuple(ArticleWithdrawalForm if act is WithdrawalForm else act for act in ACTS)

    @admin.display(description="Hub", ordering="hub__slug")
    def of_hub(self, article: Article) -> str:
        return article.hub.jurisdiction.name

    def reading(self, document: Any) -> Reading:
        text = rendering.render(document.body)
        alike = [
            format_html(
                'This may duplicate “<a href="{}">{}</a>”. {}',
                reverse("admin:articles_article_change", args=[twin.article.pk]),
                twin.article,
                twin.words,
            )
            for twin in lint.twins(document)
        ]
        problems = [str(finding) for finding in refusals(text)]
        advice = [str(finding) for finding in lint.advice_on(text)]
        return Reading(
            problems=problems,
            unsettled=[str(finding) for finding in unresolved(text)],
            notices=[*alike, *(words for words in advice if words not in problems)],
            citations=listed(text.citations),
        )

    # Its address: readers would find the text elsewhere at once, so it wants more than writing does.

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        is_kept = obj and not self.may(request, "publish", obj) and obj.versions.exists()
        return ("slug", "hub") if is_kept else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if "slug" in self.get_readonly_fields(request, obj) else {"slug": ("title",)}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if obj and obj.versions.exists() and "hub" in form.base_fields:
            hubs = form.base_fields["hub"]
            hubs.queryset = hubs.queryset.of_hubs_of(request.user, "articles.publish_article")
        return form

    def amendments(self, live: Any) -> list[Any]:
        return amending.amendments_of(live)

    def acts_offered(self, live: Any) -> list[Source]:
        return amending.acts_of(live)

    def sources_offered(self, live: Any) -> list[Source]:
        return links(live.body_html)


class ShelfAdmin(DeskAdmin):
    """Names may change; the short name stands in published addresses, so it is chosen once."""

    search_fields = ("name", "slug")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Sequence[str]]:
        return {} if obj else {"slug": ("name",)}


@admin.register(Category)
class CategoryAdmin(ShelfAdmin):
    list_display = ("name", "slug")


@admin.register(Topic)
class TopicAdmin(ShelfAdmin):
    list_display = ("name", "slug", "scope", "review_days")


admin.site.register(Link, LinkAdmin)
admin.site.register(SourceText, SourceTextAdmin)
