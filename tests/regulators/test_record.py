"""Reading a regulator's names and sites as of a day."""

from datetime import date

import pytest

from regulators import record

NOMA = {
    "name": "Norwegian Medicines Agency",
    "acronym": "NoMA",
    "valid_from": "2001-01-01",
    "valid_until": "2023-12-31",
}
DMP = {"name": "Norwegian Medical Products Agency", "acronym": "NOMA", "valid_from": "2024-01-01", "valid_until": None}
AGENCY = {
    "parent": "Ministry",
    "names": [
        {"language": "en", **DMP},
        {"language": "nb", **DMP, "name": "Direktoratet for medisinske produkter", "acronym": "DMP"},
        {"language": "en", **NOMA},
        {"language": "nb", **NOMA, "name": "Statens legemiddelverk", "acronym": ""},
    ],
    "websites": [
        {
            "url": "https://old.example/",
            "language": "en",
            "valid_from": None,
            "valid_until": "2023-12-31",
            "recorded_on": "2020-05-05",
        },
        {
            "url": "https://ny.example",
            "language": "nb",
            "valid_from": None,
            "valid_until": None,
            "recorded_on": "2026-01-01",
        },
        {
            "url": "https://new.example/en/",
            "language": "en",
            "valid_from": "2024-01-01",
            "valid_until": None,
            "recorded_on": "2026-01-02",
        },
    ],
}
NOTHING = {"parent": "", "names": [], "websites": []}


@pytest.mark.parametrize(("day", "acronym"), [((2001, 1, 1), "NoMA"), ((2023, 12, 31), "NoMA"), ((2024, 1, 1), "NOMA")])
def test_a_name_holds_from_its_first_to_its_last_day(day, acronym):
    assert record.name_on(AGENCY, date(*day)).acronym == acronym


def test_before_its_first_name_a_regulator_has_none():
    assert record.name_on(AGENCY, date(2000, 12, 31)) is None
    assert record.name_on(NOTHING, date(2026, 1, 1)) is None


def test_a_name_goes_with_its_own_language_form_of_the_same_time():
    new, old = record.name_on(AGENCY, date(2026, 1, 1)), record.name_on(AGENCY, date(2020, 1, 1))
    assert (new.native, new.native_language, new.native_language_name) == (
        "Direktoratet for medisinske produkter",
        "nb",
        "Norwegian",
    )
    assert old.native == "Statens legemiddelverk"
    assert new.full == "Norwegian Medical Products Agency (NOMA)"


def test_a_name_is_former_from_the_day_after_its_last():
    assert record.former_names(AGENCY, date(2023, 12, 31)) == []
    assert [name.acronym for name in record.former_names(AGENCY, date(2024, 1, 1))] == ["NoMA"]


def test_names_come_oldest_first():
    assert [name.acronym for name in record.names(AGENCY)] == ["NoMA", "NOMA"]


def test_a_name_without_dates_always_holds():
    timeless = {"names": [{"language": "en", "name": "Agency", "acronym": "", "valid_from": None, "valid_until": None}]}
    name = record.name_on(timeless, date(1900, 1, 1))
    assert (name.full, name.native) == ("Agency", "")


@pytest.mark.parametrize(
    ("day", "url"), [((2023, 12, 31), "https://old.example/"), ((2024, 1, 1), "https://new.example/en/")]
)
def test_the_english_site_of_the_day_comes_first(day, url):
    assert record.site_on(AGENCY, date(*day)).url == url


def test_a_site_in_another_language_stands_in():
    only = {"websites": AGENCY["websites"][1:2]}
    site = record.site_on(only, date(2026, 1, 1))
    assert (site.address, site.language_name, site.recorded_on) == ("ny.example", "Norwegian", date(2026, 1, 1))
    assert record.site_on(NOTHING, date(2026, 1, 1)) is None


@pytest.mark.parametrize(("tag", "name"), [("nn", "Norwegian"), ("da", "Danish"), ("en", "English"), ("xx", "xx")])
def test_languages_are_named_as_readers_say_them(tag, name):
    assert record.language_name(tag) == name
