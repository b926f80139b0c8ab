from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from regulators.models import Regulator, RegulatorName, Website
from tests import factories, reading


@pytest.fixture
def norway(db):
    """A live hub with one live article."""
    jurisdiction = factories.make_jurisdiction(code="NO", name="Norway", region="europe", market="EEA, EFTA state")
    hub = factories.make_published_hub(slug="norway", jurisdiction=jurisdiction).hub
    factories.make_published_article(hub=hub, title="Labelling")
    return hub


def rows(response):
    """The words of each jurisdiction's row, by its name."""
    names = [heading.text.split()[0] for heading in reading.elements(response, "h3")]
    words = [" ".join(item.text.split()) for item in reading.elements(response, "li", class_="hub")]
    return dict(zip(names, words, strict=True))


def test_a_live_hub_is_a_link_with_its_count_and_regulator(client, norway):
    response = client.get("/")
    name = norway.regulator.names.get()
    assert reading.links(response)["Norway"] == "/hubs/norway/"
    assert "1 article" in rows(response)["Norway"]
    assert f"{name.name} ({name.acronym})" in rows(response)["Norway"]


def test_a_jurisdiction_without_a_hub_is_in_preparation_and_links_to_its_regulator_alone(client, norway):
    jurisdiction = factories.make_jurisdiction(code="SE", name="Sweden", region="europe")
    regulator = Regulator.objects.create(jurisdiction=jurisdiction, slug="lv")
    RegulatorName.objects.create(regulator=regulator, language="en", name="Swedish Agency", acronym="SMPA")
    Website.objects.create(regulator=regulator, url="https://www.lv.example/en", recorded_on=timezone.now().date())
    response = client.get("/")
    assert "In preparation" in rows(response)["Sweden"]
    assert "Swedish Agency (SMPA)" in rows(response)["Sweden"]
    assert "Sweden" not in reading.links(response)
    assert reading.links(response)["www.lv.example/en"] == "https://www.lv.example/en"


def test_hubs_stand_by_region_in_the_order_of_names(client, norway):
    for name, region in (("Zambia", "middle-east-africa"), ("Brazil", "americas"), ("Austria", "europe")):
        factories.make_regulator(jurisdiction=factories.make_jurisdiction(name=name, region=region))
    response = client.get("/")
    assert list(rows(response)) == ["Austria", "Norway", "Brazil", "Zambia"]
    headings = [heading.text for heading in reading.elements(response, "h2")]
    assert headings[:3] == ["Europe", "Americas", "Middle East and Africa"]


def test_every_live_hub_stands_in_the_index_wherever_its_regulator_is(client, norway):
    liechtenstein = factories.make_jurisdiction(code="LI", name="Liechtenstein")
    factories.make_published_hub(slug="liechtenstein", jurisdiction=liechtenstein, regulator=norway.regulator)
    assert reading.links(client.get("/"))["Liechtenstein"] == "/hubs/liechtenstein/"


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_a_hub_that_is_not_live_is_in_preparation(client, db, state):
    hub = factories.make_hub(jurisdiction=factories.make_jurisdiction(name="Norway"))
    if state == "scheduled":
        hub.publish(by=None, live_from=timezone.now() + timedelta(days=1), note="What changed.")
    response = client.get("/")
    assert "In preparation" in rows(response)["Norway"]
    assert "Norway" not in reading.links(response)


def test_a_withdrawn_hub_is_said_to_be_withdrawn_and_leads_to_its_notice(client, norway):
    with time_machine.travel(datetime(2027, 3, 4, tzinfo=UTC), tick=False):
        norway.withdraw(by=None, reason="error", note="Wrong.")
        response = client.get("/")
        assert "Withdrawn on 4 March 2027" in rows(response)["Norway"]
        assert "In preparation" not in rows(response)["Norway"]
        assert reading.elements(response, "time", datetime="2027-03-04")
        assert reading.elements(response, "b", class_="code")[0].text == "0"
        assert "1 withdrawn" in reading.text(response)
        assert client.get(reading.links(response)["Norway"]).status_code == 200


def test_a_scheduled_hub_joins_the_index_at_its_moment(client, db):
    hub = factories.make_hub(jurisdiction=factories.make_jurisdiction(name="Norway"), slug="norway")
    at = timezone.now() + timedelta(days=1)
    hub.publish(by=None, live_from=at, note="What changed.")
    with time_machine.travel(at, tick=False):
        assert reading.links(client.get("/"))["Norway"] == "/hubs/norway/"


def test_a_public_hub_is_named_as_it_was_published(client, norway):
    norway.jurisdiction.name, norway.jurisdiction.market = "Kingdom of Norway", "Elsewhere"
    norway.jurisdiction.save()
    assert reading.links(client.get("/"))["Norway"] == "/hubs/norway/"
    assert "Kingdom" not in reading.text(client.get("/"))
    assert "Elsewhere" not in reading.text(client.get("/"))


def test_what_changed_last_comes_first_and_minor_edits_do_not_count(client, norway):
    other = factories.make_published_article(hub=norway, title="Vigilance").article
    with time_machine.travel(datetime(2027, 3, 4, tzinfo=UTC), tick=False):
        other.publish(by=None, note="What changed.")
        norway.articles.get(title="Labelling").publish(by=None, kind="minor")
        response = client.get("/")
    (aside,) = reading.elements(response, "aside")
    assert aside.text.index("Vigilance") < aside.text.index("Labelling")
    assert reading.elements(response, "time", datetime="2027-03-04")


def test_an_empty_site_says_what_to_do(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "import_content" in reading.elements(response, "div", class_="empty")[0].text


def test_search_engines_are_told_whose_page_it_is(client, norway):
    response = client.get("/?utm=x")
    assert (
        reading.meta(response)["canonical"]
        == reading.structured_data(response)["WebSite"]["url"]
        == f"{settings.SITE_URL}/"
    )


def test_it_asks_the_database_four_times_however_much_there_is(client, norway, django_assert_max_num_queries):
    for number in range(60):
        factories.make_published_article(hub=norway, title=f"Article {number}")
    for _ in range(5):
        factories.make_published_hub()
        factories.make_regulator()
    with django_assert_max_num_queries(4):
        assert client.get("/").status_code == 200
