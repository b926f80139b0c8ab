"""What editors tell each other about a working copy never leaves the desk."""

from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from articles.models import Article, ArticleComment
from elendihub import preview
from elendihub.models import Generation
from regulators.models import HubComment
from tests.factories import make_article, make_editor, make_hub, make_member, make_published_article, publish
from tests.forms import filled_in

MARK = "Quite-unlike-anything-public"


@pytest.fixture
def editor(client, db):
    client.editor = make_editor(username="kari")
    client.force_login(client.editor)
    return client


def page_of(document, name: str) -> str:
    return reverse(f"admin:{document._meta.app_label}_{document._meta.model_name}_{name}", args=[document.pk])


def resolution(comment) -> str:
    return f"{page_of(comment.document, 'comments')}{comment.pk}/resolve/"


def comment(client, document, **fields) -> Any:
    return client.post(page_of(document, "comments"), {"about": "", "text": MARK} | fields)


def listed(client, models: str) -> dict[str, int]:
    rows = client.get(f"/admin/{models}/").context["cl"].result_list
    return {row.title: row.open_comments for row in rows}


@pytest.mark.parametrize("make", [make_article, make_hub])
def test_a_comment_stands_under_the_text_with_its_line_until_it_is_resolved(editor, make):
    document = make()
    answer = comment(editor, document, about="Report within 15 days.", text="Ten, says Article 87.\nCheck?")
    assert answer["Location"] == f"{page_of(document, 'change')}#comments"
    page = editor.get(page_of(document, "change"))
    assert "Report within 15 days." in page.text
    assert "Ten, says Article 87.<br>Check?" in page.text
    written = document.comments.get()
    assert (written.written_by.username, written.resolved_at) == ("kari", None)

    other = Client()
    other.force_login(make_editor(username="ola"))
    other.post(resolution(written))
    assert "Resolved by ola" in editor.get(page_of(document, "change")).text
    editor.post(resolution(written))
    written.refresh_from_db()
    assert written.resolved_by.username == "ola"


def test_commenting_changes_neither_the_text_nor_the_generation(editor):
    article = make_published_article().article
    before, generation = Article.objects.values().get(), Generation.objects.current()
    comment(editor, article)
    editor.post(resolution(article.comments.get()))
    assert Article.objects.values().get() == before
    assert Generation.objects.current() == generation


def test_a_text_without_comments_says_so(editor):
    article = make_article()
    for name in ("change", "comments"):
        assert "No comments yet" in editor.get(page_of(article, name)).text


def test_open_comments_are_counted_in_the_lists_and_told_before_publishing(editor):
    article, quiet = make_published_article(title="Loud").article, make_article(title="Quiet")
    for _ in range(3):
        comment(editor, article)
    editor.post(resolution(article.comments.first()))
    assert listed(editor, "articles/article") == {"Loud": 2, "Quiet": 0}
    assert "2 comments are open." in editor.get(page_of(article, "publish")).context["notices"]
    assert editor.get(page_of(quiet, "publish")).context["notices"] == []
    comment(editor, article.hub)
    assert [
        row.open_comments
        for row in editor.get("/admin/regulators/hub/?q=" + article.hub.slug).context["cl"].result_list
    ] == [1]
    assert "1 comment is open." in editor.get(page_of(article.hub, "publish")).context["notices"]


def test_open_comments_never_stop_a_publish(editor):
    article = make_article()
    comment(editor, article)
    form = filled_in(editor.get(page_of(article, "publish")), note="New.")
    assert editor.post(page_of(article, "publish"), form).status_code == 302
    assert article.versions.count() == 1


# Who may


def test_whoever_approves_and_changes_nothing_may_comment_and_resolve(db):
    article, approver = make_article(), Client()
    approver.force_login(make_member(article.hub, role="approver"))
    page = approver.get(page_of(article, "change"))
    assert page.status_code == 200
    assert 'name="_save"' not in page.text
    assert "Add the comment" in page.text
    assert comment(approver, article).status_code == 302
    assert MARK in approver.get(page_of(article, "change")).text
    assert approver.post(resolution(article.comments.get())).status_code == 302
    assert article.comments.get().resolved_at


@pytest.mark.parametrize("role", ["author", "approver", "hub_editor", "administrator"])
def test_whoever_works_on_another_hub_neither_reads_nor_writes_comments(editor, role):
    article, other = make_article(), Client()
    comment(editor, article)
    other.force_login(make_member(make_hub(), role=role))
    assert MARK not in other.get(page_of(article, "change"), follow=True).text
    for answer in (
        other.get(page_of(article, "comments")),
        comment(other, article),
        other.post(resolution(article.comments.get())),
    ):
        assert answer.status_code == 404
        assert MARK not in answer.text
    assert article.comments.get().resolved_at is None


def test_who_works_at_the_desk_without_a_role_reads_no_comments(editor):
    article, other = make_article(), Client()
    comment(editor, article)
    other.force_login(make_editor("legislation.view_instrument"))
    assert other.get(page_of(article, "comments")).status_code in (403, 404)


def test_a_stranger_is_asked_to_sign_in_and_keeps_the_comment(client, db):
    article = make_article()
    assert client.get(page_of(article, "comments")).status_code == 302
    answer = comment(client, article)
    assert answer.status_code == 403
    assert MARK in answer.text
    assert not ArticleComment.objects.exists()


def test_a_comment_is_resolved_only_from_its_own_text(editor):
    one, two = make_article(), make_article()
    comment(editor, one)
    number = one.comments.get().pk
    editor.post(f"{page_of(two, 'comments')}{number}/resolve/")
    assert one.comments.get().resolved_at is None


def test_reading_an_address_resolves_nothing(editor):
    article = make_article()
    comment(editor, article)
    assert editor.get(resolution(article.comments.get())).status_code == 302
    assert article.comments.get().resolved_at is None


# Bad input


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": ""}, "Write what you want to say"),
        ({"text": " \n "}, "Write what you want to say"),
        ({"text": "x" * 2001}, "at most 2000 characters"),
        ({"text": "a\x00b"}, "Null characters"),
        ({"about": "x" * 501}, "at most 500 characters"),
        ({"about": "\x00"}, "Null characters"),
    ],
)
def test_a_refused_comment_comes_back_with_its_reason(editor, fields, says):
    article = make_article()
    answer = comment(editor, article, **{"about": "Kept line."} | fields)
    assert answer.status_code == 200
    assert says in answer.text
    assert "Kept line." in answer.text or "about" in fields
    assert not ArticleComment.objects.exists()


@pytest.mark.parametrize("number", ["0", "-1", "9" * 300, "x", "None"])
def test_comments_on_nothing_break_nothing(editor, number):
    for path in (f"{number}/comments/", f"{number}/comments/1/resolve/"):
        assert editor.get(f"/admin/articles/article/{path}").status_code in (400, 404)
        assert editor.post(f"/admin/articles/article/{path}", {"text": "x"}).status_code in (400, 404)


def test_a_number_that_no_column_holds_resolves_nothing(editor):
    article = make_article()
    assert editor.post(f"{page_of(article, 'comments')}{'9' * 300}/resolve/").status_code < 500


def test_a_comment_is_shown_and_never_executed(editor):
    article = make_article()
    comment(editor, article, about="<img src=x onerror=alert(1)>", text="<script>alert(1)</script>")
    page = editor.get(page_of(article, "change")).text
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page


def test_the_database_refuses_a_resolution_without_a_moment(editor):
    comment(editor, make_article())
    with pytest.raises(IntegrityError):
        ArticleComment.objects.update(resolved_by=editor.editor)


# Never public


def test_no_reader_ever_meets_a_comment(editor, tmp_path):
    version = make_published_article(body="## In short\n\nText.")
    article, hub = version.article, version.article.hub
    for document in (article, hub):
        comment(editor, document, about=MARK)
        publish(document, kind="minor")
    visitor = Client()
    paths = ["/", "/sitemap.xml", f"/feeds/hubs/{hub.slug}.atom", "/law/", "/glossary/", "/deadlines/"]
    for document in (article, hub):
        address = document.get_absolute_url()
        paths += [address, preview.link(document).removeprefix(settings.SITE_URL)]
        assert MARK not in editor.get(preview.address(document)).text
        for each in document.versions.all():
            assert MARK not in each.canonical().decode()
    for path in paths:
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        assert MARK not in answer.text, path
    call_command("export_content", str(tmp_path / "out"), verbosity=0, stdout=StringIO())
    written = [path.read_text() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert written
    assert not any(MARK in text for text in written)


def test_comments_go_with_a_draft_that_is_deleted_and_stay_when_a_person_goes(editor):
    article, hub = make_article(), make_hub()
    comment(editor, article)
    comment(editor, hub)
    editor.editor.delete()
    written = article.comments.get()
    assert written.written_by is None
    article.delete()
    assert not ArticleComment.objects.exists()
    assert HubComment.objects.count() == 1
