from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef

from elendihub.publishing import Permanent
from elendihub.review import CLEARING
from legislation.models import Amendment, Provision

from .check import Check

FlagT = TypeVar("FlagT", bound=models.Model)


class RaisedQuerySet(models.QuerySet[FlagT]):
    """`version` is the field by which a check names the version, `document` that of the version's document."""

    version: ClassVar[str]
    document: ClassVar[str]

    def open(self) -> Self:
        """No check of the version, or of a later one of the document, was recorded since and clears it.

        A version that was cancelled before anybody could read it counts for nothing.
        """
        same = {f"{self.version}__{self.document}": OuterRef(f"version__{self.document}")}
        since = {f"{self.version}__number__gte": OuterRef("version__number"), "pk__gt": OuterRef("after_check")}
        checks = Check.objects.filter(outcome__in=CLEARING, **same, **since)
        return self.exclude(version__live_until=F("version__live_from")).exclude(Exists(checks))

    def update(self, **kwargs: Any) -> int:
        raise Permanent

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Permanent


class Raised(models.Model):
    """An amendment was recorded that touches a provision which a version cites.

    The database writes them when an amendment is recorded (articles.flagging), so no way of writing can forget to.
    `after_check` is the newest check of that moment: what clears the flag was recorded later, whatever clocks say.
    """

    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="+")
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    after_check = models.PositiveBigIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("raised_at", "pk")


class FlagQuerySet(RaisedQuerySet["Flag"]):
    version, document = "article_version", "article"


class Flag(Raised):
    version = models.ForeignKey("articles.ArticleVersion", models.PROTECT, related_name="flags")

    objects = FlagQuerySet.as_manager()

    class Meta(Raised.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "amendment", "provision"], name="flag_once")]

    def __str__(self) -> str:
        return f"{self.version}: {self.amendment}"


class HubFlagQuerySet(RaisedQuerySet["HubFlag"]):
    version, document = "hub_version", "hub"


class HubFlag(Raised):
    version = models.ForeignKey("regulators.HubVersion", models.PROTECT, related_name="flags")

    objects = HubFlagQuerySet.as_manager()

    class Meta(Raised.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "amendment", "provision"], name="hub_flag_once")]

    def __str__(self) -> str:
        return f"{self.version}: {self.amendment}"
