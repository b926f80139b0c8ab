"""The part of the publishing form that a correction fills in."""

from datetime import UTC
from typing import Any

from django import forms
from django.utils import timezone

from elendihub.publishing import Version
from elendihub.widgets import DayInput

WANTED = {
    "corrected_error": "Write what the text said that was wrong.",
    "wrong_since": "Name the first day on which it stood there.",
    "corrected_to": "Write what is right.",
}
NAMES = tuple(WANTED)
NOT_WANTED = "Only a correction says this. Empty it, or choose Correction above."


class CorrectionFields(forms.Form):
    corrected_error = forms.CharField(
        widget=forms.Textarea({"rows": 2}),
        required=False,
        max_length=2000,
        label="What was wrong",
        help_text="For a correction only, as a sentence: “It gave 10 days for the report.”",
    )
    wrong_since = forms.DateField(
        widget=DayInput,
        required=False,
        label="Wrong since",
        help_text="The day from which readers were told so.",
    )
    corrected_to = forms.CharField(
        widget=forms.Textarea({"rows": 2}),
        required=False,
        max_length=2000,
        label="What is right",
        help_text="As a sentence: “It has to be sent within 15 days.”",
    )

    def clean_wrong_since(self) -> Any:
        day = self.cleaned_data["wrong_since"]
        if day and day > timezone.now().astimezone(UTC).date():
            raise forms.ValidationError("This day lies ahead. Name the day from which readers were told so.")
        return day

    def clean(self) -> dict[str, Any] | None:
        is_correction = self.cleaned_data.get("kind") == Version.Kind.CORRECTION
        for name in NAMES:
            is_filled = bool(self.cleaned_data.get(name))
            if name in self.cleaned_data and is_filled != is_correction:
                self.add_error(name, WANTED[name] if is_correction else NOT_WANTED)
        return super().clean()
