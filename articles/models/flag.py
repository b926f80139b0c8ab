from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef

from elendihub.publishing import Permanent
from elendihub.review import CLEARING
from legislation.models import Amendment, Provision

from .check import Check


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> Self:
        """No check of the version, or of a later one of the article, was recorded since and clears it.

        A version that was cancelled before anybody could read it counts for nothing.
        """
        checks = Check.objects.filter(
            outcome__in=CLEARING,
            pk__gt=OuterRef("after_check"),
            article_version__article=OuterRef("version__article"),
            article_version__number__gte=OuterRef("version__number"),
        )
        return self.exclude(version__live_until=F("version__live_from")).exclude(Exists(checks))

    def update(self, **kwargs: Any) -> int:
        raise Permanent

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Permanent


class Flag(models.Model):
    """An amendment was recorded that touches a provision which a version cites.

    The database writes them when an amendment is recorded (articles.flagging), so no way of writing can forget to.
    `after_check` is the newest check of that moment: what clears the flag was recorded later, whatever clocks say.
    """

    version = models.ForeignKey("articles.ArticleVersion", models.PROTECT, related_name="flags")
    amendment = models.ForeignKey(Amendment, models.PROTECT, related_name="flags")
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    after_check = models.PositiveBigIntegerField(default=0)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ("raised_at", "pk")
        constraints = [models.UniqueConstraint(fields=["version", "amendment", "provision"], name="flag_once")]

    def __str__(self) -> str:
        return f"{self.version}: {self.amendment}"
