"""What readers are told of checks: on an article, on a hub, in its list, and on the pages of the past."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from elendihub.models import Generation
from elendihub.publishing import Version
from tests import factories, reading

BODY = "## Dates\n\nLegacy devices end in time (MDR Article 120(3c))."
ADDRESS, HUB = "/hubs/norway/dates/", "/hubs/norway/"
APRIL = datetime(2026, 4, 10, 9, tzinfo=UTC)


@pytest.fixture
def mdr(db):
    return factories.make_mdr()


@pytest.fixture
def version(mdr):
    hub = factories.make_published_hub(slug="norway").hub
    topic = factories.make_topic(review_days=90)
    return factories.make_published_article(hub=hub, slug="dates", body=BODY, topic=topic)


def marks(response):
    return [
        (mark.attributes.get("data-state", ""), mark.text) for mark in reading.elements(response, "span", class_="mark")
    ]


def page(client, address=ADDRESS, at=APRIL):
    with time_machine.travel(at, tick=False):
        return client.get(address)


def amend(mdr, **fields):
    provision = mdr.provisions.get(kind="article", number="120")
    act = factories.make_instrument(slug="eu-2026-1", short_name="Regulation (EU) 2026/1")
    return factories.make_amendment(by=act, provision=provision, **fields)


def test_a_text_that_nobody_checked_says_so_everywhere(client, version):
    for address in (ADDRESS, HUB):
        assert set(marks(page(client, address))) == {("due", "Not yet checked")}
    assert "Nobody has recorded a check" in reading.text(page(client))


def test_a_checked_text_says_when_by_whom_against_what_and_until_when(client, version):
    source = {"title": "MDR, Article 120 <3c>", "url": "https://eur-lex.europa.eu/eli/reg/2017/745/oj"}
    factories.make_check(
        version, checked_on=date(2026, 3, 3), checked_by_name="Kari", sources=[source], note="All dates."
    )
    response = page(client)
    html = reading.text(response)
    assert marks(response) == [("", "Reviewed 3 March 2026")]
    assert reading.elements(response, "time", datetime="2026-06-01")[0].text == "1 June 2026"
    assert "Next review due" in html
    assert "by Kari, version 1. All dates." in html
    assert reading.links(response)["MDR, Article 120 <3c>"] == source["url"]
    assert ("", "Reviewed 3 March 2026") in marks(page(client, HUB))


def test_a_page_turns_due_at_midnight_without_a_publish(client, version):
    factories.make_check(version, checked_on=date(2026, 3, 3))
    midnight = datetime(2026, 6, 1, tzinfo=UTC)
    assert marks(page(client, at=midnight - timedelta(seconds=1))) == [("", "Reviewed 3 March 2026")]
    response = page(client, at=midnight)
    assert marks(response) == [("due", "Review due")]
    assert "Last checked" in reading.text(response)
    assert ("due", "Review due") in marks(page(client, HUB, midnight))


def test_after_a_significant_change_the_page_names_the_version_that_was_checked(client, version):
    factories.make_check(version, checked_on=date(2026, 3, 3))
    with time_machine.travel(APRIL, tick=False):
        version.article.publish(by=None, kind=Version.Kind.SIGNIFICANT, note="New dates.")
    response = page(client, at=APRIL + timedelta(hours=1))
    assert marks(response) == [("due", "Not checked since it changed")]
    assert "(version 1)" in reading.text(response)
    listed = page(client, HUB, at=APRIL + timedelta(hours=1))
    assert ("due", "Not checked since it changed") in marks(listed)
    assert "Last changed" in reading.text(listed)


def test_the_article_names_each_amendment_of_what_it_cites(client, version, mdr):
    factories.make_check(version)
    amend(mdr, what="paragraph 3c", published_on=date(2026, 4, 1), applies_on=date(2027, 1, 1))
    response = page(client)
    html, links = reading.text(response), reading.links(response)
    assert ("amended", "Law cited here was amended since the last review.") in marks(response)
    assert links["Regulation (EU) 2026/1"] == "/law/eu-2026-1/"
    assert 'href="/law/mdr/art-120/#amendments"' in html
    assert "paragraph 3c" in html
    assert reading.elements(response, "time", datetime="2027-01-01")[0].text == "1 January 2027"
    assert ("amended", "Law amended since review") in marks(page(client, HUB))


def test_days_of_an_amendment_that_are_unknown_are_not_confirmed(client, version, mdr):
    amend(mdr, published_on=None)
    html = reading.text(page(client))
    assert "published on a day that is not confirmed, application not confirmed." in html
    assert "since this text was published" in html


def test_the_notice_goes_with_the_check_and_the_check_stays_to_be_read(client, version, mdr):
    amend(mdr)
    factories.make_check(version, outcome="not_affected", note="Only <layout>.", sources=[])
    response = page(client)
    assert marks(response) == [("due", "Not yet checked")]
    assert "Law amended, text not affected" in reading.text(response)
    assert "Only &lt;layout&gt;." in reading.text(response)


def test_a_withdrawn_text_has_no_mark(client, version, mdr):
    amend(mdr)
    version.article.withdraw(by=None, reason="obsolete", note="Gone.")
    assert marks(client.get(ADDRESS)) == []


def test_a_preview_says_nothing_of_checks(admin_client, version):
    factories.make_check(version)
    response = admin_client.get(ADDRESS, {"preview": "staff"})
    assert marks(response) == []
    assert "Checks</h2>" not in reading.text(response)


@pytest.mark.parametrize("address", [ADDRESS, HUB])
def test_a_page_of_the_past_has_the_checks_of_then_and_no_marks(client, version, mdr, address):
    text = version if address == ADDRESS else version.article.hub.versions.get()
    with time_machine.travel(APRIL, tick=False):
        factories.make_check(text, note="In April.")
    then = address + "?at=2026-04-30"
    before = page(client, then, APRIL + timedelta(days=30)).content
    assert b"In April." in before
    assert b"In April." not in page(client, address + "?at=2026-04-09", APRIL + timedelta(days=30)).content
    with time_machine.travel(APRIL + timedelta(days=60), tick=False):
        factories.make_check(text, note="In June.")
        amend(mdr)
    response = page(client, then, APRIL + timedelta(days=400))
    assert response.content == before
    assert marks(response) == []


def test_a_permanent_version_says_nothing_that_a_check_would_change(client, version):
    before = client.get(f"{ADDRESS}v/1/").content
    factories.make_check(version)
    assert client.get(f"{ADDRESS}v/1/").content == before


def test_what_pages_say_of_checks_costs_no_query(client, version, mdr, django_assert_max_num_queries):
    for number in range(24):
        other = factories.make_published_article(hub=version.article.hub, body=BODY, topic=version.article.topic)
        if number % 2:
            factories.make_check(other)
    factories.make_check(version)
    factories.make_check(version.article.hub.versions.get())
    amend(mdr)
    client.get(ADDRESS)
    with django_assert_max_num_queries(4):
        assert "amended" in dict(marks(client.get(ADDRESS)))
    with django_assert_max_num_queries(6):
        assert len(marks(client.get(HUB))) == 26


def test_every_change_of_what_pages_say_raises_the_generation(version, mdr):
    for change in (lambda: factories.make_check(version), lambda: amend(mdr)):
        before = Generation.objects.current()
        change()
        assert Generation.objects.current() > before
