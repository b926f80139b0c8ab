"""Form controls for what the register keeps as lists, and for the rows below an instrument."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseInlineFormSet

from elendihub.publishing_forms import RowFormSet


class Listed(forms.CharField):
    """A list of short texts, typed with commas: 1, 2, 3a."""

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [part for part in (part.strip() for part in str(value or "").split(",")) if part]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((initial or []) != self.to_python(data))


class RegisterFormSet(RowFormSet):
    """Rows of the register: one that another deleted meanwhile comes back as new, and none is added twice unseen."""

    @property
    def naming(self) -> list[str]:
        return super().naming if self.model._meta.total_unique_constraints else ["name"]

    def save(self, commit: bool = True) -> Any:
        # Nothing here trades names, and a territory is too short to be parked under another.
        return BaseInlineFormSet.save(self, commit)
