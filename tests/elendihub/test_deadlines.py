"""The timeline of dates: states in words, filters as addresses, both clocks, nothing hidden that is not sure."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import call_command

from legislation import bases, boxes
from legislation.models import Deadline, NationalDate
from tests import factories, reading

ADDRESS = "/deadlines/"
NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
ON = NOW.date()
FIRST, SECOND = date(2026, 5, 26), date(2028, 12, 31)


@pytest.fixture(autouse=True)
def today(db):
    """The site's day; hubs are published before it."""
    with time_machine.travel(NOW, tick=False):
        yield ON


@pytest.fixture
def norway():
    jurisdiction = factories.make_jurisdiction(code="NO", name="Norway")
    return factories.make_published_hub(slug="norway", jurisdiction=jurisdiction).hub


@pytest.fixture
def mdr():
    return factories.make_mdr()


def words(element):
    return " ".join(element.text.split())


def entries(response):
    """The words of each date in the timeline by its anchor."""
    return {each.attributes["id"]: words(each) for each in reading.elements(response, "li", class_="date")}


def states(response):
    return {
        each.attributes["id"]: each.attributes["data-state"] for each in reading.elements(response, "li", class_="date")
    }


def test_a_date_stands_with_its_basis_who_condition_clocks_and_source(client, norway, mdr):
    factories.make_deadline(
        slug="legacy",
        title="Legacy devices end",
        eu_on=SECOND,
        instruments=[mdr],
        legal_basis="MDR Article 120(3a)",
        who="Manufacturers",
        condition="Last day for placing on the market.",
        classes=["class III", "class IIb"],
        source="Official Journal L 80",
        note="A note.",
        national_dates={"NO": SECOND},
    )
    response = client.get(ADDRESS)
    shown = entries(response)["legacy"]
    for expected in (
        *("31 December 2028", "In 972 days", "Legacy devices end", "MDR Article 120(3a)", "NO Norway: the same day"),
        *("Manufacturers", "Last day for placing on the market.", "class III, class IIb", "Official Journal L 80"),
        "A note.",
    ):
        assert expected in shown.replace("NONorway", "NO Norway")
    assert reading.links(response)["MDR Article 120(3a)"] == "/law/mdr/art-120/"
    assert "confirmed" not in shown


def test_what_has_passed_what_is_next_and_what_lies_ahead_are_told_in_words(client):
    for slug, day in {"b": ON, "a": date(2026, 5, 3), "d": date(2027, 1, 1), "c": ON}.items():
        factories.make_deadline(slug=slug, eu_on=day)
    response = client.get(ADDRESS)
    assert list(states(response).items()) == [("a", "passed"), ("b", "next"), ("c", "next"), ("d", "ahead")]
    shown = entries(response)
    assert "Passed" in shown["a"]
    assert "Today" in shown["b"]
    assert "Ahead" in shown["d"]
    html = reading.text(response)
    assert html.index('id="a"') < html.index("Today, <time") < html.index('id="b"') < html.index('id="y2027"')
    assert '<b class="code">0</b> days to the next date' in html


def test_the_next_date_says_in_how_many_days(client):
    factories.make_deadline(slug="next", eu_on=date(2026, 5, 5))
    assert "In 1 dayDeadline" in entries(client.get(ADDRESS))["next"]
    with time_machine.travel(datetime(2026, 4, 13, tzinfo=UTC), tick=False):
        response = client.get(ADDRESS)
    assert "In 22 days" in entries(response)["next"]
    assert '<b class="code">22</b> days to the next date' in reading.text(response)


def test_today_has_its_place_in_a_year_without_dates(client):
    factories.make_deadline(eu_on=date(2020, 1, 1))
    response = client.get(ADDRESS)
    assert [each.text for each in reading.elements(response, "h2", class_="year")] == ["2020", "2026"]
    assert "No date ahead" in reading.text(response)


def test_what_has_no_day_stands_apart_with_its_rule(client, norway):
    rule = "Six months after the notice."
    factories.make_deadline(slug="open", eu_on=None, rule=rule, national_dates={"NO": None})
    for query in ("", "?hub=norway"):
        response = client.get(ADDRESS + query)
        assert states(response) == {"open": "open"}
        assert rule in entries(response)["open"]
        assert "No date yet" in entries(response)["open"]
        assert reading.elements(response, "h2", id="open-ended")


def test_an_unconfirmed_national_date_is_never_the_eu_date(client, norway):
    factories.make_deadline(slug="unknown", eu_on=FIRST, national_dates={"NO": None})
    factories.make_deadline(slug="later", eu_on=FIRST, national_dates={"NO": SECOND})
    shown = entries(client.get(ADDRESS))
    assert "Norway: not confirmed" in shown["unknown"]
    assert "Norway: 31 December 2028" in shown["later"]
    shown = entries(client.get(f"{ADDRESS}?hub=norway"))
    assert list(shown) == ["unknown", "later"]
    assert "EU date; not confirmed for Norway" in shown["unknown"]
    assert shown["later"].startswith("31 December 2028")
    assert "EU 26 May 2026" in shown["later"]


def test_a_date_that_is_not_certain_says_so(client, norway):
    factories.make_deadline(slug="unsure", eu_on=FIRST, is_certain=False, national_dates={"NO": FIRST})
    assert "Not fully confirmed" in entries(client.get(ADDRESS))["unsure"]
    assert "not fully confirmed" in reading.text(client.get("/hubs/norway/"))


def test_a_superseded_date_leads_to_its_successor_and_is_named_by_it(client):
    new = factories.make_deadline(slug="new", eu_on=SECOND)
    factories.make_deadline(
        slug="old", title="As planned", eu_on=FIRST, superseded_by=new, superseded_note="Replaced by Regulation 1."
    )
    factories.make_deadline(slug="gone", eu_on=FIRST, superseded_note="Withdrawn by Regulation 2.", is_certain=False)
    response = client.get(ADDRESS)
    assert list(entries(response)) == ["new"]
    (old,), (gone,) = reading.elements(response, "li", id="old"), reading.elements(response, "li", id="gone")
    assert words(old) == "26 May 2026 As planned. Replaced by Regulation 1. 31 December 2028: " + new.title
    assert "Withdrawn by Regulation 2." in words(gone)
    assert "Not fully confirmed" in words(gone)
    assert reading.links(response)[f"31 December 2028: {new.title}"] == "#new"
    assert reading.links(response)["26 May 2026, As planned"] == "#old"


def test_a_moved_date_shows_what_it_was_until_when_and_on_which_source(client):
    deadline = factories.make_deadline(slug="moved", title="Moved", eu_on=FIRST)
    deadline.eu_on, deadline.source = SECOND, "Regulation (EU) 2099/1"
    deadline.save()
    deadline.former_dates.update(replaced_on=date(2026, 5, 3))
    response = client.get(ADDRESS)
    assert (
        "Until 3 May 2026 this was 26 May 2026; its source now: Regulation (EU) 2099/1." in entries(response)["moved"]
    )
    (box,) = [each for each in reading.elements(response, "div", class_="box") if "Moved or withdrawn" in each.text]
    assert "26 May 2026 Moved: moved on 3 May 2026" in words(box)


def test_filters_narrow_by_hub_law_and_class_and_count(client, norway, mdr):
    ivdr = factories.make_instrument(slug="ivdr", short_name="IVDR")
    make = factories.make_deadline
    make(slug="mdr-all", instruments=[mdr], national_dates={"NO": None})
    make(slug="mdr-iii", instruments=[mdr], classes=["class III"])
    make(slug="ivdr-d", instruments=[ivdr], classes=["class D"], national_dates={"NO": FIRST})
    asked = {
        "": {"mdr-all", "mdr-iii", "ivdr-d"},
        "?hub=norway": {"mdr-all", "ivdr-d"},
        "?law=mdr": {"mdr-all", "mdr-iii"},
        "?class=III": {"mdr-all", "mdr-iii"},
        "?class=D": {"ivdr-d"},
        "?hub=norway&law=mdr&class=IIb": {"mdr-all"},
        "?hub=&law=&class=": {"mdr-all", "mdr-iii", "ivdr-d"},
    }
    for query, expected in asked.items():
        assert set(entries(client.get(ADDRESS + query))) == expected, query
    options = [words(each) for each in reading.elements(client.get(f"{ADDRESS}?law=mdr"), "option")]
    assert {"Norway (1)", "MDR (2)", "IVDR (1)", "III (2)", "IIb (1)", "D (0)"} <= set(options)
    (chosen,) = reading.elements(client.get(f"{ADDRESS}?law=mdr"), "option", selected="")
    assert chosen.attributes["value"] == "mdr"


def test_filters_hold_for_what_was_superseded_too(client, norway, mdr):
    new = factories.make_deadline(slug="new", instruments=[mdr], national_dates={"NO": None})
    factories.make_deadline(slug="old", instruments=[mdr], superseded_by=new)
    factories.make_deadline(slug="other", superseded_note="Withdrawn.")
    html = {query: reading.text(client.get(ADDRESS + query)) for query in ("", "?hub=norway", "?law=mdr")}
    assert all('id="old"' in page for page in html.values())
    assert ['id="other"' in page for page in html.values()] == [True, False, False]


def test_filtered_pages_are_for_readers_and_not_for_search_engines(client, mdr):
    factories.make_deadline(instruments=[mdr])
    assert reading.meta(client.get(f"{ADDRESS}?law=mdr"))["robots"] == "noindex"
    assert "robots" not in reading.meta(client.get(ADDRESS))


@pytest.mark.parametrize("name", ["hub", "law", "class"])
@pytest.mark.parametrize("value", ["narnia", "<b>", "9" * 300, "x" * 5000])
def test_an_unknown_filter_is_a_404_that_says_what_is_unknown(client, norway, name, value):
    factories.make_deadline(slug="any")
    response = client.get(ADDRESS, {name: value})
    assert response.status_code == 404
    (problem,) = reading.elements(response, "div", class_="warning")
    assert f"No {name} “{value[:60]}” has dates here." in words(problem)
    assert entries(response) == {}
    assert reading.links(response)["show all dates"] == ADDRESS


@pytest.mark.parametrize("query", ["?hub=a%00b", "?law=%ED%A0%80", "?class=%FF"])
def test_what_is_no_text_is_a_bad_request(client, query):
    assert client.get(ADDRESS + query).status_code == 400


def test_a_hub_not_published_is_no_filter(client):
    hub = factories.make_hub(slug="draft")
    factories.make_deadline(national_dates={hub.jurisdiction.code: None})
    assert client.get(f"{ADDRESS}?hub=draft").status_code == 404
    assert f"{hub.jurisdiction.code}: not confirmed" in reading.text(client.get(ADDRESS)).replace("</span>", "")


def test_an_empty_register_and_an_empty_filter_say_so(client, norway):
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert "The register of law holds no dates yet." in reading.text(response)
    assert "No date has moved." in reading.text(response)
    factories.make_deadline()
    response = client.get(f"{ADDRESS}?hub=norway")
    assert response.status_code == 200
    assert "No dates for Norway" in reading.text(response)


def test_words_of_the_register_cannot_break_out_of_where_they_stand(client, norway):
    evil = "<img src=x onerror=alert(1)>"
    texts = ("title", "legal_basis", "who", "condition", "rule", "source", "note", "group")
    deadline = factories.make_deadline(classes=[evil], eu_on=FIRST, **dict.fromkeys(texts, evil))
    NationalDate.objects.create(deadline=deadline, territory="NO", note=evil)
    factories.make_deadline(title=evil, superseded_note=evil)
    for address in (ADDRESS, f"{ADDRESS}?hub=norway", "/hubs/norway/"):
        assert not reading.elements(client.get(address), "img")


def test_the_page_takes_six_queries_whatever_it_shows(client, norway, mdr, django_assert_max_num_queries):
    for number in range(12):
        dates = {"NO": FIRST if number % 2 else None, "IS": None}
        new = factories.make_deadline(instruments=[mdr], national_dates=dates)
        factories.make_deadline(superseded_by=new)
    Deadline.objects.filter(superseded_by=None).update(eu_on=FIRST, source="Moved")
    client.get(ADDRESS)
    for query in ("", "?hub=norway&law=mdr&class=III"):
        with django_assert_max_num_queries(6):
            client.get(ADDRESS + query)


# The boxes beside hubs, acts and provisions


def test_a_hub_shows_its_next_dates_on_its_own_clock(client, norway):
    make = factories.make_deadline
    make(title="Passed", eu_on=SECOND, national_dates={"NO": date(2026, 5, 3)})
    make(title="Unknown", slug="unknown", eu_on=FIRST, national_dates={"NO": None})
    make(title="Last", eu_on=FIRST, national_dates={"NO": SECOND})
    for number in range(3):
        make(title=f"Later {number}", eu_on=date(2027, 1, 1 + number), national_dates={"NO": date(2027, 1, 1 + number)})
    make(title="Elsewhere", eu_on=FIRST)
    response = client.get("/hubs/norway/")
    (box,) = [each for each in reading.elements(response, "div", class_="box") if "Next dates" in each.text]
    shown = words(box)
    assert shown.startswith(
        "Next dates for Norway 26 May 2026 Unknown (EU date; not confirmed for Norway) 1 January 2027"
    )
    assert "Later 2" in shown
    assert not any(title in shown for title in ("Passed", "Last", "Elsewhere"))
    links = reading.links(response)
    assert links["All 6 dates for Norway"] == "/deadlines/?hub=norway"
    assert links["Unknown"] == "/deadlines/#unknown"


def test_a_hub_without_dates_says_so(client, norway):
    assert "The register holds no dates for Norway." in reading.text(client.get("/hubs/norway/"))
    factories.make_deadline(eu_on=date(2020, 1, 1), national_dates={"NO": date(2020, 1, 1)})
    assert "No date lies ahead." in reading.text(client.get("/hubs/norway/"))


def test_the_dates_of_a_hub_cost_its_page_one_query(norway, django_assert_num_queries):
    for _ in range(6):
        factories.make_deadline(national_dates={"NO": FIRST})
    with django_assert_num_queries(1):
        box = boxes.of_hub("NO", "Norway", "norway", ON)
        assert [line.deadline.title for line in box.lines]
    assert (len(box.lines), box.total) == (4, 6)


def test_an_act_shows_what_lies_ahead_and_the_way_to_all_its_dates(mdr, django_assert_num_queries):
    factories.make_deadline(instruments=[mdr], eu_on=date(2020, 1, 1))
    ahead = factories.make_deadline(instruments=[mdr], eu_on=FIRST)
    factories.make_deadline(instruments=[mdr], eu_on=FIRST, superseded_by=ahead)
    factories.make_deadline(eu_on=FIRST)
    with django_assert_num_queries(1):
        box = boxes.of_instrument(mdr, ON)
    assert ([line.deadline for line in box.lines], box.total, box.address) == ([ahead], 2, "/deadlines/?law=mdr")


def test_a_provision_shows_every_date_that_rests_on_it_or_a_part_of_it(mdr):
    article = mdr.provisions.get(kind="article", number="120")
    make = factories.make_deadline
    ahead = make(instruments=[mdr], eu_on=FIRST, legal_basis="MDR Article 10a; MDR Article 120(3c)(d)")
    passed = make(instruments=[mdr], eu_on=date(2020, 1, 1), legal_basis="MDR Article 120")
    make(instruments=[mdr], legal_basis="MDR Article 12")
    make(instruments=[mdr], legal_basis="MDR Article 120", superseded_note="Withdrawn")
    assert bases.naming(article) == [passed, ahead]
    box = boxes.of_provision(article, ON)
    assert [(line.deadline, line.has_passed) for line in box.lines] == [(passed, True), (ahead, False)]
    assert boxes.of_provision(mdr.provisions.get(kind="article", number="1"), ON).lines == []


def test_the_dates_of_the_repository_are_all_on_the_page(client):
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False):
        call_command("import_content", verbosity=0)
        response = client.get(ADDRESS)
        ids = {each.attributes.get("id") for each in reading.Reader(reading.text(response)).elements}
        assert set(Deadline.objects.values_list("slug", flat=True)) <= ids
        assert client.get(f"{ADDRESS}?hub=norway").status_code == 200
