from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import settings

from tests import factories

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = "/feeds/hubs/norway.atom"
HUB = f"{settings.SITE_URL}/hubs/norway/"


@pytest.fixture
def hub(db):
    jurisdiction = factories.make_jurisdiction(name="Norway")
    return factories.make_published_hub(slug="norway", jurisdiction=jurisdiction, summary="Who <supervises>.").hub


def parsed(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(response):
    return [entry.findtext(f"{ATOM}title") for entry in parsed(response).iter(f"{ATOM}entry")]


def test_the_feed_says_what_it_is_and_where(client, hub):
    feed = parsed(client.get(ADDRESS))
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": HUB, "self": f"{settings.SITE_URL}{ADDRESS}"}
    assert feed.findtext(f"{ATOM}id") == HUB
    assert feed.findtext(f"{ATOM}title") == "Norway: articles and guides · ElendiHub"
    assert feed.findtext(f"{ATOM}author/{ATOM}name")


def test_an_entry_carries_the_published_text_its_dates_and_an_address_from_settings(client, hub):
    version = factories.make_published_article(hub=hub, slug="labels", title="Labels & <marks>", body="*Text*")
    with time_machine.travel(datetime(2027, 3, 4, tzinfo=UTC), tick=False):
        version.article.publish(by=None, note="What changed.")
        feed = parsed(client.get(ADDRESS, headers={"host": "127.0.0.1"}))
    (entry,) = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Labels & <marks>"
    assert entry.findtext(f"{ATOM}id") == entry.find(f"{ATOM}link").get("href") == f"{HUB}labels/"
    assert entry.findtext(f"{ATOM}published") == "2026-02-16T09:00:00+00:00"
    assert entry.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}updated") == "2027-03-04T00:00:00+00:00"
    assert entry.findtext(f"{ATOM}content") == "<p><em>Text</em></p>\n"


def test_what_changed_last_comes_first(client, hub):
    for title in ("one", "two"):
        factories.make_published_article(hub=hub, title=title)
    hub.articles.get(title="one").publish(by=None, note="What changed.")
    assert titles(client.get(ADDRESS)) == ["one", "two"]


def test_drafts_and_withdrawn_articles_and_those_of_other_hubs_are_not_in_it(client, hub):
    factories.make_article(hub=hub)
    factories.make_published_article()
    factories.make_published_article(hub=hub).article.withdraw(by=None, reason="error", note="Wrong.")
    factories.make_article(hub=hub).publish(by=None, live_from=datetime(2999, 1, 1, tzinfo=UTC), note="What changed.")
    assert titles(client.get(ADDRESS)) == []


def test_characters_that_xml_cannot_hold_do_not_break_it(client, hub):
    fields = {"title": "a\x0bb", "summary": "c\x01d", "body": "e\x1ff &#12; g"}
    factories.make_published_article(hub=hub, category=factories.make_category(name="h\x08i"), **fields)
    assert titles(client.get(ADDRESS)) == ["ab"]


def test_a_hub_that_is_not_published_has_no_feed(client, db):
    hub = factories.make_hub(slug="sweden")
    assert client.get("/feeds/hubs/sweden.atom").status_code == 404
    assert client.get("/feeds/hubs/none.atom").status_code == 404
    assert not hub.versions.exists()


def test_the_feed_of_a_withdrawn_hub_goes_on_answering_and_says_so(client, hub):
    factories.make_published_article(hub=hub, title="one")
    hub.withdraw(by=None, reason="obsolete", note="Read the EU hub.")
    assert parsed(client.get(ADDRESS)).findtext(f"{ATOM}subtitle") == "Withdrawn. Read the EU hub."
    assert titles(client.get(ADDRESS)) == ["one"]


def test_it_asks_the_database_three_times_however_many_articles_there_are(client, hub, django_assert_max_num_queries):
    for _ in range(60):
        factories.make_published_article(hub=hub)
    with django_assert_max_num_queries(3):
        assert len(titles(client.get(ADDRESS))) == 50
