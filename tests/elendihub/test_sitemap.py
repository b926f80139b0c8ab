from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
import time_machine
from django.conf import settings

from tests import factories

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def article(db):
    hub = factories.make_published_hub(slug="norway").hub
    return factories.make_published_article(hub=hub, slug="labels").article


def pages(client, host="localhost"):
    """When each page changed last, by its path."""
    response = client.get("/sitemap.xml", headers={"host": host})
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    found = {}
    urls = ElementTree.fromstring(response.content)
    for url in urls:
        address = url.findtext(f"{NAMESPACE}loc")
        assert address.startswith(f"{settings.SITE_URL}/")
        found[address.removeprefix(settings.SITE_URL)] = url.findtext(f"{NAMESPACE}lastmod")
    return found


def test_it_lists_every_live_page_with_the_moment_its_version_went_live(client, article):
    with time_machine.travel(datetime(2027, 3, 4, 5, 6, 7, 8, tzinfo=UTC), tick=False):
        article.publish(by=None, kind="minor")
        found = pages(client)
    assert found["/hubs/norway/"] == "2026-02-16T09:00:00Z"
    assert found["/hubs/norway/labels/"] == "2027-03-04T05:06:07Z"
    assert {"/", "/about/", "/accessibility/"} <= found.keys()


def test_every_page_of_it_answers_under_its_own_canonical_address(client, article):
    for path in pages(client):
        response = client.get(path)
        assert response.status_code == 200
        assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in response.text


def test_drafts_scheduled_and_withdrawn_pages_are_not_in_it(client, article):
    hub = article.hub
    factories.make_article(hub=hub, slug="draft")
    factories.make_article(hub=hub, slug="later").publish(by=None, live_from=datetime(2999, 1, 1, tzinfo=UTC))
    article.withdraw(by=None, reason="error", note="Wrong.")
    factories.make_hub(slug="sweden")
    assert {path for path in pages(client) if path.startswith("/hubs/")} == {"/hubs/norway/"}


def test_its_addresses_come_from_settings_and_not_from_the_request(client, article):
    assert pages(client, host="127.0.0.1") == pages(client)


def test_it_asks_the_database_four_times_however_many_articles_there_are(
    client, article, django_assert_max_num_queries
):
    for _ in range(60):
        factories.make_published_article(hub=article.hub)
    with django_assert_max_num_queries(4):
        assert len(pages(client)) == 71


def test_robots_are_led_to_the_sitemap_and_away_from_the_desk(client):
    response = client.get("/robots.txt")
    rules = RobotFileParser()
    rules.parse(response.text.splitlines())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert rules.site_maps() == [f"{settings.SITE_URL}/sitemap.xml"]
    assert rules.can_fetch("*", "/hubs/norway/")
    assert not rules.can_fetch("*", "/admin/")
