"""The index of hubs: every jurisdiction with its regulator, by region: published, withdrawn or in preparation."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count

from articles.models import ArticleVersion
from regulators import record
from regulators.models import HubVersion, Jurisdiction, Regulator


@dataclass(frozen=True)
class Row:
    """A jurisdiction. `version` is its live hub or the notice over it, None while the hub is in preparation."""

    jurisdiction: Jurisdiction
    regulator: str
    language: str
    former: str
    site: record.Site | None
    version: HubVersion | None = None
    article_count: int = 0


@dataclass
class Region:
    slug: str
    name: str
    rows: list[Row] = field(default_factory=list)

    @property
    def published_count(self) -> int:
        return sum(row.version is not None and not row.version.is_withdrawal for row in self.rows)

    @property
    def withdrawn_count(self) -> int:
        return sum(row.version is not None and row.version.is_withdrawal for row in self.rows)

    @property
    def waiting_count(self) -> int:
        return sum(row.version is None for row in self.rows)


def regions(at: datetime) -> list[Region]:
    """Regions that have rows, in the order of Jurisdiction.Region; rows in the order of names. Three queries."""
    versions = HubVersion.objects.live(at).select_related("hub__jurisdiction")
    public = {version.hub.jurisdiction: version for version in versions}
    counted = ArticleVersion.objects.live(at).readable().order_by().values_list("article__hub__jurisdiction")
    counts = dict(counted.annotate(count=Count("pk")))
    regulators = Regulator.objects.select_related("jurisdiction").with_current(at.date()).order_by("-pk")
    first_of_each = {regulator.jurisdiction: regulator for regulator in regulators}
    by_region = {value: Region(value, str(label)) for value, label in Jurisdiction.Region.choices}
    for jurisdiction in sorted({*public, *first_of_each}, key=lambda each: each.name):
        if version := public.get(jurisdiction):
            row = public_row(jurisdiction, version, counts.get(jurisdiction.pk, 0), at)
        else:
            row = waiting_row(first_of_each[jurisdiction], at)
        by_region[jurisdiction.region].rows.append(row)
    return [region for region in by_region.values() if region.rows]


def public_row(jurisdiction: Jurisdiction, version: HubVersion, count: int, at: datetime) -> Row:
    """What the live hub says of its regulator, not the desk's present rows."""
    name = record.name_on(version.regulator_record, at.date())
    former = record.former_names(version.regulator_record, at.date())
    return Row(
        jurisdiction=jurisdiction,
        regulator=name.full if name else "",
        language="en",
        former=former[-1].acronym or former[-1].name if former else "",
        site=record.site_on(version.regulator_record, at.date()),
        version=version,
        article_count=count,
    )


def waiting_row(regulator: Any, at: datetime) -> Row:
    """`regulator` carries what Regulator.objects.with_current() adds."""
    acronym = regulator.current_acronym
    shows_acronym = acronym and acronym != regulator.current_name
    return Row(
        jurisdiction=regulator.jurisdiction,
        regulator=f"{regulator.current_name} ({acronym})" if shows_acronym else regulator.current_name or "",
        language=regulator.current_language or "en",
        former="",
        site=record.Site(regulator.current_site, "", at.date()) if regulator.current_site else None,
    )
