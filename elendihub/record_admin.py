"""What the desk does with versions: the working copy beside what is live, and an old text brought back."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from elendihub import comparing, preview
from elendihub.publishing_forms import RestoreForm


def urls(desk: Any) -> list[Any]:
    """Beside the steps of the DocumentAdmin `desk`."""
    compared = desk.admin_site.admin_view(partial(compare, desk))
    restored = desk.admin_site.admin_view(partial(restore, desk))
    return [
        path("<path:object_id>/compare/", compared, name=desk.act_route("compare")),
        path("<path:object_id>/restore/<int:number>/", restored, name=desk.act_route("restore")),
    ]


def addresses(desk: Any, document: Any) -> dict[str, str]:
    """For the form: where the two pages are."""
    return {
        "compare_address": desk.act_address(document, "compare"),
        "restore_route": f"admin:{desk.act_route('restore')}",
    }


def compare(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """What a publish would change now, on the page that readers compare versions on; editors work on the source."""
    document = found(desk, request, object_id)
    if not desk.has_view_or_change_permission(request, document):
        raise PermissionDenied
    live = document.versions.live().first()
    if live is None:
        raise Http404("Nothing is live to compare the working copy with.")
    context = comparing.context(
        live, document.draft(), is_written=comparing.is_written(request, default=comparing.WRITTEN)
    )
    form_address = reverse(f"admin:{desk.opts.app_label}_{desk.opts.model_name}_change", args=[document.pk])
    context |= {"document": document, "address": preview.address(document), "form_address": form_address}
    response = render(request, desk.comparison_template, context)
    response["Cache-Control"] = "no-store, private"
    return response


def restore(desk: Any, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    with transaction.atomic():
        document = found(desk, request, object_id)
        if not desk.has_change_permission(request, document):
            raise PermissionDenied
        version = get_object_or_404(document.versions.all(), number=number)
        data = request.POST if request.method == "POST" else None
        form = RestoreForm(data, document=document, version=version)
        if done := desk.carried_out(request, form):
            desk.log_change(request, document, done)
    if done:
        desk.message_user(request, done, messages.SUCCESS)
        return redirect(f"admin:{desk.opts.app_label}_{desk.opts.model_name}_change", document.pk)
    response: HttpResponse = desk.act_page(request, document, form)
    return response


def found(desk: Any, request: HttpRequest, object_id: str) -> Any:
    document = desk.get_object(request, unquote(object_id))
    if document is None:
        raise Http404("No text has this number. Perhaps somebody deleted it.")
    return document
