"""Writing at the desk when something breaks: what was typed comes back, and others are seen."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from articles.models import Article
from elendihub import autosave
from elendihub.models import Autosave
from tests.browser.test_desk import assert_accessible, console, desk, open_article, sign_in, site
from tests.factories import make_article, make_editor, make_hub, make_published_article

__all__ = ["console", "desk"]

KEPT = re.compile(r"^Kept at \d\d:\d\d \(UTC\)$")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(autosave, "SECONDS", 1)


def status(page: Page):
    return page.locator(".autosave")


def another(page: Page, address: str) -> Page:
    """The same person in a browser that was started anew."""
    browser = page.context.browser
    assert browser is not None
    fresh = browser.new_context().new_page()
    fresh.goto(f"{site(page)}/admin/")
    sign_in(fresh)
    expect(fresh.get_by_role("link", name="View site")).to_be_visible()
    fresh.goto(address)
    return fresh


def test_a_killed_browser_loses_nothing_that_was_kept(desk, console):
    article = make_article(body="Stored.")
    open_article(desk, article)
    desk.locator("#id_body").press_sequentially(" An afternoon's work.")
    expect(status(desk)).to_have_text(KEPT)
    assert status(desk).get_attribute("aria-live") == "polite"
    assert console == []
    fresh = another(desk, desk.url)
    desk.context.close()

    expect(fresh.get_by_text("Your unsaved text of")).to_be_visible()
    fresh.get_by_role("button", name="Restore").click()
    expect(fresh.locator("#id_body")).to_have_value(re.compile("An afternoon's work."))
    expect(fresh.get_by_text("is in the form and not saved yet")).to_be_visible()
    article.refresh_from_db()
    assert article.body == "Stored."
    fresh.get_by_role("button", name="Save", exact=True).click()
    fresh.wait_for_url("**/article/")
    article.refresh_from_db()
    assert "An afternoon's work." in article.body
    assert not Autosave.objects.exists()
    fresh.context.close()


def test_a_page_that_is_closed_at_once_sends_what_it_has(desk, monkeypatch):
    monkeypatch.setattr(autosave, "SECONDS", 3600)
    open_article(desk, make_article(body="Stored."))
    desk.locator("#id_body").fill("Typed and gone.")
    desk.close()
    for _ in range(50):
        if Autosave.objects.exists():
            break
        desk.context.pages or desk.context.new_page()
        desk.context.pages[0].wait_for_timeout(100)
    assert Autosave.objects.get().fields["body"] == ["Typed and gone."]


def test_rows_and_choices_are_kept_too(desk):
    hub = make_hub()
    desk.goto(f"{site(desk)}/admin/regulators/hub/{hub.pk}/change/")
    expect(status(desk)).to_have_text("")
    desk.locator("#facts-group .add-row a").click()
    desk.locator("#id_facts-1-label").fill("Staff")
    desk.locator("#id_facts-1-text").fill("300")
    desk.locator("#id_facts-1-position").fill("2")
    expect(status(desk)).to_have_text(KEPT)
    desk.get_by_role("button", name="Save and continue editing").click()
    expect(desk.locator("#id_facts-1-label")).to_have_value("Staff")
    assert not Autosave.objects.exists()


def test_a_new_text_is_kept_before_its_first_save(desk):
    desk.goto(f"{site(desk)}/admin/articles/article/add/")
    desk.get_by_label("Title").fill("Vigilance")
    expect(status(desk)).to_have_text(KEPT)
    fresh = another(desk, desk.url)
    fresh.get_by_role("button", name="Restore").click()
    expect(fresh.get_by_label("Title")).to_have_value("Vigilance")
    fresh.context.close()


def test_an_untouched_form_sends_nothing(desk):
    open_article(desk, make_article())
    desk.wait_for_timeout(2500)
    assert not Autosave.objects.exists()


def test_a_silent_server_is_told_and_asked_again_until_it_answers(desk):
    open_article(desk, make_article())
    desk.route("**/autosave/", lambda route: route.abort())
    desk.locator("#id_body").fill("Typed.")
    expect(status(desk)).to_have_text("Not kept: the server cannot be reached; your text is still in this page")
    desk.unroute("**/autosave/")
    desk.route("**/autosave/", lambda route: route.fulfill(status=502, body="<h1>Broken</h1>"))
    desk.locator("#id_body").fill("Typed more.")
    expect(status(desk)).to_contain_text("the server cannot be reached")
    desk.unroute("**/autosave/")
    expect(status(desk)).to_have_text(KEPT)
    assert Autosave.objects.get().fields["body"] == ["Typed more."]


def test_an_ended_session_is_told_and_the_next_one_goes_on_keeping(desk):
    open_article(desk, make_article())
    Session.objects.all().delete()
    desk.locator("#id_body").fill("Typed.")
    expect(status(desk)).to_contain_text("Not kept: Your session has ended.")
    expect(desk.locator("#id_body")).to_have_value("Typed.")
    second = desk.context.new_page()
    second.goto(f"{site(desk)}/admin/")
    sign_in(second)
    expect(second.get_by_role("link", name="View site")).to_be_visible()
    expect(status(desk)).to_have_text(KEPT)


def test_a_restored_text_is_not_left_without_a_question(desk):
    article = make_article(body="Stored.")
    open_article(desk, article)
    desk.locator("#id_body").fill("Typed.")
    expect(status(desk)).to_have_text(KEPT)
    fresh = another(desk, desk.url)
    fresh.get_by_role("button", name="Restore").click()
    asked = []
    fresh.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    fresh.locator("#id_title").click()
    fresh.get_by_role("link", name="Home").click(no_wait_after=True)
    fresh.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    fresh.context.close()


def test_a_restored_text_meets_what_another_saved_and_wins_only_when_told_to(desk, console):
    article = make_article(body="Stored.")
    open_article(desk, article)
    desk.locator("#id_body").fill("Mine.")
    expect(status(desk)).to_have_text(KEPT)
    fresh = another(desk, desk.url)
    Article.objects.update(body="Hers.", edit_number=2)
    fresh.get_by_role("button", name="Restore").click()
    expect(fresh.get_by_text("Hers.", exact=True)).to_be_visible()
    fresh.get_by_role("button", name="Save mine over it").click()
    fresh.wait_for_url("**/article/")
    assert Article.objects.get().body == "Mine."
    fresh.context.close()


def test_comments_are_written_and_resolved_under_the_text_without_a_mouse(desk):
    article = make_published_article().article
    open_article(desk, article)
    desk.get_by_label("About the line").fill("Text number")
    desk.get_by_label("Comment:", exact=True).fill("Which one?")
    desk.get_by_role("button", name="Add the comment").press("Enter")
    expect(desk.locator(".comment")).to_contain_text("Which one?")
    desk.get_by_role("button", name="Resolve the comment of editor").press("Enter")
    expect(desk.locator(".comment")).to_contain_text("Resolved by editor")


def test_a_comment_half_written_is_not_lost_by_saving_the_text(desk):
    open_article(desk, make_article())
    desk.get_by_label("Comment:", exact=True).press_sequentially("Which")
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.get_by_role("button", name="Save", exact=True).click(no_wait_after=True)
    desk.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    desk.locator("#id_body").fill("Typed on.")
    expect(status(desk)).to_have_text(KEPT)


def test_notices_and_comments_are_accessible_and_the_console_silent(desk, console):
    article = make_published_article().article
    open_article(desk, article)
    desk.locator("#id_body").fill("Typed.")
    expect(status(desk)).to_have_text(KEPT)
    assert_accessible(desk, console, "kept")
    ola = make_editor(username="ola")
    for _ in range(2):
        article.comments.create(text="Which one?", about="Text number", written_by=ola)
    article.comments.filter(pk=article.comments.last().pk).resolve(ola)
    desk.get_by_role("button", name="Save and continue editing").click()
    desk.locator("#id_body").fill("Typed again.")
    expect(status(desk)).to_have_text(KEPT)
    fresh = another(desk, desk.url)
    expect(fresh.get_by_role("button", name="Restore")).to_be_visible()
    assert_accessible(fresh, console, "offered")
    fresh.get_by_role("button", name="Restore").click()
    assert_accessible(fresh, console, "restored")
    fresh.goto(f"{site(desk)}/admin/articles/article/{article.pk}/comments/")
    assert_accessible(fresh, console, "comments")
    fresh.context.close()
