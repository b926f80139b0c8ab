"""verify.py alone with a pack, on a machine without the project: what holds, and each way in which it does not."""

import hashlib
import json
import os
import zipfile

import pytest

from elendihub.evidence import readable, verify
from tests import factories
from tests.elendihub.evidence import packs
from tests.elendihub.evidence.conftest import START

HUB = "/hubs/norway/evidence.zip"
FIRST = "articles/norway/labels/v1"
MADE: list[bytes] = []


@pytest.fixture
def pack(request, db):
    """Made once: the same for every test, which works on a copy."""
    if not MADE:
        article = request.getfixturevalue("article")
        factories.publish(factories.make_article(hub=article.hub, slug="other"), live_from=START)
        MADE.append(packs.fetch(request.getfixturevalue("client"), f"{HUB}?since=2027-01-05"))
    return MADE[0]


@pytest.fixture
def folder(pack, tmp_path):
    return packs.unpack(pack, tmp_path / "pack")


def broken(folder):
    """What verify.py says first of a pack that does not hold."""
    done = packs.run(folder)
    assert (done.returncode, done.stderr) == (1, ""), done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.startswith("BROKEN. ")
    return last


def forged(folder, name, change):
    """The file changed, and the manifest made to agree with it."""
    path = folder / name
    path.write_bytes(change(path.read_bytes()))
    packs.resealed(folder)


def test_an_unpacked_pack_holds_without_project_or_site_packages(folder):
    done = packs.run(folder)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("articles/norway/labels: version 1 to 4 hold; the last is ")
    assert lines[-1].startswith("The pack holds.")


def test_the_file_as_it_was_sent_holds_too(pack, tmp_path):
    (tmp_path / "pack.zip").write_bytes(pack)
    (tmp_path / "verify.py").write_bytes(packs.files(pack)["verify.py"])
    assert packs.run(tmp_path, "pack.zip").returncode == 0


def test_the_verify_py_of_the_site_is_the_one_in_the_pack(client, pack):
    assert b"elendihub.evidence" not in packs.files(pack)["verify.py"]
    assert client.get("/evidence/verify.py").content == packs.files(pack)["verify.py"]


def test_what_file_managers_leave_behind_is_passed_over(folder):
    (folder / "articles" / ".DS_Store").write_bytes(b"seen")
    assert packs.run(folder).returncode == 0


@pytest.mark.parametrize(
    "name",
    [
        "README.txt",
        "index.html",
        "law.html",
        "law.json",
        "verify.py",
        "manifest.json",
        "manifest.sha256",
        f"{FIRST}/canonical.json",
        f"{FIRST}/details.json",
        f"{FIRST}/page.html",
        f"{FIRST}/text.md",
        "hubs/norway/v1/page.html",
        "comparisons/articles/norway/labels/1-to-4.html",
    ],
)
def test_a_flipped_bit_in_any_kind_of_file_is_named(folder, name):
    path = folder / name
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    done = packs.run(folder, folder, program=packs.program())
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith(f"BROKEN. {name.replace('manifest.sha256', 'manifest.json')}: ")


@pytest.mark.parametrize("name", ["README.txt", f"{FIRST}/page.html", "manifest.json"])
def test_line_ends_changed_on_the_way_are_told_from_changed_words(folder, name):
    path = folder / name
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert f"BROKEN. {name}: " in broken(folder)
    assert "only its line ends were changed, so unpack the ZIP anew" in broken(folder)


@pytest.mark.parametrize("name", ["README.txt", f"{FIRST}/page.html", "manifest.json", "manifest.sha256"])
def test_a_file_that_is_gone_is_missed(folder, name):
    (folder / name).unlink()
    assert f"{name}: it is missing" in broken(folder)


def test_a_file_that_was_put_in_is_named(folder):
    (folder / FIRST / "note.txt").write_text("Added.")
    assert f"{FIRST}/note.txt: the manifest does not list it" in broken(folder)


def test_a_file_that_belongs_to_nothing_is_named_although_the_manifest_lists_it(folder):
    (folder / "extra.html").write_text("Added.")
    record = json.loads((folder / "manifest.json").read_text())
    packs.resealed(folder, files=[*record["files"], {"name": "extra.html"}])
    assert "extra.html: it belongs to no version" in broken(folder)


def test_two_versions_swapped_are_named(folder):
    (folder / FIRST).rename(folder / "kept")
    (folder / "articles/norway/labels/v2").rename(folder / FIRST)
    (folder / "kept").rename(folder / "articles/norway/labels/v2")
    assert f"{FIRST}/canonical.json: it is not the file" in broken(folder)
    packs.resealed(folder)
    assert f"{FIRST}/canonical.json: it does not hash" in broken(folder)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("text.md", "it does not say what canonical.json says"),
        ("page.html", "it does not say what canonical.json says"),
        ("canonical.json", "it does not hash to the version's hash"),
    ],
)
def test_a_text_changed_with_its_manifest_is_named(folder, name, words):
    forged(folder, f"{FIRST}/{name}", lambda raw: raw.replace(b"holds", b"fails"))
    assert f"{FIRST}/{name}: {words}" in broken(folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"regulator.example", b"elsewhere.example", "its sources are not"),
        (b"120(3c)", b"121(3c)", "its citations are not"),
    ],
)
def test_citations_and_sources_changed_with_the_manifest_are_named(folder, old, new, words):
    forged(folder, f"{FIRST}/details.json", lambda raw: raw.replace(old, new))
    assert f"{FIRST}/details.json: {words}" in broken(folder)


def test_a_version_made_anew_with_its_hash_is_betrayed_by_the_next(folder):
    path = folder / FIRST / "canonical.json"
    raw = path.read_bytes().replace(b"not bold", b"too bold")
    path.write_bytes(raw)
    record = json.loads((folder / "manifest.json").read_text())
    entry = next(each for each in record["documents"] if each["folder"].endswith("labels"))["versions"][0]
    entry["hash"] = hashlib.sha256(raw).hexdigest()
    values = json.loads(raw)
    (folder / FIRST / "page.html").write_text(readable.page(record, FIRST, entry, values), encoding="utf-8", newline="")
    (folder / FIRST / "text.md").write_text(readable.text(values), encoding="utf-8", newline="")
    index = folder / "index.html"
    index.write_text(index.read_text() + entry["hash"])
    packs.resealed(folder, documents=record["documents"])
    assert "labels/v2: previous_hash is not the hash of the version before" in broken(folder)


@pytest.mark.parametrize(
    ("number", "field", "value", "words"),
    [
        (1, "note", "Another.", "labels/v1: note in the manifest is not"),
        (1, "live_from", "2026-12-01T09:00:00.000000Z", "labels/v1: live_from in the manifest is not"),
        (2, "live_from", "2027-01-09T09:00:00.000000Z", "labels/v1: it does not end where the next version begins"),
        (1, "live_until", "2027-01-09T09:00:00.000000Z", "labels/v1/page.html"),
        (3, "hash", "0" * 64, "index.html: the hash of articles/norway/labels/v3"),
        (4, "number", 5, "labels/v4/canonical.json: it belongs to no version"),
    ],
)
def test_a_manifest_that_says_something_else_is_named(folder, number, field, value, words):
    record = json.loads((folder / "manifest.json").read_text())
    document = next(each for each in record["documents"] if each["folder"].endswith("labels"))
    document["versions"][number - 1][field] = value
    packs.seal(folder, record)
    assert words in broken(folder)


def test_an_interval_that_overlaps_the_next_is_named_although_the_page_says_so_too(folder):
    record = json.loads((folder / "manifest.json").read_text())
    document = next(each for each in record["documents"] if each["folder"].endswith("labels"))
    entry = document["versions"][0]
    entry["live_until"] = "2027-01-12T09:00:00.000000Z"
    values = json.loads((folder / FIRST / "canonical.json").read_text(encoding="utf-8"))
    (folder / FIRST / "page.html").write_bytes(readable.page(record, FIRST, entry, values).encode())
    packs.resealed(folder, documents=record["documents"])
    assert "labels/v1: it does not end where the next version begins" in broken(folder)


def test_a_version_left_out_with_everything_that_names_it_is_missed(folder):
    record = json.loads((folder / "manifest.json").read_text())
    document = next(each for each in record["documents"] if each["folder"].endswith("labels"))
    del document["versions"][1]
    document["versions"][0]["live_until"] = document["versions"][2]["live_from"]
    values = json.loads((folder / FIRST / "canonical.json").read_text(encoding="utf-8"))
    (folder / FIRST / "page.html").write_bytes(readable.page(record, FIRST, document["versions"][0], values).encode())
    record["files"] = [file for file in record["files"] if "/labels/v2/" not in file["name"]]
    for file in (folder / "articles/norway/labels/v2").iterdir():
        file.unlink()
    (folder / "articles/norway/labels/v2").rmdir()
    packs.resealed(folder, **record)
    assert "labels/v3: version 2 is missing before it" in broken(folder)


# What nobody should have sent


@pytest.mark.parametrize(
    "name", ["../out.txt", "/out.txt", "a/../../out.txt", "C:\\out.txt", "a//b", "a\x00b", ".", "é"]
)
def test_no_name_leads_out_of_the_pack(pack, tmp_path, name):
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        for known, content in packs.files(pack).items():
            archive.writestr(known, content)
        entry = zipfile.ZipInfo("x")
        entry.filename = name
        archive.writestr(entry, b"out")
    done = packs.run(tmp_path, "pack.zip", program=packs.program())
    assert done.returncode == 1
    assert "BROKEN. " in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]


def test_a_name_cannot_command_the_terminal(folder):
    record = json.loads((folder / "manifest.json").read_text())
    packs.seal(folder, record | {"files": [*record["files"], {"name": "\x1b[2J\nThe pack holds."}]})
    assert "?[2J?The pack holds.: it is missing" in broken(folder)
    (folder / "\x1b[2J").write_text("Added.")
    assert "'\\x1b[2J': no file of a pack has such a name" in broken(folder)


def test_it_reads_where_it_stands_and_not_where_it_is_called_from(pack, tmp_path):
    folder = packs.unpack(pack, tmp_path / "with blanks, é and 漢")
    assert packs.run(tmp_path, program=folder / "verify.py").returncode == 0


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(pack, tmp_path):
    with zipfile.ZipFile(tmp_path / "pack.zip", "w") as archive:
        for name, content in [*packs.files(pack).items(), ("README.txt", b"Another.")]:
            archive.writestr(name, content)
    done = packs.run(tmp_path, "pack.zip", program=packs.program())
    assert "README.txt: it is in the archive twice" in done.stdout


def test_a_bomb_is_not_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "pack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(verify.LARGEST + 1))
    done = packs.run(tmp_path, "pack.zip", program=packs.program())
    assert done.returncode == 1
    assert "it holds more than any pack does" in done.stdout


def test_a_link_in_a_folder_is_refused(folder):
    os.symlink("/etc/hostname", folder / "extra.txt")
    assert "extra.txt: it is a link" in broken(folder)


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b"{\xff}", b"[" * 100_000, b'{"format": "elendihub-evidence/2", "files": [1]}', b"null"]
)
def test_a_manifest_that_is_none_is_an_answer_and_no_traceback(folder, raw):
    (folder / "manifest.json").write_bytes(raw)
    (folder / "manifest.sha256").write_text(f"{hashlib.sha256(raw).hexdigest()}  manifest.json\n")
    broken(folder)


def test_a_format_of_later_days_is_told_apart(folder):
    packs.resealed(folder, format="elendihub-evidence/3")
    assert "its format is not elendihub-evidence/2" in broken(folder)


def test_what_is_no_zip_or_not_there_is_said(tmp_path):
    (tmp_path / "pack.zip").write_text("no zip")
    assert packs.run(tmp_path, "pack.zip", program=packs.program()).returncode == 1
    done = packs.run(tmp_path, "none.zip", program=packs.program())
    assert (done.returncode, done.stderr) == (2, "")
    assert "none.zip" in done.stdout


def test_public_values_of_corrections_and_emergencies_are_shown():
    entry = {"number": 2, "kind": "correction", "live_from": "2027-01-11T09:00:00.000000Z", "live_until": None}
    record = {
        "title": "T",
        "published_at": "2027-01-11T09:00:00.000000Z",
        "changed_at": "2027-01-11T09:00:00.000000Z",
        "corrected_error": "It said <30>.",
        "wrong_since": "2027-01-02",
        "corrected_to": "It is 60.",
        "emergency_reason": "Recall.",
    }
    manifest = {"site": {"address": "https://site.example"}, "pictures": {}}
    page = readable.page(manifest, "a/v2", entry | {"hash": "h", "address": "a"}, record)
    for words in ("It said &lt;30&gt;.", "2027-01-02", "It is 60.", "Recall."):
        assert f"<dd>{words}</dd>" in page
