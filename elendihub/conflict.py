"""Two people changed the same text: what each of them wrote, field by field, so that the second can choose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.forms import BaseModelForm, BaseModelFormSet
from django.utils.text import capfirst


@dataclass(frozen=True)
class Difference:
    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Conflict:
    """`saved_by` is empty when nobody is on record, as after an import."""

    saved_by: str
    saved_at: datetime
    edit_number: int
    differences: list[Difference]


def between(form: BaseModelForm[Any], formsets: Iterable[BaseModelFormSet[Any, Any]]) -> Conflict:
    """What was saved meanwhile against what this bound form and its rows would save."""
    stored = type(form.instance)._default_manager.select_related("updated_by").get(pk=form.instance.pk)
    pairs = [
        (str(field.label), in_words(getattr(stored, name)), in_words(typed(form, name)))
        for name, field in form.fields.items()
        if not field.widget.is_hidden
    ]
    for rows in formsets:
        label = capfirst(str(rows.get_queryset().model._meta.verbose_name_plural))
        pairs.append((label, saved_rows(rows), typed_rows(rows)))
    return Conflict(
        saved_by=str(stored.updated_by or ""),
        saved_at=stored.updated_at,
        edit_number=stored.edit_number,
        differences=[Difference(*pair) for pair in pairs if comparable(pair[1]) != comparable(pair[2])],
    )


def typed(form: BaseModelForm[Any], name: str) -> Any:
    """The value as it would be saved, or as it was typed when it cannot be."""
    return form.cleaned_data[name] if name in form.cleaned_data else form[name].value()


def saved_rows(rows: BaseModelFormSet[Any, Any]) -> str:
    return "\n".join(row(getattr(saved, name) for name in names(rows)) for saved in rows.get_queryset().all())


def typed_rows(rows: BaseModelFormSet[Any, Any]) -> str:
    deleted = rows.deleted_forms if rows.is_valid() else []
    kept = [form for form in rows.forms if form not in deleted and (form.instance.pk or form.has_changed())]
    return "\n".join(row(typed(form, name) for name in names(rows)) for form in kept)


def names(rows: BaseModelFormSet[Any, Any]) -> list[str]:
    """The columns that people see and fill in."""
    return [name for name, field in rows.empty_form.fields.items() if name != "DELETE" and not field.widget.is_hidden]


def row(values: Iterable[Any]) -> str:
    return " · ".join(in_words(value) for value in values)


def in_words(value: Any) -> str:
    if isinstance(value, models.Manager):
        value = value.all()
    if isinstance(value, list | tuple | models.QuerySet):
        return ", ".join(sorted(str(each) for each in value))
    return "" if value is None else str(value)


def comparable(text: str) -> str:
    """Browsers send other line ends than they were given."""
    return text.replace("\r\n", "\n").strip()
