"""When a text was last checked, when it is to be checked again, and what the page says of it: the one rule for pages,
lists and the desk.

Only a check that confirms a text moves its review. It belongs to the text and not to a number: it counts for later
versions until one changes more than wording (`changed_at` is the same as long as it counts). A check that says "not
affected" clears what an amendment flagged, and the review stays due when it was.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from elendihub.publishing import VersionQuerySet

V = TypeVar("V", bound=models.Model)
# Checks that a page lists, newest first.
LISTED = 10


class State(models.TextChoices):
    REVIEWED = "reviewed", "Reviewed"
    DUE = "due", "Review due"
    AMENDED = "amended", "Law amended since review"


class Outcome(models.TextChoices):
    CONFIRMED = "confirmed", "Confirmed"
    NOT_AFFECTED = "not_affected", "Law amended, text not affected"
    NEEDS_CHANGE = "needs_change", "Needs a change"


# What clears the flags of amendments.
CLEARING = (Outcome.CONFIRMED, Outcome.NOT_AFFECTED)


class DaysLater(models.Func):
    """A day plus a number of days; empty without either."""

    arity = 2
    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = models.DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="DATE(%(expressions)s || ' days')", arg_joiner=", '+' || ")


class JsonList(models.Aggregate):
    """The values of a group as one JSON list, in no order."""

    function = "JSONB_AGG"
    output_field = models.JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **context)


class Reviewed:
    """A row of with_review(), a version or the document that it is live of. Any other row says nothing of reviews."""

    checked_on: date | None
    review_days: int | None
    is_flagged: bool
    reviewed_as_of: date

    @property
    def review_due_on(self) -> date | None:
        if self.checked_on is None or self.review_days is None:
            return None
        return self.checked_on + timedelta(days=self.review_days)

    @property
    def review(self) -> State | None:
        if getattr(self, "reviewed_as_of", None) is None:
            return None
        if self.is_flagged:
            return State.AMENDED
        due_on = self.review_due_on
        return State.REVIEWED if due_on and due_on > self.reviewed_as_of else State.DUE


class ReviewQuerySet(VersionQuerySet[V]):
    """Versions with their checks. `document` names the field that leads to what they are versions of."""

    document: ClassVar[str]

    def interval(self) -> Any:
        """How many days a check counts, as an expression."""
        raise NotImplementedError

    def amended(self) -> Any:
        """The condition that an amendment flagged the text and no check has cleared it."""
        return Q(pk__in=[])

    def of_document(self) -> models.QuerySet[Any]:
        """The checks of the outer version's document."""
        link: Any = self.model._meta.get_field("checks")
        checks: models.QuerySet[Any] = link.related_model._default_manager.all()
        return checks.filter(**{f"{link.field.name}__{self.document}": OuterRef(self.document)})

    def with_review(self, on: date | None = None) -> Self:
        """For Reviewed: adds checked_on (None: not yet), review_days, is_flagged and the day (default: today)."""
        link: Any = self.model._meta.get_field("checks")
        same_text = {f"{link.field.name}__changed_at": OuterRef("changed_at")}
        confirmed = self.of_document().filter(outcome=Outcome.CONFIRMED, **same_text).order_by("-checked_on")
        return self.annotate(
            checked_on=Subquery(confirmed.values("checked_on")[:1]),
            review_days=self.interval(),
            is_flagged=ExpressionWrapper(self.amended(), output_field=models.BooleanField()),
            reviewed_as_of=Value(on or timezone.now().date(), output_field=models.DateField()),
        )

    def with_due_day(self, on: date) -> Self:
        return self.with_review(on).alias(due_day=DaysLater(F("checked_on"), F("review_days")))

    def due(self, on: date | None = None) -> Self:
        """Never checked as they stand, or the day of the next review has come."""
        day = on or timezone.now().date()
        return self.with_due_day(day).filter(Q(due_day__isnull=True) | Q(due_day__lte=day))

    def checked_within_interval(self, on: date | None = None) -> Self:
        day = on or timezone.now().date()
        return self.with_due_day(day).filter(due_day__gt=day)

    def flagged(self) -> Self:
        """An amendment touched a provision that they cite, and no check has cleared it."""
        return self.filter(self.amended())

    def with_checks(self, at: datetime | None = None) -> Self:
        """Adds the newest checks of the document that were recorded by the moment (default: all), for checks_of()."""
        link: Any = self.model._meta.get_field("checks")
        document = f"{link.field.name}__{self.document}"
        checks = link.related_model._default_manager.all()
        recorded = checks.filter(recorded_at__lte=at) if at else checks
        newest = recorded.filter(**{document: OuterRef(document)}).order_by("-pk").values("pk")[:LISTED]
        names = ("pk", "checked_on", "checked_by_name", "outcome", "note", "sources")
        row = JSONObject(number=f"{link.field.name}__number", **{name: name for name in names})
        group = self.of_document().filter(pk__in=newest).order_by().values(document)
        return self.annotate(checks_recorded=Subquery(group.annotate(rows=JsonList(row)).values("rows")))

    def for_page(self, at: datetime) -> Self:
        """With all that a document's own page says of its checks."""
        return self.with_review(at.date()).with_checks()


@dataclass(frozen=True)
class Checked:
    """A recorded check as pages print it; `number` is of the version that was checked."""

    number: int
    checked_on: date
    by: str
    outcome: str
    note: str
    sources: Sequence[Mapping[str, str]]

    @property
    def is_confirmed(self) -> bool:
        return self.outcome == Outcome.CONFIRMED

    @property
    def says(self) -> str:
        return str(Outcome(self.outcome).label)


def checks_of(version: Any) -> list[Checked]:
    """Of a row of with_checks(), newest first; a draft has none."""
    rows = sorted(as_list(getattr(version, "checks_recorded", None)), key=lambda row: row["pk"], reverse=True)
    return [
        Checked(
            number=row["number"],
            checked_on=date.fromisoformat(row["checked_on"]),
            by=row["checked_by_name"],
            outcome=row["outcome"],
            note=row["note"],
            sources=as_list(row["sources"]),
        )
        for row in rows
    ]


def said_of(version: Any) -> dict[str, Any]:
    """For a page's template: the checks, and the newest that confirmed a text, be it a former one."""
    checks = checks_of(version)
    return {"checks": checks, "last_confirmed": next((check for check in checks if check.is_confirmed), None)}


def as_list(value: Any) -> list[Any]:
    """SQLite gives JSON within JSON as text."""
    return (json.loads(value) if isinstance(value, str) else value) or []
