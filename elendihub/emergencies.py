"""What was published in an emergency waits to be reviewed: until a second person confirms the very text that went out.

A check does so, of whoever neither wrote nor published the text. One that only says “not affected” does not: nobody
read the whole text for it. The review belongs to the text, and is kept when a version restates it since a schedule was
cancelled.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Exists, F, JSONField, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject

from elendihub.review import Outcome, ReviewQuerySet

V = TypeVar("V", bound=models.Model)


@dataclass(frozen=True)
class Afterwards:
    """Who reviewed an emergency, and when."""

    by: str
    checked_on: date


class Emergency:
    """A row of with_emergency_review(). Any other row says nothing of it."""

    @property
    def reviewed_afterwards(self) -> Afterwards | None:
        found = self.__dict__.get("emergency_review")
        return Afterwards(found["by"], date.fromisoformat(found["checked_on"])) if found else None


class EmergencyQuerySet(ReviewQuerySet[V]):
    def for_page(self, at: datetime) -> Self:
        return super().for_page(at).with_emergency_review()

    def unreviewed(self, at: datetime | None = None) -> Self:
        """Emergencies that no second person had confirmed by the moment (default: now)."""
        return self.emergencies().filter(~Exists(self.emergency_reviews(at)))

    def with_emergency_review(self, at: datetime | None = None) -> Self:
        """For Emergency: adds the review that was recorded first, by the moment (default: now)."""
        row = JSONObject(by="checked_by_name", checked_on="checked_on")
        first = self.emergency_reviews(at).order_by("recorded_at", "pk").values(row=row)[:1]
        return self.annotate(emergency_review=Subquery(first, output_field=JSONField()))

    def reviewable_by(self, person: AbstractBaseUser) -> Self:
        """Emergencies that the person neither wrote nor published."""
        own = self.model._default_manager.filter(**{self.document: OuterRef(self.document)})
        first = own.filter(live_from=OuterRef("changed_at"))
        return self.emergencies().filter(Exists(first.filter(not_by(Value(person.pk), Value(person.get_username())))))

    def emergency_reviews(self, at: datetime | None = None) -> models.QuerySet[Any]:
        """The checks that count as a review of the outer version; none unless it is an emergency.

        They are of the version, or of another that says the same since a schedule was cancelled: of no others are both
        reason and moment of change the same. The first of them says who wrote and published the text; the author of
        the others is whoever cancelled.
        """
        link: Any = self.model._meta.get_field("checks")
        name = link.field.name
        same = {f"{name}__{each}": OuterRef(each) for each in ("changed_at", "emergency_reason")}
        first = f"{name}__{self.document}__versions"
        confirmed = self.of_document().filter(outcome=Outcome.CONFIRMED, checked_by__isnull=False, **same)
        recorded = confirmed.filter(recorded_at__lte=at) if at else confirmed
        return (
            recorded.exclude(**{f"{name}__emergency_reason": ""})
            .alias(
                first_live_from=F(f"{first}__live_from"),
                author=F(f"{first}__author"),
                author_name=F(f"{first}__author_name"),
                publisher_name=F(f"{first}__publisher_name"),
            )
            .filter(not_by(F("checked_by"), F("checked_by_name")), first_live_from=F(f"{name}__changed_at"))
        )


def not_by(person: Any, name: Any) -> Q:
    """By name, too: the record knows publishers by nothing else, and an account may be gone."""
    return ~Q(author=person) & ~Q(author_name=name) & ~Q(publisher_name=name)
