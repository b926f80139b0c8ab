"""What a browser would send back of a page's form."""

from typing import Any


def filled_in(page: Any, **changes: Any) -> dict[str, Any]:
    """The fields of the admin's form as it was shown, with changes; rows are named as in `responsibilities-0-label`."""
    context = page.context
    forms = [context["adminform"].form] if "adminform" in context else [context["form"]]
    for inline in context.get("inline_admin_formsets") or ():
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields: dict[str, Any] = {"csrfmiddlewaretoken": str(context.get("csrf_token", ""))}
    for form in forms:
        for bound in form:
            value = bound.field.prepare_value(bound.value())
            if value is not None and value is not False:
                fields[bound.html_name] = value
    fields.pop("overwrite", None)
    return fields | changes
