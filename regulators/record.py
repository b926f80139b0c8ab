"""Reading the regulator as a hub version keeps it (Regulator.public_record) on a given day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language_info


@dataclass(frozen=True)
class Name:
    """One name of the regulator in English, with its own-language form of the same time (empty when there is none)."""

    name: str
    acronym: str
    native: str
    native_language: str
    valid_from: date | None
    valid_until: date | None

    @property
    def full(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    @property
    def native_language_name(self) -> str:
        return language_name(self.native_language)


@dataclass(frozen=True)
class Site:
    url: str
    language: str
    recorded_on: date

    @property
    def address(self) -> str:
        """The address as a reader says it: host and path."""
        return self.url.removeprefix("https://").rstrip("/")

    @property
    def language_name(self) -> str:
        return language_name(self.language)


@dataclass(frozen=True)
class SiteAnswer:
    """The day on which a site last answered; `failed_on` are two days while it is broken, else empty."""

    answered_on: date | None
    failed_on: list[date]


def names(record: dict[str, Any]) -> list[Name]:
    """Every name, oldest first."""
    rows = record["names"]
    native = {(row["valid_from"], row["valid_until"]): row for row in rows if row["language"] != "en"}
    found = []
    for row in rows:
        if row["language"] == "en":
            own = native.get((row["valid_from"], row["valid_until"]), {"name": "", "language": ""})
            found.append(
                Name(
                    row["name"],
                    row["acronym"],
                    own["name"],
                    own["language"],
                    day(row["valid_from"]),
                    day(row["valid_until"]),
                )
            )
    return sorted(found, key=lambda name: name.valid_from or date.min)


def name_on(record: dict[str, Any], on: date) -> Name | None:
    return next((name for name in reversed(names(record)) if contains(name, on)), None)


def former_names(record: dict[str, Any], on: date) -> list[Name]:
    return [name for name in names(record) if name.valid_until and name.valid_until < on]


def site_on(record: dict[str, Any], on: date) -> Site | None:
    """The official site of that day, the English one before others."""
    rows = [row for row in record["websites"] if (day(row["valid_from"]) or date.min) <= on]
    rows = [row for row in rows if on <= (day(row["valid_until"]) or date.max)]
    rows.sort(key=lambda row: row["language"] != "en")
    return Site(rows[0]["url"], rows[0]["language"], date.fromisoformat(rows[0]["recorded_on"])) if rows else None


def answer_of(answers: dict[str, Any], site: Site | None) -> SiteAnswer | None:
    """What is known of the site from Regulator.answers; None when it was never asked or has moved since."""
    found = answers.get(site.url) if site else None
    if found is None:
        return None
    return SiteAnswer(day(found["answered_on"]), [date.fromisoformat(each) for each in found["failed_on"]])


def contains(name: Name, on: date) -> bool:
    return (name.valid_from or date.min) <= on <= (name.valid_until or date.max)


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def language_name(tag: str) -> str:
    """“Norwegian” for nb and nn, “Danish” for da, …; the tag itself when it is not known."""
    try:
        return str(get_language_info(tag)["name"]).split()[0]
    except KeyError:
        return tag
