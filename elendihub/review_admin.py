"""Which steps the desk offers on a document's form, to whom, and where their outcome is seen."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html

from elendihub import preview
from elendihub.publishing_forms import ActForm


def steps(desk: Any, request: HttpRequest, document: Any, newest: Any) -> dict[str, Any]:
    """For the form of the DocumentAdmin `desk`: what is legal now and allowed to this person.

    Buttons save the text first; who may not change it gets links.
    """
    legal = [act for act in desk.acts if act.is_open(document, newest)]
    acts: list[type[ActForm]] = [act for act in legal if desk.may_take(request, act, document)]
    is_author = any(act.step == "approve" for act in acts) and request.user.pk in document.authors()
    if is_author:
        acts = [act for act in acts if act.step != "approve"]
    if document is None or desk.has_change_permission(request, document):
        return {"acts": acts, "is_author": is_author}
    return {
        "acts": [],
        "is_author": is_author,
        "act_links": [(act.verb, desk.act_address(document, act.name)) for act in acts],
    }


def seen_at(document: Any) -> str:
    """A link to the text after a step; empty where readers have nothing and nothing is to come."""
    if document.versions.scheduled().exists():
        return format_html(' <a href="{}">Preview it</a>', preview.address(document))
    if document.versions.live().exists():
        return format_html(' <a href="{}">See it on the site</a>', document.get_absolute_url())
    return ""
