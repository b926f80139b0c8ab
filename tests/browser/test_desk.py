"""The desk as editors meet it: in a browser, with keyboard and pictures, in light and dark, wide and narrow."""

import io
import re
from typing import Literal
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from articles.models import Article
from tests.browser.axe import AA, violations
from tests.factories import (
    PASSWORD,
    make_article,
    make_category,
    make_editor,
    make_mdr,
    make_published_article,
    make_published_hub,
    make_topic,
)

WIDTHS: dict[Literal["light", "dark"], int] = {"light": 390, "dark": 1440}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def console(page: Page) -> list[str]:
    """What the browser complains about, blocked styles and scripts included."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def desk(page: Page, live_server, console) -> Page:
    """A browser signed in with every right."""
    make_editor(username="editor", is_superuser=True)
    page.goto(f"{live_server.url}/admin/")
    sign_in(page)
    return page


def sign_in(page: Page) -> None:
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def site(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.scheme}://{parts.netloc}"


def open_article(page: Page, article: Article) -> None:
    page.goto(site(page) + reverse("admin:articles_article_change", args=[article.pk]))


def picture(format: str = "PNG") -> dict[str, str | bytes]:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "navy").save(out, format)
    return {"name": f"map.{format.lower()}", "mimeType": f"image/{format.lower()}", "buffer": out.getvalue()}


def assert_accessible(page: Page, console: list[str], where: str) -> None:
    """In light on a narrow window, in dark on a wide one."""
    page.wait_for_load_state("networkidle")
    for scheme, width in WIDTHS.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page, AA) == [], (where, scheme, width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (where, width)
    assert console == [], where


def tour(page: Page, console: list[str], addresses: list[str]) -> None:
    start = site(page)
    for address in addresses:
        answer = page.goto(start + address)
        assert answer is not None, address
        assert answer.status == 200, address
        assert_accessible(page, console, address)


def test_every_editing_page_is_accessible_and_its_console_silent(desk, console):
    article = make_published_article().article
    base, hubs = f"/admin/articles/article/{article.pk}", "/admin/regulators/hub"
    steps = [f"{base}/{name}/" for name in ("change", "publish", "schedule", "withdraw")]
    addresses = ["/admin/", "/admin/articles/article/add/", *steps, f"{hubs}/{article.hub_id}/change/"]
    tour(desk, console, addresses)


def test_every_other_page_of_the_desk_is_accessible_and_its_console_silent(desk, console):
    article, topic, person = make_published_article().article, make_topic(), make_editor()
    hub = article.hub
    addresses = ["/admin/password_change/", "/admin/articles/", "/admin/articles/article/?state=live&q=a"]
    for model in (hub, article.category, topic, hub.regulator, hub.jurisdiction):
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        addresses += [base, f"{base}add/", f"{base}{model.pk}/change/"]
    addresses += ["/admin/articles/article/", f"/admin/articles/article/{article.pk}/history/"]
    addresses += [f"/admin/articles/topic/{topic.pk}/delete/", "/admin/auth/user/", "/admin/auth/user/add/"]
    addresses += [f"/admin/auth/user/{person.pk}/change/", "/admin/auth/group/", "/admin/auth/group/add/"]
    tour(desk, console, addresses)


def test_the_sign_in_page_is_accessible(page, live_server, console):
    page.goto(f"{live_server.url}/admin/")
    assert_accessible(page, console, "login")


def test_pages_that_say_what_went_wrong_are_accessible(desk, console):
    article = make_article(body="Before.")
    open_article(desk, article)
    desk.get_by_label("Title").fill("")
    desk.get_by_label("Body", exact=False).first.fill("# Wrong")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("Begin headings at ##: the title")).to_be_visible()
    assert_accessible(desk, console, "errors")
    open_article(desk, article)
    Article.objects.update(body="Hers.", edit_number=2)
    desk.locator("#id_body").fill("Mine.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("Hers.", exact=True)).to_be_visible()
    assert_accessible(desk, console, "conflict")
    desk.get_by_role("button", name="Save mine over it").click()
    desk.wait_for_url("**/article/")
    assert Article.objects.get().body == "Mine."


def test_the_preview_follows_the_text_beside_it(desk, console):
    desk.set_viewport_size({"width": 1440, "height": 900})
    open_article(desk, make_article(body="## First\n\nText."))
    preview = desk.get_by_role("region", name="Preview", exact=True)
    expect(preview.get_by_role("heading", name="First")).to_be_visible()
    text = desk.locator("#id_body")
    text.fill("## Second\n\n| A | B |\n| - | - |\n| 1 | 2 |\n")
    expect(preview.get_by_role("heading", name="Second")).to_be_visible()
    expect(preview.get_by_role("table")).to_be_visible()
    left, right = text.bounding_box(), preview.bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    assert abs(left["y"] - right["y"]) < 5
    desk.set_viewport_size({"width": 390, "height": 900})
    assert text.bounding_box()["y"] < preview.bounding_box()["y"]
    assert console == []


def test_the_citations_of_a_text_are_listed_beside_it_while_it_is_written(desk, console):
    make_mdr()
    open_article(desk, make_article(body="See MDR Article 5."))
    cited = desk.get_by_role("region", name="Citations", exact=True)
    expect(cited).to_contain_text("1 citation.")
    desk.locator("#id_body").fill("See MDR Article 5.\n\nMDR Article 220.\n\nRegulation (EU) 2019/4321.")
    expect(cited).to_contain_text("3 citations, 1 does not exist, 1 leads nowhere.")
    expect(cited.get_by_role("listitem")).to_have_text(
        [
            re.compile(r"✕ Does not exist\s+line 3"),
            re.compile(r"\? Leads nowhere\s+line 5"),
            re.compile(r"✓ Resolved\s+line 1"),
        ]
    )
    expect(cited.get_by_role("link", name="MDR Article 5")).to_have_attribute("target", "_blank")
    assert cited.locator("[aria-live=polite]").count() == 1
    expect(desk.get_by_role("region", name="Preview", exact=True)).not_to_contain_text("does not exist")
    assert_accessible(desk, console, "citations")
    desk.locator("#id_body").fill("No law.")
    expect(cited).to_contain_text("No citation of the law found in this text.")
    expect(cited.get_by_role("listitem")).to_have_count(0)
    Session.objects.all().delete()
    desk.locator("#id_body").fill("MDR Article 5.")
    expect(desk.get_by_role("status")).to_contain_text("Your session has ended")
    expect(cited).to_contain_text("No citation of the law found in this text.")


def test_a_reference_that_leads_nowhere_is_settled_before_publishing(desk, console):
    article = make_article(body="See Article 22.")
    desk.goto(site(desk) + reverse("admin:articles_article_publish", args=[article.pk]))
    assert_accessible(desk, console, "unsettled")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Name the act in the text, or tick this")).to_be_visible()
    assert_accessible(desk, console, "unsettled, refused")
    desk.get_by_label("I have read these").check()
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_text("Version 1 is live.")).to_be_visible()


def test_a_heading_in_the_text_never_meets_the_ids_of_the_page(desk):
    open_article(desk, make_article(body="## Content\n\n[^1] and [a link](https://example.org)\n\n[^1]: Note."))
    preview = desk.get_by_role("region", name="Preview", exact=True)
    expect(preview.get_by_role("heading", name="Content")).to_be_visible()
    ids = desk.evaluate("[...document.querySelectorAll('[id]')].map((element) => element.id)")
    assert len(ids) == len(set(ids))
    expect(preview.get_by_role("link", name="a link")).to_have_attribute("target", "_blank")


def test_tab_leaves_the_text_both_ways_and_undo_works(desk):
    open_article(desk, make_article(body="Text."))
    text = desk.locator("#id_body")
    text.focus()
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.id") == "id_body_picture"
    text.focus()
    desk.keyboard.press("Shift+Tab")
    assert desk.evaluate("document.activeElement.id") == "id_summary"
    text.focus()
    desk.keyboard.press("Control+End")
    desk.keyboard.type(" More.")
    desk.keyboard.press("Control+z")
    assert "More." not in text.input_value()
    assert text.input_value().startswith("Text")


def test_a_picture_is_put_in_by_button_and_taken_out_by_undo(desk, own_media):
    open_article(desk, make_article(body="Text."))
    text = desk.locator("#id_body")
    desk.get_by_label("Insert a picture").set_input_files(picture())
    expect(text).to_have_value(re.compile(r"!\[describe this image\]\(/media/images/[0-9a-f]{32}-80x60\.webp\)"))
    expect(desk.get_by_role("region", name="Preview", exact=True).get_by_role("img")).to_be_visible()
    assert len(list(own_media.rglob("*.webp"))) == 1
    text.focus()
    desk.keyboard.press("Control+z")
    expect(text).to_have_value("Text.")


def test_a_refused_picture_leaves_the_text_alone_and_says_why(desk):
    open_article(desk, make_article(body="Text."))
    for name, kind, data in (("a.pdf", "application/pdf", b"%PDF"), ("a.png", "image/png", b"\x89PNG\r\n\x1a\n")):
        desk.get_by_label("Insert a picture").set_input_files({"name": name, "mimeType": kind, "buffer": data})
        expect(desk.get_by_role("status")).to_contain_text("This is not a whole PNG")
        expect(desk.locator("#id_body")).to_have_value("Text.")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<style>body{display:none}</style><h1>Sign in</h1>"),
        (403, "<h1>No</h1>"),
        (500, "<h1>Broken</h1>"),
        (502, ""),
    ],
)
def test_a_page_from_elsewhere_never_gets_into_the_form(desk, status, body):
    open_article(desk, make_article(body="## Shown\n\nText."))
    preview = desk.get_by_role("region", name="Preview", exact=True)
    expect(preview.get_by_role("heading", name="Shown")).to_be_visible()
    desk.route("**/admin/markdown/**", lambda route: route.fulfill(status=status, body=body, content_type="text/html"))
    desk.locator("#id_body").fill("Changed.")
    expect(desk.get_by_role("status")).to_contain_text("still in this form")
    expect(preview.get_by_role("heading", name="Shown")).to_be_visible()
    desk.get_by_label("Insert a picture").set_input_files(picture())
    expect(desk.get_by_role("status")).to_contain_text("still in this form")
    expect(desk.locator("#id_body")).to_have_value("Changed.")


def test_an_ended_session_is_told_while_writing_and_saving_loses_nothing(desk, console):
    article = make_article(body="Before.")
    open_article(desk, article)
    Session.objects.all().delete()
    desk.locator("#id_body").fill("An afternoon's work.\n\nSecond paragraph.")
    expect(desk.get_by_role("status")).to_contain_text("Your session has ended")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_label("Body")).to_have_value("An afternoon's work.\n\nSecond paragraph.")
    console.clear()
    assert_accessible(desk, console, "session ended")
    with desk.context.expect_page() as opened:
        desk.get_by_role("link", name="Sign in in another tab").click()
    sign_in(opened.value)
    expect(opened.value.get_by_role("link", name="View site")).to_be_visible()
    desk.get_by_role("button", name="Send it again").click()
    desk.wait_for_url("**/articles/article/")
    article.refresh_from_db()
    assert article.body == "An afternoon's work.\n\nSecond paragraph."


def test_no_row_of_the_form_cuts_off_the_ring_of_the_focus(desk):
    desk.set_viewport_size({"width": 390, "height": 800})
    open_article(desk, make_article(body="Text."))
    room = "row => getComputedStyle(row).overflowX + ' ' + getComputedStyle(row).overflowClipMargin"
    assert {row.evaluate(room) for row in desk.locator(".form-row").all()} == {"clip 8px"}


def test_leaving_an_unsaved_text_asks_first(desk):
    open_article(desk, make_article(body="Text."))
    desk.locator("#id_body").press_sequentially("More. ")
    asked = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.get_by_role("link", name="Home").click(no_wait_after=True)
    desk.wait_for_timeout(300)
    assert asked == ["beforeunload"]


def test_an_editor_writes_schedules_and_withdraws_without_a_mouse(desk, console):
    hub = make_published_hub(title="Norway hub").hub
    category, topic = make_category(name="Rules"), make_topic(name="Vigilance")
    make_mdr()
    desk.goto(f"{site(desk)}/admin/articles/article/add/")
    desk.get_by_label("Title").fill("Reporting incidents")
    desk.get_by_label("Title").press("Tab")
    expect(desk.get_by_label("Slug")).to_have_value("reporting-incidents")
    desk.get_by_label("Summary").fill("Who reports what, and when.")
    desk.locator("#id_body").fill("## In short\n\nReport within 15 days (MDR Article 87).")
    for label, row in (("Hub", hub.title), ("Category", category.name), ("Main topic", topic.name)):
        desk.get_by_role("combobox", name=label).focus()
        desk.keyboard.press("Enter")
        desk.get_by_role("searchbox", name=label).fill(row)
        expect(desk.get_by_role("option", name=row)).to_be_visible()
        assert violations(desk, AA) == []
        desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Save, then schedule").press("Enter")
    desk.get_by_label("Goes live (UTC)").fill("2099-01-01T09:00")
    desk.get_by_label("Public note").fill("New.")
    desk.get_by_role("button", name="Schedule").press("Enter")
    expect(desk.get_by_text("Version 1 is scheduled for 1 January 2099, 09:00 UTC.")).to_be_visible()
    desk.get_by_role("button", name="Save, then cancel schedule").press("Enter")
    desk.get_by_role("button", name="Cancel schedule").press("Enter")
    desk.get_by_role("button", name="Save, then publish").press("Enter")
    desk.get_by_role("button", name="Publish").press("Enter")
    expect(desk.get_by_text("Version 2 is live.")).to_be_visible()
    desk.get_by_role("button", name="Save, then withdraw").press("Enter")
    desk.get_by_label("Public note").fill("Wrong from the start.")
    desk.get_by_role("button", name="Withdraw").press("Enter")
    expect(desk.get_by_text("Withdrawn with version 3.")).to_be_visible()
    assert console == []


def test_the_tools_of_a_text_leave_its_title_free(desk):
    title = "A title as long as those that our articles on Norway have"
    open_article(desk, make_published_article(title=title).article)
    for width in (390, 1280):
        desk.set_viewport_size({"width": width, "height": 900})
        heading = desk.locator("#content > h2").bounding_box()
        tools = desk.locator("ul.object-tools").first.bounding_box()
        assert heading is not None
        assert tools is not None
        assert heading["y"] + heading["height"] <= tools["y"]
