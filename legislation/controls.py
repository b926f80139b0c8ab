"""Form controls that every page of the register at the desk shares."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, AdminURLFieldWidget
from django.db.models import DateField, JSONField, TextField, URLField

from elendihub.publishing_forms import Text
from elendihub.widgets import DayInput

from .forms import Listed, RegisterFormSet

NO_ADDRESS = "Enter a full address that begins with https://."
CONTROLS: dict[Any, Any] = {
    DateField: {"widget": DayInput},
    JSONField: {"form_class": Listed},
    TextField: {"form_class": Text, "widget": AdminTextareaWidget({"rows": 3})},
    URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https", "error_messages": {"invalid": NO_ADDRESS}},
}


class RegisterInline(admin.StackedInline):
    formset = RegisterFormSet
    extra = 0
    formfield_overrides = CONTROLS
