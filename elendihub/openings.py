"""Who else has the form of a document open, in words."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from elendihub.models import Opening
from elendihub.models.opening import MOST_SHOWN


def by_others(user: Any, document: Any) -> str:
    """“ola opened this 5 minutes ago, kari 12 minutes ago.”; empty when nobody did."""
    now = timezone.now()
    recent = Opening.objects.recent(now).of(document._meta.label_lower, str(document.pk)).by_others(user)
    people = [(str(each.user), ago(each.opened_at, now)) for each in recent[:MOST_SHOWN]]
    if not people:
        return ""
    (first, when), *others = people
    return ", ".join([f"{first} opened this {when}", *(" ".join(each) for each in others)]) + "."


def ago(moment: datetime, now: datetime) -> str:
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    return "1 minute ago" if minutes == 1 else f"{minutes} minutes ago"
