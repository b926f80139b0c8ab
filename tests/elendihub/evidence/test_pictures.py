"""Pictures in a pack: the files that texts show, where its pages find them, and what is said of those it lacks."""

import hashlib
import json
import shutil

import pytest

from elendihub.evidence import pictures
from tests import factories, reading
from tests.elendihub.evidence import packs
from tests.elendihub.evidence.conftest import DAY, START

HUB = "/hubs/norway/evidence.zip"
FOLDER = "articles/norway/shown"
NAME = f"{'a1' * 16}-4x3.webp"
OTHER = f"{'b2' * 16}-4x3.webp"
ADDRESS = f"/media/images/{NAME}"
CONTENT = b"RIFF a picture WEBP"


@pytest.fixture
def stored(own_media):
    folder = own_media / "images"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(CONTENT)
    return folder


@pytest.fixture
def showing(norway, stored):
    """Publishes an article that shows what is given as Markdown."""

    def publish(*shown):
        body = "\n\n".join(["## Scope", *shown])
        article = factories.make_article(hub=norway, slug="shown", title="Shown", body=body)
        return factories.publish(article, live_from=START).article

    return publish


def page(files, number=1):
    return reading.Reader(files[f"{FOLDER}/v{number}/page.html"].decode())


def sources(reader):
    return [each.attributes["src"] for each in reader.elements if each.tag == "img"]


def verified(tmp_path, pack):
    (tmp_path / "pack.zip").write_bytes(pack)
    done = packs.run(tmp_path, "pack.zip", program=packs.program())
    return done.returncode, done.stdout.splitlines()[-1]


def test_a_picture_is_in_the_pack_and_the_page_shows_it_from_there(client, showing, tmp_path):
    showing(f"![A label]({ADDRESS})")
    pack = packs.fetch(client, HUB)
    files = packs.files(pack)
    assert files[f"pictures/{NAME}"] == CONTENT
    assert sources(page(files)) == [f"../../../../pictures/{NAME}"]
    listed = {file["name"]: file["sha256"] for file in packs.manifest(pack)["files"]}
    assert listed[f"pictures/{NAME}"] == hashlib.sha256(CONTENT).hexdigest()
    assert verified(tmp_path, pack)[0] == 0


def test_the_hashed_form_and_the_markdown_name_the_address_that_readers_had(client, showing):
    article = showing(f"![A label]({ADDRESS})")
    files = packs.files(packs.fetch(client, HUB))
    assert files[f"{FOLDER}/v1/canonical.json"] == article.versions.get().canonical()
    assert f"![A label]({ADDRESS})" in files[f"{FOLDER}/v1/text.md"].decode()


def test_a_picture_shown_often_is_there_once(client, clock, showing, tmp_path):
    article = showing(f"![One]({ADDRESS})", f"![Two]({ADDRESS})")
    clock.shift(DAY)
    article.publish(by=None, note="Anew.")
    pack = packs.fetch(client, HUB)
    files = packs.files(pack)
    assert [name for name in files if name.startswith("pictures/")] == [f"pictures/{NAME}"]
    for number in (1, 2):
        assert sources(page(files, number)) == [f"../../../../pictures/{NAME}"] * 2
    assert verified(tmp_path, pack)[0] == 0


def test_the_hub_shows_its_pictures_too(client, norway, clock, stored, tmp_path):
    clock.shift(DAY)
    norway.overview = f"![The building]({ADDRESS})"
    norway.save()
    norway.publish(by=None, note="Anew.")
    pack = packs.fetch(client, HUB)
    assert f'src="../../../pictures/{NAME}"' in packs.files(pack)["hubs/norway/v2/page.html"].decode()
    assert verified(tmp_path, pack)[0] == 0


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (f"/media/images/{OTHER}", pictures.MISSING),
        (f"/media/{NAME}", pictures.UNKNOWN),
        ("/media/images/../../settings.py", pictures.UNKNOWN),
    ],
)
def test_a_picture_that_cannot_be_had_is_said_in_its_place_and_in_the_index(client, showing, tmp_path, address, why):
    showing(f'![A <b> & "label"]({address})')
    pack = packs.fetch(client, HUB)
    files = packs.files(pack)
    assert not [name for name in files if name.startswith("pictures/")]
    assert sources(page(files)) == []
    words = files[f"{FOLDER}/v1/page.html"].decode()
    assert "[Picture that is not in this pack: A &lt;b&gt; &amp; &quot;label&quot; (" in words
    assert f"is not in this pack. {why}" in files["index.html"].decode()
    assert verified(tmp_path, pack)[0] == 0


def test_pictures_beyond_what_a_pack_holds_are_left_out_and_named(client, showing, stored, tmp_path, monkeypatch):
    (stored / OTHER).write_bytes(CONTENT)
    monkeypatch.setattr(pictures, "MOST_BYTES", len(CONTENT) + 1)
    showing(f"![One]({ADDRESS})", f"![Two](/media/images/{OTHER})")
    pack = packs.fetch(client, HUB)
    files = packs.files(pack)
    assert [name for name in files if name.startswith("pictures/")] == [f"pictures/{NAME}"]
    assert pictures.NO_ROOM in files["index.html"].decode()
    assert verified(tmp_path, pack)[0] == 0


def test_only_what_was_public_brings_its_pictures(client, clock, showing, stored):
    (stored / OTHER).write_bytes(CONTENT)
    article = showing("Text.")
    article.body = f"## Scope\n\n![Draft]({ADDRESS})"
    article.save()
    article.publish(by=None, note="Secret plan.", live_from=START + 5 * DAY)
    clock.shift(DAY)
    article.cancel_scheduled(by=None)
    article.body = f"## Scope\n\n![Draft](/media/images/{OTHER})"
    article.save()
    pack = packs.fetch(client, HUB)
    assert packs.manifest(pack)["pictures"] == {}
    assert not [name for name in packs.files(pack) if name.startswith("pictures/")]


def test_text_that_looks_like_a_picture_is_text(client, showing, tmp_path):
    showing(f'`<img src="{ADDRESS}">` and [a link](https://a.example "<img src=x> > y").', '[b](/law/ "<a href=/x>")')
    pack = packs.fetch(client, HUB)
    assert packs.manifest(pack)["pictures"] == {}
    assert sources(page(packs.files(pack))) == []
    assert verified(tmp_path, pack)[0] == 0


def test_pictures_swapped_changed_or_renamed_are_named(client, showing, stored, tmp_path):
    (stored / OTHER).write_bytes(b"another")
    showing(f"![One]({ADDRESS})", f"![Two](/media/images/{OTHER})")
    folder = packs.unpack(packs.fetch(client, HUB), tmp_path / "pack")
    one, two = folder / "pictures" / NAME, folder / "pictures" / OTHER

    one.write_bytes(b"forged")
    assert f"pictures/{NAME}: it is not the file that the manifest lists" in packs.run(folder).stdout
    one.write_bytes(CONTENT)
    shutil.copy(one, folder / "pictures" / "more.webp")
    assert "pictures/more.webp: the manifest does not list it" in packs.run(folder).stdout
    (folder / "pictures" / "more.webp").unlink()

    record = json.loads((folder / "manifest.json").read_text())
    shown = record["pictures"]
    shown[ADDRESS]["file"], shown[f"/media/images/{OTHER}"]["file"] = f"pictures/{OTHER}", f"pictures/{NAME}"
    packs.seal(folder, record)
    assert f"pictures/{OTHER} is not the picture {ADDRESS}" in packs.run(folder).stdout
    two.unlink()
    record["pictures"] = {ADDRESS: {"file": f"pictures/{NAME}", "why": ""}}
    record["files"] = [file for file in record["files"] if file["name"] != f"pictures/{OTHER}"]
    packs.seal(folder, record)
    assert f"the manifest says nothing of the picture /media/images/{OTHER}" in packs.run(folder).stdout
