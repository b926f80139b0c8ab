"""A draft is to visitors as if it were not there: each address below it answers as one where nothing is."""

from datetime import timedelta

import pytest
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from articles.models import Article
from tests import factories

ROUTES = [pattern for pattern in get_resolver().url_patterns if isinstance(pattern, URLPattern)]
OF_A_HUB, OF_AN_ARTICLE = (
    sorted(str(route.name) for route in ROUTES if path in str(route.pattern))
    for path in ("hubs/<slug:slug>", "hubs/<slug:hub>/<slug:slug>")
)
# For routes with numbers: present ones, the later first, and what no column holds.
NUMBERS = [(1, 2), (2, 1), (1, 1), (0, 10**10), (2**63, 1), (1, 10**300)]
QUERIES = [
    *("", "?preview=x", "?preview=staff", "?preview=", "?at=2026-03-01", "?at=2026-03-01T10:00:00Z", "?at=x"),
    *(
        "?since=2026-03-01",
        "?since=x",
        "?preview=x&at=2026-03-01",
        "?preview=x&since=2026-03-01",
        "?as=x",
        "?as=written",
    ),
    *(
        "?at=2026-03-01&since=2026-02-01",
        "?preview=x&at=2026-03-01&since=2026-02-01",
        "?at=2026-02-01&since=2026-03-01",
    ),
    *("?from=1&to=2", "?from=x", "?preview=x&from=2&to=1", "?preview=x&as=x", "?page=2", "?page=x", "?category=x"),
]
MANY = ["", "?preview=x", "?as=x"]
IN_QUERIES = ["/evidence.zip?hub={hub}", "/evidence.zip?article={hub}/{slug}", "/deadlines/?hub={hub}"]


def answer(client, path, *names):
    """What a visitor can tell of it, the names in the path aside; two headers follow from the text."""
    found = client.get(path)
    headers = {key: value for key, value in found.headers.items() if key not in ("Content-Length", "ETag")}
    text = found.text
    for name in names:
        headers = {key: value.replace(name, "-") for key, value in headers.items()}
        text = text.replace(name, "-")
    return found.status_code, headers, text


def paths(route, *names):
    """With every query below the first numbers, and below all numbers with a few."""
    pattern = next(each.pattern for each in ROUTES if each.name == route)
    count = str(pattern).count("<int:")
    first, *others = dict.fromkeys(numbers[:count] for numbers in NUMBERS)
    return [
        reverse(route, args=[*names, *numbers]) + query
        for numbers in (first, *others)
        for query in (QUERIES if numbers == first else MANY)
    ]


def scheduled(document):
    factories.publish(document, live_from=timezone.now() + timedelta(days=2))
    return document


def make_drafts():
    """Addresses in a public hub below which nothing was ever public, and what is there."""
    hub = factories.make_public_hub()
    factories.make_article(hub=hub, slug="draft-one")
    scheduled(factories.make_article(hub=hub, slug="waits-one"))
    called_off = scheduled(factories.make_article(hub=hub, slug="called-off"))
    called_off.cancel_scheduled(by=None)
    for slug, later in (("former-one", "renamed-one"), ("former-two", "renamed-two")):
        article = factories.make_article(hub=hub, slug=slug)
        if slug == "former-two":
            scheduled(article)
        Article.objects.filter(pk=article.pk).update(slug=later)
    elsewhere = factories.make_article(hub=hub, slug="moved-one")
    Article.objects.filter(pk=elsewhere.pk).update(hub=factories.make_hub())
    return hub.slug, "draft-one waits-one called-off former-one renamed-one former-two moved-one".split()


def make_draft_hubs():
    factories.make_article(hub=factories.make_hub(slug="draft-hub"), slug="in-it")
    scheduled(factories.make_hub(slug="waits-hub"))
    called_off = scheduled(factories.make_hub(slug="called-off-hub"))
    called_off.cancel_scheduled(by=None)
    return ["draft-hub", "waits-hub", "called-off-hub"]


def test_the_routes_are_found():
    assert {"hub_detail", "hub_feed", "hub_evidence", "hub_deadlines_calendar"} <= {*OF_A_HUB}
    assert {"article_detail", "article_version", "article_compare", "article_evidence"} <= {*OF_AN_ARTICLE}


@pytest.mark.parametrize("route", OF_AN_ARTICLE)
def test_a_draft_article_answers_like_none(client, db, route):
    hub, slugs = make_drafts()
    for nowhere, *those in zip(*(paths(route, hub, slug) for slug in ["nothing", *slugs]), strict=True):
        expected = answer(client, nowhere, "nothing")
        for slug, path in zip(slugs, those, strict=True):
            assert answer(client, path, slug) == expected, path


@pytest.mark.parametrize("route", OF_A_HUB)
def test_a_draft_hub_answers_like_none(client, db, route):
    slugs = make_draft_hubs()
    for nowhere, *those in zip(*(paths(route, slug) for slug in ["nothing", *slugs]), strict=True):
        expected = answer(client, nowhere, "nothing")
        for slug, path in zip(slugs, those, strict=True):
            assert answer(client, path, slug) == expected, path


@pytest.mark.parametrize("route", OF_AN_ARTICLE)
def test_an_article_in_a_draft_hub_answers_like_none(client, db, route):
    make_draft_hubs()
    for nowhere, path in zip(*(paths(route, hub, "in-it") for hub in ("nothing", "draft-hub")), strict=True):
        assert answer(client, path, "draft-hub") == answer(client, nowhere, "nothing"), path


@pytest.mark.parametrize("path", IN_QUERIES)
@pytest.mark.parametrize("more", ["", "&preview=x", "&at=2026-03-01", "&since=2026-03-01", "&at=2026-03-01&since=x"])
def test_a_draft_named_in_a_query_answers_like_none(client, db, path, more):
    hub, slugs = make_drafts()
    named = [(hub, slug) for slug in slugs] if "{slug}" in path else []
    for names in [*named, *((slug, "in-it") for slug in make_draft_hubs())]:
        none = (hub, "nothing") if names[0] == hub else ("nothing", "in-it")
        found, expected = (
            answer(client, path.format(hub=each[0], slug=each[1]) + more, *{*each} - {hub, "in-it"})
            for each in (names, none)
        )
        assert found == expected
