"""Small functions that make what a test needs. Each takes overrides only; a test sets every value it asserts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import count, cycle, product
from string import ascii_uppercase
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission, User

from articles.models import Article, ArticleVersion, Category, Check, Topic
from elendihub.document import Document
from legislation.citations.numerals import to_roman
from legislation.models import (
    Amendment,
    Deadline,
    Incorporation,
    Instrument,
    InstrumentName,
    NationalDate,
    Provision,
    Term,
)
from regulators.models import Hub, HubVersion, Jurisdiction, Regulator, RegulatorName, Website

PASSWORD = "correct horse battery staple"
PUBLISHED_AT = datetime(2026, 2, 16, 9, 0, tzinfo=UTC)

numbers = count(1)
# Round and round, beginning with letters that no country of a test begins with.
codes = cycle(map("".join, product("XZQ", ascii_uppercase)))


def make_jurisdiction(**overrides: Any) -> Jurisdiction:
    fields: dict[str, Any] = {
        "code": next(codes),
        "name": f"Jurisdiction {next(numbers)}",
        "region": Jurisdiction.Region.EUROPE,
    }
    return Jurisdiction.objects.create(**fields | overrides)


def make_regulator(**overrides: Any) -> Regulator:
    """A regulator with one English name and one web site."""
    number = next(numbers)
    fields: dict[str, Any] = {"slug": f"regulator-{number}"}
    if "jurisdiction" not in overrides:
        fields["jurisdiction"] = make_jurisdiction()
    regulator = Regulator.objects.create(**fields | overrides)
    RegulatorName.objects.create(regulator=regulator, language="en", name=f"Regulator {number}", acronym=f"R{number}")
    address = f"https://regulator-{number}.example"
    Website.objects.create(regulator=regulator, url=address, language="en", recorded_on=PUBLISHED_AT.date())
    return regulator


def make_hub(**overrides: Any) -> Hub:
    """A working copy with one responsibility and one fact; see publish()."""
    number = next(numbers)
    jurisdiction = overrides.get("jurisdiction") or make_jurisdiction()
    fields: dict[str, Any] = {
        "jurisdiction": jurisdiction,
        "regulator": overrides.get("regulator") or make_regulator(jurisdiction=jurisdiction),
        "slug": f"hub-{number}",
        "title": f"Hub {number}",
        "summary": f"Summary of hub {number}.",
        "overview": f"Overview of hub {number}.",
    }
    hub = Hub.objects.create(**fields | overrides)
    hub.responsibilities.create(position=1, label="Vigilance", text="Receives reports.")
    hub.facts.create(position=1, label="Founded", text="2001")
    return hub


def make_category(**overrides: Any) -> Category:
    number = next(numbers)
    return Category.objects.create(**{"name": f"Category {number}", "slug": f"category-{number}"} | overrides)


def make_topic(**overrides: Any) -> Topic:
    number = next(numbers)
    fields: dict[str, Any] = {"name": f"Topic {number}", "slug": f"topic-{number}", "scope": "What a test needs."}
    return Topic.objects.create(**fields | overrides)


def make_article(**overrides: Any) -> Article:
    """A working copy in a hub of its own unless one is given; see publish()."""
    number = next(numbers)
    fields: dict[str, Any] = {
        "slug": f"article-{number}",
        "title": f"Article {number}",
        "summary": f"Summary of article {number}.",
        "body": f"## In short\n\nText number {number}.\n",
    }
    makers: dict[str, Any] = {"hub": make_public_hub, "category": make_category, "topic": make_topic}
    for name, make in makers.items():
        if name not in overrides:
            fields[name] = make()
    also = overrides.pop("also", ())
    article = Article.objects.create(**fields | overrides)
    article.also.set(also)
    return article


def publish(document: Document, **options: Any) -> Any:
    """The next version of the document: the first one live since PUBLISHED_AT, later ones from now on."""
    if not document.versions.exists():
        options.setdefault("live_from", PUBLISHED_AT)
    return document.publish(**{"by": None} | options)


def make_published_hub(**overrides: Any) -> HubVersion:
    return publish(make_hub(**overrides))


def make_public_hub() -> Hub:
    return make_published_hub().hub


def make_published_article(**overrides: Any) -> ArticleVersion:
    """A live article; the hub it stands in is live too, unless one is given."""
    hub = overrides.pop("hub", None) or make_published_hub().hub
    return publish(make_article(hub=hub, **overrides))


def make_check(version: Any, **overrides: Any) -> Check:
    """Of an article's version or a hub's: confirmed on the day it went live."""
    fields: dict[str, Any] = {
        "checked_on": version.live_from.date(),
        "checked_by_name": "inger",
        "outcome": "confirmed",
        "sources": [{"title": "MDR", "url": "https://eur-lex.europa.eu/eli/reg/2017/745/oj"}],
    }
    return version.checks.create(**fields | overrides)


def make_instrument(*, names: Iterable[str] = (), **overrides: Any) -> Instrument:
    """An EU regulation that nobody amended; `names` are what texts call it beside its number."""
    number = next(numbers)
    fields: dict[str, Any] = {
        "slug": f"eu-2011-{number}",
        "kind": Instrument.Kind.REGULATION,
        "short_name": f"Regulation (EU) No {number}/2011",
        "issuer": "European Commission",
        "territory": "EU",
        "celex": f"32011R{number:04}",
        "eli": f"reg/2011/{number}",
    }
    instrument = Instrument.objects.create(**fields | overrides)
    for name in names:
        instrument.names.create(name=name)
    return instrument


def make_provision(**overrides: Any) -> Provision:
    """The next article of an instrument, of its own unless one is given."""
    number = next(numbers)
    fields: dict[str, Any] = {"kind": "article", "number": str(number), "position": number, "heading": f"Duty {number}"}
    if "instrument" not in overrides:
        fields["instrument"] = make_instrument()
    return Provision.objects.create(**fields | overrides)


def make_amendment(**overrides: Any) -> Amendment:
    fields: dict[str, Any] = {"what": "paragraph 1", "published_on": PUBLISHED_AT.date()}
    if "by" not in overrides:
        fields["by"] = make_instrument()
    if "provision" not in overrides:
        fields["provision"] = make_provision()
    return Amendment.objects.create(**fields | overrides)


def make_incorporation(**overrides: Any) -> Incorporation:
    """Norway's, its day not confirmed."""
    fields: dict[str, Any] = {"territory": "NO"}
    if "instrument" not in overrides:
        fields["instrument"] = make_instrument()
    return Incorporation.objects.create(**fields | overrides)


def make_deadline(
    *, instruments: Iterable[Instrument] = (), national_dates: Mapping[str, date | None] | None = None, **overrides: Any
) -> Deadline:
    """A certain EU date; `national_dates` by territory, None for a day that is not confirmed."""
    number = next(numbers)
    fields: dict[str, Any] = {
        "slug": f"deadline-{number}",
        "title": f"Deadline {number}",
        "group": "Group of a test",
        "kind": Deadline.Kind.DEADLINE,
        "legal_basis": "MDR Article 120",
        "condition": f"Condition {number}.",
        "eu_on": date(2027, 12, 31),
        "source": "MDR Article 120",
    }
    deadline = Deadline.objects.create(**fields | overrides)
    deadline.instruments.set(instruments)
    for territory, day in (national_dates or {}).items():
        NationalDate.objects.create(
            deadline=deadline, territory=territory, applies_on=day, note="Its source." if day else ""
        )
    return deadline


def make_term(**overrides: Any) -> Term:
    number = next(numbers)
    fields: dict[str, Any] = {"slug": f"term-{number}", "name": f"Term {number}", "definition": f"Meaning {number}."}
    return Term.objects.create(**fields | overrides)


def make_mdr(**overrides: Any) -> Instrument:
    """The MDR as texts cite it: articles 1 to 123 with 10a, annexes, chapters, rules and recitals, in three queries.

    Articles 22 (paragraphs 1 to 5) and 120 (with 3a to 3f) are described, all others are not.
    """
    fields: dict[str, Any] = {
        "slug": "mdr",
        "short_name": "MDR",
        "celex": "32017R0745",
        "eli": "reg/2017/745",
        "articles": "1-123, 10a",
        "annexes": "I-XVII",
        "chapters": "I-X",
        "recitals": "1-101",
        "rules": "1-22",
    }
    mdr = make_instrument(**fields | overrides)
    InstrumentName.objects.bulk_create(
        InstrumentName(instrument=mdr, name=name) for name in ("MDR", "Medical Device Regulation")
    )
    described = {"22": "1 2 3 4 5", "120": "1 2 3 3a 3b 3c 3d 3e 3f 4 5 6 7 8 9 10 11 12 13"}
    articles = [str(number) for number in range(1, 124)]
    parts = {
        "chapter": [to_roman(number) for number in range(1, 11)],
        "article": [*articles[:10], "10a", *articles[10:]],
        "annex": [to_roman(number) for number in range(1, 18)],
        "rule": [str(number) for number in range(1, 23)],
        "recital": [str(number) for number in range(1, 102)],
    }
    numbered = enumerate(((kind, number) for kind, row in parts.items() for number in row), start=1)
    Provision.objects.bulk_create(
        Provision(
            instrument=mdr,
            kind=kind,
            number=number,
            position=position,
            heading=f"Heading of {kind} {number}" if kind in ("article", "annex", "chapter") else "",
            paragraphs=described.get(number, "").split() if kind == "article" else [],
        )
        for position, (kind, number) in numbered
    )
    return mdr


def make_editor(*permissions: str, **overrides: Any) -> User:
    """Staff who sign in with PASSWORD; permissions as app_label.codename, all of the content apps by default."""
    fields: dict[str, Any] = {"username": f"editor-{next(numbers)}", "password": PASSWORD, "is_staff": True}
    user = get_user_model().objects.create_user(**fields | overrides)
    user.user_permissions.set(named(permissions) if permissions else content_permissions())
    return user


def content_permissions() -> list[Permission]:
    return list(Permission.objects.filter(content_type__app_label__in=["articles", "legislation", "regulators"]))


def named(permissions: tuple[str, ...]) -> list[Permission]:
    pairs = [name.split(".") for name in permissions]
    return [Permission.objects.get(content_type__app_label=app, codename=codename) for app, codename in pairs]
