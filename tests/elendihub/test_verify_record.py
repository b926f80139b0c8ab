"""`manage.py verify_record`: what was published is what stands there, or the first row that is not is named."""

import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from elendihub.models import AuditEntry
from tests import factories
from tests.management.commands.flush import without_triggers

DAY = timedelta(days=1)


@pytest.fixture
def article(db):
    """Three versions beside a hub of two."""
    hub = factories.make_published_hub(slug="norway").hub
    hub.publish(by=None, note="What changed.")
    article = factories.make_published_article(hub=hub, slug="labels", title="Labels é 漢").article
    article.publish(by=None, note="Two")
    article.publish(by=None, kind="minor")
    return article


def verify():
    out = StringIO()
    call_command("verify_record", stdout=out)
    return out.getvalue()


def tamper(sql, *params):
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        assert cursor.rowcount == 1


def test_a_whole_record_is_counted(article):
    *counted, trail = verify().splitlines()
    assert counted == [
        "ArticleVersion: 3 versions of 1 articles hold.",
        "HubVersion: 2 versions of 1 hubs hold.",
        "Pictures: 0 are there, 0 of them proved by their names.",
    ]
    newest = AuditEntry.objects.latest("id").pk
    count = AuditEntry.objects.count()
    assert re.fullmatch(rf"Audit trail: {count} entries, the newest {newest}, SHA-256 [0-9a-f]{{64}}\.", trail)


def test_an_empty_record_holds(db):
    assert "0 versions of 0 articles" in verify()


def test_schedules_cancellations_and_withdrawals_hold(article):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        never = factories.make_article(hub=article.hub)
        never.publish(by=None, live_from=timezone.now() + DAY, note="What changed.")
        never.cancel_scheduled(by=None)
        article.publish(by=None, live_from=timezone.now() + DAY, note="What changed.")
        verify()
        article.cancel_scheduled(by=None)
        clock.shift(DAY)
        never.publish(by=None, note="What changed.")
        article.withdraw(by=None, reason="error", note="Wrong.")
        clock.shift(DAY)
        article.publish(by=None, note="What changed.")
        assert "9 versions of 2 articles" in verify()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("title", "Tampered"),
        ("body_html", "<p>Tampered</p>"),
        ("note", "Tampered"),
        ("author_name", "Tampered"),
        ("live_from", "2025-01-01 00:00:00+00:00"),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_value_names_the_row(article, column, value):
    tamper(f"UPDATE articles_articleversion SET {column} = %s WHERE number = 2", value)
    with pytest.raises(CommandError, match=r"ArticleVersion: article \d+ \(/hubs/norway/labels/\), version 2\. hash"):
        verify()


def test_a_changed_hub_is_named(article):
    tamper("UPDATE regulators_hubversion SET overview = 'Tampered' WHERE number = 1")
    with pytest.raises(CommandError, match=r"HubVersion: hub \d+ \(/hubs/norway/\), version 1\. hash"):
        verify()


def test_a_hash_computed_anew_is_betrayed_by_the_next_version(article):
    version = article.versions.get(number=1)
    version.title = "Tampered"
    sql = "UPDATE articles_articleversion SET title = %s, hash = %s WHERE number = 1"
    tamper(sql, version.title, version.computed_hash())
    with pytest.raises(CommandError, match=r"version 2\. previous_hash"):
        verify()


def test_a_moved_end_is_named(article):
    tamper("UPDATE articles_articleversion SET live_until = '2026-02-20 00:00:00+00:00' WHERE number = 1")
    with pytest.raises(CommandError, match=r"version 1\. live_until"):
        verify()


@pytest.mark.parametrize(
    ("number", "named"), [(1, "version 2. number"), (2, "version 3. number"), (3, "version 2. live")]
)
def test_a_version_that_is_gone_is_missed(article, number, named):
    with without_triggers(), connection.cursor() as cursor:
        gone = "(SELECT id FROM articles_articleversion WHERE number = %s)"
        cursor.execute(f"DELETE FROM articles_versiontopic WHERE version_id IN {gone}", [number])
        cursor.execute("DELETE FROM articles_articleversion WHERE number = %s", [number])
    with pytest.raises(CommandError, match=named):
        verify()


# What only the audit trail can tell


def rehashed(version, before, **changes):
    """The row made anew, with all that its hash covers."""
    for name, value in changes.items():
        setattr(version, name, value)
    version.previous_hash = before
    sql = "UPDATE articles_articleversion SET title = %s, previous_hash = %s, hash = %s WHERE id = %s"
    version.hash = version.computed_hash()
    tamper(sql, version.title, before, version.hash, version.pk)
    return version.hash


def test_a_chain_made_anew_from_its_first_version_on_is_named(article):
    before = ""
    for version in article.versions.order_by("number"):
        before = rehashed(version, before, title="Tampered")
    with pytest.raises(
        CommandError, match=rf"article {article.pk} \(/hubs/norway/labels/\), version 1\. trail: title is"
    ):
        verify()


def test_two_chains_that_changed_places_are_named(db):
    one, two = (factories.make_published_article().article for _ in range(2))
    verify()
    moved, other = one.versions.get(), two.versions.get()
    # By way of a number that nobody has: each is numbered once.
    steps = [(two.pk, 9, moved.pk), (one.pk, 1, other.pk), (two.pk, 1, moved.pk)]
    with without_triggers(), connection.cursor() as cursor:
        for step in steps:
            cursor.execute("UPDATE articles_articleversion SET article_id = %s, number = %s WHERE id = %s", step)
    with pytest.raises(CommandError, match=r"version 1\. trail: article_id is"):
        verify()


def test_a_last_version_that_is_gone_is_missed_although_the_one_before_is_open_again(article):
    with without_triggers(), connection.cursor() as cursor:
        last = "(SELECT id FROM articles_articleversion WHERE number = 3)"
        cursor.execute(f"DELETE FROM articles_versiontopic WHERE version_id IN {last}")
        cursor.execute("DELETE FROM articles_articleversion WHERE number = 3")
        cursor.execute("UPDATE articles_articleversion SET live_until = NULL WHERE number = 2")
    with pytest.raises(CommandError, match=r"version 2\. trail: live_until is “None”"):
        verify()


# What is half published


@pytest.fixture
def citing(db):
    """Two versions with their rows; the second cites two provisions."""
    factories.make_mdr()
    article = factories.make_published_article(slug="labels", hub=factories.make_public_hub()).article
    article.body = "See MDR Article 120(3c) and 121."
    article.save()
    return article.publish(by=None, note="Two").article


NEWEST = "version_id = (SELECT MAX(id) FROM articles_articleversion)"


@pytest.mark.parametrize(
    ("sql", "count", "named"),
    [
        (f"DELETE FROM articles_citation WHERE {NEWEST}", 2, "version 2. citations"),
        (f"DELETE FROM articles_citation WHERE {NEWEST} AND label = 'art_121'", 1, "version 2. citations"),
        (f"DELETE FROM articles_versiontopic WHERE {NEWEST}", 1, "version 2. topics"),
        ("UPDATE articles_citation SET version_id = version_id - 1", 2, "version 1. citations"),
        ("UPDATE articles_articleversion SET live_until = NULL", 2, "version 1. live_until"),
        ("UPDATE articles_articleversion SET live_until = '2999-01-01 00:00:00+00:00'", 2, "version 1. live_until"),
        ("UPDATE articles_articleversion SET live_until = live_from", 2, "version 1. live_until"),
        ("UPDATE articles_articleversion SET live_until = live_from WHERE number = 2", 1, "version 2. live_until"),
    ],
)
def test_what_is_half_published_is_named(citing, sql, count, named):
    verify()
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount == count
    with pytest.raises(CommandError, match=named):
        verify()


def test_a_lone_version_that_is_said_never_to_have_been_live_is_named(db):
    factories.make_published_hub()
    tamper("UPDATE regulators_hubversion SET live_until = live_from")
    with pytest.raises(CommandError, match=r"version 1\. live_until"):
        verify()


def test_a_cancelled_version_that_is_said_to_be_live_is_named(article):
    article.publish(by=None, live_from=timezone.now() + DAY, note="What changed.")
    article.cancel_scheduled(by=None)
    verify()
    for end in ("NULL", "'2999-01-01 00:00:00+00:00'"):
        tamper(f"UPDATE articles_articleversion SET live_until = {end} WHERE number = 4")
        with pytest.raises(CommandError, match=r"version 4\. live_until is .* it was cancelled"):
            verify()


def test_the_record_is_verified_in_as_many_questions_however_much_there_is(article, django_assert_max_num_queries):
    for _ in range(20):
        factories.make_published_article(hub=article.hub, body="See MDR Article 120(3c).")
    with django_assert_max_num_queries(43):
        verify()
