"""What the repository's own content promises, whoever edits it next."""

import json
import re
from datetime import UTC, date, datetime
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from articles.content.texts import ArticleText, read_articles, read_hub
from articles.models import ArticleVersion, Category, Citation, Topic
from elendihub.anchors import slug as anchor
from elendihub.markdown import render
from regulators.models import HubVersion, Jurisdiction, Regulator
from regulators.record import former_names, name_on, site_on

NORWAY = settings.CONTENT_DIR / "norway"
# In reading order: day, category and title as the source of the hub gives them.
EXPECTED = [
    ("2026-02-17", "Other", "Classification Rules for Medical Devices and IVDs in Norway"),
    ("2026-02-16", "Other", "Quality Management System and Risk Management for Medical Devices in Norway"),
    ("2026-02-16", "Other", "Qualification of Products as Medical Devices in Norway"),
    ("2026-02-16", "Other", "Transitional Provisions for Medical Devices in Norway"),
    ("2026-02-15", "Other", "Classification of Medical Devices and IVDs in Norway"),
    ("2026-02-15", "Other", "The Legislation for Medical Devices in Norway"),
    ("2026-02-14", "Other", "Custom-Made Medical Devices in Norway"),
    ("2026-02-14", "Other", "Guidance and Regulations for Medical Devices in Norway"),
    ("2026-02-13", "Other", "Systems and Procedure Packs of Medical Devices in Norway"),
    ("2026-02-13", "Other", "Derogation from Conformity Assessment Procedures for Medical Devices and IVDs in Norway"),
    ("2026-02-13", "Other", "CE Marking of Conformity for Medical Devices and IVDs in Norway"),
    ("2026-02-13", "Other", "Unique Device Identification (UDI) System for Medical Devices in Norway"),
    ("2026-02-13", "Other", "Language Requirements and Information Supplied with Medical Devices in Norway"),
    ("2026-02-12", "Post Market Surveillance", "Post-Market Monitoring and Surveillance for Medical Devices in Norway"),
    ("2026-02-12", "Other", "Conformity Assessment Involving Notified Bodies for Medical Devices in Norway"),
    ("2026-02-11", "Other", "Free Sales Certificates for Medical Devices and IVDs in Norway"),
    ("2026-02-10", "Other", "Standards and Common Specifications for Medical Devices in Norway"),
]
RESPONSIBILITIES = [
    "Regulatory Oversight",
    "Market Surveillance",
    "Clinical Investigations",
    "Vigilance (Materiovigilance)",
    "Notified Body Supervision",
    "Registration",
]
ARTICLES: dict[str, ArticleText] = {page.path.name: text for page, text in read_articles(NORWAY)}
TEXTS: dict[str, Path] = {path.name: path for path in sorted(NORWAY.glob("*.md"))}

PROVISION = re.compile(r"\b(?:Articles?|Annex(?:es)?) (?:\d+|[IVX]+\b)")
ACT_BEFORE = re.compile(r"(?:MDR|IVDR|EEA Agreement) $")
ACT_AFTER = re.compile(r"[^,;.|]{0,12} (?:of|to) (?:the (?:MDR|IVDR)|Regulation \((?:EU|EC)\))")


def bare_provisions(text: str) -> list[str]:
    """Every “Article 22” that does not name its act beside it."""
    return [
        text[max(0, found.start() - 30) : found.end() + 30]
        for found in PROVISION.finditer(text)
        if not ACT_BEFORE.search(text[: found.start()]) and not ACT_AFTER.match(text, found.end())
    ]


def words(body: str) -> int:
    return len(unescape(re.sub(r"<[^>]+>", " ", render(body).html)).split())


@pytest.mark.django_db
def test_the_articles_are_listed_with_the_titles_dates_categories_and_order_of_the_source():
    call_command("import_content", stdout=StringIO())

    at = datetime(2026, 11, 23, tzinfo=UTC)
    listed = ArticleVersion.objects.live(at).readable().in_reading_order()
    rows = [(version.published_at.date().isoformat(), version.category_name, version.title) for version in listed]
    assert rows == EXPECTED
    assert all(version.topics and version.body_html and version.contents for version in listed)

    hub = HubVersion.objects.live(at).get()
    assert hub.title == "Overview of the Norwegian Medical Products Agency (DMP) and Medical Device Regulation"
    assert [part["label"] for part in hub.responsibilities] == RESPONSIBILITIES
    assert '<h3 id="role-in-medical-devices">Role in Medical Devices</h3>' in hub.overview_html
    assert hub.live_from == datetime(2026, 2, 10, tzinfo=UTC)
    assert set(Category.objects.values_list("name", flat=True)) == {"Other", "Post Market Surveillance"}
    assert Topic.objects.count() == 15

    record = hub.regulator_record
    assert name_on(record, date(2026, 2, 10)).full == "Norwegian Medical Products Agency (DMP)"
    assert name_on(record, date(2026, 2, 10)).native == "Direktoratet for medisinske produkter"
    assert name_on(record, date(2023, 12, 31)).full == "Norwegian Medicines Agency (NoMA)"
    assert [name.native for name in former_names(record, date(2026, 2, 10))] == ["Statens legemiddelverk"]
    assert site_on(record, date(2026, 2, 10)).url == "https://www.dmp.no/en/medical-devices"

    assert {"NO", "EU", "CH", "SE"} <= set(Jurisdiction.objects.values_list("code", flat=True))
    assert not Jurisdiction.objects.filter(regulators__isnull=True).exists()
    assert all(each.current_name and each.current_site for each in Regulator.objects.with_current(at.date()))


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_has_a_body_of_500_to_900_words(name):
    assert 500 <= words(ARTICLES[name].body) <= 900


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_has_a_main_topic_and_a_summary_that_fits_a_list(name):
    text = ARTICLES[name]
    assert text.topics[0]
    assert 200 <= len(text.summary) <= 420
    assert not re.search(r"[*_`\[\]|]", text.summary)


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_has_headings_that_differ_and_skip_no_level(name):
    contents = render(ARTICLES[name].body).contents
    anchors = [heading.anchor for heading in contents]
    assert anchors == [anchor(heading.title) for heading in contents]
    levels = [2, *(heading.level for heading in contents)]
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


@pytest.mark.parametrize("name", TEXTS)
def test_a_provision_names_its_act_beside_it(name):
    assert bare_provisions(TEXTS[name].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text", ["See Article 22.", "Annex VIII of it", "MDR Article 5 and Article 6", "Articles 10(9) and 52"]
)
def test_a_bare_provision_is_found(text):
    assert len(bare_provisions(text)) == 1


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_says_days_and_not_recently(name):
    text = TEXTS[name].read_text(encoding="utf-8")
    assert not re.search(r"\b(?:recently|currently|nowadays|soon|please|oops)\b|!(?!\[)", text, re.IGNORECASE)
    assert not re.search(r"https?://(?!www\.dmp\.no/)", text)


def test_the_hub_says_the_law_behind_every_responsibility():
    _, hub = read_hub(NORWAY)
    for label, text in hub.responsibilities:
        assert re.search(r"MDR Articles? \d", text), label


def test_reference_rows_are_fixtures_with_natural_keys_in_their_order():
    for path in sorted(settings.CONTENT_DIR.glob("*.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))
        # No date of the repository has moved yet.
        assert rows or path.name == "former_dates.json", path.name
        assert all(set(row) == {"model", "fields"} for row in rows), path.name


@pytest.mark.django_db
def test_every_citation_of_the_texts_leads_somewhere_and_lint_finds_no_fault():
    call_command("import_content", stdout=StringIO())

    out = StringIO()
    call_command("lint_hub", "norway", stdout=out)
    assert out.getvalue() == "Nothing found.\n"
    assert Citation.objects.of_live().filter(provision__isnull=False).count() > 700


def test_every_topic_is_reviewed_by_its_risk():
    rows = json.loads((settings.CONTENT_DIR / "topics.json").read_text())
    days = {row["fields"]["slug"]: row["fields"]["review_days"] for row in rows}
    assert days["transitional-provisions"] == 30
    assert days["qualification"] == days["classification"] == 365
    assert all(30 <= interval <= 365 for interval in days.values())
