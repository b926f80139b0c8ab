"""What changed between two versions of an article or a hub, for everyone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories, reading

COMPARE = "/hubs/norway/labels/compare/"


@pytest.fixture
def article(db):
    hub = factories.make_published_hub(slug="norway").hub
    body = "## Scope\n\nAll devices.\n\n## Dates\n\nUntil 2027."
    article = factories.make_published_article(hub=hub, slug="labels", title="Labels", body=body).article
    article.body = body.replace("2027", "<b>2028</b>")
    article.summary = "Another summary of it."
    article.save()
    article.publish(by=None, kind="correction", note="The year was wrong.", **factories.CORRECTION)
    return article


def changes(response):
    return [element.text for element in reading.elements(response, "h2") if element.text != "Unchanged"]


def test_it_shows_what_was_removed_and_inserted_and_why(client, article):
    response = client.get(f"{COMPARE}1...2/")
    assert response.status_code == 200
    assert "2027" in [each.text for each in reading.elements(response, "del")]
    assert "<b>2028</b>" in [each.text for each in reading.elements(response, "ins")]
    assert "<b>" not in reading.text(response).replace('<b class="code"', "")
    html = reading.text(response)
    assert "The year was wrong." in html
    assert "Correction" in html
    assert "2 passages changed. Nothing else differs." in html


def test_every_public_field_is_compared(client, article):
    article.title, article.category, article.topic = "Marks", factories.make_category(), factories.make_topic()
    article.body = f"See {factories.make_mdr()} Article 22."
    article.save()
    article.publish(by=None, note="What changed.")
    found = changes(client.get(f"{COMPARE}2...3/"))
    assert {"Changed Title", "Changed Category", "Changed Topics", "Added Citations"} <= set(found)


def test_what_did_not_change_is_named(client, article):
    html = reading.text(client.get(f"{COMPARE}1...2/"))
    assert "<li>Title</li>" in html
    assert "<li>Scope</li>" in html


def test_a_version_does_not_differ_from_itself(client, article):
    html = reading.text(client.get(f"{COMPARE}2...2/"))
    assert "This is the same version" in html
    assert "<ins>" not in html


def test_the_older_version_always_comes_first(client, article):
    assert client.get(f"{COMPARE}2...1/")["Location"] == f"{COMPARE}1...2/"


@pytest.mark.parametrize("numbers", ["1...9", "0...1", f"1...{'9' * 30}", f"1...{'9' * 300}"])
def test_a_number_that_was_never_published_says_which_were(client, article, numbers):
    response = client.get(f"{COMPARE}{numbers}/")
    assert response.status_code == 404
    assert "Published are: 1, 2." in reading.text(response)
    assert client.get(f"/hubs/norway/compare/{numbers}/").status_code == 404


def test_what_readers_cannot_read_yet_cannot_be_compared(client, article):
    article.publish(by=None, live_from=timezone.now() + timedelta(days=1), note="What changed.")
    assert client.get(f"{COMPARE}2...3/").status_code == 404


def test_the_form_leads_to_the_comparison_of_its_choice(client, article):
    assert client.get(f"{COMPARE}?from=2&to=1")["Location"] == f"{COMPARE}1...2/"
    assert client.get(COMPARE)["Location"] == f"{COMPARE}1...2/"
    for query in ("from=1", "from=x&to=2", f"from={'9' * 300}&to=1", "from=²&to=1"):
        assert client.get(f"{COMPARE}?{query}").status_code == 404


def test_an_old_address_leads_to_the_present_one(client, article):
    article.slug = "marks"
    article.save()
    assert client.get(f"{COMPARE}1...2/")["Location"] == "/hubs/norway/marks/compare/1...2/"
    assert client.get("/hubs/norway/none/compare/1...2/").status_code == 404


def test_it_is_not_indexed(client, article):
    assert reading.meta(client.get(f"{COMPARE}1...2/"))["robots"] == "noindex"


def test_it_asks_the_database_a_bounded_number_of_times(client, article, django_assert_max_num_queries):
    for _ in range(9):
        article.publish(by=None, note="What changed.")
    with django_assert_max_num_queries(3):
        assert client.get(f"{COMPARE}1...9/").status_code == 200


def test_hubs_are_compared_too(client, article):
    hub = article.hub
    hub.facts.create(position=2, label="Staff", text="300")
    hub.publish(by=None, note="What changed.")
    response = client.get("/hubs/norway/compare/1...2/")
    assert "Changed Regulator facts" in changes(response)
    assert client.get("/hubs/norway/compare/2...1/")["Location"] == "/hubs/norway/compare/1...2/"
    assert client.get("/hubs/norway/compare/")["Location"] == "/hubs/norway/compare/1...2/"
    assert client.get("/hubs/norway/compare/1...3/").status_code == 404
