"""Links and sources at the desk: lists with their texts, and a decision that is made once."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from articles import links
from articles.models import Link, SourceText
from regulators.models.membership import Role
from tests import factories
from tests.forms import filled_in

AT = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.fixture
def editor(client, db):
    client.force_login(factories.make_editor(username="ingrid"))
    return client


@pytest.fixture
def article(db):
    version = factories.make_published_article(title="Fees", body="[a](https://a.example/) [b](https://b.example/)")
    links.gather(AT)
    Link.objects.filter(url="https://a.example/").update(
        failed_on="2026-11-22", failed_again_on="2026-11-23", words="It answers 404 Not Found.", asked_at=AT
    )
    return version.article


@pytest.fixture
def source(article):
    row = SourceText.objects.create(url="https://a.example/", event="changed", fetched_at=AT, fingerprint="0" * 64)
    row.articles.set([article])
    return row


@pytest.fixture
def unread(article):
    row = SourceText.objects.create(url="https://b.example/", event="unread", fetched_at=AT, status=200)
    row.articles.set([article])
    return row


def change(source):
    return reverse("admin:articles_sourcetext_change", args=[source.pk])


def test_broken_links_are_listed_with_the_texts_that_carry_them(editor, article):
    page = editor.get("/admin/articles/link/?state=broken").text
    assert "https://a.example/" in page
    assert "https://b.example/" not in page
    assert reverse("admin:articles_article_change", args=[article.pk]) in page


@pytest.mark.parametrize(
    "state", ["broken", "moved", "doubtful", "undecided", "restless", "unread", "delete", "none", "\x00", "9" * 300]
)
@pytest.mark.parametrize("model", ["link", "sourcetext"])
def test_every_list_opens_whatever_is_asked(editor, source, model, state):
    assert editor.get(f"/admin/articles/{model}/", {"state": state}).status_code in (200, 302, 400)
    assert Link.objects.filter(url="https://a.example/").exists()


def test_links_are_only_read(editor, article):
    link = Link.objects.get(url="https://a.example/")
    address = reverse("admin:articles_link_change", args=[link.pk])
    assert editor.get(address).status_code == 200
    assert editor.post(address, {"url": "https://c.example/"}).status_code == 403
    assert editor.post(reverse("admin:articles_link_delete", args=[link.pk]), {"post": "yes"}).status_code == 403
    assert editor.get("/admin/articles/link/add/").status_code == 403


def test_lists_ask_a_bounded_number_of_questions(editor, db, django_assert_max_num_queries):
    body = " ".join(f"[x](https://a.example/{n})" for n in range(40))
    article = factories.make_published_article(body=body).article
    links.gather(AT)
    for n in range(30):
        SourceText.objects.create(url=f"https://a.example/{n}", event="changed", fetched_at=AT).articles.set([article])
    for model in ("link", "sourcetext"):
        with django_assert_max_num_queries(12):
            assert editor.get(f"/admin/articles/{model}/").status_code == 200


def test_a_person_decides_about_a_changed_source(editor, source):
    assert "Fees" in editor.get("/admin/articles/sourcetext/?state=waiting").text
    form = filled_in(editor.get(change(source)), decision="nothing", note="Only a typo.")
    assert editor.post(change(source), form).status_code == 302
    source.refresh_from_db()
    assert (source.decision, source.decided_by_name, source.note) == ("nothing", "ingrid", "Only a typo.")
    assert source.decided_at is not None
    assert editor.post(change(source), form | {"note": "Another."}).status_code == 403


def test_a_source_that_cannot_be_watched_is_seen_at_the_desk_with_what_to_do_and_decided(editor, source, unread):
    listed = editor.get("/admin/articles/sourcetext/?state=unread").text
    assert "https://b.example/" in listed
    assert "https://a.example/" not in listed
    page = editor.get(change(unread))
    assert "It cannot be watched: it has no text, or keeps programs out" in page.text
    assert "read both yourself at each check" in page.text
    assert editor.post(change(unread), filled_in(page, decision="nothing", note="Read it.")).status_code == 302
    assert not SourceText.objects.unread()


@pytest.mark.parametrize(
    "wrong", [{"note": ""}, {"decision": ""}, {"decision": "x"}, {"note": "a\x00b"}, {"note": "  "}]
)
def test_a_decision_that_is_none_is_told_and_leaves_all_as_it_was(editor, source, wrong):
    form = filled_in(editor.get(change(source)), **{"decision": "nothing", "note": "Seen."} | wrong)
    answer = editor.post(change(source), form)
    assert answer.status_code == 200
    assert answer.context["errors"]
    source.refresh_from_db()
    assert source.is_waiting


def test_without_the_right_nothing_is_decided(client, source):
    (article,) = source.articles.all()
    client.force_login(factories.make_member(article.hub, role=Role.AUTHOR))
    assert client.get(change(source)).status_code == 200
    assert client.post(change(source), {"decision": "nothing", "note": "x"}).status_code == 403


@pytest.fixture
def norwegian(client, article):
    client.force_login(factories.make_member(article.hub, role=Role.HUB_EDITOR))
    return client


def test_the_lists_hold_what_stands_in_one_s_own_hubs_and_name_no_other_text(norwegian, source):
    abroad = factories.make_published_article(title="Secret", body="[a](https://a.example/) [c](https://c.example/)")
    links.gather(AT)
    source.articles.add(abroad.article)
    other = SourceText.objects.create(url="https://c.example/", event="changed", fetched_at=AT, fingerprint="0" * 64)
    other.articles.set([abroad.article])
    for model in ("link", "sourcetext"):
        page = norwegian.get(f"/admin/articles/{model}/").text
        assert "https://a.example/" in page
        assert "https://c.example/" not in page
        assert "Secret" not in page
    assert norwegian.get(change(other)).status_code == 302


def test_an_editor_decides_of_a_source_that_no_other_hub_rests_on(norwegian, source):
    answer = filled_in(norwegian.get(change(source)), decision="nothing", note="Only the layout.")
    abroad = factories.make_published_article().article
    source.articles.add(abroad)
    assert norwegian.post(change(source), answer).status_code == 403
    source.articles.remove(abroad)
    assert norwegian.post(change(source), answer).status_code == 302
    source.refresh_from_db()
    assert not source.is_waiting
