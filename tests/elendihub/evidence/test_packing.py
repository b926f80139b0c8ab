"""What a pack holds, and that the same is the same to the byte."""

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from datetime import date

import pytest
from django.utils import timezone

from articles.models import Check
from elendihub.publishing import said
from tests import factories, reading
from tests.elendihub.evidence import packs
from tests.elendihub.evidence.conftest import DAY, START

ARTICLE = "/hubs/norway/labels/evidence.zip"
HUB = "/hubs/norway/evidence.zip"
FOLDER = "articles/norway/labels"


def test_a_pack_holds_every_public_version_as_html_markdown_and_canonical_form(client, article):
    files = packs.files(packs.fetch(client, ARTICLE))
    versions = {version.number: version for version in article.versions.all()}
    assert {name.split("/")[3] for name in files if name.startswith(FOLDER)} == {"v1", "v2", "v4"}
    for number in (1, 2, 4):
        assert files[f"{FOLDER}/v{number}/canonical.json"] == versions[number].canonical()
        assert files[f"{FOLDER}/v{number}/text.md"].decode() == versions[number].body
        page = files[f"{FOLDER}/v{number}/page.html"].decode()
        assert "Labels é" in page
        assert "&lt;b&gt;not bold" in page
        assert versions[number].hash in page
    assert 'href="http://127.0.0.1:8000/law/mdr/art-120/' in files[f"{FOLDER}/v1/page.html"].decode()


def test_what_was_never_public_shows_nothing_but_its_place_in_the_chain(client, article):
    pack = packs.fetch(client, ARTICLE)
    cancelled = article.versions.get(number=3)
    (document,) = packs.manifest(pack)["documents"]
    assert document["versions"][2] == {
        "number": 3,
        "hash": cancelled.hash,
        "previous_hash": cancelled.previous_hash,
    }
    assert not any(b"Secret plan" in content for content in packs.files(pack).values())


def test_what_is_still_to_come_is_not_in_it(client, clock, article):
    before = packs.fetch(client, ARTICLE)
    clock.shift(DAY)
    article.publish(by=None, live_from=timezone.now() + DAY, note="Secret plan.")
    assert packs.fetch(client, ARTICLE) == before


def test_the_manifest_names_moment_site_documents_chain_and_every_file(client, article):
    pack = packs.fetch(client, ARTICLE)
    record, files = packs.manifest(pack), packs.files(pack)
    assert record["moment"] == "2027-01-12T09:00:00.000000Z"
    assert record["since"] is None
    assert record["site"]["address"] == "http://127.0.0.1:8000"
    assert record["address"].endswith(f"{ARTICLE}?at=2027-01-12T09:00:00.000000Z")
    assert {file["name"] for file in record["files"]} == files.keys() - {"manifest.json", "manifest.sha256"}
    (document,) = record["documents"]
    assert [entry.get("live_until") for entry in document["versions"]] == [
        "2027-01-11T09:00:00.000000Z",
        "2027-01-12T09:00:00.000000Z",
        None,
        None,
    ]
    assert document["versions"][1]["note"] == "Reworded."
    assert document["versions"][1]["address"].endswith("/hubs/norway/labels/v/2/")


def test_citations_and_sources_stand_beside_each_version(client, article):
    details = json.loads(packs.files(packs.fetch(client, ARTICLE))[f"{FOLDER}/v1/details.json"])
    assert details["sources"] == [{"title": "the regulator", "url": "https://regulator.example/labels?a=1&b=2"}]
    citation, _ = details["citations"]
    assert (citation["instrument"], citation["label"], citation["paragraph"]) == ("MDR", "art_120(3c)", "(3c)")


def test_the_law_cited_stands_there_with_its_dates_and_amendments(client, article, mdr):
    mdr.applies_from = date(2021, 5, 26)
    mdr.save()
    provision = mdr.provisions.get(kind="article", number="120")
    factories.make_amendment(provision=provision, published_on=date(2027, 2, 1), applies_on=date(2027, 3, 1), what="3c")
    files = packs.files(packs.fetch(client, ARTICLE))
    (instrument,) = json.loads(files["law.json"])["cited"]
    (cited,) = instrument["provisions"]
    assert instrument["official_address"] == "https://eur-lex.europa.eu/eli/reg/2017/745/oj"
    assert {"what": "Applies from", "on": "2021-05-26"} in instrument["dates"]
    assert [each["published_on"] for each in cited["amendments"]] == ["2027-02-01"]
    law = files["law.html"].decode()
    assert "as the register of law had them on the day this pack was made" in law
    assert "Published after the moment of this pack" in law


def test_a_hub_brings_its_articles(client, article, norway):
    factories.make_published_article(hub=norway, slug="unrelated")
    factories.make_published_article(slug="elsewhere")
    folders = [document["folder"] for document in packs.manifest(packs.fetch(client, HUB))["documents"]]
    assert folders == ["hubs/norway", "articles/norway/labels", "articles/norway/unrelated"]
    text = packs.files(packs.fetch(client, HUB))["hubs/norway/v1/text.md"].decode()
    assert "## Key responsibilities\n\n- Vigilance: Receives reports." in text


def test_a_withdrawn_text_is_evidence_too(client, clock, article):
    clock.shift(DAY)
    article.withdraw(by=None, reason="obsolete", note="The law is gone.")
    files = packs.files(packs.fetch(client, ARTICLE))
    page = files[f"{FOLDER}/v5/page.html"].decode()
    assert "No longer applies" in page
    assert "The law is gone." in page


def test_checks_stand_beside_the_version_they_are_of(client, clock, article):
    before = packs.fetch(client, ARTICLE)
    clock.shift(DAY)
    sources = [{"title": "The MDR", "url": "https://eur-lex.europa.eu/eli/reg/2017/745/oj"}]
    fields = {"checked_on": timezone.now().date(), "checked_by_name": "ada", "sources": sources}
    Check.objects.create(article_version=article.versions.get(number=4), outcome="confirmed", **fields)
    pack = packs.fetch(client, ARTICLE)
    (document,) = packs.manifest(pack)["documents"]
    assert [entry.get("checks") for entry in document["versions"]] == [
        [],
        [],
        None,
        [
            {
                "checked_on": "2027-01-13",
                "checked_by": "ada",
                "outcome": "confirmed",
                "sources": sources,
                "note": "",
                "recorded_at": "2027-01-13T09:00:00.000000Z",
            }
        ],
    ]
    assert "2027-01-13, ada: Confirmed." in packs.files(pack)["index.html"].decode()
    assert packs.manifest(pack)["moment"] == "2027-01-13T09:00:00.000000Z"
    assert packs.fetch(client, f"{ARTICLE}?at=2027-01-12T09:00:00Z") == before


# The same bytes


def test_the_same_is_the_same_to_the_byte_however_late(client, clock, article):
    first = packs.fetch(client, HUB)
    clock.shift(100 * DAY)
    factories.make_published_article(slug="elsewhere")
    assert packs.fetch(client, HUB) == first


def test_the_address_in_the_manifest_asks_for_the_same_bytes(client, clock, article):
    pack = packs.fetch(client, HUB)
    address = packs.manifest(pack)["address"].removeprefix("http://127.0.0.1:8000")
    clock.shift(DAY)
    article.publish(by=None, note="Later.")
    article.slug = "marks"
    article.save()
    late = factories.make_article(hub=article.hub)
    factories.publish(late, live_from=START - DAY)
    assert packs.fetch(client, address) == pack
    assert packs.fetch(client, HUB) != pack


def test_a_pack_of_a_day_stays_what_it_is_whatever_happens_later(client, clock, article, norway):
    for path in (HUB, ARTICLE):
        pack = packs.fetch(client, f"{path}?at=2027-01-05")
        assert [len(each["versions"]) for each in packs.manifest(pack)["documents"]][-1] == 1
        clock.shift(DAY)
        article.publish(by=None, note="Anew.")
        assert packs.fetch(client, f"{path}?at=2027-01-05") == pack


def test_an_address_left_later_is_named_as_of_the_moment(client, clock, article):
    clock.shift(DAY)
    article.slug = "marks"
    article.save()
    clock.shift(DAY)
    assert client.get(ARTICLE).headers["Location"] == "/hubs/norway/marks/evidence.zip"
    (now,) = packs.manifest(packs.fetch(client, "/hubs/norway/marks/evidence.zip"))["documents"]
    (then,) = packs.manifest(packs.fetch(client, "/hubs/norway/marks/evidence.zip?at=2027-01-12"))["documents"]
    assert (now["folder"], then["folder"]) == ("articles/norway/marks", "articles/norway/labels")


def test_entries_carry_no_clock_no_user_and_no_compression(client, article):
    with zipfile.ZipFile(io.BytesIO(packs.fetch(client, HUB))) as archive:
        entries = archive.infolist()
    shapes = {(each.date_time, each.external_attr, each.create_system, each.compress_type) for each in entries}
    assert shapes == {((1980, 1, 1, 0, 0, 0), 0o100644 << 16, 3, zipfile.ZIP_STORED)}


SCRIPT = """
import django, hashlib, sys
django.setup()
from datetime import datetime, UTC
from elendihub.evidence import packing, selection
from regulators.models import Hub
at = datetime.fromisoformat(sys.argv[1])
held = selection.of_hub(Hub.objects.get(slug="norway"), at)
pack = packing.write(selection.Selection(held, at, None, "/hubs/norway/evidence.zip", [], "evidence-norway"))
print(hashlib.sha256(pack.read()).hexdigest())
"""


@pytest.mark.django_db(transaction=True)
def test_processes_of_other_hash_seeds_zones_and_languages_make_the_same_bytes(article, settings):
    database = settings.DATABASES["default"]
    made = set()
    for seed, zone, language in (("1", "Asia/Tokyo", "C"), ("2", "America/Lima", "C.UTF-8")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language}
        use = "from django.conf import settings; settings.DATABASES['default']['NAME'] = sys.argv[2]"
        script = SCRIPT.replace("django.setup()", f"{use}\ndjango.setup()")
        command = [sys.executable, "-c", script, timezone.now().isoformat(), str(database["NAME"])]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        made.add(done.stdout.strip().splitlines()[-1])
    assert len(made) == 1


# Since an earlier pack


def test_what_changed_since_an_earlier_pack_is_listed_and_shown(client, clock, article, norway):
    withdrawn = factories.publish(factories.make_article(hub=norway, slug="old", title="Old"), live_from=START).article
    factories.publish(factories.make_article(hub=norway, slug="same", title="Same"), live_from=START)
    since = packs.manifest(packs.fetch(client, HUB))["moment"]
    clock.shift(DAY)
    withdrawn.withdraw(by=None, reason="error", note="Wrong.")
    article.body = "## Scope\n\nAnother text.\n"
    article.save()
    article.publish(by=None, note="Anew.")
    factories.publish(factories.make_article(hub=norway, slug="new", title="New"))
    files = packs.files(packs.fetch(client, f"{HUB}?since={since}"))
    record = json.loads(files["manifest.json"])
    assert record["since"] == since
    whats = {
        change["folder"].split("/")[-1]: (change["what"], change["from"], change["to"]) for change in record["changes"]
    }
    assert whats == {
        "norway": ("unchanged", 1, 1),
        "labels": ("changed", 4, 5),
        "old": ("withdrawn", 1, 2),
        "same": ("unchanged", 1, 1),
        "new": ("added", None, 1),
    }
    comparison = files["comparisons/articles/norway/labels/4-to-5.html"].decode()
    assert "Texts stand here as readers had them" in comparison
    assert "<ins>" in comparison
    assert "<del>" in comparison
    assert "comparisons/articles/norway/labels/4-to-5.html" in files["index.html"].decode()
    assert sum(name.startswith("comparisons/") for name in files) == 2


def test_a_text_published_again_says_so(client, clock, article):
    clock.shift(DAY)
    article.withdraw(by=None, reason="error", note="Wrong.")
    clock.shift(DAY)
    article.publish(by=None, note="Anew.")
    (change,) = packs.manifest(packs.fetch(client, f"{ARTICLE}?since={said(timezone.now() - DAY)}"))["changes"]
    assert (change["what"], change["from"], change["to"]) == ("published again", 5, 6)


def test_nothing_changed_is_an_answer(client, clock, article):
    clock.shift(5 * DAY)
    record = packs.manifest(packs.fetch(client, f"{ARTICLE}?since=2027-01-15"))
    assert [change["what"] for change in record["changes"]] == ["unchanged"]
    assert record["moment"] == "2027-01-15T23:59:59.999999Z"


# How much it costs


def test_the_number_of_queries_does_not_grow_with_the_hub(client, article, norway, django_assert_max_num_queries):
    for _ in range(15):
        factories.make_published_article(hub=norway, body="## A\n\nMDR Article 10 and MDR Annex VIII.")
    with django_assert_max_num_queries(20):
        packs.fetch(client, HUB)


def test_chance_histories_make_packs_that_verify(client, clock, norway, tmp_path):
    chance = random.Random(7)
    made = [factories.make_article(hub=norway, body="## Text\n\nMDR Article 120 is it.\n") for _ in range(3)]
    articles = [factories.publish(article, live_from=START).article for article in made]
    moments = []
    for number in range(30):
        clock.shift(DAY)
        one = chance.choice(articles)
        one.body = f"## Text\n\nMDR Article 120 is it{' indeed' * number}.\n"
        one.save()
        last = one.versions.order_by("number").last()
        act = chance.choice(["publish", "minor", "schedule", "withdraw"])
        if last.live_from > timezone.now() and not last.is_cancelled:
            one.cancel_scheduled(by=None)
        elif act == "withdraw" and not last.is_withdrawal:
            one.withdraw(by=None, reason="error", note="Wrong.")
        elif act == "schedule":
            one.publish(by=None, live_from=timezone.now() + 3 * DAY, note=f"Number {number}.")
        else:
            is_minor = act == "minor" and not last.is_withdrawal
            one.publish(by=None, kind="minor" if is_minor else "significant", note=f"Number {number}.")
        moments.append(said(timezone.now()))
    clock.shift(DAY)
    for since, at in zip(moments[::6], moments[6::6], strict=False):
        pack = tmp_path / "pack.zip"
        pack.write_bytes(packs.fetch(client, f"{HUB}?since={since}&at={at}"))
        done = packs.run(tmp_path, pack, program=packs.program())
        assert done.returncode == 0, done.stdout


# The pages


def test_the_index_lists_versions_hashes_notes_addresses_and_citation_lines(client, article):
    index = packs.files(packs.fetch(client, ARTICLE))["index.html"].decode()
    version = article.versions.get(number=2)
    assert version.hash in index
    assert "Reworded." in index
    line = "Labels é. ElendiHub, version 2, 11 January 2027. http://127.0.0.1:8000/hubs/norway/labels/v/2/"
    assert line in index
    assert "11 January 2027, 09:00:00 UTC to 12 January 2027, 09:00:00 UTC" in index
    assert "cancelled before it went live" in index
    assert "<script" not in index
    assert "http://127.0.0.1:8000/static" not in index


def test_every_link_inside_the_pack_leads_to_a_file_of_it(client, article):
    files = packs.files(packs.fetch(client, f"{HUB}?since=2027-01-05"))
    for name in ("index.html", "law.html"):
        reader = reading.Reader(files[name].decode())
        hrefs = [each.attributes["href"] for each in reader.elements if each.tag == "a"]
        inside = {href for href in hrefs if not href.startswith(("http", "#"))}
        assert inside
        assert inside <= files.keys()
