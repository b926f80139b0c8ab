"""The list of articles on a hub: filters, counts and pages."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from tests import factories, reading
from tests.factories import PUBLISHED_AT


@pytest.fixture
def hub(db):
    return factories.make_published_hub(slug="norway").hub


@pytest.fixture
def sixty(hub):
    """Sixty live articles in two categories and three topics, some of them of the same moment, as hub."""
    categories = [factories.make_category(slug=slug, name=slug.title()) for slug in ("rules", "guides")]
    topics = [factories.make_topic(slug=slug, name=slug.title()) for slug in ("udi", "labels", "classes")]
    for number in range(60):
        fields = {"category": categories[number % 2], "topic": topics[number % 3], "title": f"Article {number}"}
        article = factories.make_article(hub=hub, slug=f"article-{number}", **fields)
        factories.publish(article, live_from=PUBLISHED_AT + timedelta(hours=number // 4))
    return hub


def listing(hub, query=""):
    return hub.articles.listing(QueryDict(query.removeprefix("?")))


def walk(client, address):
    """The addresses of articles on every page, following the links that lead on."""
    found = []
    while address:
        response = client.get(address.partition("#")[0])
        assert response.status_code == 200
        found += [heading.text for heading in reading.elements(response, "h3")]
        address = next((link.attributes["href"] for link in reading.elements(response, "a", rel="next")), "")
        address = address and f"/hubs/norway/{address}"
    return found


def in_order(numbers):
    return [f"Article {number}" for number in sorted(numbers, key=lambda number: (-(number // 4), number))]


def test_pages_hold_25_and_walk_through_every_article_once_in_order(client, sixty):
    assert len(listing(sixty).entries) == 25
    assert walk(client, "/hubs/norway/") == in_order(range(60))


def test_filtered_pages_walk_through_what_the_filter_leaves(client, sixty):
    found = walk(client, "/hubs/norway/?category=rules")
    assert found == in_order(range(0, 60, 2))


def test_a_page_stays_what_it_was_when_an_article_is_published_before_it(sixty):
    second = listing(sixty).next_query
    before = [entry.title for entry in listing(sixty, second).entries]
    factories.publish(factories.make_article(hub=sixty, title="Newest"), live_from=PUBLISHED_AT + timedelta(days=9))
    assert [entry.title for entry in listing(sixty, second).entries] == before
    assert listing(sixty).entries[0].title == "Newest"


def test_a_page_stays_what_it_was_when_its_first_article_is_withdrawn(sixty):
    first, second = listing(sixty), listing(sixty, listing(sixty).next_query)
    first.entries[-1].article.withdraw(by=None, reason="error", note="Wrong.")
    again = listing(sixty, first.next_query)
    assert [entry.title for entry in again.entries] == [entry.title for entry in second.entries]


def test_a_later_page_leads_back_to_the_newest(client, sixty):
    second = listing(sixty, "category=rules").next_query
    links = reading.links(client.get(f"/hubs/norway/{second}"))
    assert links["Newest"] == "/hubs/norway/?category=rules#articles"
    assert "Newest" not in reading.links(client.get("/hubs/norway/"))


def test_filters_carry_counts_that_are_true(sixty):
    whole = listing(sixty)
    assert whole.total == whole.everything == 60
    assert [(choice.slug, choice.count) for choice in whole.categories] == [("guides", 30), ("rules", 30)]
    assert [(choice.slug, choice.count) for choice in whole.topics] == [("classes", 20), ("labels", 20), ("udi", 20)]


def test_each_filter_counts_within_the_other(sixty):
    both = listing(sixty, "category=rules&topic=udi")
    assert both.total == len(both.entries) == 10
    assert both.everything == 20
    assert {choice.slug: choice.count for choice in both.categories} == {"guides": 10, "rules": 10}
    assert {choice.slug: choice.count for choice in both.topics} == {"classes": 10, "labels": 10, "udi": 10}
    assert both.entries == [entry for entry in both.entries if entry.category_name == "Rules"]


def test_choices_keep_the_other_filter_and_mark_the_chosen(sixty):
    both = listing(sixty, "category=rules&topic=udi")
    guides, rules = both.categories
    assert (guides.query, guides.is_chosen) == ("?category=guides&topic=udi", False)
    assert rules.is_chosen
    assert both.without_category == "?topic=udi"


@pytest.mark.parametrize(
    "query", ["category=none", "topic=none", "category=rules&topic=none", "category=%27%22%3Cb+class=x%3E"]
)
def test_an_unknown_filter_shows_the_empty_state(client, sixty, query):
    response = client.get(f"/hubs/norway/?{query}")
    assert response.status_code == 200
    assert reading.elements(response, "div", class_="empty")
    assert not reading.elements(response, "b", class_="x")
    assert reading.links(response)["Remove all filters"] == "/hubs/norway/#articles"


def test_a_hub_without_articles_says_so(client, hub):
    response = client.get("/hubs/norway/")
    assert "yet" in reading.elements(response, "div", class_="empty")[0].text


def test_a_further_topic_lists_an_article_too(hub):
    main, further = factories.make_topic(slug="main"), factories.make_topic(slug="further")
    factories.publish(factories.make_article(hub=hub, topic=main, also=[further]))
    assert listing(hub, "topic=further").total == listing(hub, "topic=main").total == 1


def test_a_renamed_category_or_topic_is_still_one_choice(hub):
    category, topic = (
        factories.make_category(name="Old", slug="shelf"),
        factories.make_topic(name="Old", slug="subject"),
    )
    for _ in range(2):
        factories.publish(factories.make_article(hub=hub, category=category, topic=topic))
    for thing in (category, topic):
        thing.name = "New"
        thing.save()
    factories.publish(hub.articles.first())
    found = listing(hub, "category=shelf")
    assert [(choice.name, choice.count) for choice in found.categories] == [("New", 2)]
    assert [(choice.name, choice.count) for choice in found.topics] == [("New", 2)]
    assert found.total == 2


def test_what_is_not_live_is_neither_listed_nor_counted(hub):
    factories.make_article(hub=hub)
    gone = factories.make_published_article(hub=hub)
    gone.article.withdraw(by=None, reason="error", note="Wrong.")
    waiting = factories.make_article(hub=hub)
    waiting.publish(by=None, live_from=PUBLISHED_AT.replace(year=2999))
    factories.make_published_article()
    found = listing(hub)
    assert (found.entries, found.total, found.categories, found.topics) == ([], 0, [], [])


BAD_PAGES = [
    "2",
    "-1",
    "x",
    "20260216T090000000000",
    "20260216T090000000000-",
    "20261316T090000000000-1",
    "%F0%9F%98%80",
]
BAD_PAGES += ["20260216T090000000000-1%20", "20260216T090000000000-1_0", "20260216T090000000000--1", "9" * 200]
BAD_PAGES += ["20260216T090000000000-" + "9" * 30, "00000216T090000000000-1", "20260216T090000000000-%D9%A1"]


@pytest.mark.parametrize("page", BAD_PAGES)
def test_a_place_that_cannot_be_read_has_no_page(client, hub, page):
    assert client.get(f"/hubs/norway/?page={page}").status_code == 404


def test_a_place_beyond_the_end_is_an_empty_page(client, hub):
    factories.make_published_article(hub=hub)
    for place in ("00010101T000000000000-1", "20260216T090000000000-999999999999999999"):
        assert client.get(f"/hubs/norway/?page={place}").status_code == 200


def test_filtered_and_later_pages_stay_out_of_search_engines(client, sixty):
    for query in ("?category=rules", "?topic=udi", listing(sixty).next_query):
        assert reading.meta(client.get(f"/hubs/norway/{query}"))["robots"] == "noindex"
    assert "robots" not in reading.meta(client.get("/hubs/norway/"))


@pytest.mark.parametrize("query", ["", "?category=rules", "?topic=udi", "?category=rules&topic=udi"])
def test_the_hub_asks_the_database_six_times_whatever_is_listed(client, sixty, query, django_assert_max_num_queries):
    for page in (query, listing(sixty, query).next_query):
        with django_assert_max_num_queries(6):
            assert client.get(f"/hubs/norway/{page}").status_code == 200
