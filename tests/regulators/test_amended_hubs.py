"""Hubs whose law was amended: what their texts link to is asked, for they have no rows of citations."""

from datetime import timedelta

import pytest
from django.utils import timezone

from legislation.models import Amendment
from regulators.models import Hub, HubVersion
from tests import factories, reading
from tests.factories import make_amendment, make_check, make_hub, publish

NAMED = "MDR Article 120"


@pytest.fixture
def mdr(db):
    return factories.make_mdr()


@pytest.fixture
def hub(mdr):
    version = publish(make_hub(slug="norway", overview=f"See {NAMED}(3)."))
    return version.hub


def provision(mdr, number="120"):
    return mdr.provisions.get(kind="article", number=number)


def is_flagged():
    return HubVersion.objects.live().flagged().exists()


def test_recording_an_amendment_flags_a_hub_that_cites_the_provision_and_the_page_names_it(client, hub, mdr):
    amendment = make_amendment(provision=provision(mdr))
    response = client.get("/hubs/norway/")
    assert "Law cited here was amended since this text was published." in reading.words(response)
    assert str(amendment.by) in reading.words(response)
    assert Hub.objects.flagged().get() == hub
    assert reading.elements(client.get("/trust/amended/"), "h3")[0].text == hub.title


def test_only_the_touched_provision_counts(hub, mdr):
    make_amendment(provision=provision(mdr, "10"))
    assert not is_flagged()


@pytest.mark.parametrize("place", ["responsibilities", "facts"])
def test_lines_of_the_hub_count_as_its_overview_does(mdr, place):
    hub = make_hub(overview="No law.")
    getattr(hub, place).create(position=2, label="Law", text=f"{NAMED}.")
    publish(hub)
    make_amendment(provision=provision(mdr))
    assert is_flagged()


def test_what_was_recorded_before_it_was_published_flags_nothing(mdr):
    make_amendment(provision=provision(mdr))
    publish(make_hub(overview=f"See {NAMED}."))
    assert not is_flagged()


def test_however_it_was_recorded(hub, mdr):
    Amendment.objects.bulk_create([Amendment(by=factories.make_instrument(), provision=provision(mdr))])
    assert is_flagged()


@pytest.mark.parametrize("outcome", ["confirmed", "not_affected"])
def test_only_a_check_clears_it(client, hub, mdr, outcome):
    make_amendment(provision=provision(mdr))
    hub.overview = "No law any more."
    hub.save()
    later = publish(hub)
    assert is_flagged()
    make_check(later, outcome="needs_change", note="Section 2.", checked_on=timezone.now().date())
    assert is_flagged()
    make_check(later, outcome=outcome, note="Not about us.", checked_on=timezone.now().date())
    assert not is_flagged()
    assert "amended since" not in reading.words(client.get("/hubs/norway/"))


def test_an_amendment_after_the_check_flags_it_again(hub, mdr):
    make_check(hub.versions.get(), checked_on=timezone.now().date())
    make_amendment(provision=provision(mdr))
    assert is_flagged()


def test_pages_of_the_past_say_nothing_of_it(client, hub, mdr):
    moment = f"{timezone.now() - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    before = client.get(f"/hubs/norway/?at={moment}").content
    make_amendment(provision=provision(mdr))
    assert client.get(f"/hubs/norway/?at={moment}").content == before


def test_a_flagged_hub_asks_the_database_no_more_often(client, hub, mdr, django_assert_max_num_queries):
    make_amendment(provision=provision(mdr))
    with django_assert_max_num_queries(6):
        client.get("/hubs/norway/")
