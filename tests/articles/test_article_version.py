"""A version's own address: the same text for ever, in a frame that tells what happened since."""

import hashlib
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from tests import factories, reading

DAY = timedelta(days=1)
FIRST, SECOND = "/hubs/norway/labels/v/1/", "/hubs/norway/labels/v/2/"


@pytest.fixture
def article(db):
    mdr = factories.make_mdr()
    hub = factories.make_published_hub(slug="norway").hub
    body = f"## First\n\nThe first text, see {mdr} Article 22 and [^a].\n\n[^a]: A note."
    return factories.make_published_article(hub=hub, slug="labels", title="Labels", body=body).article


def change(article, **fields):
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()


def body_hash(response):
    """Of the block between the frame's parts, headings included."""
    (block,) = re.findall(
        r'<div class="prose numbered">.*?</div>\n</div>\n.*?<aside', reading.text(response), re.DOTALL
    )
    return hashlib.sha256(block.encode()).hexdigest()


def test_the_text_is_the_same_bytes_after_every_later_change(client, article):
    first = client.get(FIRST)
    assert first.status_code == 200
    before = body_hash(first)
    change(article, title="Marks", body="## Second\n\nThe second text.")
    article.publish(by=None, note="What changed.")
    article.category.name, article.topic.name = "Other shelf", "Other topic"
    article.category.save()
    article.topic.save()
    factories.make_instrument(names=["first text"])
    assert body_hash(client.get(FIRST)) == before
    change(article, slug="marks")
    article.withdraw(by=None, reason="error", note="It was wrong.")
    with time_machine.travel(timezone.now() + 400 * DAY):
        response = client.get(FIRST, follow=True)
    assert response.redirect_chain == [("/hubs/norway/marks/v/1/", 301)]
    assert body_hash(response) == before
    assert reading.elements(response, "h1")[0].text == "Labels"


def test_the_live_page_has_the_same_text(client, article):
    assert body_hash(client.get("/hubs/norway/labels/")) == body_hash(client.get(FIRST))


def test_the_frame_says_which_version_is_current_and_leads_there(client, article):
    assert "It is the current version" in reading.text(client.get(FIRST))
    article.publish(by=None, note="What changed.")
    response = client.get(FIRST)
    assert reading.links(response)["version 2"] == "/hubs/norway/labels/"
    article.withdraw(by=None, reason="error", note="It was wrong.")
    assert "a notice that the text was withdrawn" in reading.text(client.get(FIRST))


def test_search_engines_are_sent_to_the_usual_address(client, article):
    found = reading.meta(client.get(FIRST))
    assert found["robots"] == "noindex"
    assert found["canonical"] == f"{settings.SITE_URL}/hubs/norway/labels/"
    assert "/v/" not in client.get("/sitemap.xml").text


def test_what_nobody_could_read_has_no_address(client, article):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        article.publish(by=None, live_from=timezone.now() + DAY, note="What changed.")
        assert client.get(SECOND).status_code == 404
        article.cancel_scheduled(by=None)
        clock.shift(2 * DAY)
        assert client.get(SECOND).status_code == 404
        assert client.get("/hubs/norway/labels/v/3/").status_code == 200


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "9" * 30, "9" * 300, "9" * 5000, "1%00"])
def test_a_number_that_is_none_is_refused(client, article, number):
    assert client.get(f"/hubs/norway/labels/v/{number}/").status_code in (400, 404)


@pytest.mark.parametrize("address", ["/hubs/norway/labels/", FIRST])
def test_a_citation_line_names_title_version_day_and_permanent_address(client, article, address):
    (line,) = reading.elements(client.get(address), "p", class_="cite")
    assert line.text == f"Labels. ElendiHub, version 1, 16 February 2026. {settings.SITE_URL}{FIRST}"


@pytest.mark.parametrize("address", ["/hubs/norway/", "/hubs/norway/v/1/", "/hubs/norway/?at=2026-02-20"])
def test_a_hub_is_cited_as_its_articles_are(client, article, address):
    (line,) = reading.elements(client.get(address), "p", class_="cite")
    title = article.hub.versions.get().title
    assert line.text == f"{title}. ElendiHub, version 1, 16 February 2026. {settings.SITE_URL}/hubs/norway/v/1/"


def test_the_history_leads_to_each_version_and_what_it_changed(client, article):
    article.publish(by=None, note="Dates added.")
    response = client.get("/hubs/norway/labels/")
    found = reading.links(response)
    assert (found["Version 1"], found["Version 2"]) == (FIRST, SECOND)
    assert found["What changed"] == "/hubs/norway/labels/compare/1...2/"
    (link,) = reading.elements(response, "a", href=found["What changed"])
    assert link.attributes["aria-label"] == "What changed in version 2 of Labels"
    assert "Dates added." in reading.text(response)


@pytest.mark.parametrize("page", ["/hubs/norway/labels/", "/hubs/norway/"])
def test_a_version_names_the_later_correction_of_an_error_that_stands_in_it(client, article, page):
    document = article if "labels" in page else article.hub
    today = timezone.now().date()
    document.publish(by=None, note="What changed.")
    document.publish(by=None, kind="correction", **factories.CORRECTION | {"wrong_since": today})
    named = "Version 3 corrected an error that stands here: It said 10 days. Right: 15 days."
    said = [reading.words(client.get(f"{page}v/{number}/")) for number in (1, 2, 3)]
    assert [named in each for each in said] == [False, True, False]
    assert reading.links(client.get(f"{page}v/2/"))["Version 3"] == f"{page}v/3/"
    document.publish(by=None, kind="correction", **factories.CORRECTION)
    assert "Version 4 corrected an error that stands here" in reading.words(client.get(f"{page}v/1/"))


def test_it_asks_the_database_a_bounded_number_of_times(client, article, django_assert_max_num_queries):
    for _ in range(15):
        article.publish(by=None, note="What changed.")
    with django_assert_max_num_queries(5):
        assert client.get(FIRST).status_code == 200


def test_a_hub_keeps_its_versions_too(client, article):
    hub = article.hub
    hub.overview = "A second overview."
    hub.save()
    hub.publish(by=None, note="What changed.")
    response = client.get("/hubs/norway/v/1/")
    assert hub.versions.get(number=1).overview_html in reading.text(response)
    assert "A second overview." not in reading.text(response)
    assert reading.links(response)["version 2"] == "/hubs/norway/"
    assert reading.meta(response)["robots"] == "noindex"
    assert client.get("/hubs/norway/v/3/").status_code == 404


@pytest.mark.parametrize("address", ["/hubs/norway/labels/v/7/", "/hubs/norway/v/7/"])
def test_a_number_without_version_says_which_there_are(client, article, address):
    response = client.get(address)
    assert response.status_code == 404
    assert "Published are: 1." in reading.text(response)


@pytest.mark.parametrize("address", ["/hubs/norway/labels/", FIRST, "/hubs/norway/labels/compare/1...2/"])
def test_the_jurisdiction_is_named_as_its_hub_was_published(client, article, address):
    article.publish(by=None, note="What changed.")
    jurisdiction = article.hub.jurisdiction
    former, before = jurisdiction.name, client.get(address).content
    jurisdiction.name, jurisdiction.region = "Kingdom of Norway", "americas"
    jurisdiction.save()
    response = client.get(address)
    assert former in reading.text(response)
    assert "Kingdom" not in reading.text(response)
    assert response.content == before or address == "/hubs/norway/labels/"
    article.hub.publish(by=None, note="Its name.")
    assert "Kingdom of Norway" in reading.text(client.get(address))


def test_a_version_of_a_hub_says_nothing_that_was_not_published(client, article):
    before = client.get("/hubs/norway/v/1/").content
    type(article.hub.jurisdiction).objects.update(name="Kingdom of Norway", region="americas")
    assert client.get("/hubs/norway/v/1/").content == before


@pytest.mark.parametrize("page", ["/hubs/norway/labels/", "/hubs/norway/"])
def test_that_a_page_is_not_the_present_text_is_said_before_its_title(client, article, page):
    for document in (article, article.hub):
        document.publish(by=None, note="What changed.")
        document.withdraw(by=None, reason="error", note="It was wrong.")
    said = {f"{page}?at=2026-02-20": "As at", f"{page}v/1/": "Version 1, kept for ever", page: "Withdrawn on"}
    for address, words in said.items():
        html = reading.text(client.get(address))
        assert 0 < html.index(f"<p><b>{words}") < html.index("<h1>"), address
