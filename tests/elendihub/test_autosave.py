"""Unsaved text is kept for whoever typed it: nobody else reads it, and nothing that is saved or public changes."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from elendihub.models import Autosave, Generation, Opening
from tests.factories import (
    make_article,
    make_category,
    make_editor,
    make_hub,
    make_member,
    make_published_article,
    make_published_hub,
    make_topic,
)
from tests.forms import filled_in
from tests.reading import elements

ADD = "/admin/articles/article/add/"
KEY = "0" * 31 + "1"
OTHER_KEY = "0" * 31 + "2"
FORM = {"edit_number": "1", "_form": KEY}


@pytest.fixture
def editor(client, db):
    client.editor = make_editor(username="kari")
    client.force_login(client.editor)
    return client


def change(document) -> str:
    return reverse(f"admin:{document._meta.app_label}_{document._meta.model_name}_change", args=[document.pk])


def autosave(document) -> str:
    return change(document).replace("/change/", "/autosave/")


def kept(client, document, **fields):
    """What the page's script sends after these changes."""
    answer = client.post(autosave(document), filled_in(client.get(change(document)), _form=KEY, **fields))
    assert answer.status_code == 200
    return answer


def offered(page) -> list[str]:
    return [offer.key for offer in page.context["autosave"].get("offers")]


def test_a_text_is_kept_with_its_time_and_the_document_stays_as_it_is(editor):
    article = make_published_article(body="Stored.").article
    before, generation = Article.objects.values().get(), Generation.objects.current()
    with time_machine.travel("2026-11-24T14:02:30Z", tick=False):
        assert kept(editor, article, body="Typed.").json() == {"kept_at": "14:02"}
    assert Article.objects.values().get() == before
    assert Generation.objects.current() == generation
    row = Autosave.objects.get()
    assert (row.user, row.model, row.object_id, row.edit_number) == (
        editor.editor,
        "articles.article",
        str(article.pk),
        1,
    )
    assert row.fields["body"] == ["Typed."]
    assert "csrfmiddlewaretoken" not in row.fields


def test_what_is_kept_is_offered_restored_and_saved(editor):
    article = make_article(title="Title", body="Stored.")
    kept(editor, article, body="Typed.")
    opened = editor.get(change(article))
    assert offered(opened) == [KEY]
    assert "Your unsaved text of" in opened.text
    restored = editor.post(change(article), {"_restore": KEY})
    assert "is in the form and not saved yet" in restored.text
    assert "Please correct the error" not in restored.text
    assert restored.context["adminform"].form["body"].value() == "Typed."
    article.refresh_from_db()
    assert article.body == "Stored."
    assert Autosave.objects.exists()
    assert editor.post(change(article), filled_in(restored, _form=KEY)).status_code == 302
    article.refresh_from_db()
    assert article.body == "Typed."
    assert not Autosave.objects.exists()


def test_a_restored_text_meets_what_somebody_else_saved_meanwhile(editor):
    article = make_article(body="Stored.")
    kept(editor, article, body="Mine.")
    other = Client()
    other.force_login(make_editor(username="ingrid"))
    other.post(change(article), filled_in(other.get(change(article)), body="Hers."))
    restored = editor.post(change(article), {"_restore": KEY})
    conflict = restored.context["conflict"]
    assert [(each.label, each.theirs, each.mine) for each in conflict.differences] == [("Body", "Hers.", "Mine.")]
    article.refresh_from_db()
    assert article.body == "Hers."
    editor.post(change(article), filled_in(restored, _form=KEY, overwrite=conflict.edit_number))
    article.refresh_from_db()
    assert article.body == "Mine."


def test_a_kept_text_is_discarded_for_good(editor):
    article = make_article(body="Stored.")
    kept(editor, article, body="Typed.")
    answer = editor.post(change(article), {"_discard": KEY}, follow=True)
    assert "discarded" in answer.text
    assert offered(answer) == []
    assert not Autosave.objects.exists()


def test_what_equals_the_stored_text_is_not_offered(editor):
    article = make_article(body="One.\n\nTwo.", also=[make_topic(), make_topic()])
    kept(editor, article, body="One.\r\n\r\nTwo.")
    assert offered(editor.get(change(article))) == []


def test_the_rows_of_a_hub_are_kept_and_restored(editor):
    hub = make_hub()
    row = {
        "responsibilities-1-label": "Trials",
        "responsibilities-1-text": "Assesses.",
        "responsibilities-1-position": 2,
    }
    kept(editor, hub, **row, **{"responsibilities-TOTAL_FORMS": 2, "facts-0-text": "1999"})
    assert not any("__prefix__" in name for name in Autosave.objects.get().fields)
    assert offered(editor.get(change(hub))) == [KEY]
    restored = editor.post(change(hub), {"_restore": KEY})
    assert hub.responsibilities.count() == 1
    assert editor.post(change(hub), filled_in(restored, _form=KEY)).status_code == 302
    assert [each.label for each in hub.responsibilities.all()] == ["Vigilance", "Trials"]
    assert hub.facts.get().text == "1999"


def test_a_text_that_was_never_saved_is_kept_and_becomes_a_document(editor):
    placed = {"hub": make_published_hub().hub.pk, "category": make_category().pk, "topic": make_topic().pk}
    page = editor.get(ADD)
    assert offered(page) == []
    fields = filled_in(page, _form=KEY, title="New", slug="new", summary="Short.", body="Typed.", **placed)
    assert editor.post(f"{ADD}autosave/", fields).status_code == 200
    assert Autosave.objects.get().object_id == ""
    assert offered(editor.get(ADD)) == [KEY]
    restored = editor.post(ADD, {"_restore": KEY})
    assert not Article.objects.exists()
    assert editor.post(ADD, filled_in(restored, _form=KEY)).status_code == 302
    assert Article.objects.get().body == "Typed."
    assert not Autosave.objects.exists()


def test_a_save_forgets_its_own_form_and_another_tab_keeps_its_text(editor):
    article = make_article(body="Stored.")
    kept(editor, article, body="First tab.")
    other = filled_in(editor.get(change(article)), _form=OTHER_KEY, body="Second tab.")
    editor.post(autosave(article), other)
    assert {row.fields["body"][0] for row in Autosave.objects.all()} == {"First tab.", "Second tab."}
    editor.post(change(article), filled_in(editor.get(change(article)), _form=KEY, body="First tab."))
    assert offered(editor.get(change(article))) == [OTHER_KEY]


def test_of_many_forms_left_unsaved_the_newest_five_are_kept(editor):
    article = make_article()
    form = filled_in(editor.get(change(article)))
    for number in range(8):
        editor.post(autosave(article), form | {"_form": f"{number:032}", "body": f"Text {number}."})
    assert sorted(row.fields["body"][0] for row in Autosave.objects.all()) == [f"Text {n}." for n in range(3, 8)]


def test_an_old_text_goes_when_the_next_is_kept(editor):
    old, new = make_article(), make_article()
    with time_machine.travel(timezone.now() - timedelta(days=31)):
        editor.force_login(editor.editor)
        kept(editor, old, body="Old.")
    editor.force_login(editor.editor)
    kept(editor, new, body="New.")
    assert [row.fields["body"] for row in Autosave.objects.all()] == [["New."]]


def test_keeping_asks_a_bounded_number_of_questions(editor, django_assert_max_num_queries):
    article = make_article()
    form = filled_in(editor.get(change(article)), _form=KEY, body="Typed.")
    with django_assert_max_num_queries(12):
        editor.post(autosave(article), form)


# Who may


def test_nobody_is_offered_or_given_another_s_text(editor):
    article = make_article()
    kept(editor, article, body="Secret thought.")
    other = Client()
    other.force_login(make_editor())
    assert offered(other.get(change(article))) == []
    for act in ("_restore", "_discard"):
        answer = other.post(change(article), {act: KEY}, follow=True)
        assert "Secret thought." not in answer.text
        assert "no longer kept" in answer.text
    assert offered(editor.get(change(article))) == [KEY]
    # The same form's key with another person is another row.
    kept(other, article, body="Another's.")
    assert Autosave.objects.count() == 2
    assert Autosave.objects.of(editor.editor, "articles.article", str(article.pk)).get().fields["body"] == [
        "Secret thought."
    ]


def test_a_text_kept_of_one_document_is_not_put_into_another(editor):
    one, two = make_article(), make_article()
    kept(editor, one, body="Of one.")
    assert "Of one." not in editor.post(change(two), {"_restore": KEY}, follow=True).text


@pytest.mark.parametrize("path", [ADD.replace("add/", "add/autosave/"), "/admin/articles/article/1/autosave/"])
def test_whoever_is_not_signed_in_gets_a_reason_and_nothing_is_kept(client, db, path):
    answer = client.post(path, FORM | {"body": "Typed."})
    assert answer.status_code == 403
    assert "session has ended" in answer.json()["error"]
    assert not Autosave.objects.exists()


@pytest.mark.parametrize(("is_of_this_hub", "role", "status"), [(True, "approver", 403), (False, "author", 404)])
def test_whoever_may_not_change_the_text_keeps_nothing_of_it(client, db, is_of_this_hub, role, status):
    article = make_article()
    client.force_login(make_member(article.hub if is_of_this_hub else make_hub(), role=role))
    answer = client.post(autosave(article), FORM | {"body": "Typed."})
    assert answer.status_code == status
    assert answer.json()["error"]
    assert not Autosave.objects.exists()


def test_an_author_keeps_texts_of_their_hub_and_restores_them(client, db):
    article = make_article(body="Stored.")
    client.force_login(make_member(article.hub))
    kept(client, article, body="Typed.")
    assert client.post(change(article), {"_restore": KEY}).context["adminform"].form["body"].value() == "Typed."


def test_whoever_approves_keeps_no_new_text(client, db):
    client.force_login(make_member(make_hub(), role="approver"))
    assert client.post(f"{ADD}autosave/", FORM | {"body": "Typed."}).status_code == 403
    assert not Autosave.objects.exists()


def test_a_request_from_another_site_keeps_nothing(db):
    browser, article = Client(enforce_csrf_checks=True), make_article()
    browser.force_login(make_editor())
    assert browser.post(autosave(article), FORM | {"body": "Typed."}).status_code == 403
    assert not Autosave.objects.exists()


def test_a_form_that_is_only_read_has_nothing_to_keep(client, db):
    article = make_article()
    client.force_login(make_member(article.hub, role="approver"))
    page = client.get(change(article))
    assert page.status_code == 200
    assert elements(page, "p", class_="autosave") == []


def test_the_page_says_where_and_how_often_to_send(editor):
    article = make_article()
    (line,) = elements(editor.get(change(article)), "p", class_="autosave")
    assert line.attributes["data-address"] == autosave(article)
    assert line.attributes["data-seconds"] == "15"
    (line,) = elements(editor.get(ADD), "p", class_="autosave")
    assert line.attributes["data-address"] == f"{ADD}autosave/"


# Bad input


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"body": "x"},
        FORM,
        FORM | {"unknown": "x"},
        FORM | {"body": "x", "_form": ""},
        FORM | {"body": "x", "_form": "é" * 32},
        FORM | {"body": "x", "_form": "\x00" * 32},
        FORM | {"body": "x", "edit_number": "-1"},
        FORM | {"body": "x", "edit_number": "9" * 300},
        FORM | {"body": "x", "edit_number": "one"},
        FORM | {"body": "a\x00b"},
        FORM | {"body": ["x", "\x00"]},
        FORM | {f"unknown-{number}": "x" for number in range(900)},
    ],
)
def test_what_is_not_the_form_is_refused_with_a_reason(editor, fields):
    answer = editor.post(autosave(make_article()), fields)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Autosave.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"_form=" + KEY.encode() + b"&edit_number=1&body=%00", "application/x-www-form-urlencoded"),
        (b'{"body": "x"}', "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"&".join(b"k%d=v" % number for number in range(1500)), "application/x-www-form-urlencoded"),
        (b"body=" + b"x" * 2_600_000, "application/x-www-form-urlencoded"),
    ],
)
def test_bytes_that_are_no_form_break_nothing(editor, body, kind):
    answer = editor.post(autosave(make_article()), body, content_type=kind)
    assert 400 <= answer.status_code < 500
    assert not Autosave.objects.exists()


def test_half_a_character_is_never_stored(editor):
    article = make_article()
    body = b"_form=" + KEY.encode() + b"&edit_number=1&body=%ED%A0%80x"
    assert editor.post(autosave(article), body, content_type="application/x-www-form-urlencoded").status_code < 500
    for row in Autosave.objects.all():
        row.fields["body"][0].encode()


@pytest.mark.parametrize("number", ["0", "-1", "9" * 300, "x", "1_2E", "None"])
def test_an_article_that_does_not_exist_keeps_nothing(editor, number):
    answer = editor.post(f"/admin/articles/article/{number}/autosave/", FORM | {"body": "x"})
    assert answer.status_code in (400, 404)
    assert not Autosave.objects.exists()


@pytest.mark.parametrize("value", ["", "x", "\x00", "9" * 5000, "' OR 1=1"])
@pytest.mark.parametrize("act", ["_restore", "_discard"])
def test_a_made_up_key_restores_nothing(editor, act, value):
    article = make_article(body="Stored.")
    assert editor.post(change(article), {act: value}).status_code == 302
    article.refresh_from_db()
    assert article.body == "Stored."


def test_a_text_too_long_to_be_saved_is_kept_all_the_same(editor):
    article = make_article()
    kept(editor, article, body="å" * 200_500)
    restored = editor.post(change(article), {"_restore": KEY})
    assert "at most 200000 characters" in restored.text


def test_keeping_is_asked_for_by_post(editor):
    assert editor.get(autosave(make_article())).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_one_form_that_is_sent_five_times_at_once_is_kept_once():
    article, person = make_article(), make_editor()
    browsers = [Client() for _ in range(5)]
    for browser in browsers:
        browser.force_login(person)
    gate, answers = Barrier(5), []

    def send(number: int) -> None:
        gate.wait()
        answer = browsers[number].post(autosave(article), FORM | {"body": f"Text {number}."})
        answers.append(answer.status_code)
        connection.close()

    threads = [Thread(target=send, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 5
    assert Autosave.objects.count() == 1


def test_writing_on_counts_as_having_it_open(editor):
    article = make_article()
    start = timezone.now()
    editor.get(change(article))
    with time_machine.travel(start + timedelta(minutes=40), tick=False):
        editor.post(autosave(article), FORM | {"body": "Typed."})
    seen = Opening.objects.get()
    assert seen.seen_at - seen.opened_at > timedelta(minutes=39)
