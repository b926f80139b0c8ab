"""The amendments that flagged a text: which of its flags are open, and how its page names them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject

from elendihub.emergencies import EmergencyQuerySet
from elendihub.review import JsonList, as_list
from legislation.models import Amendment, Instrument, Provision
from legislation.sources import instrument_url

# What a page says of an amendment that flagged it, by the names that a flag has for it.
AMENDED = (
    *("amendment__by__slug", "amendment__by__short_name", "amendment__what", "amendment__published_on"),
    *("amendment__applies_on", "provision__instrument__slug", "provision__instrument__short_name"),
    *("provision_id", "provision__kind", "provision__number"),
)

V = TypeVar("V", bound=models.Model)


class AmendedQuerySet(EmergencyQuerySet[V]):
    """Versions with the flags that articles.flagging raises; their model has them as `flags`."""

    def amended(self) -> Any:
        return Exists(self.open_flags())

    def open_flags(self) -> Any:
        """Of the outer version and of those before it: a new version alone clears none."""
        flags: Any = self.model._meta.get_field("flags").related_model
        of_document = {f"version__{self.document}": OuterRef(self.document)}
        return flags._default_manager.open().filter(**of_document, version__number__lte=OuterRef("number"))

    def with_amendments(self) -> Self:
        """Adds what flagged them and no check has cleared, for amendments_of()."""
        group = self.open_flags().order_by().values(f"version__{self.document}")
        flags = group.annotate(rows=JsonList(JSONObject(**{name: name for name in AMENDED}))).values("rows")
        return self.annotate(amendments_open=Subquery(flags))

    def with_oldest_flag(self) -> Self:
        """Adds flagged_at, the moment at which the oldest open flag was raised."""
        return self.annotate(flagged_at=Subquery(self.open_flags().order_by("raised_at").values("raised_at")[:1]))

    def for_page(self, at: datetime) -> Self:
        return super().for_page(at).with_amendments()


def said_of(version: Any) -> dict[str, Any]:
    """For the page's template: the amendments and the provisions that they touch."""
    amendments = amendments_of(version)
    return {"amendments": amendments, "amended": [amendment.provision for amendment in amendments]}


def amendments_of(version: Any) -> list[Amendment]:
    """Of a row of for_page(), newest first, each once: unsaved objects of what the row holds. A draft has none."""
    rows = as_list(getattr(version, "amendments_open", None))
    found = {(row["amendment__by__slug"], row["provision_id"]): amendment(row) for row in rows}
    return sorted(found.values(), key=lambda each: each.published_on or date.min, reverse=True)


def amendment(row: dict[str, Any]) -> Amendment:
    return Amendment(
        by=Instrument(slug=row["amendment__by__slug"], short_name=row["amendment__by__short_name"]),
        provision=Provision(
            pk=row["provision_id"],
            instrument=Instrument(
                slug=row["provision__instrument__slug"], short_name=row["provision__instrument__short_name"]
            ),
            kind=row["provision__kind"],
            number=row["provision__number"],
        ),
        what=row["amendment__what"],
        published_on=day(row["amendment__published_on"]),
        applies_on=day(row["amendment__applies_on"]),
    )


def acts_of(version: Any) -> list[Mapping[str, str]]:
    """The official texts of the acts that amended, as sources of a check; one query for a row of for_page()."""
    slugs = {amendment.by.slug for amendment in amendments_of(version)}
    acts = Instrument.objects.filter(slug__in=slugs) if slugs else []
    return [{"title": act.short_name, "url": url} for act in acts if (url := instrument_url(act))]


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
