"""The pages as a person meets them in a browser: seen, heard, enlarged, by keyboard, on paper."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from articles.models import Article
from legislation.models import Provision
from tests import factories
from tests.browser.axe import BOXES, COLOURS, violations

HUB = "/hubs/norway/"
PAGES = ["/", HUB, f"{HUB}?category=other&topic=none", f"{HUB}every-part/", f"{HUB}withdrawn/"]
PAGES += ["/deadlines/", "/deadlines/?hub=norway&law=mdr&class=III", "/deadlines/?hub=none"]
PAGES += [f"{HUB}?at=2026-02-20", f"{HUB}every-part/?at=2026-02-20", f"{HUB}?at=2020-02-14", f"{HUB}?at=none"]
PAGES += [f"{HUB}every-part/v/1/", f"{HUB}every-part/compare/1...2/", f"{HUB}every-part/compare/1...9/", f"{HUB}v/1/"]
PAGES += ["/changes/", f"{HUB}changes/", "/evidence/", "/evidence.zip"]
PAGES += ["/trust/", "/trust/due/", "/trust/links/", "/trust/versions/"]
PAGES += ["/law/", "/law/mdr/", "/law/mdr/art-120/", "/law/mdr/anx-viii/", "/law/mdcg-2019-11/", "/glossary/"]
PAGES += [f"{HUB}qualification/", f"{HUB}classification-rules/", f"{HUB}transitional-provisions/", f"{HUB}udi/"]
PAGES += [f"{HUB}transitional-provisions/v/2/", f"{HUB}legislation/compare/1...2/", f"{HUB}every-part/v/9/"]
PAGES += ["/cite/mdr%20220", "/check/", "/about/", "/accessibility/", "/none"]
ASKED_WRONGLY = ["/deadlines/", "/evidence.zip", "/cite/mdr%20220", "/none"]
# One of each kind, for what takes long.
KINDS = ["/", HUB, f"{HUB}every-part/", f"{HUB}withdrawn/", f"{HUB}every-part/?at=2026-02-20", f"{HUB}every-part/v/1/"]
KINDS += [
    f"{HUB}every-part/compare/1...2/",
    f"{HUB}v/1/",
    f"{HUB}?at=2020-02-14",
    "/deadlines/",
    "/changes/",
    "/trust/",
]
KINDS += ["/evidence/", "/trust/due/", "/law/", "/law/mdr/", "/law/mdr/art-120/", "/glossary/", "/check/", "/about/"]
LIGHT = {
    "width": 1280,
    "height": 720,
    "color_scheme": "light",
    "forced_colors": "none",
    "reduced_motion": "no-preference",
}
MODES = {
    "light": LIGHT,
    "narrow": LIGHT | {"width": 320, "height": 640},
    "enlarged four times": LIGHT | {"width": 320, "height": 256},
    "still": LIGHT | {"reduced_motion": "reduce"},
    "dark": LIGHT | {"color_scheme": "dark"},
    "forced colours": LIGHT | {"forced_colors": "active"},
}
# What another mode than the first can change of a page that it judged whole.
CHANGED = {"narrow": BOXES, "enlarged four times": BOXES, "still": BOXES, "dark": COLOURS, "forced colours": COLOURS}
BODY = """## Scope

Text with a [link](https://eur-lex.europa.eu/eli/reg/2017/745/oj), `code` and a footnote[^a].

::: note
Check the *date*.
:::

::: warning Dates
Some are past.
:::

Table: What each class needs

| Class | Rule that the class follows | Days |
|---|---|--:|
| IIa | 9 | 30 |
| III | 8 | 1000 |

### Words

UDI
: Unique device identifier

- one
  1. first
- two

> A quotation.

    code that is much longer than a narrow window can ever show in one line, so that it has to be broken

[^a]: MDR Annex VIII, [rule 9](https://eur-lex.europa.eu/eli/reg/2017/745/oj).
"""
# What the Tab key must reach: everything that acts and can be seen.
STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
    .filter(each => each.tabIndex >= 0 && each.type !== 'hidden' && each.checkVisibility())
    .map((each, index) => { each.dataset.stop = index; return index })"""
FOCUSED = """() => {
    const each = document.activeElement, style = getComputedStyle(each), box = each.getBoundingClientRect()
    return each.dataset.stop === undefined ? null : {
        stop: Number(each.dataset.stop),
        name: each.outerHTML.slice(0, 120),
        is_marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        is_seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    }
}"""

# Words of headings and terms that a line end falls into; a hyphen is a place to break.
BROKEN_WORDS = """() => [...document.querySelectorAll('h1, h2, h3, dt')].flatMap(each => {
    const found = [], texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange()
        range.setStart(texts.currentNode, word.index)
        range.setEnd(texts.currentNode, word.index + word[0].length)
        if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) found.push(word[0])
    }
    return found
})"""


@pytest.fixture(scope="module")
def site(lasting_server):
    """The true Norway hub, with an article that has every part a text can have and a withdrawn one."""
    call_command("import_content", verbosity=0)
    like = Article.objects.select_related("hub", "category", "topic").first()
    fields = {"hub": like.hub, "category": like.category, "topic": like.topic, "body": BODY}
    every = factories.publish(factories.make_article(slug="every-part", title="Every part of a text", **fields)).article
    every.body = BODY.replace("with a", "beside its").replace("> A quotation.", "Another paragraph.")
    every.save()
    every.publish(by=None, note="Words were wrong.")
    every.body = BODY
    every.save()
    every.publish(by=None, kind="minor")
    in_every_state(like.hub)
    withdrawn = factories.publish(factories.make_article(slug="withdrawn", title="Old", **fields)).article
    withdrawn.withdraw(by=None, reason="merged", note="Both said the same.", successor_id=every.pk)
    return lasting_server.url


def in_every_state(hub):
    """Of the true articles one is reviewed, one corrected, one an emergency, one rewritten, and law of two amended."""
    articles = {each.slug: each for each in hub.articles.all()}
    for slug in ("qualification", "classification-rules"):
        factories.make_check(articles[slug].versions.get(), checked_on=timezone.now().date())
    factories.publish(articles["transitional-provisions"], kind="correction", wrong_since=timezone.now().date())
    with override_settings(SECOND_PERSON=True):
        reason = "EUDAMED does not answer, and the text sent readers there."
        factories.publish(articles["udi"], by=factories.make_editor(), emergency_reason=reason)
    rewritten = articles["legislation"]
    rewritten.body = rewritten.body.replace(" and ", " as well as ") + "\n## More\n\nA new part.\n"
    rewritten.save()
    factories.publish(rewritten)
    factories.make_amendment(provision=Provision.objects.get(instrument__slug="mdr", kind="article", number="51"))


@pytest.fixture
def visit(site, new_context):
    """Opens a path of the site in a window of the given kind."""

    def open_page(path, **options):
        page = new_context(**options).new_page()
        page.goto(site + path)
        return page

    return open_page


def enter(page, mode):
    options = dict(MODES[mode])
    page.set_viewport_size({"width": options.pop("width"), "height": options.pop("height")})
    page.emulate_media(**options)


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def faults(page, modes):
    found = []
    for mode in modes:
        enter(page, mode)
        wrong = violations(page, only=CHANGED.get(mode)) + ["scrolls sideways"] * (overflow(page) > 0)
        found += [f"{mode}: {each}" for each in wrong]
    return found


def sitemap_paths():
    """All but instruments and provisions, which are many and alike: PAGES has one of each kind."""
    paths = re.findall(r"<loc>https?://[^/]+([^<]+)</loc>", Client().get("/sitemap.xml").text)
    return [path for path in paths if not re.match("/law/.", path)]


@dataclass
class Tour:
    """What every page showed, said and asked for."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    cookies: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def tour(site, browser):
    context = browser.new_context()
    page, tour = context.new_page(), Tour()
    page.on("console", lambda message: tour.said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: tour.said.append(f"{page.url}: {error}"))
    page.on("request", lambda request: tour.asked.add(urlsplit(request.url).netloc))
    for path in dict.fromkeys([*PAGES, *sitemap_paths()]):
        enter(page, "light")
        page.goto(site + path)
        tour.faults[path] = faults(page, MODES if path in PAGES else ["light", "narrow"])
    tour.cookies = [cookie["name"] for cookie in context.cookies()]
    context.close()
    return tour


def test_the_tour_sees_every_published_page(tour):
    assert len(sitemap_paths()) == 28
    assert tour.faults.keys() >= {*PAGES, *sitemap_paths()}


def test_no_page_has_an_accessibility_fault_or_scrolls_sideways(tour):
    assert {path: found for path, found in tour.faults.items() if found} == {}


def test_no_page_complains_but_that_it_is_not_there(tour):
    is_answer = re.compile(r"(\S+): Failed to load resource: the server responded with a status of 40[04]")
    assert [each for each in tour.said if not is_answer.match(each)] == []
    paths = {urlsplit(is_answer.match(each)[1]).path for each in tour.said}
    assert paths == {HUB, f"{HUB}every-part/v/9/", f"{HUB}every-part/compare/1...9/", *ASKED_WRONGLY}


def test_no_page_asks_any_other_site_for_anything(site, tour):
    assert tour.asked == {urlsplit(site).netloc}
    assert tour.cookies == []


def walk(page, count):
    """What so many elements in a row look like while they have the keyboard."""
    walked = []
    # A field for a day is a stop for each of its parts.
    for _ in range(4 * count):
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUSED)
        if walked and step and walked[-1] and step["stop"] == walked[-1]["stop"]:
            continue
        walked.append(step)
        if len(walked) == count:
            break
    return walked


@pytest.mark.parametrize("width", [320, 1280])
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(site, new_context, width):
    page = new_context(viewport={"width": width, "height": 700}, reduced_motion="reduce").new_page()
    for path in KINDS:
        page.goto(site + path)
        stops = page.evaluate(STOPS)
        walked = walk(page, len(stops))
        assert [step and step["stop"] for step in walked] == stops, path
        assert [step["name"] for step in walked if not (step["is_marked"] and step["is_seen"])] == [], path


def test_the_first_stop_leads_past_the_head_of_the_page(visit):
    for path in PAGES[:3]:
        page = visit(path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_footnotes_and_contents_lead_where_they_say(visit):
    page = visit(f"{HUB}every-part/")
    page.get_by_role("link", name="Footnote 1", exact=True).click()
    assert page.evaluate("document.querySelector(':target').id") == "note-1"
    page.get_by_role("link", name="Back to the text, footnote 1").click()
    assert page.evaluate("document.querySelector(':target').id") == "ref-1"
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Footnotes").click()
    assert page.evaluate("document.querySelector(':target').textContent") == "Footnotes"


def test_the_whole_site_reads_without_scripts(visit):
    page = visit("/", java_script_enabled=False)
    page.get_by_role("link", name="Norway", exact=True).first.click()
    page.get_by_label("Topic").select_option(index=1)
    page.get_by_role("button", name="Apply").click()
    entries = page.locator(".entry h3 a")
    assert 0 < entries.count() < 17
    title = entries.first.inner_text()
    entries.first.click()
    assert page.locator("h1").inner_text() == title


def test_filters_are_links_that_narrow_the_list(visit):
    page = visit(HUB)
    assert page.locator(".entry").count() == 18
    page.get_by_role("group", name="Category").get_by_role("link").nth(1).click()
    assert 0 < page.locator(".entry").count() < 18
    assert page.locator(".tabs [aria-current=true]").count() == 1


def test_paper_carries_the_text_without_the_navigation(visit):
    for path in (HUB, f"{HUB}every-part/"):
        page = visit(path)
        page.emulate_media(media="print")
        assert page.locator("h1").is_visible()
        assert not any(nav.is_visible() for nav in page.get_by_role("navigation").all())
        assert not page.locator(".skip, form").first.is_visible()


@pytest.mark.parametrize(
    ("path", "long"), [("/trust/versions/", ".entry h3 a"), ("/trust/versions/", ".entry .say"), (HUB, ".plate strong")]
)
def test_an_address_longer_than_the_window_is_broken(visit, path, long):
    page = visit(path, viewport={"width": 320, "height": 640})
    page.locator(long).first.evaluate("each => { each.textContent = 'www.' + 'authority'.repeat(20) }")
    assert overflow(page) == 0


def test_the_parts_of_the_record_line_are_heard_apart(visit):
    page = visit(f"{HUB}qualification/")
    found = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    heard = [each["name"]["value"] for each in found if each.get("role", {}).get("value") == "StaticText"]
    after = [heard[heard.index(words) + 1] for words in ("Reviewed ", "Next review due ", "Published ")]
    assert after == ["."] * 3


@pytest.mark.parametrize(("width", "media"), [(320, "screen"), (820, "screen"), (1280, "screen"), (673, "print")])
def test_no_line_ends_inside_a_word_of_a_heading_or_a_term(visit, width, media):
    for path in ("/", HUB, f"{HUB}every-part/", f"{HUB}transitional-provisions/"):
        page = visit(path, viewport={"width": width, "height": 900})
        page.emulate_media(media=media)
        assert (path, page.evaluate(BROKEN_WORDS)) == (path, [])


def test_paper_keeps_the_day_and_the_category_under_the_code(visit):
    page = visit(f"{HUB}transitional-provisions/", viewport={"width": 673, "height": 950})
    page.emulate_media(media="print")
    day, category = (page.locator(f".head > .rail > {each}").bounding_box() for each in ("time", ".category"))
    assert day["y"] + day["height"] <= category["y"] < day["y"] + 2 * day["height"]


def test_a_table_that_stays_wide_scrolls_by_itself_and_by_keyboard(visit):
    page = visit(f"{HUB}every-part/", viewport={"width": 320, "height": 640})
    region = page.get_by_role("region", name="What each class needs")
    region.focus()
    assert region.evaluate("each => document.activeElement === each && getComputedStyle(each).overflowX") == "auto"
    assert overflow(page) == 0


@pytest.mark.parametrize("mode", MODES)
def test_a_checked_text_has_no_accessibility_fault_and_scrolls_by_itself(site, new_context, mode):
    page = new_context().new_page()
    enter(page, mode)
    page.goto(f"{site}/check/")
    text = "MDR Article 120(3c).\n\nMDR Article 220.\n\nMDD.\n\nRegulation (EU) 2099/1."
    page.get_by_label("Text to check").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()
    assert page.get_by_role("row").count() >= 4
    assert page.get_by_label("Text to check").input_value() == text
    assert violations(page) == []
    assert overflow(page) == 0
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    assert download.value.suggested_filename == "citations.csv"
    page.get_by_label("Text to check").fill(" ")
    page.get_by_role("button", name="Check", exact=True).click()
    assert "There is no text" in page.get_by_role("alert").inner_text()
    assert violations(page) == []
    assert page.context.cookies() == []
