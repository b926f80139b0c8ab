import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, make_article, make_editor
from tests.forms import filled_in

OWN = {"HTTP_ORIGIN": "http://testserver"}


def resend(answer) -> dict[str, str]:
    """The fields of the page that kept them, as a browser would send them."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text))
    texts = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    return fields | dict(texts)


def test_an_expired_session_loses_no_text(db):
    browser, editor, article = Client(enforce_csrf_checks=True), make_editor(), make_article()
    address = reverse("admin:articles_article_change", args=[article.pk])
    browser.force_login(editor)
    form = filled_in(browser.get(address), body="## Long work\n\nof an afternoon")
    browser.cookies.pop("sessionid")

    refused = browser.post(address, form)
    assert refused.status_code == 403
    assert "Your session has ended" in refused.text
    assert "of an afternoon" in refused.text

    login = filled_in(browser.get("/admin/login/"), username=editor.username, password=PASSWORD)
    assert browser.post("/admin/login/", login).status_code == 302
    once_more = browser.post(address, resend(refused), **OWN)
    assert once_more.status_code == 403
    assert "signed in again" in once_more.text
    assert browser.post(address, resend(once_more), **OWN).status_code == 302
    article.refresh_from_db()
    assert article.body.replace("\r", "") == "## Long work\n\nof an afternoon"


def test_a_form_from_another_site_is_not_offered_for_sending_again(db):
    browser, article = Client(enforce_csrf_checks=True), make_article()
    browser.force_login(make_editor())
    address = reverse("admin:articles_article_change", args=[article.pk])
    for headers in ({}, {"HTTP_ORIGIN": "https://attacker.example"}, {"HTTP_ORIGIN": "null"}):
        answer = browser.post(address, {"body": "Written by an attacker"}, **headers)
        assert answer.status_code == 403
        assert "Written by an attacker" not in answer.text


def test_kept_text_is_shown_and_never_executed(client, db):
    answer = client.post("/admin/articles/article/add/", {"body": "</textarea><script>alert(1)</script>\n"})
    assert answer.status_code == 403
    assert "<script>alert(1)" not in answer.text


def test_passwords_are_not_kept(client, db):
    answer = client.post("/admin/password_change/", {"old_password": "secret-one", "note": "kept"})
    assert "secret-one" not in answer.text
    assert "kept" in answer.text


@pytest.mark.parametrize("key", ['"\\000aaaaaaaaaaaaaa"', "x" * 5000, "'--", '"\\355\\240\\200aaaaaaaaaaa"'])
def test_a_made_up_session_is_no_session(client, db, key):
    client.cookies["sessionid"] = key
    client.cookies["sessionid"].set("sessionid", key, key)
    assert client.get("/admin/").status_code in (302, 400)
    assert client.post("/admin/articles/article/add/", {"body": "x"}).status_code in (400, 403)


def test_signing_in_and_out_stay_what_they_are(client, db):
    assert client.post("/admin/logout/", {"x": "1"}).status_code == 302
    assert client.post("/admin/login/", {"username": "nobody", "password": "x"}).status_code == 200
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("path", ["/admin/", "/admin/articles/article/", "/admin/articles/article/add/"])
def test_the_desk_is_never_cached(client, db, path):
    client.force_login(make_editor())
    assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize("chosen", ["abc", "\x00", "9" * 300])
def test_false_numbers_in_the_list_of_accounts_break_nothing(client, admin_user, chosen):
    client.force_login(admin_user)
    answer = client.post("/admin/auth/user/", {"action": "delete_selected", "_selected_action": chosen})
    assert answer.status_code < 500


def test_the_page_that_keeps_a_text_shows_the_shortest_and_is_itself_kept_nowhere(client, db):
    written = {"title": "Labels", "summary": "Brief.", "body": "lost?", "responsibilities-0-text": "One word"}
    answer = client.post(reverse("admin:articles_article_add"), written | {"topic": "7", "also": ""}, **OWN)
    assert answer.status_code == 403
    assert "no-store" in answer["Cache-Control"]
    shown = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)
    assert dict(shown) == written
    assert resend(answer).items() >= (written | {"topic": "7", "also": ""}).items()
