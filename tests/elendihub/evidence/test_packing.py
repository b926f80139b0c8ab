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
from django.http import HttpResponse
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
    (provision,) = instrument["provisions"]
    known, cited = instrument["register"], provision["register"]
    assert known["official_address"] == "https://eur-lex.europa.eu/eli/reg/2017/745/oj"
    assert {"what": "Applies from", "on": "2021-05-26"} in known["dates"]
    assert [each["published_on"] for each in cited["amendments"]] == ["2027-02-01"]
    law = files["law.html"].decode()
    assert "as the register of law had them when this pack was made" in law
    assert "Published after the moment of this pack" in law


def test_what_versions_cited_comes_before_the_word_of_the_register(client, article, mdr):
    record = json.loads(packs.files(packs.fetch(client, ARTICLE))["law.json"])
    (instrument,) = record["cited"]
    assert instrument["as_published"] == [{"folder": FOLDER, "versions": [1, 2, 4], "words": ["MDR"]}]
    words = ["MDR Article 120(3c)"]
    assert instrument["provisions"][0]["as_published"] == [{"folder": FOLDER, "versions": [1, 2, 4], "words": words}]
    assert record["not_in_register"] == {"as_published": []}


def test_law_that_the_register_did_not_hold_is_told_as_the_text_names_it(client, norway):
    body = "## Scope\n\nDirective 1999/4/EC Article 3 is older."
    factories.publish(factories.make_article(hub=norway, slug="labels", title="Old", body=body), live_from=START)
    files = packs.files(packs.fetch(client, ARTICLE))
    (place,) = json.loads(files["law.json"])["not_in_register"]["as_published"]
    assert place["versions"] == [1]
    law = reading.words(HttpResponse(files["law.html"]))
    assert f"Old, version 1: {place['words'][0]}" in law
    assert "cite no law that the register holds" in law


def test_a_change_of_the_register_changes_its_word_and_nothing_else(client, article, mdr):
    before = packs.files(packs.fetch(client, ARTICLE))
    factories.make_amendment(provision=factories.make_provision(instrument=mdr, number="200"))
    assert packs.files(packs.fetch(client, ARTICLE)) == before
    mdr.title = "Regulation on devices"
    mdr.save()
    after = packs.files(packs.fetch(client, ARTICLE))
    assert {name for name in before if before[name] != after[name]} == {
        "law.html",
        "law.json",
        "manifest.json",
        "manifest.sha256",
    }


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


def test_terms_are_explained_where_their_links_lead(client, norway):
    factories.make_term(name="Placing on the market", definition="The first making available <of a device>.")
    body = "## Scope\n\nThe placing on the market counts."
    factories.publish(factories.make_article(hub=norway, slug="labels", body=body), live_from=START)
    page = packs.files(packs.fetch(client, ARTICLE))[f"{FOLDER}/v1/page.html"].decode()
    links = {link.attributes["href"] for link in reading.Reader(page).elements if link.tag == "a"}
    (term,) = [href for href in links if href.startswith("#term-")]
    assert f'<dt id="{term[1:]}">Placing on the market</dt>' in page
    assert "<dd>The first making available &lt;of a device&gt;.</dd>" in page


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


# Hostile names


@pytest.mark.parametrize(
    "title",
    [
        "../../etc/passwd",
        "a/b\\c",
        "<script>alert(1)</script>",
        "\u202egnp.exe",
        "\x01 \x85 \u2028",
        "{{ 7 }}",
        "x" * 200,
    ],
)
def test_no_title_and_no_long_slug_harms_a_pack(client, norway, tmp_path, title):
    article = factories.make_article(hub=norway, slug="s" * 100, title=title)
    factories.publish(article, live_from=START)
    pack = packs.fetch(client, HUB)
    assert packs.files(pack).keys() >= {f"articles/norway/{'s' * 100}/v1/page.html"}
    assert b"<script" not in b"".join(raw for name, raw in packs.files(pack).items() if name.endswith(".html"))
    (tmp_path / "pack.zip").write_bytes(pack)
    assert packs.run(tmp_path, "pack.zip", program=packs.program()).returncode == 0


def test_articles_of_one_name_in_two_hubs_have_folders_of_their_own(client, norway, tmp_path):
    other = factories.make_published_hub(slug="other").hub
    for hub in (norway, other):
        factories.publish(factories.make_article(hub=hub, slug="same"), live_from=START)
    pack = packs.fetch(client, "/evidence.zip?article=norway/same&article=other/same&hub=norway&hub=other")
    folders = {document["folder"] for document in packs.manifest(pack)["documents"]}
    assert folders == {"articles/norway/same", "articles/other/same", "hubs/norway", "hubs/other"}
    (tmp_path / "pack.zip").write_bytes(pack)
    assert packs.run(tmp_path, "pack.zip", program=packs.program()).returncode == 0


def test_nothing_that_waits_to_be_published_is_in_a_pack(client, clock, article):
    article.title = article.summary = "Secret draft"
    article.body = "## Secret draft"
    article.save()
    factories.make_article(hub=article.hub, slug="secret", title="Secret article")
    for path in (HUB, ARTICLE, f"{HUB}?since=2027-01-05", f"{HUB}?at=2027-01-11"):
        assert not [name for name, raw in packs.files(packs.fetch(client, path)).items() if b"ecret" in raw]


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
    assert "comparisons/articles/norway/labels/1-to-4.html" in files
    for name in ("index.html", "law.html"):
        reader = reading.Reader(files[name].decode())
        hrefs = [each.attributes["href"] for each in reader.elements if each.tag == "a"]
        inside = {href for href in hrefs if not href.startswith(("http", "#"))}
        assert inside
        assert inside <= files.keys()
