"""The page to choose documents for a pack, and what the addresses of packs answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from elendihub.evidence import packing, selection
from tests import factories, reading
from tests.elendihub.evidence import packs

HUB = "/hubs/norway/evidence.zip"
ARTICLE = "/hubs/norway/labels/evidence.zip"


@pytest.fixture(autouse=True)
def many(settings):
    settings.PACKS_PER_MINUTE = 1000


@pytest.fixture
def norway(db):
    jurisdiction = factories.make_jurisdiction(name="Norway", code="NO")
    return factories.make_published_hub(slug="norway", jurisdiction=jurisdiction).hub


@pytest.fixture
def article(norway):
    return factories.make_published_article(hub=norway, slug="labels", title="Labels").article


def folders(client, path):
    return [document["folder"] for document in packs.manifest(packs.fetch(client, path))["documents"]]


# The form


def test_it_offers_every_published_hub_and_article(client, article):
    factories.make_article(hub=article.hub, title="Never published")
    factories.make_hub(slug="sweden")
    response = client.get("/evidence/")
    boxes = reading.elements(response, "input", type="checkbox")
    named = {(box.attributes["name"], box.attributes["value"]) for box in boxes}
    assert named == {("hub", "norway"), ("article", "norway/labels")}
    assert reading.links(response)["pack of the whole hub"] == HUB
    assert "Never published" not in reading.text(response)


def test_an_empty_site_says_so(client, db):
    response = client.get("/evidence/")
    assert "Nothing is published yet" in reading.words(response)
    assert not reading.elements(response, "form")


def test_the_form_asks_few_queries_however_much_is_published(client, article, django_assert_max_num_queries):
    for _ in range(5):
        factories.make_published_article(hub=article.hub)
        factories.make_published_article()
    with django_assert_max_num_queries(2):
        client.get("/evidence/")


def test_what_the_form_sends_with_empty_fields_is_a_pack(client, article):
    assert folders(client, "/evidence.zip?article=norway/labels&at=&since=") == ["articles/norway/labels"]


def test_a_choice_holds_hubs_and_articles_each_once_in_an_order_of_its_own(client, article):
    other = factories.make_published_article(slug="other").article
    path = f"/evidence.zip?article={other.hub.slug}/other&article=norway/labels&hub=norway&article=norway/labels"
    expected = ["hubs/norway", *sorted(["articles/norway/labels", f"articles/{other.hub.slug}/other"])]
    assert sorted(folders(client, path)) == sorted(expected)
    turned = f"/evidence.zip?hub=norway&article=norway/labels&article={other.hub.slug}/other"
    assert packs.fetch(client, path) == packs.fetch(client, turned)


def test_a_former_address_is_understood(client, article):
    article.slug = "marks"
    article.save()
    assert folders(client, "/evidence.zip?article=norway/labels") == ["articles/norway/marks"]
    assert client.get(f"{ARTICLE}?since=2026-03-01").headers["Location"] == (
        "/hubs/norway/marks/evidence.zip?since=2026-03-01"
    )


def test_a_choice_asks_few_queries(client, norway, django_assert_max_num_queries):
    slugs = [factories.make_published_article(hub=norway).article.slug for _ in range(12)]
    query = "&".join(f"article=norway/{slug}" for slug in slugs)
    with django_assert_max_num_queries(15):
        assert len(folders(client, f"/evidence.zip?{query}")) == 12


# The links


def test_pages_lead_to_their_packs(client, article):
    article.hub.publish(by=None, note="Anew.")
    for path, pack in (
        ("/hubs/norway/labels/", ARTICLE),
        ("/hubs/norway/labels/v/1/", ARTICLE),
        ("/hubs/norway/labels/?at=2026-02-20", f"{ARTICLE}?at=2026-02-20"),
        ("/hubs/norway/v/1/", HUB),
        ("/hubs/norway/changes/", HUB),
    ):
        assert reading.links(client.get(path))["Evidence pack"] == pack
        assert packs.fetch(client, pack)
    assert reading.links(client.get("/changes/"))["Evidence packs"] == "/evidence/"


def test_the_permanent_address_of_a_version_shows_its_hash(client, article):
    article.publish(by=None, note="Anew.")
    for number in (1, 2):
        version = article.versions.get(number=number)
        assert f"SHA-256 {version.hash}" in reading.words(client.get(f"/hubs/norway/labels/v/{number}/"))
    hub = article.hub.versions.get()
    assert f"SHA-256 {hub.hash}" in reading.words(client.get("/hubs/norway/v/1/"))


# What is refused


@pytest.mark.parametrize(
    "path",
    [
        "/hubs/nowhere/evidence.zip",
        "/hubs/norway/none/evidence.zip",
        "/evidence.zip?article=norway/none",
        "/evidence.zip?article=norway/labels&article=none/none",
        "/evidence.zip?hub=none",
        "/evidence.zip?hub=norway&at=2001-01-01",
        "/evidence.zip?article=norway/draft",
        "/hubs/norway/draft/evidence.zip",
        "/hubs/norway/draft/evidence.zip?at=2001-01-01",
    ],
)
def test_what_was_not_published_is_not_found(client, article, path):
    factories.make_article(hub=article.hub, slug="draft")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Choose what goes into the pack"),
        ("article=labels", "Choose what goes into the pack"),
        ("article=a/b/c", "Choose what goes into the pack"),
        ("article=norway/labels&at=none", "“at=” is no date"),
        ("article=norway/labels&at=2999-01-01", "is not over yet"),
        ("article=norway/labels&since=abc", "“since=” is no date"),
        ("article=norway/labels&since=2999-01-01", "is not over yet"),
        ("article=norway/labels&since=2026-03-02&at=2026-03-01", "Swap them"),
        (f"article=norway/labels&at={'9' * 300}", "“at=” is no date"),
        ("&".join(f"article=norway/{number}" for number in range(201)), "A pack holds up to 200 documents"),
    ],
)
def test_what_cannot_be_made_is_answered_with_the_cure(client, article, query, words):
    response = client.get(f"/evidence.zip?{query}")
    assert response.status_code == 400
    assert words in reading.words(response)


@pytest.mark.parametrize("text", ["%00", "%ED%A0%80", "x" * 3000, "%2e%2e/%2e%2e", "9" * 300 + "/1"])
def test_hostile_names_are_answered(client, article, text):
    for path in (f"/evidence.zip?article=norway/{text}", f"/evidence.zip?hub={text}", f"{ARTICLE}?since={text}"):
        assert client.get(path).status_code in (400, 404)


def test_a_hub_of_too_many_documents_or_versions_is_refused(client, article, monkeypatch):
    monkeypatch.setattr(selection, "MOST_DOCUMENTS", 1)
    assert client.get(HUB).status_code == 400
    monkeypatch.undo()
    monkeypatch.setattr(selection, "MOST_VERSIONS", 0)
    assert "Choose fewer" in reading.words(client.get(ARTICLE))


def test_a_pack_that_grows_too_large_is_refused(client, article, monkeypatch):
    monkeypatch.setattr(packing, "MOST_BYTES", 1000)
    response = client.get(ARTICLE)
    assert response.status_code == 400
    assert "would be larger than" in reading.words(response)


def test_so_many_packs_in_a_minute_and_no_more(client, article, settings):
    settings.PACKS_PER_MINUTE = 2
    assert [packs.fetch(client, ARTICLE) for _ in range(2)]
    refused = client.get(ARTICLE)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "More than 2 evidence packs" in reading.words(refused)
    assert client.post("/api/v1/check", "MDR Article 1", content_type="text/plain").status_code == 200


def test_a_head_request_makes_no_pack(client, article, settings):
    settings.PACKS_PER_MINUTE = 0
    response = client.head(ARTICLE)
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Type"] == "application/zip"
    assert client.post(ARTICLE).status_code == 405


def test_the_file_has_a_name_that_tells_what_and_when(client, article):
    response = client.get(f"{ARTICLE}?at=2026-02-20")
    assert response["Content-Disposition"] == 'attachment; filename="evidence-norway-labels-20260220T235959Z.zip"'
    assert response["X-Robots-Tag"] == "noindex"
    assert response.getvalue()


def test_what_is_scheduled_has_no_pack_yet(client, norway):
    waiting = factories.make_article(hub=norway, slug="waiting")
    waiting.publish(by=None, live_from=timezone.now() + timedelta(days=1))
    assert client.get("/hubs/norway/waiting/evidence.zip").status_code == 404
