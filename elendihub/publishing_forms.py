"""The desk's forms around documents: one that never overwrites unseen, and one for each way to publish."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from elendihub import corrections, workflow
from elendihub.autosave import RestoredForm
from elendihub.corrections import CorrectionFields
from elendihub.document import Document
from elendihub.publishing import Version
from elendihub.state import said
from elendihub.widgets import MomentInput

OVERTAKEN = (
    "Somebody saved this while you were editing. Nothing of yours is saved yet, and nothing is lost: choose below."
)
KINDS = [
    (Version.Kind.SIGNIFICANT, "Significant: what readers must do or know has changed"),
    (Version.Kind.MINOR, "Minor: wording, layout, a link"),
    (Version.Kind.CORRECTION, "Correction: the text before was wrong"),
]


class Text(forms.CharField):
    """Browsers send other line ends than they were given; that alone is no change of a text."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


class EditNumber(forms.IntegerField):
    """What is no number is no edit number: it matches nothing, and the text is not saved over another's."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: Any) -> int | None:
        try:
            return super().to_python(value)
        except ValidationError:
            return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class DocumentForm(RestoredForm):
    """`edit_number` is the one the editor began with, `overwrite` the one they were shown and chose to replace."""

    edit_number = EditNumber()
    overwrite = EditNumber()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edit_number"].initial = self.instance.edit_number

    def clean(self) -> dict[str, Any] | None:
        seen = {self.cleaned_data.get("edit_number"), self.cleaned_data.get("overwrite")}
        self.instance.is_overtaken = bool(self.instance.pk) and self.instance.edit_number not in seen
        if self.instance.is_overtaken and self.has_changed():
            self.add_error(None, OVERTAKEN)
        return super().clean()


class RowFormSet(forms.BaseInlineFormSet):
    """The lines of a document or regulator. Those that another deleted meanwhile come back as new ones."""

    model: type[models.Model]

    def __init__(self, data: Any = None, *, instance: Any = None, prefix: str = "", **kwargs: Any) -> None:
        if data is not None and instance is not None and instance.pk:
            stored = self.model._default_manager.filter(**{self.fk.name: instance.pk})
            data = with_lost_rows_last(data, prefix, {str(pk) for pk in stored.values_list("pk", flat=True)})
        super().__init__(data, instance=instance, prefix=prefix, **kwargs)

    @property
    def naming(self) -> list[str]:
        """The fields that tell the lines apart, by the model's own constraint."""
        (constraint,) = self.model._meta.total_unique_constraints
        return [name for name in constraint.fields if name != self.fk.name]

    def clean(self) -> None:
        super().clean()
        if getattr(self.instance, "is_overtaken", False) and self.has_changed():
            raise ValidationError(OVERTAKEN)
        kept = [form.instance.pk for form in self.forms if form.instance.pk]
        unseen = self.model._default_manager.filter(**{self.fk.name: self.instance.pk}).exclude(pk__in=kept)
        taken = set(unseen.values_list(*self.naming))
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            if not values.get("DELETE") and tuple(values.get(name) for name in self.naming) in taken:
                form.add_error(
                    self.naming[-1], "Somebody else has added this meanwhile. Open the page again to see it."
                )

    def save(self, commit: bool = True) -> Any:
        # Lines may trade names, so each lets go of its old one first.
        renamed = [form.instance.pk for form in self.initial_forms if set(self.naming) & set(form.changed_data)]
        parked = Concat(Value("~"), Cast("pk", models.CharField()))
        self.model._default_manager.filter(pk__in=renamed).update(**{self.naming[-1]: parked})
        return super().save(commit)


def with_lost_rows_last(data: Any, prefix: str, stored: set[str]) -> Any:
    """The posted rows in the order a formset demands: those that exist, new ones, then the lost, without their id."""
    rows: dict[int, dict[str, list[str]]] = defaultdict(dict)
    moved = data.copy()
    for name in data:
        if match := re.fullmatch(rf"{re.escape(prefix)}-(\d{{1,4}})-(\w+)", name):
            rows[int(match[1])][match[2]] = moved.pop(name)
    numbers = {row: fields.get("id", [""])[0] for row, fields in rows.items()}
    lost = {row for row, number in numbers.items() if number and number not in stored}
    if not lost:
        return data
    for place, row in enumerate(sorted(rows, key=lambda row: (row in lost, row))):
        for name, values in rows[row].items():
            moved.setlist(f"{prefix}-{place}-{name}", [""] if row in lost and name == "id" else values)
    moved[f"{prefix}-INITIAL_FORMS"] = str(len(stored & set(numbers.values())))
    return moved


class ActForm(forms.Form):
    """One step that readers notice. `seen` is the state the editor decided on; another one is shown first."""

    # Templates print the buttons from the classes and make no form of them.
    do_not_call_in_templates = True
    name: ClassVar[str]
    verb: ClassVar[str]
    says: ClassVar[str]
    # Its row in workflow.STEPS, and the permission that it wants.
    step: ClassVar[str]
    right: ClassVar[str] = "publish"
    makes_version: ClassVar[bool] = True
    data: Any

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, document: Document, **kwargs: Any) -> None:
        self.document = document
        newest = document.versions.order_by("number").last()
        self.newest = None if newest is None or newest.is_cancelled else newest
        self.next_number = newest.number + 1 if newest else 1
        # What it shows from elsewhere, such as names, may change while its own text stays.
        self.public_fields = document.public_fields()
        mark = document.fingerprint(self.public_fields)[:16]
        self.state = f"{document.edit_number}.{self.next_number}.{document.stage}.{mark}"
        super().__init__(data, initial={"seen": self.state}, **kwargs)

    @classmethod
    def is_open(cls, document: Any, newest: Any) -> bool:
        """Whether the step is legal for the document and its newest version (either may be None)."""
        return not workflow.why_not(cls.step, document.stage if document else workflow.Stage.DRAFT, newest)

    def offer_to(self, user: Any) -> None:
        """Narrow the choices to what the person may see."""

    def clean_seen(self) -> str:
        if self.cleaned_data["seen"] != self.state:
            self.data = self.data.copy()
            self.data["seen"] = self.state
            raise ValidationError("Somebody changed or published this after you opened the page. Read it again first.")
        return self.state

    def carry_out(self, by: Any) -> str:
        """Do it and say what was done. Raises PublishingError."""
        raise NotImplementedError


class PublishForm(CorrectionFields, ActForm):
    name, verb, says = "publish", "Publish", "The working copy goes live at once, as a new version that stays for ever."
    step = "publish"

    kind = forms.ChoiceField(choices=KINDS, initial=Version.Kind.SIGNIFICANT, label="What kind of change")
    note = forms.CharField(
        widget=forms.Textarea({"rows": 3}),
        required=False,
        max_length=2000,
        label="Public note",
        help_text="What changed and why, for readers. One or two sentences; a significant change needs it.",
    )
    has_read = forms.BooleanField(
        label="I have read these",
        help_text="Each of these stays without a link: it is no citation of an act that the register of law holds.",
        error_messages={"required": "Name the act in the text, or tick this to publish as it stands."},
    )

    field_order: Any = ("seen", "kind", "note", *corrections.NAMES, "has_read")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unsettled = self.document.unsettled()
        self.is_alone = not self.document.is_approved(self.public_fields)
        if self.newest is None:
            for name in ("kind", *corrections.NAMES):
                del self.fields[name]
        if not self.unsettled:
            del self.fields["has_read"]

    @classmethod
    def why_not(cls, document: Any, newest: Any) -> str:
        """The cure when it is not legal now; empty when it is."""
        stage = document.stage if document else workflow.Stage.DRAFT
        is_wanted = settings.SECOND_PERSON and cls.step == "publish"
        return workflow.why_not("publish_approved" if is_wanted else cls.step, stage, newest)

    @classmethod
    def is_open(cls, document: Any, newest: Any) -> bool:
        return not cls.why_not(document, newest)

    def carry_out(self, by: Any) -> str:
        options = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "has_read")}
        version = self.document.publish(by=by, **options)
        if version.live_from > timezone.now():
            return f"Version {version.number} is scheduled for {said(version.live_from)}."
        return f"Version {version.number} is live."


class ScheduleForm(PublishForm):
    name, verb = "schedule", "Schedule"
    says = "The working copy, as it is now, goes live by itself at the moment you name."

    live_from = forms.DateTimeField(
        widget=MomentInput,
        label="Goes live (UTC)",
        help_text="Date and time in UTC: Oslo is one hour ahead, two in summer.",
    )
    field_order = ("seen", "live_from", "kind", "note", *corrections.NAMES, "has_read")

    def clean_live_from(self) -> Any:
        if self.cleaned_data["live_from"] <= timezone.now():
            raise ValidationError("This moment has passed. Choose one that lies ahead, or publish at once.")
        return self.cleaned_data["live_from"]


class WithdrawalForm(ActForm):
    name, verb, step = "withdraw", "Withdraw", "withdraw"
    says = "A notice with your reason stands over the text from now on. Its address goes on answering."

    reason = forms.ChoiceField(choices=Version.WithdrawalReason)
    note = forms.CharField(
        widget=forms.Textarea({"rows": 3}),
        max_length=2000,
        label="Public note",
        help_text="Why, and what to read instead. Readers see it over the text.",
    )

    def extra(self) -> dict[str, Any]:
        """Further values for the notice."""
        return {}

    def carry_out(self, by: Any) -> str:
        reason, note = self.cleaned_data["reason"], self.cleaned_data["note"]
        version = self.document.withdraw(by=by, reason=reason, note=note, **self.extra())
        return f"Withdrawn with version {version.number}."


class RestoreForm(ActForm):
    """Bring the text of a version back into the working copy; readers notice nothing until it is published."""

    name, verb, right = "restore", "Bring back", "change"
    makes_version = False

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version = version

    @property
    def says(self) -> str:  # type: ignore[override]
        return (
            f"The text of version {self.version.number} takes the place of the working copy. What stands there now and "
            "was never published is lost. Readers notice nothing: publishing it makes a new version."
        )

    def carry_out(self, by: Any) -> str:
        self.document.restore(self.version, by=by)
        return f"The working copy is the text of version {self.version.number} again. Publish it to make it live."
