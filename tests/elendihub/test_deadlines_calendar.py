"""The calendars as a calendar program reads them, before and after a date moves."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from icalendar import Calendar

from legislation.models import Deadline, NationalDate
from tests import factories

ALL, HUB, LAW = "/deadlines.ics", "/hubs/norway/deadlines.ics", "/law/mdr/deadlines.ics"
FIRST, SECOND = date(2026, 5, 26), date(2028, 12, 31)
HOST = re.sub(r"^https?://|:\d+$", "", settings.SITE_URL)


@pytest.fixture
def deadline(db):
    mdr = factories.make_instrument(slug="mdr", short_name="MDR")
    jurisdiction = factories.make_jurisdiction(code="NO", name="Norway")
    factories.make_published_hub(slug="norway", jurisdiction=jurisdiction)
    return factories.make_deadline(
        slug="legacy",
        title="Legacy devices end",
        group="MDR legacy devices",
        eu_on=FIRST,
        instruments=[mdr],
        legal_basis="MDR Article 120(3a)",
        who="Manufacturers",
        condition="Last day, as the rule says; with commas, semicolons and \\ in it.\nSecond line.",
        classes=["class III"],
        source="Official Journal L 80",
        national_dates={"NO": FIRST},
    )


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return Calendar.from_ical(response.content)


def events(client, address):
    found = list(read(client, address).walk("VEVENT"))
    by_uid = {str(event["UID"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def day(event):
    return event.decoded("DTSTART")


def postpone(deadline):
    deadline.eu_on, deadline.source = SECOND, "MDR Article 120(3a), as amended by Regulation (EU) 2099/1"
    deadline.save()


@pytest.mark.parametrize(("address", "own"), [(ALL, ""), (HUB, ".no"), (LAW, "")])
def test_each_date_is_a_whole_day_with_all_that_one_must_know(client, deadline, address, own):
    ((uid, event),) = events(client, address).items()
    assert uid == f"legacy{own}@{HOST}"
    assert day(event) == FIRST
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert "DTEND" not in event
    assert str(event["SUMMARY"]) == "Legacy devices end"
    assert str(event["URL"]) == f"{settings.SITE_URL}/deadlines/#legacy"
    assert {str(word) for word in event["CATEGORIES"].cats} == {"MDR legacy devices", "MDR"}
    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CONFIRMED", "TRANSPARENT")
    text = str(event["DESCRIPTION"])
    for expected in (
        *(deadline.condition, "Whom it binds: Manufacturers", "Classes: class III", "Legal basis: MDR Article 120(3a)"),
        *("EU date: 26 May 2026", "NO: 26 May 2026. Its source.", "Source: Official Journal L 80"),
    ):
        assert expected in text
    assert "confirmed" not in text


@pytest.mark.parametrize("address", [ALL, LAW])
def test_a_postponed_date_moves_its_event(client, deadline, address):
    (before,) = events(client, address).values()
    postpone(deadline)
    (after,) = events(client, address).values()
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert (day(before), day(after)) == (FIRST, SECOND)
    assert after.decoded("DTSTAMP") >= before.decoded("DTSTAMP")
    assert f"EU: until {timezone.now():%-d %B %Y} this was 26 May 2026." in str(after["DESCRIPTION"])
    assert "Source: MDR Article 120(3a), as amended by Regulation (EU) 2099/1" in str(after["DESCRIPTION"])


def test_a_postponed_national_date_moves_the_event_of_its_hub(client, deadline):
    (before,) = events(client, HUB).values()
    NationalDate.objects.update(applies_on=SECOND, note="EEA Joint Committee Decision 1/2099")
    (after,) = events(client, HUB).values()
    assert (after["UID"], day(after)) == (before["UID"], SECOND)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert day(events(client, ALL)[f"legacy@{HOST}"]) == FIRST


def test_an_unconfirmed_national_date_is_shown_as_the_eu_date(client, deadline):
    NationalDate.objects.update(applies_on=None, note="Incorporation is not confirmed.")
    (event,) = events(client, HUB).values()
    assert day(event) == FIRST
    assert str(event["SUMMARY"]) == "Legacy devices end (EU date; not confirmed for Norway)"
    assert "NO: not confirmed. Incorporation is not confirmed." in str(event["DESCRIPTION"])
    assert str(events(client, ALL)[f"legacy@{HOST}"]["SUMMARY"]) == "Legacy devices end"


def test_a_date_that_is_not_certain_says_so(client, deadline):
    Deadline.objects.update(is_certain=False)
    (event,) = events(client, ALL).values()
    assert str(event["SUMMARY"]) == "Legacy devices end (not fully confirmed)"
    assert "This date is not fully confirmed." in str(event["DESCRIPTION"])


@pytest.mark.parametrize("address", [ALL, HUB, LAW])
def test_a_date_that_was_replaced_or_withdrawn_is_cancelled_under_its_uid(client, deadline, address):
    ((uid, before),) = events(client, address).items()
    deadline.superseded_note = "Withdrawn by Regulation (EU) 2099/1."
    deadline.save()
    event = events(client, address)[uid]
    assert (str(event["STATUS"]), day(event)) == ("CANCELLED", FIRST)
    assert event["SEQUENCE"] > before["SEQUENCE"]
    assert "Withdrawn by Regulation (EU) 2099/1." in str(event["DESCRIPTION"])


def test_a_date_that_loses_its_day_is_cancelled(client, deadline):
    deadline.eu_on, deadline.rule, deadline.source = None, "After the notice.", "Regulation (EU) 2099/1"
    deadline.save()
    event = events(client, ALL)[f"legacy@{HOST}"]
    assert (str(event["STATUS"]), day(event)) == ("CANCELLED", FIRST)


def test_what_never_had_a_day_or_was_superseded_from_the_first_is_no_event(client, deadline):
    factories.make_deadline(slug="open", eu_on=None, rule="After the notice.", national_dates={"NO": None})
    factories.make_deadline(slug="old", superseded_by=deadline, national_dates={"NO": None})
    assert list(events(client, ALL)) == [f"legacy@{HOST}"]
    assert list(events(client, HUB)) == [f"legacy.no@{HOST}"]


def test_the_same_state_gives_the_same_bytes_and_another_another(client, deadline):
    first = client.get(ALL)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=400), tick=False):
        later = client.get(ALL)
    assert later.content == first.content
    assert later["ETag"] == first["ETag"]
    postpone(deadline)
    assert client.get(ALL)["ETag"] != first["ETag"]


def test_a_calendar_that_asks_again_is_told_that_nothing_changed(client, deadline):
    first = client.get(ALL)
    assert client.get(ALL, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(ALL, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert first["Cache-Control"] == "public, no-cache"


def test_lines_end_and_fold_as_the_standard_says_whatever_letters_they_hold(client, deadline):
    Deadline.objects.update(title="Blåbærsyltetøy på skjærgårdsøya " * 6, condition="æøå🩺" * 60)
    body = client.get(ALL).content
    lines = body.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    assert all(line.decode() or True for line in lines)
    (event,) = events(client, ALL).values()
    assert str(event["SUMMARY"]) == ("Blåbærsyltetøy på skjærgårdsøya " * 6)
    assert "æøå🩺" * 60 in str(event["DESCRIPTION"])


def test_words_cannot_begin_a_line_of_their_own(client, deadline):
    Deadline.objects.update(
        title="A\r\nEND:VEVENT\r\nX-EVIL:1", condition="B\x0bC\x85D\u2028E\nBEGIN:VEVENT", group="G,\n;H"
    )
    ((_, event),) = events(client, ALL).items()
    assert "X-EVIL" not in event
    assert not event.errors


def test_a_calendar_is_named_and_says_how_often_to_ask(client, deadline):
    response = client.get(HUB)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert str(calendar["X-WR-CALNAME"]) == "Deadlines: Norway · ElendiHub"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:P1D\r\n" in response.content
    assert str(calendar["VERSION"]) == "2.0"
    assert str(calendar["URL"]) == f"{settings.SITE_URL}/deadlines/?hub=norway"
    assert str(read(client, LAW)["X-WR-CALNAME"]) == "Deadlines: MDR · ElendiHub"
    assert str(read(client, ALL)["X-WR-CALNAME"]) == "Deadlines · ElendiHub"


def test_the_name_of_the_host_that_is_asked_changes_nothing(client, deadline):
    assert client.get(ALL, headers={"host": "localhost"}).content == client.get(ALL).content


def test_an_empty_register_is_an_empty_calendar(client, db):
    assert list(read(client, ALL).walk("VEVENT")) == []


@pytest.mark.parametrize(
    "address", ["/hubs/none/deadlines.ics", "/law/none/deadlines.ics", "/hubs/draft/deadlines.ics"]
)
def test_what_has_no_page_has_no_calendar(client, db, address):
    factories.make_hub(slug="draft")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", [ALL, HUB, LAW])
def test_a_calendar_takes_six_queries_whatever_it_holds(client, deadline, address, django_assert_max_num_queries):
    instruments = list(deadline.instruments.all())
    for _ in range(8):
        factories.make_deadline(instruments=instruments, national_dates={"NO": FIRST, "IS": None})
    Deadline.objects.update(eu_on=SECOND, source="Moved")
    with django_assert_max_num_queries(6):
        assert len(events(client, address)) == 9
