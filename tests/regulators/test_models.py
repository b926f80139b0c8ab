from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from elendihub.publishing import PublishingError
from regulators.models import HubVersion, Regulator, RegulatorName, Website
from tests import factories


@pytest.fixture
def regulator(db):
    jurisdiction = factories.make_jurisdiction(code="NO", name="Norway")
    return Regulator.objects.create(jurisdiction=jurisdiction, slug="dmp", parent="Ministry of Health")


def name(regulator, text, **fields):
    return RegulatorName.objects.create(regulator=regulator, name=text, **{"language": "en"} | fields)


def site(regulator, url, **fields):
    return Website.objects.create(regulator=regulator, url=url, **{"recorded_on": date(2026, 1, 1)} | fields)


def test_a_name_is_valid_on_its_first_and_its_last_day(regulator):
    name(regulator, "Old", valid_until=date(2023, 12, 31))
    name(regulator, "New", valid_from=date(2024, 1, 1))
    on = {day: [row.name for row in RegulatorName.objects.valid(day)] for day in (date(2023, 12, 31), date(2024, 1, 1))}
    assert on == {date(2023, 12, 31): ["Old"], date(2024, 1, 1): ["New"]}


def test_names_without_a_first_day_come_last_among_the_newest_first(regulator):
    name(regulator, "Oldest")
    for year in (2001, 2024):
        name(regulator, str(year), valid_from=date(year, 1, 1))
    assert [row.name for row in regulator.names.newest_first()] == ["2024", "2001", "Oldest"]


def test_the_current_name_and_site_are_english_where_there_is_one(regulator):
    name(regulator, "Direktoratet", language="nb", acronym="DMP")
    name(regulator, "Agency", acronym="NOMA")
    name(regulator, "Former", valid_until=date(2023, 12, 31))
    site(regulator, "https://no.example", language="nb")
    site(regulator, "https://en.example", language="en")
    row = Regulator.objects.with_current(date(2026, 1, 1)).get()
    assert (row.current_name, row.current_acronym, row.current_site) == ("Agency", "NOMA", "https://en.example")


def test_a_public_record_holds_every_name_and_site_with_its_days(regulator):
    name(regulator, "Agency", acronym="NOMA", valid_from=date(2024, 1, 1))
    site(regulator, "https://en.example", language="en")
    dates = {"valid_from": "2024-01-01", "valid_until": None}
    assert regulator.public_record() == {
        "parent": "Ministry of Health",
        "names": [{"language": "en", "name": "Agency", "acronym": "NOMA", **dates}],
        "websites": [
            {
                "url": "https://en.example",
                "language": "en",
                "recorded_on": "2026-01-01",
                "valid_from": None,
                "valid_until": None,
            }
        ],
    }


@pytest.mark.parametrize(
    "make", [lambda r, **f: name(r, "Agency", **f), lambda r, **f: site(r, "https://en.example", **f)]
)
def test_an_interval_cannot_end_before_it_begins(regulator, make):
    with pytest.raises(IntegrityError):
        make(regulator, valid_from=date(2024, 1, 2), valid_until=date(2024, 1, 1))


def test_an_interval_that_ends_before_it_begins_is_refused_in_words(regulator):
    row = RegulatorName(
        regulator=regulator, language="en", name="A", valid_from=date(2024, 1, 2), valid_until=date(2024, 1, 1)
    )
    with pytest.raises(ValidationError, match="cannot lie before its first day"):
        row.full_clean()


@pytest.mark.parametrize("url", ["http://en.example", "javascript:alert(1)", "ftp://en.example", "en.example"])
def test_an_official_site_is_a_full_https_address(regulator, url):
    with pytest.raises(ValidationError, match="begins with https://"):
        Website(regulator=regulator, url=url, language="en", recorded_on=date(2026, 1, 1)).full_clean()


@pytest.mark.parametrize("language", ["Norwegian", "n", "nb_NO", 'nb" onclick="x'])
def test_a_language_is_a_tag_that_a_page_can_carry(regulator, language):
    with pytest.raises(ValidationError, match="Use a language tag such as en or nb"):
        RegulatorName(regulator=regulator, language=language, name="A").full_clean()


def test_a_name_and_a_site_are_listed_once(regulator):
    for row in (name(regulator, "Agency"), site(regulator, "https://en.example")):
        row.pk = None
        with pytest.raises(ValidationError, match="already listed"):
            row.full_clean()


def test_a_jurisdiction_has_one_hub(db):
    hub = factories.make_hub()
    with pytest.raises(IntegrityError):
        factories.make_hub(jurisdiction=hub.jurisdiction, regulator=hub.regulator)


def test_a_hub_version_keeps_its_parts_in_order_and_its_regulator_as_it_was(regulator):
    name(regulator, "Agency")
    hub = factories.make_hub(jurisdiction=regulator.jurisdiction, regulator=regulator, overview="### Role\n\n*Checks.*")
    hub.responsibilities.create(position=0, label="First", text="See [MDR](https://example.org).")
    version = HubVersion.objects.get(pk=factories.publish(hub).pk)
    RegulatorName.objects.update(name="Renamed")
    assert [part["label"] for part in version.responsibilities] == ["First", "Vigilance"]
    assert version.responsibilities[0]["text_html"] == 'See <a href="https://example.org">MDR</a>.'
    assert version.overview_html == '<h3 id="role">Role</h3>\n<p><em>Checks.</em></p>\n'
    assert version.regulator_record["names"][0]["name"] == "Agency"
    assert version.jurisdiction_name == "Norway"


@pytest.mark.parametrize("kind", ["responsibilities", "facts"])
def test_a_hub_says_each_thing_once(db, kind):
    parts = getattr(factories.make_hub(), kind)
    part = parts.get()
    part.pk = None
    with pytest.raises(ValidationError, match="already listed"):
        part.full_clean()


def test_rows_are_found_by_their_natural_keys(regulator):
    rows = [regulator, regulator.jurisdiction, name(regulator, "Agency"), site(regulator, "https://en.example")]
    rows.append(factories.make_hub(regulator=regulator, jurisdiction=factories.make_jurisdiction()))
    for row in rows:
        assert type(row).objects.get_by_natural_key(*row.natural_key()) == row


@pytest.mark.parametrize("overview", ["# Top", "## Part", "Part\n---"])
def test_headings_of_an_overview_begin_below_the_heading_that_the_page_gives_it(db, overview):
    hub = factories.make_hub(overview=overview)
    with pytest.raises(ValidationError, match="Begin headings at ###"):
        hub.full_clean()


@pytest.mark.parametrize("place", ["overview", "responsibility", "fact"])
def test_a_picture_of_a_hub_is_ours_and_described_before_it_is_published(db, place):
    hub = factories.make_hub()
    text = "![describe this image](/media/images/a.webp)"
    if place == "overview":
        hub.overview = text
    else:
        {"responsibility": hub.responsibilities, "fact": hub.facts}[place].update(text=text)
    with pytest.raises(PublishingError, match="has no description"):
        hub.publish(by=None)
