from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import signing
from django.utils import timezone

from elendihub import preview
from regulators.models import Role
from tests import factories, reading

DAYS = settings.PREVIEW_LINK_DAYS


@pytest.fixture
def article(db):
    """A live article whose working copy has gone on."""
    article = factories.make_published_article(title="Public title", body="Public text").article
    article.title, article.body = "Draft title", "Draft text"
    article.save()
    return article


def path(link):
    return link.removeprefix(settings.SITE_URL)


def assert_shows_draft(response):
    html = reading.text(response)
    assert response.status_code == 200
    assert "Draft title" in html
    assert "Public text" not in html
    assert "Preview of the working copy" in html
    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == reading.meta(response)["robots"] == "noindex"


def assert_refused(response):
    html = reading.text(response)
    assert response.status_code == 403
    assert "Draft" not in html
    assert "no-store" in response["Cache-Control"]


def test_staff_see_the_working_copy_at_its_address_marked_and_kept_nowhere(client, article):
    client.force_login(factories.make_editor())
    assert_shows_draft(client.get(preview.address(article)))


def test_staff_see_the_public_page_without_asking_for_a_preview(client, article):
    client.force_login(factories.make_editor())
    assert "Draft title" not in reading.text(client.get(article.get_absolute_url()))


def test_an_outsider_with_a_signed_link_sees_the_working_copy_as_it_is_then(client, article):
    link = path(preview.link(article))
    assert_shows_draft(client.get(link))
    article.body = "Draft text, later"
    article.save()
    response = client.get(link)
    assert "Draft text, later" in reading.text(response)
    assert not response.cookies


def test_a_working_copy_never_published_can_be_previewed(client, db):
    article = factories.make_article(title="Draft title", body="Draft text")
    assert client.get(article.get_absolute_url()).status_code == 404
    assert_shows_draft(client.get(path(preview.link(article))))


def test_a_hub_is_previewed_in_the_same_way(client, article):
    hub = article.hub
    hub.title = "Draft title"
    hub.save()
    assert_shows_draft(client.get(path(preview.link(hub))))


def test_a_preview_is_what_a_publish_then_shows(client, article):
    shown = reading.elements(client.get(path(preview.link(article))), "div", class_="prose numbered")
    factories.publish(article)
    assert reading.elements(client.get(article.get_absolute_url()), "div", class_="prose numbered") == shown


def test_a_link_counts_for_its_days_and_no_longer(client, article):
    now = timezone.now()
    link = path(preview.link(article))
    with time_machine.travel(now + timedelta(days=DAYS, hours=-1), tick=False):
        assert client.get(link).status_code == 200
    with time_machine.travel(now + timedelta(days=DAYS, hours=1), tick=False):
        assert_refused(client.get(link))


def test_a_link_opens_its_own_document_only(client, article):
    token = preview.link(article).partition("=")[2]
    other = factories.make_published_article(hub=article.hub).article
    assert_refused(client.get(f"{other.get_absolute_url()}?preview={token}"))
    assert_refused(client.get(f"{article.hub.get_absolute_url()}?preview={token}"))


def test_a_link_of_an_article_does_not_open_the_hub_of_the_same_number(client, db):
    hub = factories.make_hub(pk=77)
    article = factories.make_article(pk=77, hub=factories.make_hub())
    token = preview.link(article).partition("=")[2]
    assert_refused(client.get(f"{hub.get_absolute_url()}?preview={token}"))


@pytest.mark.parametrize("token", ["", "staff", "x", "a:b:c", "W10:x:y", "%F0%9F%98%80", "staff&preview=", "é"])
def test_a_visitor_without_a_link_never_sees_the_working_copy(client, article, token):
    assert_refused(client.get(f"{article.get_absolute_url()}?preview={token}"))
    assert "Draft" not in reading.text(client.get(article.get_absolute_url()))


def test_a_link_signed_for_something_else_is_refused(client, article):
    token = signing.dumps(["articles.article", article.pk], salt="another")
    assert_refused(client.get(f"{article.get_absolute_url()}?preview={token}"))


def test_a_link_that_was_changed_is_refused(client, article):
    link = path(preview.link(article))
    assert_refused(client.get(link[:-1] + ("A" if link[-1] != "A" else "B")))


@pytest.mark.parametrize("role", Role)
def test_staff_of_other_hubs_see_no_working_copy(client, article, role):
    client.force_login(factories.make_member(factories.make_hub(), role=role))
    assert_refused(client.get(preview.address(article)))


def test_a_reader_with_an_account_but_no_desk_sees_no_working_copy(client, article):
    client.force_login(factories.make_editor(is_staff=False))
    assert_refused(client.get(preview.address(article)))


def test_a_preview_link_leads_on_when_the_article_has_moved(client, article):
    link = path(preview.link(article))
    article.slug = "moved"
    article.save()
    assert_shows_draft(client.get(link, follow=True))


# Nobody learns where drafts are


@pytest.fixture
def draft(db):
    """Never published, and renamed once."""
    article = factories.make_article(slug="secret", hub=factories.make_public_hub())
    article.slug = "secret-too"
    article.save()
    return article


@pytest.mark.parametrize("query", ["", "?preview=x", "?preview=staff", "?preview="])
def test_a_draft_answers_a_stranger_as_an_address_where_nothing_is(client, draft, query):
    hub = draft.hub.get_absolute_url()
    nothing = client.get(f"{hub}nothing/{query}")
    for slug in ("secret", "secret-too"):
        answer = client.get(f"{hub}{slug}/{query}")
        assert answer.status_code == nothing.status_code
        assert answer.text.replace(slug, "nothing") == nothing.text
        assert dict(answer.items()) == {**dict(nothing.items()), "Content-Length": answer["Content-Length"]}


@pytest.mark.parametrize("query", ["", "?preview=x", "?preview=staff"])
def test_a_hub_in_preparation_answers_a_stranger_as_no_hub_does(client, db, query):
    factories.make_hub(slug="secret")
    nothing, answer = (client.get(f"/hubs/{slug}/{query}") for slug in ("nothing", "secret"))
    assert answer.status_code == nothing.status_code
    assert answer.text.replace("secret", "nothing") == nothing.text
