"""Small functions that make what a test needs. Each takes overrides only; a test sets every value it asserts."""

from datetime import UTC, datetime
from itertools import count, cycle, product
from string import ascii_uppercase
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission, User

from articles.models import Article, ArticleVersion, Category, Topic
from elendihub.document import Document
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
        "body": f"## In short\n\nText of article {number}.\n",
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


def make_editor(*permissions: str, **overrides: Any) -> User:
    """Staff who sign in with PASSWORD; permissions as app_label.codename, all of the two content apps by default."""
    fields: dict[str, Any] = {"username": f"editor-{next(numbers)}", "password": PASSWORD, "is_staff": True}
    user = get_user_model().objects.create_user(**fields | overrides)
    user.user_permissions.set(named(permissions) if permissions else content_permissions())
    return user


def content_permissions() -> list[Permission]:
    return list(Permission.objects.filter(content_type__app_label__in=["articles", "regulators"]))


def named(permissions: tuple[str, ...]) -> list[Permission]:
    pairs = [name.split(".") for name in permissions]
    return [Permission.objects.get(content_type__app_label=app, codename=codename) for app, codename in pairs]
