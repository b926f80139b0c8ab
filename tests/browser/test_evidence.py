"""The pages inside a pack as whoever unpacked it meets them: from a folder, offline, on paper."""

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from PIL import Image

from articles.models import Article
from tests.browser.test_pages import MODES, enter, faults
from tests.elendihub.evidence import packs

# Links to a place in the page that is not there.
LOST = """Array.from(document.links).filter(each => each.href.startsWith(location.href + "#"))
    .map(each => each.hash.slice(1)).filter(id => !document.getElementById(id))"""
PICTURE = f"{'c3' * 16}-40x30.webp"


@pytest.fixture(scope="module")
def folder(lasting_rows, tmp_path_factory):
    """The true Norway hub, with an article changed since the pack before."""
    client, place = Client(), tmp_path_factory.mktemp("pack")
    call_command("import_content", verbosity=0)
    before = packs.manifest(packs.fetch(client, "/hubs/norway/evidence.zip"))["moment"]
    article = Article.objects.order_by("pk").first()
    media = tmp_path_factory.mktemp("media")
    (media / "images").mkdir()
    Image.new("RGB", (40, 30)).save(media / "images" / PICTURE)
    article.body = article.body.replace("the", "each", 3) + f"\n\n![A black square](/media/images/{PICTURE})\n"
    article.save()
    article.publish(by=None, note="Reworded.")
    with override_settings(MEDIA_ROOT=media):
        pack = packs.fetch(client, f"/hubs/norway/evidence.zip?since={before}")
    return packs.unpack(pack, place)


def pages(folder):
    """One of each kind: index, law, a comparison, an article, the hub."""
    kinds = ["index.html", "law.html", "comparisons/**/*.html", "articles/**/v1/page.html", "hubs/**/page.html"]
    return [next(folder.glob(kind)).as_uri() for kind in kinds]


def test_no_page_of_a_pack_has_an_accessibility_fault_or_scrolls_sideways(folder, new_context):
    page, found = new_context().new_page(), {}
    for address in pages(folder):
        enter(page, "light")
        page.goto(address)
        found[address] = faults(page, MODES)
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_pages_of_a_pack_ask_nothing_of_any_network_and_run_no_script(folder, new_context):
    page = new_context(offline=True).new_page()
    asked, said = set(), []
    page.on("request", lambda request: asked.add(request.url.partition(":")[0]))
    page.on("console", lambda message: said.append(message.text))
    for address in pages(folder):
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert page.locator("script").count() == 0
    assert (asked, said) == ({"file"}, [])


def test_every_link_between_the_pages_leads_somewhere(folder, new_context):
    page = new_context(offline=True).new_page()
    page.goto((folder / "index.html").as_uri())
    inside = page.eval_on_selector_all(
        "a", "all => all.map(each => each.href).filter(href => href.startsWith('file:'))"
    )
    assert len(inside) > 80
    for link in page.locator("a[href^=comparisons]").all():
        link.click()
        assert page.locator("ins").first.is_visible()
        page.go_back()
    for address in pages(folder):
        page.goto(address)
        assert page.evaluate(LOST) == []


def test_a_picture_is_seen_offline(folder, new_context):
    page = new_context(offline=True).new_page()
    shown = next(path for path in folder.glob("articles/**/page.html") if PICTURE in path.read_text())
    page.goto(shown.as_uri())
    assert page.evaluate("Array.from(document.images, each => each.naturalWidth)") == [40]
