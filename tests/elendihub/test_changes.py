"""The list of everything that was published, corrected and withdrawn, and its feeds."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.utils import timezone

from articles.models import Article
from tests import factories, reading

ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = ["/changes/", "/hubs/norway/changes/"]
FEEDS = ["/feeds/changes.atom", "/feeds/hubs/norway/changes.atom"]
DAY = timedelta(days=1)
# As the test of pages makes them, newest first.
ORDER = ["Significant change", "Check: Confirmed", "First published"]


@pytest.fixture
def article(db):
    hub = factories.make_published_hub(slug="norway", title="Norway hub").hub
    return factories.make_published_article(hub=hub, slug="labels", title="Labels").article


def entries(response):
    """Heading and rail of each, in order."""
    headings = [each.text for each in reading.elements(response, "h3")]
    kinds = [each.text for each in reading.elements(response, "span", class_="category")]
    return list(zip(headings, kinds, strict=True))


def feed(response):
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(response):
    return [entry.findtext(f"{ATOM}title") for entry in feed(response).iter(f"{ATOM}entry")]


@pytest.mark.parametrize("address", PAGES)
def test_every_version_is_listed_newest_first_with_its_note_and_comparison(client, article, address):
    article.publish(by=None, kind="correction", note="The year was wrong.", **factories.CORRECTION)
    article.publish(by=None, kind="minor")
    article.withdraw(by=None, reason="error", note="All of it was wrong.")
    response = client.get(address)
    kinds = ["Withdrawal", "Minor change", "Correction", "First published"]
    assert entries(response) == [*[("Labels", kind) for kind in kinds], ("Norway hub", "First published")]
    assert "The year was wrong." in reading.text(response)
    addresses = [link.attributes["href"] for link in reading.elements(response, "a")]
    assert "/hubs/norway/labels/v/4/" in addresses
    assert "/hubs/norway/labels/compare/3...4/" in addresses
    (link,) = reading.elements(response, "a", href="/hubs/norway/labels/compare/3...4/")
    assert link.attributes["aria-label"] == "What changed in version 4 of Labels"
    assert link.attributes["aria-label"].startswith(link.text)


@pytest.mark.parametrize("address", FEEDS)
def test_the_feeds_leave_minor_changes_out(client, article, address):
    article.publish(by=None, kind="correction", note="The <year> was wrong.", **factories.CORRECTION)
    article.publish(by=None, kind="minor")
    response = client.get(address)
    assert titles(response) == ["Correction: Labels", "First published: Labels", "First published: Norway hub"]
    assert "compare/1...2/" in feed(response).find(f"{ATOM}entry").findtext(f"{ATOM}content")
    assert feed(response).find(f"{ATOM}entry").findtext(f"{ATOM}summary") == "The <year> was wrong."


def test_an_entry_keeps_its_id_when_its_article_moves(client, article):
    def ids():
        return [entry.findtext(f"{ATOM}id") for entry in feed(client.get(FEEDS[0])).iter(f"{ATOM}entry")]

    before = ids()
    article.slug = "marks"
    article.save()
    assert ids() == before


def test_what_never_went_live_is_not_listed_nor_compared_with(client, article):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        article.publish(by=None, live_from=timezone.now() + DAY, note="What changed.")
        assert len(entries(client.get(PAGES[0]))) == 2
        article.cancel_scheduled(by=None)
        clock.shift(2 * DAY)
        response = client.get(PAGES[0])
        assert entries(response)[0] == ("Labels", "Minor change")
        assert len(entries(response)) == 3
        assert reading.links(response)["What changed"] == "/hubs/norway/labels/compare/1...3/"
        assert len(titles(client.get(FEEDS[0]))) == 2


def test_other_hubs_stand_only_in_the_list_of_all(client, article):
    factories.make_published_article(title="Elsewhere")
    assert "Elsewhere" in reading.text(client.get(PAGES[0]))
    assert "Elsewhere" not in reading.text(client.get(PAGES[1]))


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_25_walk_through_everything_once(client, article, address):
    hub = article.hub
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(60):
            (article if number % 3 else hub).publish(by=None, note="What changed.")
            if number % 3:
                clock.shift(DAY)
        found, page = [], address
        while page:
            response = client.get(page)
            assert len(entries(response)) <= 25
            found += [
                link.attributes["href"] for link in reading.elements(response, "a") if "/v/" in link.attributes["href"]
            ]
            page = next((address + link.attributes["href"] for link in reading.elements(response, "a", rel="next")), "")
    assert len(found) == len(set(found)) == 62


@pytest.mark.parametrize("page", ["x", "20260216T090000000000-3-1", "20269916T090000000000-1-1", "9" * 300, "-"])
def test_a_place_that_is_none_has_no_page(client, article, page):
    assert client.get(f"/changes/?page={page}").status_code == 404


def test_a_place_beyond_the_end_says_so(client, article):
    response = client.get("/changes/?page=20000101T000000000000-0-1")
    assert "The list ends before this place." in reading.text(response)


def test_an_empty_site_says_so(client, db):
    assert "Nothing has been published yet" in reading.text(client.get("/changes/"))
    assert titles(client.get("/feeds/changes.atom")) == []
    factories.make_hub(slug="norway")
    for address in (PAGES[1], FEEDS[1], "/hubs/none/changes/"):
        assert client.get(address).status_code == 404


def test_they_ask_the_database_a_bounded_number_of_times(client, article, django_assert_max_num_queries):
    for _ in range(30):
        factories.publish(factories.make_article(hub=article.hub))
    for address, count in zip((*PAGES, *FEEDS), (3, 6, 3, 6), strict=True):
        for query in ("", f"?at={timezone.now() - DAY:%Y-%m-%d}"):
            with django_assert_max_num_queries(count):
                assert client.get(address + query).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_every_check_is_listed_with_its_outcome_its_day_and_its_note(client, article, address):
    version, hub_version = article.versions.get(), article.hub.versions.get()
    factories.make_check(hub_version)
    factories.make_check(version, outcome="needs_change", note="Two <dates> are missing.", checked_by_name="Kari")
    elsewhere = factories.make_published_article(title="Elsewhere")
    factories.make_check(elsewhere)
    response = client.get(address)
    listed = [entry for entry in entries(response) if entry[1].startswith("Check")]
    others = [] if "norway" in address else [("Elsewhere", "Check: Confirmed")]
    assert listed == [*others, ("Labels", "Check: Needs a change"), ("Norway hub", "Check: Confirmed")]
    assert "Checked on 16 February 2026 by Kari. Two &lt;dates&gt; are missing." in reading.text(response)
    assert "/hubs/norway/labels/v/1/" in [link.attributes["href"] for link in reading.elements(response, "a")]


@pytest.mark.parametrize("address", FEEDS)
def test_the_feeds_tell_of_checks(client, article, address):
    factories.make_check(article.versions.get(), note="All of it.")
    response = client.get(address)
    assert titles(response)[0] == "Check: Confirmed: Labels"
    assert "All of it." in feed(response).find(f"{ATOM}entry").findtext(f"{ATOM}content")


@pytest.mark.parametrize("address", PAGES)
def test_checks_between_versions_are_neither_lost_nor_repeated_between_pages(client, article, address):
    at = timezone.now()
    with time_machine.travel(at, tick=False):
        for _ in range(30):
            factories.make_check(article.versions.get())
    for number in range(30):
        with time_machine.travel(at + DAY + timedelta(seconds=number), tick=False):
            article.publish(by=None, note="What changed.")
    found, query = [], ""
    with time_machine.travel(at + 2 * DAY, tick=False):
        while True:
            response = client.get(address + query)
            found += entries(response)
            following = reading.elements(response, "a", rel="next")
            if not following:
                break
            query = following[0].attributes["href"]
    assert len(found) == 62
    assert [kind for _, kind in found] == sorted((kind for _, kind in found), key=ORDER.index)


# As at a moment

START = datetime(2127, 1, 1, 9, tzinfo=UTC)
AT = "?at=2127-01-03"


@pytest.fixture
def clock(db):
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def past(clock):
    """An article of Norway's hub, changed and renamed after AT; its hub's jurisdiction was named anew, too."""
    jurisdiction = factories.make_jurisdiction(name="Norway")
    hub = factories.publish(factories.make_hub(slug="norway", jurisdiction=jurisdiction), live_from=START).hub
    article = factories.make_article(hub=hub, slug="labels", title="Labels")
    factories.publish(article, live_from=START)
    clock.shift(4 * DAY)
    article.title, article.slug = "Marks", "marks"
    article.save()
    article.publish(by=None, note="What changed.")
    jurisdiction.name = "Kingdom of Norway"
    jurisdiction.save()
    hub.publish(by=None, note="Its name.")
    clock.shift(DAY)
    return article


@pytest.mark.parametrize("address", PAGES)
def test_a_past_list_names_only_what_had_gone_live_by_then(client, past, address):
    response = client.get(address + AT)
    assert [kind for _, kind in entries(response)] == ["First published"] * 2
    assert "Norway, version 1." in reading.text(response)
    assert "Kingdom" not in reading.text(response)
    addresses = [link.attributes["href"] for link in reading.elements(response, "a")]
    assert "/hubs/norway/labels/v/1/" in addresses
    assert not any("marks" in address for address in addresses)


@pytest.mark.parametrize("address", PAGES)
def test_a_past_list_says_so_is_not_indexed_and_names_the_usual_address(client, past, address):
    response = client.get(address + AT)
    assert reading.elements(response, "time", datetime="2127-01-03")[0].text == "3 January 2127"
    assert reading.meta(response)["robots"] == "noindex"
    assert reading.meta(response)["canonical"].endswith(address)
    assert reading.links(response)["Read it as it is now"] == address
    feed_address = reading.links(response)["Atom feed"]
    assert feed_address.endswith(f"changes.atom{AT}")
    assert len(titles(client.get(feed_address))) == 2


@pytest.mark.parametrize("address", FEEDS)
def test_a_past_feed_is_that_of_the_moment_and_not_indexed(client, past, address):
    response = client.get(address + AT)
    assert response["X-Robots-Tag"] == "noindex"
    assert all(title.startswith("First published: ") for title in titles(response))
    links = [link.get("href") for link in feed(response).findall(f"{ATOM}link")]
    assert len(links) == 2
    assert all(link.endswith(AT) for link in links)
    assert "X-Robots-Tag" not in client.get(address)


@pytest.mark.parametrize("address", [*PAGES, *FEEDS])
def test_before_anything_was_published_the_list_is_empty(client, past, address):
    response = client.get(f"{address}?at=2020-02-14")
    assert response.status_code == 200
    if address in PAGES:
        assert "Nothing had been published by then" in reading.text(response)
    else:
        assert titles(response) == []


@pytest.mark.parametrize("address", [*PAGES, *FEEDS])
@pytest.mark.parametrize("at", ["", "x", "2127-02-30", "9999-12-31", "9" * 300, "%C3%A9"])
def test_a_moment_to_come_or_none_is_refused_with_the_cure(client, past, address, at):
    response = client.get(f"{address}?at={at}")
    assert response.status_code == 400
    assert reading.links(response)["this page as it is now"] == address


@pytest.mark.parametrize("address", PAGES)
def test_pages_of_a_past_list_keep_to_the_moment(client, clock, past, address):
    for _ in range(30):
        clock.shift(timedelta(seconds=1))
        past.publish(by=None, note="What changed.")
    clock.shift(3 * DAY)
    past.publish(by=None, note="What changed.")
    first = client.get(f"{address}?at=2127-01-07")
    (older,) = reading.elements(first, "a", rel="next")
    second = client.get(address + older.attributes["href"])
    assert "at=2127-01-07" in older.attributes["href"]
    assert len(entries(first)) + len(entries(second)) == 34
    assert reading.links(second)["Newest"] == f"{address}?at=2127-01-07"


@pytest.mark.parametrize("address", [*PAGES, *FEEDS])
def test_a_text_dated_back_later_does_not_change_a_past_list(client, clock, past, address):
    before = client.get(address + AT).content
    factories.publish(factories.make_article(hub=past.hub), live_from=START + DAY)
    assert client.get(address + AT).content == before


# Names and places of then


@pytest.mark.parametrize("address", PAGES)
def test_rows_name_the_jurisdiction_as_it_was_published_then(client, past, address):
    type(past.hub.jurisdiction).objects.update(name="Never published")
    html = reading.text(client.get(address))
    assert "Norway, version 1." in html
    assert "Never published" not in html


def test_an_article_that_moved_leaves_what_it_was_to_the_hub_in_which_it_stood(client, clock, past):
    factories.make_check(past.versions.get(number=2))
    elsewhere = factories.publish(factories.make_hub(slug="sweden"), live_from=None).hub
    before = entries(client.get(PAGES[1])), titles(client.get(FEEDS[1]))
    clock.shift(DAY)
    moved = Article.objects.get(pk=past.pk)
    moved.hub = elsewhere
    moved.save()
    assert (entries(client.get(PAGES[1])), titles(client.get(FEEDS[1]))) == before
    assert ("Marks", "Check: Confirmed") in before[0]
    assert [title for title, _ in entries(client.get("/hubs/sweden/changes/"))] == [elsewhere.title]
    moved.publish(by=None, note="In its new place.")
    factories.make_check(moved.versions.get(number=3))
    kinds = [kind for title, kind in entries(client.get("/hubs/sweden/changes/")) if title == "Marks"]
    assert kinds == ["Check: Confirmed", "Significant change"]
    assert entries(client.get(PAGES[1])) == before[0]
    link = reading.links(client.get(PAGES[1]))["Marks"]
    assert client.get(link, follow=True).status_code == 200
