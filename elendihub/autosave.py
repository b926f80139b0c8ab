"""Unsaved text of the desk's forms, kept on the server for whoever typed it, and for nobody else."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from elendihub.errors import SESSION_ENDED
from elendihub.models import Autosave, Opening
from elendihub.models.autosave import AutosaveQuerySet

# How long at most a change waits in the page before it is sent.
SECONDS = 15
# The field that tells which opening of a form its text belongs to, and the two buttons of what is kept.
FORM, RESTORE, DISCARD = "_form", "_restore", "_discard"
KEY = re.compile("[0-9a-f]{32}")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
EDIT_NUMBER = re.compile("[0-9]{1,9}")

REFUSED = "you may not change this text"
GONE = "nobody has this text any more: it was deleted"
NO_FORM = "what came was not this form"
NO_TEXT = "the text holds a character that cannot be stored"


@dataclass(frozen=True)
class Offer:
    """A text that is kept, and when it was; `key` goes back with the button that is pressed."""

    key: str
    said_at: str


class RestoredForm(forms.ModelForm):
    def is_valid(self) -> bool:
        """A text that is put back into the form is looked at before it is saved, however good it is."""
        return super().is_valid() and RESTORE not in self.data


def keep(request: HttpRequest, model_admin: Any, object_id: str = "") -> HttpResponse:
    """Keep what the form holds, and answer with the time (UTC), or with the reason why it is not kept."""
    if not model_admin.admin_site.has_permission(request):
        return refusal(SESSION_ENDED, 403)
    document = model_admin.get_object(request, unquote(object_id)) if object_id else None
    if object_id and document is None:
        return refusal(GONE, 404)
    is_allowed = model_admin.has_change_permission if document else model_admin.has_add_permission
    if not is_allowed(request, *([document] if document else [])):
        return refusal(REFUSED, 403)
    # Asked last: to whoever may not change it, the address answers as one where nothing is.
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    fields = text_of(request.POST, known_names(model_admin, request, document))
    key, number = request.POST.get(FORM, ""), request.POST.get("edit_number", "")
    if not fields or not is_key(key) or not EDIT_NUMBER.fullmatch(number):
        return refusal(NO_FORM, 400)
    if not all(is_storable(text) for name, values in fields.items() for text in (name, *values)):
        return refusal(NO_TEXT, 400)
    where = place(model_admin, document)
    at = Autosave.objects.keep(user=request.user, **where, form=key, edit_number=int(number), fields=fields)
    Opening.objects.filter(user=request.user.pk, **where).update(seen_at=at)
    return JsonResponse({"kept_at": f"{at.astimezone(UTC):%H:%M}"})


def refusal(reason: str, status: int) -> JsonResponse:
    return JsonResponse({"error": reason}, status=status)


def place(model_admin: Any, document: Any) -> dict[str, str]:
    return {"model": model_admin.opts.label_lower, "object_id": str(document.pk) if document else ""}


def known_names(model_admin: Any, request: HttpRequest, document: Any) -> re.Pattern[str]:
    """What the fields of the document's form are named, and those of its rows, but not of their empty pattern."""
    own = model_admin.get_form(request, document, change=document is not None).base_fields.keys() - {"overwrite"}
    rows = [each.get_default_prefix() for each, _ in model_admin.get_formsets_with_inlines(request, document)]
    row_names = [rf"{re.escape(prefix)}-([0-9]{{1,4}}-)?\w+" for prefix in rows]
    return re.compile("|".join([*map(re.escape, own), *row_names]))


def text_of(posted: MultiValueDict[str, str], names: re.Pattern[str]) -> dict[str, list[str]]:
    fields = {name: values for name, values in posted.lists() if names.fullmatch(name) and "__prefix__" not in name}
    return fields if fields.keys() - {"edit_number"} else {}


def is_storable(text: str) -> bool:
    """No database takes NUL, and no encoding half of a character."""
    return not UNSTORABLE.search(text)


def own(model_admin: Any, request: HttpRequest, object_id: str | None) -> AutosaveQuerySet:
    """What the signed-in person left unsaved in forms of this document (None: of a new one)."""
    number = unquote(object_id) if object_id else ""
    return Autosave.objects.of(request.user, model_admin.opts.label_lower, number)


def decided(model_admin: Any, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
    """Carry out the button that was pressed over a kept text.

    Restore leaves the text in request.POST, as if it had just been sent, for a form that does not save it; the answer
    is then None.
    """
    name = next((each for each in (RESTORE, DISCARD) if each in request.POST), "")
    if not name:
        return None
    found = of_form(model_admin, request, object_id, request.POST[name]).first()
    if name == RESTORE and found:
        request.POST = restored(found)  # type: ignore[assignment]
        return None
    if found:
        found.delete()
    words = "Your unsaved text is discarded." if found else "That text is no longer kept: it was saved or discarded."
    messages.info(request, words)
    return redirect(request.get_full_path())


def of_form(model_admin: Any, request: HttpRequest, object_id: str | None, key: str) -> AutosaveQuerySet:
    kept = own(model_admin, request, object_id)
    return kept.filter(form=key) if is_key(key) else kept.none()


def is_key(text: str) -> bool:
    return bool(KEY.fullmatch(text))


def restored(kept: Autosave) -> QueryDict:
    fields = QueryDict(mutable=True)
    for name, values in kept.fields.items():
        fields.setlist(name, values)
    fields[FORM] = kept.form
    fields[RESTORE] = said(kept.saved_at)
    return fields


def forget(model_admin: Any, request: HttpRequest, object_id: str | None) -> None:
    """What was kept of this form is saved now."""
    of_form(model_admin, request, object_id, request.POST.get(FORM, "")).delete()


def context(
    model_admin: Any, request: HttpRequest, document: Any, form: Any, formsets: Iterable[Any]
) -> dict[str, Any]:
    """For the template: where to send the text, how often, and what of the editor's is kept beside this form."""
    sent = request.POST.get(FORM, "")
    route = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_autosave"
    return {
        "route": route if document else f"{route}_new",
        "seconds": SECONDS,
        "key": sent if is_key(sent) else uuid.uuid4().hex,
        "is_unsaved": form.is_bound,
        "restored_at": request.POST.get(RESTORE, ""),
        "offers": [] if form.is_bound else offers(model_admin, request, document, form, formsets),
    }


def offers(model_admin: Any, request: HttpRequest, document: Any, form: Any, formsets: Iterable[Any]) -> list[Offer]:
    shown = as_sent([form, *(each for rows in formsets for each in rows.forms)])
    rows = own(model_admin, request, str(document.pk) if document else None)
    return [Offer(each.form, said(each.saved_at)) for each in rows if comparable(each.fields) != comparable(shown)]


def as_sent(forms: Iterable[Any]) -> dict[str, list[str]]:
    """What a browser would send of these forms as they are shown."""
    fields = {}
    for form in forms:
        for bound in form:
            value = bound.field.prepare_value(bound.value())
            values = value if isinstance(value, list | tuple) else [value]
            fields[bound.html_name] = [
                "on" if each is True else str(each) for each in values if each not in (None, False)
            ]
    return fields


def comparable(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Without what nobody types: numbers of rows, empty fields, other line ends, the order of ticks."""
    tidy = {
        name: sorted(text for value in values if (text := value.replace("\r\n", "\n").strip()))
        for name, values in fields.items()
        if name not in ("edit_number", "overwrite") and not name.endswith("_FORMS")
    }
    return {name: values for name, values in tidy.items() if values}


def said(moment: datetime) -> str:
    """14:02, or 3 March, 14:02 when that was not today"""
    at, today = moment.astimezone(UTC), timezone.now().astimezone(UTC).date()
    return f"{at:%H:%M}" if at.date() == today else f"{at:%-d %B, %H:%M}"
