"""What the site says of its own care: figures, each with the rows that it counts.

/trust/ and the desk's first page ask here, so they say the same; a figure is the number of rows of its list, because
both are the same querysets. Where the word is of texts, hubs and articles count, and no withdrawn ones.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import DateField, F, IntegerField, Prefetch, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate

from articles.models import ArticleVersion, Citation, Link, LinkPlace
from regulators.models import HubVersion

# Each has the day that it is listed under as `listed_on`. Of one day, hubs stand before articles.
Rows = Sequence[Any]
LARGE = {
    HubVersion: ("overview", "overview_html", "responsibilities", "facts", "regulator_record"),
    ArticleVersion: ("body", "body_html", "contents", "citations", "topics", "terms"),
}


@dataclass(frozen=True)
class Figure:
    """`about` says what the list holds, `of` what one row is and several are."""

    title: str
    about: str
    empty: str
    rows: Callable[[datetime], Rows]
    of: tuple[str, str] = ("text", "texts")
    is_oldest_first: bool = False


class Counted(Subquery):
    """How many rows the queryset has; NULL for one that Django knows to be empty."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def count(rows: Mapping[str, Iterable[Any]]) -> dict[str, int]:
    """Under each name the rows of its querysets together, all in one query."""
    names = [name for name, querysets in rows.items() for _ in querysets]
    each = [Counted(queryset.order_by().values("pk")) for querysets in rows.values() for queryset in querysets]
    found = dict.fromkeys(rows, 0)
    if not each:
        return found
    # Of a table that never is empty, so that there is a row to answer in.
    numbers = ContentType.objects.order_by("pk").values_list(*each)[:1].get()
    for name, number in zip(names, numbers, strict=True):
        found[name] += number or 0
    return found


def counts(at: datetime) -> dict[str, int]:
    return count({name: figure.rows(at) for name, figure in FIGURES.items()})


# Rows


def public(at: datetime) -> Rows:
    """The texts that readers can read."""
    return [model.objects.live(at).readable() for model in (HubVersion, ArticleVersion)]


def record(at: datetime) -> Rows:
    """Every version that went live: a withdrawal takes nothing off the record."""
    return [model.objects.published(at) for model in (HubVersion, ArticleVersion)]


def listed(rows: Iterable[Any], listed_on: Any) -> Rows:
    return [each.annotate(listed_on=listed_on) for each in rows]


def texts(at: datetime) -> Rows:
    return listed(public(at), TruncDate("changed_at"))


def checked(at: datetime) -> Rows:
    return listed((each.checked_within_interval(at.date()) for each in public(at)), F("checked_on"))


def due(at: datetime) -> Rows:
    """A text that was never checked as it stands is due since it stands so."""
    since = Coalesce(F("due_day"), TruncDate("changed_at"), output_field=DateField())
    return listed((each.due(at.date()) for each in public(at)), since)


def amended(at: datetime) -> Rows:
    flagged = [each.flagged().with_oldest_flag().with_amendments() for each in public(at)]
    return listed(flagged, TruncDate("flagged_at"))


def corrections(at: datetime) -> Rows:
    return listed((each.corrections() for each in record(at)), TruncDate("live_from"))


def late_corrections(at: datetime) -> Rows:
    return [each.gone_live_since(a_year_before(at)) for each in corrections(at)]


def emergencies(at: datetime) -> Rows:
    return listed((each.unreviewed(at) for each in public(at)), TruncDate("live_from"))


def all_emergencies(at: datetime) -> Rows:
    found = (each.emergencies().with_emergency_review(at) for each in record(at))
    return listed(found, TruncDate("live_from"))


def single_handed(at: datetime) -> Rows:
    return listed((each.without_second_person() for each in public(at)), TruncDate("live_from"))


def unresolved(at: datetime) -> Rows:
    citations = Citation.objects.unresolved()
    rows = ArticleVersion.objects.live(at).readable().filter(pk__in=citations.values("version"))
    named = Prefetch("citation_rows", citations.order_by("position", "pk"), to_attr="unresolved_rows")
    return listed([rows.prefetch_related(named)], TruncDate("live_from"))


def links(at: datetime) -> Rows:
    return listed([with_places(Link.objects.broken(), at)], F("failed_again_on"))


def moved(at: datetime) -> Rows:
    answered = Coalesce(TruncDate("answered_at"), Value(at.date()), output_field=DateField())
    return listed([with_places(Link.objects.moved(), at)], answered)


def with_places(rows: Any, at: datetime) -> Any:
    places = LinkPlace.objects.public(at).with_title(at).order_by("pk")
    return rows.prefetch_related(Prefetch("places", places, to_attr="public_places"))


def versions(at: datetime) -> Rows:
    return listed(record(at), TruncDate("live_from"))


def a_year_before(at: datetime) -> datetime:
    return at.replace(year=at.year - 1, day=28 if (at.month, at.day) == (2, 29) else at.day)


# Named as in the address of the list.
FIGURES = {
    "texts": Figure(
        "Public texts",
        "Every hub and every article that readers can read, with the day on which it last changed.",
        "Nothing has been published yet.",
        texts,
    ),
    "checked": Figure(
        "Checked within their interval",
        "Public texts that a person compared with their sources, and that are not due again.",
        "No public text is checked within its interval.",
        checked,
    ),
    "due": Figure(
        "Review due",
        "Public texts that nobody has checked as they stand, or whose next check is due, longest due first.",
        "No review is due.",
        due,
        is_oldest_first=True,
    ),
    "amended": Figure(
        "Law amended since review",
        "Public texts that cite a provision which was amended since, until a check clears them, oldest first.",
        "No amendment waits for a check.",
        amended,
        is_oldest_first=True,
    ),
    "corrections-lately": Figure(
        "Corrections of the last 12 months",
        "Versions of the last 12 months that put right what a text had wrong, of texts withdrawn since, too.",
        "No text was corrected in the last 12 months.",
        late_corrections,
        ("correction", "corrections"),
    ),
    "corrections": Figure(
        "All corrections",
        "Versions that put right what a text had wrong, of texts withdrawn since, too.",
        "No text has been corrected.",
        corrections,
        ("correction", "corrections"),
    ),
    "emergencies": Figure(
        "Emergencies not yet reviewed",
        "Public texts whose current version was published in an emergency, and that nobody else confirmed since.",
        "No emergency waits for a review.",
        emergencies,
    ),
    "emergencies-all": Figure(
        "All emergencies",
        "Versions that were published in an emergency, why, and who reviewed them, of texts withdrawn since, too.",
        "Nothing has been published in an emergency.",
        all_emergencies,
        ("version", "versions"),
    ),
    "single-handed": Figure(
        "Without a second person",
        "Public texts whose current version no second person approved.",
        "A second person approved every public text.",
        single_handed,
    ),
    "links": Figure(
        "Broken links",
        "Addresses in public texts, and official sites, that failed on two days and have not answered since.",
        "No link is known to be broken.",
        links,
        ("address", "addresses"),
    ),
    "moved": Figure(
        "Moved links",
        "Addresses in public texts, and official sites, that answer from another domain.",
        "No link is known to have moved to another domain.",
        moved,
        ("address", "addresses"),
    ),
    "unresolved": Figure(
        "Citations not in our register",
        "Public articles that cite an act or a provision which our register of law did not hold on the day.",
        "Our register of law held everything that the public articles cite.",
        unresolved,
    ),
    "versions": Figure(
        "Versions on record",
        "Every version that went live, of withdrawn texts too, newest first.",
        "Nothing has been published yet.",
        versions,
        ("version", "versions"),
    ),
}
