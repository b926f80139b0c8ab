"""Which steps the desk offers on a document's form, and to whom."""

from typing import Any

from django.http import HttpRequest

from elendihub.publishing_forms import ActForm


def steps(desk: Any, request: HttpRequest, document: Any, newest: Any) -> dict[str, Any]:
    """For the form of the DocumentAdmin `desk`: what is legal now and allowed to this person.

    Buttons save the text first; who may not change it gets links.
    """
    legal = [act for act in desk.acts if act.is_open(document, newest)]
    acts: list[type[ActForm]] = [act for act in legal if desk.may_take(request, act, document)]
    if document is None or desk.has_change_permission(request, document):
        return {"acts": acts}
    return {"acts": [], "act_links": [(act.verb, desk.act_address(document, act.name)) for act in acts]}
