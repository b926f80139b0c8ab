"""What editors tell each other about a working copy: on the desk, and nowhere that a reader comes."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from elendihub.models.comment import MAX_COMMENT
from elendihub.publishing_forms import Text

# Of one text, oldest first; more than this nobody reads on one page.
MOST_SHOWN = 200


class CommentForm(forms.ModelForm):
    text = Text(
        max_length=MAX_COMMENT,
        label="Comment",
        widget=forms.Textarea({"rows": 3, "class": "vLargeTextField"}),
        help_text="Plain text. Only people who work on this text read it; it is never published.",
        error_messages={"required": "Write what you want to say."},
    )

    class Meta:
        fields = ("about", "text")
        labels = {"about": "About the line"}
        widgets = {"about": forms.TextInput({"class": "vTextField"})}


def form_for(document: Any, data: Any = None) -> Any:
    kind = document.comments.model
    build = forms.modelform_factory(kind, form=CommentForm)
    return build(data, instance=kind(document=document), auto_id="comment-%s")


def may_comment(model_admin: Any, request: HttpRequest, document: Any) -> bool:
    """Whoever may change the text, or approve it."""
    return model_admin.has_change_permission(request, document) or model_admin.may(request, "approve", document)


def context(model_admin: Any, document: Any, form: Any = None) -> dict[str, Any]:
    """For the template: the comments, and the form for the next."""
    shown = document.comments.select_related("written_by", "resolved_by")[:MOST_SHOWN]
    return {
        "all": shown,
        "form": form or form_for(document),
        "address": address(model_admin, document),
        "route": f"admin:{route(model_admin)}_resolve",
        "document": document,
    }


def route(model_admin: Any) -> str:
    return f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_comments"


def address(model_admin: Any, document: Any) -> str:
    return reverse(f"admin:{route(model_admin)}", args=[document.pk])


def document_of(model_admin: Any, request: HttpRequest, object_id: str) -> Any:
    """Raises Http404, or PermissionDenied for whoever may not comment on it."""
    document = model_admin.get_object(request, unquote(object_id))
    if document is None:
        raise Http404("No text has this number. Perhaps somebody deleted it.")
    if not may_comment(model_admin, request, document):
        raise PermissionDenied
    return document


def page(request: HttpRequest, model_admin: Any, object_id: str) -> HttpResponse:
    """The comments on their own page: also where one that was refused comes back."""
    document = document_of(model_admin, request, object_id)
    form = form_for(document, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.instance.written_by = request.user
        form.save()
        messages.success(request, "Your comment stands under the text.")
        return back_to_text(model_admin, document)
    told = {
        **model_admin.admin_site.each_context(request),
        "title": f"Comments: {document}",
        "opts": model_admin.opts,
        "comments": context(model_admin, document, form),
    }
    return TemplateResponse(request, "admin/comments.html", told)


def resolve(request: HttpRequest, model_admin: Any, object_id: str, number: int) -> HttpResponse:
    document = document_of(model_admin, request, object_id)
    if request.method == "POST":
        done = document.comments.filter(pk=number).resolve(request.user)
        words = "The comment is resolved." if done else "Somebody resolved this comment already."
        messages.success(request, words)
    return back_to_text(model_admin, document)


def back_to_text(model_admin: Any, document: Any) -> HttpResponse:
    change = reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_change", args=[document.pk])
    return redirect(f"{change}#comments")


# Lists and the page before publishing


def counted(queryset: Any) -> Any:
    """With open_comments, the number of comments on each that nobody has resolved."""
    kind = queryset.model._meta.get_field("comments").related_model
    of_one = kind.objects.unresolved().filter(document=OuterRef("pk")).order_by().values("document")
    return queryset.annotate(open_comments=Coalesce(Subquery(of_one.annotate(number=Count("pk")).values("number")), 0))


@admin.display(description="Open comments", ordering="open_comments")
def open_comments(document: Any) -> str:
    return str(document.open_comments or "–")


def notices(document: Any) -> list[str]:
    """“2 comments are open.”, or nothing."""
    number = document.comments.unresolved().count()
    if not number:
        return []
    return ["1 comment is open." if number == 1 else f"{number} comments are open."]
