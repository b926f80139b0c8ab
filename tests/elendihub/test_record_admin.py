"""The record at the desk: what a publish would change, and an old text brought back."""

import pytest
from django.urls import reverse

from tests import factories, reading
from tests.forms import filled_in


@pytest.fixture
def editor(client, db):
    client.force_login(factories.make_editor())
    return client


@pytest.fixture
def article(db):
    """Live with its second text, of other shelves than its first."""
    article = factories.make_published_article(
        title="First", body="## A\n\nThe first text.", also=[factories.make_topic()]
    ).article
    article.title, article.body = "Second", "## A\n\nThe second text."
    article.category, article.topic = factories.make_category(), factories.make_topic()
    article.also.clear()
    article.save()
    article.publish(by=None, note="What changed.")
    return article


def address(document, name, *numbers):
    kind = f"{document._meta.app_label}_{document._meta.model_name}"
    return reverse(f"admin:{kind}_{name}", args=[document.pk, *numbers])


def test_the_form_leads_to_what_a_publish_would_change(editor, article):
    article.body = "## A\n\nThe third text."
    article.save()
    page = editor.get(address(article, "change"))
    link = reading.links(page)["Compare the working copy with what is live"]
    response = editor.get(link)
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert "Version 2 to the working copy" in reading.text(response)
    assert "third" in [each.text for each in reading.elements(response, "ins")]
    assert "1 passage changed" in reading.text(response)
    assert reading.links(response)["Back to the text at the desk"] == address(article, "change")
    public = editor.get(reverse("article_compare", args=[article.hub.slug, article.slug, 1, 2]))
    assert "Back to the text" not in reading.text(public)


def test_an_editor_compares_the_source_and_may_ask_for_what_readers_would_have(editor, article):
    article.body = "## A\n\nThe **third** text."
    article.save()
    written = editor.get(address(article, "compare"))
    assert "**third**" in "".join(each.text for each in reading.elements(written, "ins"))
    link = reading.links(written)["Compare as readers would have them"]
    shown = editor.get(link)
    assert [each.text for each in reading.elements(shown, "ins")] == ["inserted", "third"]
    back = editor.get(reading.links(shown)["Compare as written, in Markdown"])
    assert "**third**" in "".join(each.text for each in reading.elements(back, "ins"))
    assert editor.get(address(article, "compare") + "?as=x").status_code == 400


def test_a_working_copy_like_what_is_live_says_so(editor, article):
    assert "nothing is written differently" in reading.text(editor.get(address(article, "compare")))
    assert "nothing that readers see differs" in reading.text(editor.get(address(article, "compare") + "?as=shown"))


def test_visitors_and_editors_of_other_things_do_not_see_working_copies(client, article):
    assert client.get(address(article, "compare")).status_code == 302
    client.force_login(factories.make_member(factories.make_hub(), role="administrator"))
    for name, numbers in (("compare", ()), ("restore", (1,))):
        assert client.get(address(article, name, *numbers)).status_code == 404


def test_what_was_never_published_cannot_be_compared(editor, db):
    assert editor.get(address(factories.make_article(), "compare")).status_code == 404


def test_an_old_text_comes_back_with_its_shelves_and_readers_notice_nothing(editor, article):
    first = article.versions.get(number=1)
    page = editor.get(address(article, "restore", 1))
    assert "The text of version 1 takes the place of the working copy" in reading.text(page)
    response = editor.post(address(article, "restore", 1), filled_in(page), follow=True)
    assert "The working copy is the text of version 1 again" in reading.text(response)
    article.refresh_from_db()
    assert (article.title, article.body) == ("First", "## A\n\nThe first text.")
    assert article.category_id == first.category_id
    assert [article.topic.slug, *article.also.values_list("slug", flat=True)] == [each["slug"] for each in first.topics]
    assert article.versions.live().get().title == "Second"
    third = article.publish(by=None, note="What changed.")
    assert (third.number, third.body_html, third.topics) == (3, first.body_html, first.topics)


def test_nobody_overwrites_a_text_that_another_saved_meanwhile(editor, article):
    page = editor.get(address(article, "restore", 1))
    sent = filled_in(page)
    form = editor.get(address(article, "change"))
    editor.post(address(article, "change"), filled_in(form, title="Saved meanwhile"))
    refused = editor.post(address(article, "restore", 1), sent)
    assert "Somebody changed or published this after you opened the page" in reading.text(refused)
    article.refresh_from_db()
    assert article.title == "Saved meanwhile"
    edit_number = article.edit_number
    editor.post(address(article, "restore", 1), filled_in(refused))
    article.refresh_from_db()
    assert (article.title, article.edit_number) == ("First", edit_number + 1)


def test_a_hub_gets_its_lines_back(editor, db):
    hub = factories.make_published_hub(overview="The first.").hub
    hub.overview = "The second."
    hub.save()
    hub.facts.all().delete()
    hub.responsibilities.create(position=2, label="Labels", text="Reads them.")
    hub.publish(by=None, note="What changed.")
    assert "Removed" in reading.text(editor.get(reverse("hub_compare", args=[hub.slug, 1, 2])))
    editor.post(address(hub, "restore", 1), filled_in(editor.get(address(hub, "restore", 1))))
    hub.refresh_from_db()
    third = hub.publish(by=None, note="What changed.")
    first = hub.versions.get(number=1)
    assert (third.overview, third.facts, third.responsibilities) == (
        first.overview,
        first.facts,
        first.responsibilities,
    )
    assert "nothing that readers see differs" in reading.text(editor.get(address(hub, "compare") + "?as=shown"))


@pytest.mark.parametrize("number", ["9", "9" * 300, "0"])
def test_a_version_that_is_none_cannot_come_back(editor, article, number):
    response = editor.get(f"/admin/articles/article/{article.pk}/restore/{number}/")
    assert response.status_code in (400, 404)
