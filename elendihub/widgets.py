"""Form controls of the desk."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from markdownx.widgets import AdminMarkdownxWidget


class MarkdownEditor(AdminMarkdownxWidget):
    """The library's field with our own script: its own makes Tab a trap and puts error pages into the form."""

    template_name = "admin/markdown_editor.html"

    class Media:
        extend = False
        js = ("js/editor.js",)


class FoundByTyping(AutocompleteSelect):
    """Shows nothing for what can be no row's number, so that the field can say what is wrong with it."""

    def optgroups(self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        return super().optgroups(name, [each for each in value if re.fullmatch(r"[0-9]{1,18}", each)], attrs)


class DayInput(forms.DateInput):
    """The browser's own calendar: it has a label and needs no script."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class Radios(forms.RadioSelect):
    """All choices in sight, one below the other."""

    template_name = "admin/radios.html"


class Checkboxes(forms.CheckboxSelectMultiple):
    """All choices in sight, each with its label."""

    template_name = "admin/checkboxes.html"
