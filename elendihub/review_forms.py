"""The desk's forms of the review, the publish that does without one, and the cancelling that asks for another."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from elendihub.publishing import Version
from elendihub.publishing_forms import KINDS, ActForm, PublishForm, ScheduleForm, WithdrawalForm
from elendihub.workflow import Stage

CANCELS = "The scheduled version never goes live. Its text stays in the working copy, and readers notice nothing."
KINDS_OF_EMERGENCY = [(kind, label) for kind, label in KINDS if kind != Version.Kind.MINOR]


class SubmitForm(ActForm):
    name, verb, step, right = "submit", "Send to review", "submit", "change"
    says = "Another person reads the working copy and approves it, or sends it back. Whoever changes it begins anew."
    makes_version = False

    @classmethod
    def is_open(cls, document: Any, newest: Any) -> bool:
        return super().is_open(document, newest) and (document is None or document.stage != Stage.APPROVED)

    def carry_out(self, by: Any) -> str:
        self.document.submit(by=by)
        return "The text waits to be reviewed."


class ApproveForm(ActForm):
    name, verb, step, right = "approve", "Approve", "approve", "approve"
    says = "You have read the working copy as it is now, had no hand in it, and find it fit to publish."
    makes_version = False

    def carry_out(self, by: Any) -> str:
        self.document.approve(by=by)
        return "The text is approved and can be published."


class SendBackForm(ActForm):
    name, verb, step, right = "send-back", "Send back", "send_back", "approve"
    says = "The text is a draft again, and its author reads your note over it. Readers of the site never do."
    makes_version = False

    review_note = forms.CharField(
        widget=forms.Textarea({"rows": 3}), max_length=2000, label="Note", help_text="What has to change."
    )

    def carry_out(self, by: Any) -> str:
        self.document.send_back(by=by, note=self.cleaned_data["review_note"])
        return "The text was sent back."


class EmergencyForm(PublishForm):
    name, verb, step = "emergency", "Publish in an emergency", "publish_in_emergency"
    says = "The working copy goes live at once, though nobody approved it. Readers see your reason with it."

    emergency_reason = forms.CharField(
        widget=forms.Textarea({"rows": 2}),
        max_length=2000,
        label="Public reason",
        help_text="Why this cannot wait for a second person. It stands over the text and in the record, for ever.",
    )
    kind = forms.ChoiceField(choices=KINDS_OF_EMERGENCY, initial=Version.Kind.SIGNIFICANT, label="What kind of change")
    field_order = ("seen", "emergency_reason", *PublishForm.field_order[1:])

    @classmethod
    def is_open(cls, document: Any, newest: Any) -> bool:
        is_approved = document is not None and document.stage == Stage.APPROVED
        return settings.SECOND_PERSON and not is_approved and super().is_open(document, newest)


class CancelForm(ActForm):
    name, verb, step = "cancel", "Cancel schedule", "cancel"

    @property
    def says(self) -> str:  # type: ignore[override]
        again = " It has to be approved again." if settings.SECOND_PERSON else ""
        return f"{CANCELS}{again}"

    @property
    def makes_version(self) -> bool:  # type: ignore[override]
        """What is live is restated; where nothing is, no version is made."""
        return bool(self.document.versions.live().exists())

    def carry_out(self, by: Any) -> str:
        self.document.cancel_scheduled(by=by)
        # The working copy differs from what is live again, so the lists count it among what waits.
        type(self.document)._default_manager.filter(pk=self.document.pk).update(updated_at=timezone.now())
        return "The schedule is cancelled."


ACTS: tuple[type[ActForm], ...] = (
    *(SubmitForm, ApproveForm, SendBackForm),
    *(PublishForm, ScheduleForm, EmergencyForm, WithdrawalForm, CancelForm),
)
