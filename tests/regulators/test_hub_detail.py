from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from regulators.models import Regulator, RegulatorName, Website
from tests import factories, reading
from tests.factories import PUBLISHED_AT

ADDRESS = "/hubs/norway/"


@pytest.fixture
def version(db):
    jurisdiction = factories.make_jurisdiction(code="NO", name="Norway", region="europe", market="EEA")
    regulator = Regulator.objects.create(jurisdiction=jurisdiction, slug="dmp", parent="Ministry of Health")
    for language, old, new in (
        ("en", "Medicines Agency", "Products Agency"),
        ("nb", "Legemiddelverket", "Direktoratet"),
    ):
        rows = RegulatorName.objects.create
        rows(regulator=regulator, language=language, name=old, acronym="OLD", valid_until=date(2023, 12, 31))
        rows(regulator=regulator, language=language, name=new, acronym="NEW", valid_from=date(2024, 1, 1))
    Website.objects.create(
        regulator=regulator, url="https://www.dmp.no/en", language="en", recorded_on=date(2026, 1, 9)
    )
    fields = {"title": "The regulator of Norway", "summary": "Who <supervises>.", "overview": "### Role\n\nInspects."}
    hub = factories.make_hub(slug="norway", jurisdiction=jurisdiction, regulator=regulator, **fields)
    return factories.publish(hub)


@pytest.fixture
def hub(version):
    return version.hub


def test_it_shows_what_the_hub_promises_under_the_promised_labels(client, hub):
    response = client.get(ADDRESS)
    html = reading.text(response)
    headings = {heading.text for heading in reading.elements(response, "h2")}
    assert response.status_code == 200
    assert {"Overview", "Key Responsibilities", "Articles & guides"} <= headings
    assert "Regulatory hub" in html
    assert "Insight articles mapped to this region on ElendiLabs." in html
    assert reading.links(response)["All regulatory hubs"] == "/"
    assert "Vigilance" in html
    assert '<h3 id="role">Role</h3>\n<p>Inspects.</p>' in html


def test_the_official_site_is_a_link_with_the_day_it_was_recorded(client, hub):
    response = client.get(ADDRESS)
    (label,) = [words for words, address in reading.links(response).items() if address == "https://www.dmp.no/en"]
    assert label == "Official regulator site www.dmp.no/en"
    assert reading.elements(response, "time", datetime="2026-01-09")


def test_a_past_page_does_not_name_a_later_day_on_which_the_site_was_recorded(client, db):
    hub = factories.make_hub(slug="sweden")
    hub.regulator.websites.update(recorded_on=date(2026, 3, 1))
    factories.publish(hub)
    for past in ("/hubs/sweden/?at=2026-02-20", "/hubs/sweden/v/1/"):
        html = reading.text(client.get(past))
        assert "Official regulator site" in html
        assert "Address as recorded" not in html
    for address in ("/hubs/sweden/", "/hubs/sweden/?at=2026-03-02"):
        assert "Address as recorded on 1 March 2026." in reading.words(client.get(address))


def test_former_names_stand_with_their_dates(client, hub):
    response = client.get(ADDRESS)
    (lineage,) = reading.elements(response, "ol", class_="lineage")
    words = " ".join(lineage.text.split())
    assert words.index("Medicines Agency") < words.index("Products Agency")
    assert "Until 31 December 2023" in words
    assert "Since 1 January 2024" in words


def test_norwegian_names_are_marked_as_norwegian(client, hub):
    response = client.get(ADDRESS)
    marked = {
        element.text
        for element in reading.Reader(reading.text(response)).elements
        if element.attributes.get("lang") == "nb"
    }
    assert {"Direktoratet", "Legemiddelverket"} <= marked


def test_the_names_are_those_of_the_published_version_and_of_today(client, hub):
    RegulatorName.objects.filter(name="Products Agency").update(name="Changed at the desk")
    assert "Changed at the desk" not in reading.text(client.get(ADDRESS))
    with time_machine.travel(datetime(2023, 12, 31, 12, tzinfo=UTC), tick=False):
        assert client.get(ADDRESS).status_code == 404


def test_the_working_copy_is_never_shown(client, hub):
    hub.title = hub.overview = "Secret"
    hub.save()
    hub.facts.update(text="Secret")
    assert "Secret" not in reading.text(client.get(ADDRESS))


def test_a_hub_never_published_has_no_page(client, hub):
    assert client.get(factories.make_hub().get_absolute_url()).status_code == 404
    assert client.get("/hubs/none/").status_code == 404


def test_a_scheduled_hub_appears_at_its_moment(client, hub):
    at = timezone.now() + timedelta(days=1)
    hub.title = "The next title"
    hub.save()
    hub.publish(by=None, live_from=at, note="What changed.")
    assert "The next title" not in reading.text(client.get(ADDRESS))
    with time_machine.travel(at, tick=False):
        assert "The next title" in reading.text(client.get(ADDRESS))


def test_a_withdrawn_hub_answers_under_a_notice(client, hub):
    with time_machine.travel(datetime(2027, 3, 4, tzinfo=UTC), tick=False):
        hub.withdraw(by=None, reason="error", note="The facts were another country's.")
        response = client.get(ADDRESS)
    (notice,) = reading.elements(response, "div", class_="warning")
    assert response.status_code == 200
    assert "Withdrawn on 4 March 2027: published in error" in " ".join(notice.text.split())
    assert "another country's" in notice.text
    assert reading.meta(response)["robots"] == "noindex"


def test_search_engines_are_told_who_regulates_and_where_the_page_stands(client, hub):
    response = client.get(ADDRESS + "?utm=x")
    data = reading.structured_data(response)
    page, organisation = data["WebPage"], data["WebPage"]["about"]
    assert reading.meta(response)["canonical"] == page["url"] == f"{settings.SITE_URL}{ADDRESS}"
    assert datetime.fromisoformat(page["datePublished"]) == PUBLISHED_AT
    assert organisation["@type"] == "GovernmentOrganization"
    assert (organisation["name"], organisation["url"]) == ("Products Agency", "https://www.dmp.no/en")
    assert {"NEW", "Direktoratet", "Medicines Agency"} <= set(organisation["alternateName"])
    assert [step["name"] for step in data["BreadcrumbList"]["itemListElement"]] == ["All regulatory hubs", "Norway"]


def test_a_hub_without_names_or_site_still_has_a_page(client, hub):
    RegulatorName.objects.all().delete()
    Website.objects.all().delete()
    hub.publish(by=None, note="What changed.")
    response = client.get(ADDRESS)
    assert response.status_code == 200
    assert "about" not in reading.structured_data(response)["WebPage"]


def test_a_title_cannot_break_out_of_where_it_stands(client, hub):
    hub.title = hub.summary = "</script><img src=x onerror=alert(1)>"
    hub.save()
    hub.facts.update(label="<img src=x>", text="<img src=x>")
    hub.publish(by=None, note="What changed.")
    response = client.get(ADDRESS)
    assert not reading.elements(response, "img")
    assert reading.structured_data(response)["WebPage"]["name"] == hub.title


def test_no_two_elements_share_an_id(client, hub):
    hub.overview = "### Facts\n\n### Duties\n\n### Articles\n\n### Topic\n\n### Main"
    hub.save()
    hub.publish(by=None, note="What changed.")
    ids = [
        each.attributes["id"]
        for each in reading.Reader(reading.text(client.get(ADDRESS))).elements
        if "id" in each.attributes
    ]
    assert len(ids) == len(set(ids))


def test_the_hub_says_when_it_last_changed(client, hub):
    assert "Last changed" not in reading.text(client.get(ADDRESS))
    hub.publish(by=None, note="New facts.")
    assert "Last changed" in reading.text(client.get(ADDRESS))
