from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from tests import factories, reading
from tests.factories import PUBLISHED_AT

DAY = timedelta(days=1)
BODY = "## Scope\n\nWho labels[^a].\n\nTable: Rules\n\n| Class | Rule |\n|---|---|\n| IIa | 9 |\n\n[^a]: Annex I."


@pytest.fixture
def version(db):
    jurisdiction = factories.make_jurisdiction(name="Norway", code="NO")
    hub = factories.make_published_hub(slug="norway", jurisdiction=jurisdiction, title="Norway hub").hub
    fields = {"slug": "labelling", "title": "Labelling & language", "summary": "What a label <must> say.", "body": BODY}
    category = factories.make_category(name="Registration & listing")
    return factories.make_published_article(hub=hub, category=category, **fields)


@pytest.fixture
def article(version):
    return version.article


ADDRESS = "/hubs/norway/labelling/"


def test_it_shows_the_published_text_with_its_dates_and_shelf(client, version):
    response = client.get(ADDRESS)
    html = reading.text(response)
    assert response.status_code == 200
    assert version.body_html in html
    assert reading.elements(response, "h1")[0].text == "Labelling & language"
    assert "What a label &lt;must&gt; say." in html
    assert reading.elements(response, "time", datetime="2026-02-16")[0].text == "16 February 2026"
    assert "Registration &amp; listing" in html
    assert reading.links(response)["Norway"] == "/hubs/norway/"
    assert "Version 1" in html


def test_the_contents_lead_to_the_headings(client, version):
    response = client.get(ADDRESS)
    assert reading.links(response)["Scope"] == "#scope"
    assert reading.elements(response, "h2", id="scope")


def test_the_working_copy_is_never_shown(client, article):
    article.title, article.body = "Secret title", "Secret text"
    article.save()
    html = reading.text(client.get(ADDRESS))
    assert "Secret" not in html


def test_an_article_never_published_has_no_page(client, article):
    draft = factories.make_article(hub=article.hub)
    assert client.get(draft.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("address", ["/hubs/norway/none/", "/hubs/none/labelling/"])
def test_an_unknown_address_has_no_page(client, article, address):
    assert client.get(address).status_code == 404


def test_a_scheduled_article_appears_at_its_moment_and_not_before(client, article):
    at = timezone.now() + DAY
    article.title = "The next text"
    article.save()
    article.publish(by=None, live_from=at, note="What changed.")
    with time_machine.travel(at - timedelta(seconds=1), tick=False):
        assert "The next text" not in reading.text(client.get(ADDRESS))
    with time_machine.travel(at, tick=False):
        assert "The next text" in reading.text(client.get(ADDRESS))


def test_a_change_shows_its_date_and_note_and_a_minor_one_keeps_the_date(client, article):
    with time_machine.travel(datetime(2027, 3, 4, tzinfo=UTC), tick=False):
        article.publish(by=None, note="A deadline was added.")
        article.publish(by=None, kind="minor", note="A comma was moved.")
        response = client.get(ADDRESS)
    html = reading.text(response)
    assert "Last changed" in html
    assert reading.meta(response)["article:modified_time"] == "2027-03-04"
    assert "A comma was moved." in html
    assert "Version 3" in html


def test_a_withdrawn_article_answers_under_a_notice(client, article):
    other = factories.make_published_article(hub=article.hub, title="All about labels")
    note = "Two texts said the same."
    with time_machine.travel(datetime(2027, 3, 4, tzinfo=UTC), tick=False):
        article.withdraw(by=None, reason="merged", note=note, successor_id=other.article_id)
    with time_machine.travel(datetime(2027, 4, 1, tzinfo=UTC), tick=False):
        response = client.get(ADDRESS)
    (notice,) = reading.elements(response, "div", class_="warning")
    assert response.status_code == 200
    assert "Withdrawn on 4 March 2027: merged into another article" in " ".join(notice.text.split())
    assert note in notice.text
    assert reading.links(response)["All about labels"] == other.get_absolute_url()
    assert reading.meta(response)["robots"] == "noindex"


def test_a_notice_keeps_its_date_when_a_scheduled_return_is_cancelled(client, article):
    with time_machine.travel(datetime(2027, 3, 4, tzinfo=UTC), tick=False):
        article.withdraw(by=None, reason="obsolete", note="Repealed.")
    with time_machine.travel(datetime(2027, 4, 1, tzinfo=UTC), tick=False):
        article.publish(by=None, live_from=datetime(2027, 5, 1, tzinfo=UTC), note="What changed.")
        article.cancel_scheduled(by=None)
        response = client.get(ADDRESS)
    (notice,) = reading.elements(response, "div", class_="warning")
    assert "Withdrawn on 4 March 2027" in " ".join(notice.text.split())


def test_a_former_address_leads_to_the_present_one_for_ever(client, article):
    for slug in ("labels", "marks"):
        article.slug = slug
        article.save()
    for former in (ADDRESS, "/hubs/norway/labels/"):
        response = client.get(former)
        assert (response.status_code, response["Location"]) == (301, "/hubs/norway/marks/")
    assert client.get("/hubs/norway/marks/").status_code == 200


def test_an_address_taken_back_shows_the_article_again(client, article):
    for slug in ("labels", "labelling"):
        article.slug = slug
        article.save()
    assert client.get(ADDRESS).status_code == 200
    assert client.get("/hubs/norway/labels/")["Location"] == ADDRESS


def test_related_articles_share_a_topic_and_are_live(client, article):
    topic = article.topic
    near = factories.make_published_article(hub=article.hub, title="Near", topic=topic)
    factories.make_published_article(hub=article.hub, title="Far")
    factories.make_article(hub=article.hub, title="Draft", topic=topic)
    gone = factories.make_published_article(hub=article.hub, title="Gone", topic=topic)
    gone.article.withdraw(by=None, reason="error", note="Wrong.")
    found = reading.links(client.get(ADDRESS))
    assert found["Near"] == near.get_absolute_url()
    assert not {"Far", "Draft", "Gone"} & found.keys()


def test_search_engines_are_told_the_right_dates_and_addresses(client, article):
    with time_machine.travel(datetime(2027, 3, 4, 5, 6, 7, 8, tzinfo=UTC), tick=False):
        article.publish(by=None, note="What changed.")
        response = client.get(ADDRESS + "?utm_source=x")
    address = f"{settings.SITE_URL}{ADDRESS}"
    data, meta = reading.structured_data(response), reading.meta(response)
    assert meta["canonical"] == meta["og:url"] == data["Article"]["url"] == address
    assert meta["og:title"] == data["Article"]["headline"] == "Labelling & language"
    assert datetime.fromisoformat(data["Article"]["datePublished"]) == PUBLISHED_AT
    assert datetime.fromisoformat(data["Article"]["dateModified"]) == datetime(2027, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
    steps = [step["item"] for step in data["BreadcrumbList"]["itemListElement"]]
    assert steps == [f"{settings.SITE_URL}/", f"{settings.SITE_URL}/hubs/norway/", address]


def test_a_title_cannot_break_out_of_where_it_stands(client, article):
    title = "</script></title><!--<script>\u2028\"'&<img src=x onerror=alert(1)>"
    article.title = article.summary = title
    article.save()
    article.publish(by=None, note="What changed.")
    response = client.get(ADDRESS)
    assert reading.structured_data(response)["Article"]["headline"] == title
    assert reading.meta(response)["og:title"] == title
    assert "<img" not in reading.text(response)


def test_it_asks_the_database_four_times_however_many_articles_there_are(
    client, article, django_assert_max_num_queries
):
    for _ in range(20):
        factories.make_published_article(hub=article.hub, topic=article.topic)
    with django_assert_max_num_queries(4):
        assert client.get(ADDRESS).status_code == 200


def test_it_is_read_only(client, article):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(ADDRESS).status_code == 405
