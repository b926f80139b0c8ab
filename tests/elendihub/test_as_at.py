"""Pages as at a moment: what stood there then, whatever happened since."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine

from articles.models import PastAddress
from elendihub.publishing import Permanent
from tests import factories, reading

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = timedelta(days=1)
# Some triggers ask the database's own clock for what is past: this one has to be ahead of it.
START = datetime(2127, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def clock(db):
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def norway(clock):
    jurisdiction = factories.make_jurisdiction(name="Norway", code="NO")
    return factories.publish(
        factories.make_hub(slug="norway", title="First title", jurisdiction=jurisdiction), live_from=START
    ).hub


@pytest.fixture
def article(norway):
    article = factories.make_article(hub=norway, slug="labels", title="Labels", body="## First\n\nThe first text.")
    return factories.publish(article, live_from=START).article


def change(article, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()


# An article


def test_an_article_shows_the_text_of_that_day(client, clock, article):
    clock.shift(10 * DAY)
    change(article, title="Marks", body="## Second\n\nThe second text.")
    article.publish(by=None, note="What changed.")
    clock.shift(10 * DAY)
    html = reading.text(client.get("/hubs/norway/labels/?at=2127-01-10"))
    assert "The first text." in html
    assert "Marks" not in html
    assert "The second text." in reading.text(client.get("/hubs/norway/labels/?at=2127-01-11"))


def test_it_says_so_is_not_indexed_and_names_the_usual_address(client, clock, article):
    clock.shift(10 * DAY)
    response = client.get("/hubs/norway/labels/?at=2127-01-05")
    assert reading.elements(response, "time", datetime="2127-01-05")[0].text == "5 January 2127"
    assert "As at" in reading.text(response)
    assert reading.meta(response)["robots"] == "noindex"
    assert reading.meta(response)["canonical"].endswith("/hubs/norway/labels/")
    assert reading.links(response)["Read it as it is now"] == "/hubs/norway/labels/"


def test_links_to_the_hub_and_its_articles_keep_to_the_moment(client, clock, article):
    factories.publish(factories.make_article(hub=article.hub, topic=article.topic, title="Other"), live_from=START)
    clock.shift(10 * DAY)
    found = reading.links(client.get("/hubs/norway/labels/?at=2127-01-05"))
    assert found["Norway"] == "/hubs/norway/?at=2127-01-05"
    assert found["Other"].endswith("/?at=2127-01-05")
    assert found[article.topic.name].startswith("/hubs/norway/?at=2127-01-05&topic=")


def test_a_day_ends_at_midnight_utc_and_a_moment_is_one(client, clock, article):
    clock.move_to(datetime(2127, 1, 10, 23, 59, 59, tzinfo=UTC))
    change(article, title="Late")
    article.publish(by=None, note="What changed.")
    clock.shift(DAY)
    for at, title in (
        ("2127-01-09", "Labels"),
        ("2127-01-10", "Late"),
        ("2127-01-10T23:59:58Z", "Labels"),
        ("2127-01-10T23:59:59Z", "Late"),
    ):
        assert reading.elements(client.get(f"/hubs/norway/labels/?at={at}"), "h1")[0].text == title


def test_a_day_before_the_first_version_says_since_when(client, clock, article):
    clock.shift(DAY)
    response = client.get("/hubs/norway/labels/?at=2020-02-14")
    assert response.status_code == 200
    assert "1 January 2127" in reading.text(response)
    assert reading.links(response)["version 1"] == "/hubs/norway/labels/v/1/"
    assert client.get("/hubs/norway/?at=2020-02-14").status_code == 200


def test_what_was_never_published_has_no_past(client, clock, article):
    draft = factories.make_article(hub=article.hub)
    scheduled = factories.make_article(hub=article.hub)
    scheduled.publish(by=None, live_from=START + 9 * DAY, note="What changed.")
    clock.shift(DAY)
    for each in (draft, scheduled):
        assert client.get(f"{each.get_absolute_url()}?at=2026-01-01").status_code == 404
    assert client.get("/hubs/norway/none/?at=2026-01-01").status_code == 404
    assert client.get("/hubs/none/?at=2026-01-01").status_code == 404


@pytest.mark.parametrize("address", ["/hubs/norway/labels/", "/hubs/norway/", "/feeds/hubs/norway.atom"])
@pytest.mark.parametrize(
    "at",
    [
        "",
        "x",
        "2127-02-30",
        "2127-1-1",
        "9999-12-31",
        "2127-01-01",
        "9" * 300,
        "%C3%A9",
        "2127-01-01T10:00",
        "0000-01-01",
    ],
)
def test_a_day_to_come_or_none_is_refused_with_the_cure(client, article, address, at):
    response = client.get(f"{address}?at={at}")
    assert response.status_code == 400
    assert "Ask for a day that has passed" in reading.text(response) or "Write a day as" in reading.text(response)
    assert reading.links(response)["this page as it is now"] == address


@pytest.mark.parametrize("address", ["/hubs/norway/labels/", "/hubs/norway/labels/v/1/", "/hubs/norway/changes/"])
def test_the_form_offers_no_day_that_is_not_over(client, clock, article, address):
    clock.shift(5 * DAY)
    (day,) = reading.elements(client.get(address), "input", name="at")
    assert day.attributes["max"] == "2127-01-05"


@pytest.mark.parametrize("offset", ["%2B00:00", "+00:00"])
def test_a_moment_is_read_as_feeds_write_it(client, clock, article, offset):
    clock.shift(DAY)
    response = client.get(f"/hubs/norway/labels/?at=2127-01-01T10:00:00{offset}")
    assert response.content == client.get("/hubs/norway/labels/?at=2127-01-01T10:00:00Z").content
    assert client.get(f"/hubs/norway/labels/?at=2127-01-01{offset}").status_code == 400


@pytest.mark.parametrize("at", ["%00", "2026-01-01%00", "%ED%A0%80"])
def test_what_no_text_holds_is_refused(client, article, at):
    assert client.get(f"/hubs/norway/labels/?at={at}").status_code == 400


def test_an_article_renamed_since_keeps_its_address_of_then(client, clock, article):
    clock.shift(5 * DAY)
    before = client.get("/hubs/norway/labels/?at=2127-01-03").content
    change(article, slug="marks")
    clock.shift(5 * DAY)
    assert client.get("/hubs/norway/labels/?at=2127-01-03").content == before
    assert client.get("/hubs/norway/marks/?at=2127-01-03")["Location"] == "/hubs/norway/labels/?at=2127-01-03"
    assert client.get("/hubs/norway/labels/?at=2127-01-08")["Location"] == "/hubs/norway/marks/?at=2127-01-08"
    assert client.get("/hubs/norway/marks/?at=2127-01-08").status_code == 200


def test_an_article_that_took_its_old_address_back_had_each_in_its_time(client, clock, article):
    for slug in ("marks", "labels", "marks"):
        clock.shift(5 * DAY)
        change(article, slug=slug)
    clock.shift(5 * DAY)
    for day, slug in ((3, "labels"), (8, "marks"), (13, "labels"), (18, "marks")):
        assert client.get(f"/hubs/norway/{slug}/?at=2127-01-{day:02}").status_code == 200


def test_past_addresses_stay(article):
    change(article, slug="marks")
    for attempt in (PastAddress.objects.all().delete, lambda: PastAddress.objects.update(slug="x")):
        with pytest.raises(Permanent):
            attempt()


def test_a_withdrawn_text_leads_to_its_successor_as_it_was(client, clock, article):
    other = factories.make_article(hub=article.hub, slug="other", title="Successor")
    factories.publish(other, live_from=START)
    article.withdraw(by=None, reason="merged", note="See there.", successor_id=other.pk)
    clock.shift(5 * DAY)
    change(other, title="Never read", slug="renamed")
    clock.shift(5 * DAY)
    found = reading.links(client.get("/hubs/norway/labels/?at=2127-01-03"))
    assert found["Successor"] == "/hubs/norway/other/?at=2127-01-03"
    assert reading.links(client.get("/hubs/norway/labels/"))["Successor"] == "/hubs/norway/renamed/"


# A hub and its feed


def test_a_hub_shows_its_list_names_and_topics_of_that_day(client, clock, article):
    category, topic = article.category, article.topic
    names = category.name, topic.name
    clock.shift(5 * DAY)
    category.name, topic.name = "Renamed shelf", "Renamed topic"
    category.save()
    topic.save()
    change(article, title="Marks")
    article.publish(by=None, note="What changed.")
    factories.publish(factories.make_article(hub=article.hub, title="Later"), live_from=START + 5 * DAY)
    norway = article.hub
    norway.title = "Second title"
    norway.save()
    norway.publish(by=None, note="What changed.")
    clock.shift(5 * DAY)
    html = reading.text(client.get("/hubs/norway/?at=2127-01-03"))
    assert all(name in html for name in (*names, "First title", "Labels"))
    assert not any(name in html for name in ("Renamed", "Second title", "Marks", "Later"))
    html = reading.text(client.get("/hubs/norway/?at=2127-01-08"))
    assert all(name in html for name in ("Renamed shelf", "Renamed topic", "Second title", "Marks", "Later"))


def test_a_shelf_is_renamed_on_the_page_of_today_once_something_is_published_on_it(client, clock, article):
    for shelf, name in ((article.category, "Renamed shelf"), (article.topic, "Renamed topic")):
        shelf.name = name
        shelf.save()
    clock.shift(DAY)
    assert "Renamed" not in reading.text(client.get("/hubs/norway/"))
    beside = factories.make_article(hub=article.hub, category=article.category, topic=article.topic)
    factories.publish(beside, live_from=None)
    html = reading.text(client.get("/hubs/norway/"))
    assert 'Renamed shelf <span class="num">2</span>' in html
    assert "Renamed topic (2)" in html


def test_filters_and_pages_of_a_past_hub_keep_to_the_moment(client, clock, article):
    for _ in range(30):
        factories.publish(
            factories.make_article(hub=article.hub, category=article.category, topic=article.topic), live_from=START
        )
    clock.shift(5 * DAY)
    response = client.get(f"/hubs/norway/?at=2127-01-03&category={article.category.slug}")
    assert reading.elements(response, "input", name="at")[0].attributes["value"] == "2127-01-03"
    found = [link for link in reading.links(response).values() if link.startswith(("?", "/hubs/norway/"))]
    assert [link for link in found if "at=2127-01-03" not in link] == ["/hubs/norway/"]
    (following,) = reading.elements(response, "a", rel="next")
    second = client.get("/hubs/norway/" + following.attributes["href"].partition("#")[0])
    assert len(reading.elements(second, "li", class_="entry")) == 6


def test_a_text_entered_later_with_an_earlier_day_does_not_change_what_was_listed(client, clock, article):
    clock.shift(30 * DAY)
    before = client.get("/hubs/norway/?at=2127-01-20").content
    factories.publish(factories.make_article(hub=article.hub), live_from=START + DAY)
    assert client.get("/hubs/norway/?at=2127-01-20").content == before


def test_what_was_imported_with_its_hub_is_listed_from_its_own_day(client, clock, norway):
    factories.publish(factories.make_article(hub=norway, title="Old"), live_from=START - 9 * DAY)
    factories.publish(factories.make_hub(slug="older"), live_from=START - 9 * DAY)
    hub = factories.publish(factories.make_hub(slug="sweden"), live_from=START - 20 * DAY).hub
    factories.publish(factories.make_article(hub=hub, title="Old one"), live_from=START - 9 * DAY)
    clock.shift(DAY)
    assert "Old one" in reading.text(client.get("/hubs/sweden/?at=2126-12-28"))
    assert "Old one" not in reading.text(client.get("/hubs/sweden/?at=2126-12-20"))


def test_the_feed_is_that_of_the_day(client, clock, article):
    clock.shift(5 * DAY)
    change(article, title="Marks", slug="marks")
    article.publish(by=None, note="What changed.")
    clock.shift(5 * DAY)
    response = client.get("/feeds/hubs/norway.atom?at=2127-01-03")
    assert response["X-Robots-Tag"] == "noindex"
    assert "/hubs/norway/labels/?at=2127-01-03" in reading.text(response)
    assert "Marks" not in reading.text(response)


def test_before_the_record_begins_the_feed_is_empty_and_says_since_when_there_is_more(client, clock, article):
    clock.shift(DAY)
    response = client.get("/feeds/hubs/norway.atom?at=2020-02-14")
    assert (response.status_code, response["X-Robots-Tag"]) == (200, "noindex")
    feed = ElementTree.fromstring(response.content)
    assert feed.findtext(f"{ATOM}title").startswith("Norway: ")
    said = "Not yet published on 14 February 2020. The record of this page begins on 1 January 2127."
    assert feed.findtext(f"{ATOM}subtitle") == said
    assert feed.findtext(f"{ATOM}updated").startswith("2020-02-14T")
    assert feed.find(f"{ATOM}entry") is None
    factories.make_hub(slug="never")
    assert client.get("/feeds/hubs/never.atom?at=2020-02-14").status_code == 404


@pytest.mark.parametrize(("address", "page"), [("/hubs/norway/", "First title"), ("/hubs/norway/labels/", "Labels")])
def test_before_the_record_begins_there_is_no_pack_but_a_page_that_says_since_when(
    client, clock, article, address, page
):
    clock.shift(DAY)
    response = client.get(f"{address}evidence.zip?at=2020-02-14")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert reading.elements(response, "h1")[0].text == page
    assert "Not yet published on" in reading.text(response)
    assert reading.meta(response)["robots"] == "noindex"
    assert reading.links(response)["version 1"] == f"{address}v/1/"
    assert reading.links(response)["the page as it is now"] == address
    factories.make_hub(slug="never")
    assert client.get("/hubs/never/evidence.zip?at=2020-02-14").status_code == 404


def test_past_pages_ask_the_database_as_often_however_much_there_is(
    client, clock, article, django_assert_max_num_queries
):
    for _ in range(20):
        factories.publish(factories.make_article(hub=article.hub, topic=article.topic), live_from=START)
    clock.shift(5 * DAY)
    for address, count in (("/hubs/norway/labels/", 7), ("/hubs/norway/", 6), ("/feeds/hubs/norway.atom", 4)):
        with django_assert_max_num_queries(count):
            assert client.get(f"{address}?at=2127-01-03").status_code == 200


# What is dated in the past


def past_of(client, hub, at):
    """Its list, its feed and its pack as at the moment."""
    pages = [f"/hubs/{hub.slug}/?at={at}", f"/feeds/hubs/{hub.slug}.atom?at={at}"]
    held = client.get(f"/hubs/{hub.slug}/evidence.zip?at={at}")
    return [*(client.get(page).content for page in pages), held.getvalue()]


@pytest.mark.parametrize(("later", "by_import"), [(timedelta(hours=20), True), (timedelta(minutes=1), False)])
def test_what_is_dated_back_soon_after_its_hub_does_not_change_what_was_listed(
    client, clock, article, later, by_import
):
    clock.shift(timedelta(seconds=20))
    at = f"{START + timedelta(seconds=15):%Y-%m-%dT%H:%M:%SZ}"
    before = past_of(client, article.hub, at)
    clock.shift(later)
    by = None if by_import else factories.make_editor()
    factories.publish(factories.make_article(hub=article.hub), by=by, live_from=START - 9 * DAY)
    assert past_of(client, article.hub, at) == before


def test_what_an_import_of_before_brought_some_seconds_after_its_hub_stays_listed(client, clock, norway):
    for number in range(3):
        clock.shift(timedelta(seconds=30))
        factories.publish(factories.make_article(hub=norway, title=f"Brought {number}"), live_from=START - 9 * DAY)
    hub = factories.publish(factories.make_hub(slug="sweden"), live_from=START - 20 * DAY).hub
    clock.shift(timedelta(seconds=30))
    factories.publish(factories.make_article(hub=hub, title="Brought 3"), live_from=START - 9 * DAY)
    clock.shift(DAY)
    for page in past_of(client, hub, "2126-12-28")[:2]:
        assert "Brought 3" in page.decode()
    for page in past_of(client, norway, "2127-01-01T09:00:00Z")[:2]:
        assert page.decode().count("<h3>") == 3 or page.decode().count("<entry>") == 3


def test_a_text_stands_in_the_list_from_the_very_moment_it_went_live(client, norway):
    with time_machine.travel(START + DAY, tick=True):
        version = factories.publish(factories.make_article(hub=norway, title="Now"), live_from=None)
        version = factories.publish(version.article)
        at = f"{version.live_from:%Y-%m-%dT%H:%M:%S.%fZ}"
        assert "Now" in reading.text(client.get(f"/hubs/norway/?at={at}"))
