"""verify.py with an earlier pack beside the pack: that nothing in it was rewritten since."""

import json
import zipfile

import pytest

from elendihub.evidence import readable, verify
from tests import factories
from tests.elendihub.evidence import packs
from tests.elendihub.evidence.conftest import DAY, START

HUB = "/hubs/norway/evidence.zip"


@pytest.fixture
def earlier(client, article, tmp_path):
    path = tmp_path / "earlier.zip"
    path.write_bytes(packs.fetch(client, HUB))
    return path


def later(client, path, folder):
    """What verify.py says of the pack at the path with the one of earlier beside it."""
    pack = folder / "pack.zip"
    pack.write_bytes(packs.fetch(client, path))
    done = packs.run(folder, pack, folder / "earlier.zip", program=packs.program())
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_texts_published_and_moved_since_leave_the_earlier_versions_standing(client, clock, article, earlier, tmp_path):
    clock.shift(DAY)
    article.publish(by=None, note="Anew.")
    article.slug = "marks"
    article.save()
    factories.publish(factories.make_article(hub=article.hub, slug="new"), live_from=START)
    code, said = later(client, HUB, tmp_path)
    assert code == 0
    assert "hubs/norway: as in the earlier pack, to version 1\n" in said
    assert "articles/norway/labels: as in the earlier pack, to version 4\n" in said


def test_what_the_new_pack_does_not_hold_is_named(client, article, earlier, tmp_path):
    code, said = later(client, "/hubs/norway/labels/evidence.zip", tmp_path)
    assert code == 0
    assert "hubs/norway: in the earlier pack only, to version 1\n" in said


def test_a_record_made_anew_is_betrayed_by_the_earlier_pack(client, article, earlier, tmp_path):
    """Whole in itself, with every hash recomputed, and yet not the record that was handed out."""
    forged = packs.unpack(earlier.read_bytes(), tmp_path / "forged")
    record = json.loads((forged / "manifest.json").read_text())
    document = next(each for each in record["documents"] if each["folder"] == "hubs/norway")
    (entry,) = document["versions"]
    place = "hubs/norway/v1"
    raw = (forged / place / "canonical.json").read_bytes().replace(b"Receives reports.", b"Receives nothing.")
    before, entry["hash"] = entry["hash"], verify.digest(raw)
    values = json.loads(raw)
    for name, content in (
        (f"{place}/canonical.json", raw),
        (f"{place}/text.md", readable.text(values).encode()),
        (f"{place}/page.html", readable.page(record, place, entry, values).encode()),
        ("index.html", (forged / "index.html").read_bytes().replace(before.encode(), entry["hash"].encode())),
    ):
        (forged / name).write_bytes(content)
    packs.resealed(forged, documents=record["documents"])
    assert packs.run(forged).returncode == 0
    done = packs.run(forged, forged, earlier)
    assert done.returncode == 1
    assert "hubs/norway: its versions are not those of the earlier pack" in done.stdout


def test_an_earlier_pack_that_is_later_or_of_another_site_is_refused(
    client, clock, article, earlier, tmp_path, settings
):
    pack = tmp_path / "first.zip"
    pack.write_bytes(packs.fetch(client, f"{HUB}?at=2027-01-05"))
    assert "the earlier pack is the later one" in packs.run(tmp_path, pack, earlier, program=packs.program()).stdout
    settings.SITE_URL = "https://other.example"
    code, said = later(client, HUB, tmp_path)
    assert code == 1
    assert "the earlier pack is one of http://127.0.0.1:8000, another site" in said


def test_an_earlier_pack_that_does_not_hold_is_named_as_such(client, article, earlier, tmp_path):
    files = packs.files(earlier.read_bytes()) | {"README.txt": b"Another."}
    for content in (files, {"manifest.json": b"{}"}, {"bomb": bytes(verify.LARGEST + 1)}, {}):
        with zipfile.ZipFile(earlier, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, raw in content.items():
                archive.writestr(name, raw)
        code, said = later(client, HUB, tmp_path)
        assert code == 1
        assert f"BROKEN. {earlier}: it cannot serve as the earlier pack: " in said
    earlier.write_text("no zip")
    assert "it cannot serve as the earlier pack: File is not a zip file" in later(client, HUB, tmp_path)[1]
    earlier.unlink()
    assert later(client, HUB, tmp_path)[0] == 2
