"""No published word is changed or lost: hashes prove it, Python refuses it, editors at once do not break it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from elendihub.publishing import Permanent, PublishingError
from tests import factories
from tests.factories import PUBLISHED_AT

TICK = timedelta(microseconds=1)


@pytest.fixture
def article(db):
    return factories.make_published_article(title="Labelling").article


# The chain of hashes


def awkward_article():
    topics = [factories.make_topic(name="Ææ 漢字 \u2028 “x”", slug="a"), factories.make_topic(name='"\\', slug="b")]
    title = "Språkkrav é e\u0301 😀 </script>"
    return factories.make_article(title=title, body="## Ø\n\nå\r\n\ttab", topic=topics[0], also=topics[1:])


def assert_chain(document):
    previous = ""
    for number, version in enumerate(document.versions.order_by("number"), start=1):
        assert version.number == number
        assert version.previous_hash == previous
        assert version.computed_hash() == version.hash
        previous = version.hash


def test_every_hash_can_be_computed_again_from_what_the_database_gives_back(db):
    article = awkward_article()
    author = factories.make_editor(username="bjørn")
    for at in (PUBLISHED_AT + TICK, None):
        article.publish(by=author, live_from=at, note="  Første  ")
    article.withdraw(by=None, reason="error", note="«Feil»")
    assert article.versions.count() == 3
    assert_chain(article)


def test_a_hub_keeps_its_chain_with_all_its_records(db):
    hub = factories.make_hub(overview="### Øst\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    for _ in range(3):
        factories.publish(hub)
    assert_chain(hub)


def test_a_whole_second_and_a_microsecond_hash_alike_after_reloading(db):
    article = factories.make_article()
    with time_machine.travel(PUBLISHED_AT, tick=False):
        article.publish(by=None, note="What changed.")
    with time_machine.travel(PUBLISHED_AT + TICK, tick=False):
        article.publish(by=None, note="What changed.")
    assert_chain(article)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, "Tampered") for name in ("title", "summary", "note", "kind", "author_name", "approver_name", "body")],
        *[(name, "Tampered") for name in ("body_html", "category_name", "withdrawal_reason", "previous_hash")],
        *[(name, PUBLISHED_AT + TICK) for name in ("live_from", "published_at", "changed_at", "created_at")],
        *[("number", 7), ("category_id", 0), ("successor_id", 1), ("contents", []), ("topics", [])],
    ],
)
def test_a_tampered_field_no_longer_matches_its_hash(article, name, value):
    version = article.versions.get()
    setattr(version, name, value)
    assert version.computed_hash() != version.hash


# Nothing published is changed or lost


@pytest.mark.parametrize(
    "attempt",
    [
        lambda versions: versions.update(title="Changed"),
        lambda versions: versions.delete(),
        lambda versions: versions.bulk_update(versions, ["title"]),
        lambda versions: versions.get().save(),
        lambda versions: versions.get().save(update_fields=["live_until"]),
        lambda versions: versions.get().delete(),
        lambda versions: versions.update_or_create(number=1, defaults={"title": "Changed"}),
        lambda versions: versions.get().topic_rows.update(name="Changed"),
        lambda versions: versions.get().topic_rows.all().delete(),
    ],
)
def test_versions_refuse_every_change_in_python(article, attempt):
    with pytest.raises(Permanent, match="Publish a new version, or withdraw the document"):
        attempt(article.versions.all())
    article.versions.get().refresh_from_db()
    assert article.versions.live().get().title == "Labelling"


@pytest.mark.parametrize("what", ["article", "hub", "category", "topic", "author", "jurisdiction", "regulator"])
def test_what_a_version_stands_on_cannot_be_deleted(article, what):
    author = factories.make_editor()
    version = factories.publish(article, by=author)
    hub = article.hub
    things = {"article": article, "hub": hub, "category": version.category, "topic": article.topic, "author": author}
    things |= {"jurisdiction": hub.jurisdiction, "regulator": hub.regulator}

    with pytest.raises(ProtectedError):
        things[what].delete()
    assert article.versions.count() == 2


def test_a_topic_stays_deletable_only_while_no_version_names_it(article):
    topic = article.topic
    article.topic = factories.make_topic()
    article.save()
    with pytest.raises(ProtectedError):
        topic.delete()


# Several editors at once


def in_threads(count, work):
    def run(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_concurrent_publishes_are_numbered_in_turn_and_chained(transactional_db):
    article = factories.make_published_article().article
    in_threads(6, lambda number: type(article).objects.get(pk=article.pk).publish(by=None, note=f"Editor {number}"))
    assert list(article.versions.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6, 7]
    assert_chain(article)
    assert article.versions.live().count() == 1


def test_of_concurrent_schedulings_one_wins_and_the_others_hear_of_it(transactional_db):
    article = factories.make_published_article().article
    at = timezone.now() + timedelta(days=1)

    def schedule(number):
        try:
            return type(article).objects.get(pk=article.pk).publish(by=None, live_from=at, note="What changed.").number
        except PublishingError as error:
            return error.messages[0][:24]

    assert sorted(in_threads(4, schedule), key=str) == [2, *["Version 2 is scheduled f"] * 3]
    assert_chain(article)


def test_a_failed_publish_leaves_nothing_behind(article):
    with transaction.atomic():
        factories.publish(article)
        transaction.set_rollback(True)
    assert article.versions.get().live_until is None
