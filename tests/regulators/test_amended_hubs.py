"""Hubs whose law was amended: flagged as articles are, and by a check alone not any more."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from articles.flagging import flagging_the_past
from articles.models import Article, Flag, HubFlag
from legislation.models import Amendment
from regulators.models import Hub, HubVersion
from tests import factories, reading
from tests.factories import make_amendment, make_check, make_hub, publish
from tests.management.commands.flush import without_triggers

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


@pytest.mark.parametrize("number", ["87", "88", "89"])
def test_each_provision_of_a_range_counts(mdr, number):
    publish(make_hub(overview="See MDR Articles 87 to 89."))
    make_amendment(provision=provision(mdr, number))
    assert is_flagged()


def test_a_path_in_code_cites_nothing(mdr):
    hub = make_hub(overview="`/law/mdr/art-120/`")
    hub.facts.create(position=2, label="Path", text="The path `/law/mdr/art-120/` is code.")
    publish(hub)
    make_amendment(provision=provision(mdr))
    assert not is_flagged()


# What was not read by anybody, and clocks


def schedule(hub, overview):
    hub.overview = overview
    hub.save()
    return publish(hub, live_from=timezone.now() + timedelta(days=3))


def test_a_check_of_the_live_version_clears_nothing_of_a_scheduled_one(mdr):
    hub = publish(make_hub(overview="No law.")).hub
    scheduled = schedule(hub, NAMED)
    make_amendment(provision=provision(mdr))
    make_check(hub.versions.get(number=1), checked_on=timezone.now().date())
    assert not is_flagged()
    with time_machine.travel(scheduled.live_from + timedelta(hours=1), tick=False):
        assert is_flagged()
        make_check(scheduled, checked_on=timezone.now().date())
        assert not is_flagged()


@pytest.mark.parametrize("is_cancelled_first", [True, False])
def test_what_was_cancelled_before_anybody_read_it_flags_nothing(client, mdr, is_cancelled_first):
    hub = publish(make_hub(slug="norway", overview="No law.")).hub
    schedule(hub, NAMED)
    acts = [lambda: hub.cancel_scheduled(by=None), lambda: make_amendment(provision=provision(mdr))]
    for act in acts if is_cancelled_first else reversed(acts):
        act()
    assert not is_flagged()
    assert "amended since" not in reading.words(client.get("/hubs/norway/"))


def test_an_amendment_made_before_a_check_and_saved_after_it_flags(hub, mdr):
    amendment = Amendment(by=factories.make_instrument(), provision=provision(mdr))
    make_check(hub.versions.get(), checked_on=timezone.now().date())
    amendment.save()
    assert is_flagged()


def test_so_does_one_made_before_the_publication_or_dated_back(mdr):
    amendment = Amendment(by=factories.make_instrument(), provision=provision(mdr))
    publish(make_hub(overview=NAMED))
    amendment.recorded_at = timezone.now() - timedelta(days=900)
    amendment.save()
    assert is_flagged()


def test_a_withdrawn_hub_is_flagged_when_it_returns(hub, mdr):
    hub.withdraw(by=None, reason="error", note="Wrong.")
    make_amendment(provision=provision(mdr))
    assert not Hub.objects.flagged().exists()
    publish(hub)
    assert Hub.objects.flagged().get() == hub


def test_a_provision_that_is_described_only_after_the_publication_counts(db):
    act = factories.make_instrument(slug="zzr", short_name="ZZR", names=["ZZR"], articles="1-30")
    publish(make_hub(overview="See ZZR Article 7(2)."))
    make_amendment(provision=factories.make_provision(instrument=act, number="7"))
    assert is_flagged()


# Nothing but a check takes the flag away


def test_an_amendment_that_is_moved_keeps_its_flag_and_flags_where_it_goes(client, hub, mdr):
    amendment = make_amendment(provision=provision(mdr, "22"))
    make_check(hub.versions.get(), checked_on=timezone.now().date())
    assert not is_flagged()
    amendment.provision = provision(mdr)
    amendment.save()
    assert is_flagged()
    amendment.provision = provision(mdr, "23")
    amendment.save()
    assert is_flagged()
    assert "MDR Article 120" in reading.words(client.get("/hubs/norway/"))


def test_an_amendment_that_flagged_is_not_deleted_and_nor_is_its_provision(client, hub, mdr):
    amendment = make_amendment(provision=provision(mdr))
    for row in (amendment, amendment.provision, amendment.by, mdr):
        with pytest.raises(ProtectedError):
            row.delete()
    client.force_login(factories.make_editor())
    page = client.post(reverse("admin:legislation_amendment_delete", args=[amendment.pk]), {"post": "yes"})
    assert "would require deleting the following protected related objects" in reading.words(page)
    assert is_flagged()


def test_a_provision_with_another_number_keeps_the_flag(hub, mdr):
    make_amendment(provision=provision(mdr))
    mdr.provisions.filter(kind="article", number="120").update(number="120x")
    assert is_flagged()


def test_a_day_of_recording_that_is_changed_later_clears_nothing(hub, mdr):
    amendment = make_amendment(provision=provision(mdr))
    Amendment.objects.filter(pk=amendment.pk).update(recorded_at=timezone.now() - timedelta(days=900))
    assert is_flagged()


# Upgrade


def upgrade():
    with connection.schema_editor() as editor:
        flagging_the_past().code(apps, editor)


def forget_flags():
    with without_triggers(), connection.cursor() as cursor:
        for table in ("articles_hubflag", "articles_flag"):
            cursor.execute(f"DELETE FROM {table}")


@pytest.mark.django_db(transaction=True)
def test_an_upgrade_flags_what_was_amended_since_and_no_check_has_cleared():
    mdr = factories.make_mdr()
    make_amendment(provision=provision(mdr), what="Before.")
    hub = publish(make_hub(overview=NAMED)).hub
    article = factories.make_published_article(hub=hub, body=NAMED).article
    make_amendment(provision=provision(mdr), what="Cleared.")
    for version in (hub.versions.get(), article.versions.get()):
        make_check(version, checked_on=timezone.now().date())
    forget_flags()
    upgrade()
    assert (HubFlag.objects.count(), Flag.objects.count()) == (1, 1)
    assert not is_flagged()
    make_amendment(provision=provision(mdr), what="Open.")
    forget_flags()
    upgrade()
    upgrade()
    assert {flag.amendment.what for flag in HubFlag.objects.open()} == {"Open."}
    assert Article.objects.flagged().get() == article
    assert Hub.objects.flagged().get() == hub
