"""A page as at a moment waits until nobody can publish as of it any more; from then on it stays what it is."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Thread

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Check, PastAddress
from elendihub import settling
from elendihub.publishing import said
from tests import factories, reading

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
ARTICLE, HUB, FEED = "/hubs/norway/labels/", "/hubs/norway/", "/feeds/hubs/norway.atom"
PACK = "/hubs/norway/evidence.zip"
# Seconds after which a thread that waits has something wrong.
PATIENCE = 60
# Some triggers ask the database's own clock for what is past: this one has to be ahead of it.
AHEAD = datetime(2127, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def article():
    hub = factories.make_published_hub(slug="norway").hub
    return factories.make_published_article(hub=hub, slug="labels", title="Labels", body="The first text.").article


def publish(article):
    article.title, article.body = "Marks", "The second text."
    article.save()
    return article.publish(by=None, note="What changed.").live_from


def withdraw(article):
    return article.withdraw(by=None, reason="obsolete", note="Repealed.").live_from


def cancel(article):
    return article.cancel_scheduled(by=None).live_from


def check(article):
    return factories.make_check(article.versions.live().get()).recorded_at


def check_in_bulk(article):
    version, source = article.versions.live().get(), {"title": "MDR", "url": "https://eur-lex.europa.eu/"}
    said_by = {"checked_by_name": "inger", "checked_on": version.live_from.date(), "sources": [source]}
    [row] = Check.objects.bulk_create([Check(article_version=version, outcome="confirmed", **said_by)])
    return row.recorded_at


def rename(article):
    article.slug = "marks"
    article.save()
    return PastAddress.objects.latest("pk").left_at


def rename_by_update(article):
    Article.objects.filter(pk=article.pk).update(slug="marks")


def begin_to_write():
    """Without a row that the next writer would have to wait for."""
    with settling.writing():
        pass


def made_ready(article, act):
    if act is cancel:
        article.publish(by=None, note="Soon.", live_from=timezone.now() + timedelta(days=1))


@contextmanager
def held_open(act, order):
    """The act is done by another connection, and committed when the event given is set or the context left."""
    done, release = Event(), Event()

    def write():
        with transaction.atomic():
            act()
            done.set()
            release.wait(PATIENCE)
            order.append("committed")
        connection.close()

    thread = Thread(target=write)
    thread.start()
    try:
        assert done.wait(PATIENCE)
        yield release
    finally:
        release.set()
        thread.join()


@contextmanager
def asking(address, order):
    """The answers to this address, asked for by another connection; they are complete when the context is left.

    The event tells that whoever asks has begun to wait, or did not wait.
    """
    begun, answers = Event(), []

    def looking(execute, sql, *rest):
        try:
            return execute(sql, *rest)
        finally:
            if "pg_locks" in sql or sql == "PRAGMA busy_timeout = 0":
                begun.set()

    def ask():
        # Django asks a new connection to SQLite whether it knows JSON by a transaction, which would wait, too.
        connection.features.supports_json_field = True
        with connection.execute_wrapper(looking):
            answers.append(content(Client().get(address)))
        order.append("answered")
        begun.set()
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    try:
        yield answers, begun, thread
    finally:
        thread.join()


def content(response):
    body = b"".join(response)
    if response.streaming:
        response.close()
    return response.status_code, response.get("Location"), body


def answer_in_between(act, address):
    """What is answered to somebody who asks while the act is done and not yet committed, and in which order."""
    order = []
    with held_open(act, order) as release:
        asked = address.format(now=said(timezone.now()))
        with asking(asked, order) as (answers, begun, _):
            assert begun.wait(PATIENCE)
            release.set()
    return asked, answers[0], order


@pytest.mark.parametrize("act", [publish, withdraw, cancel, check, rename, rename_by_update])
def test_a_page_as_at_a_moment_at_which_somebody_writes_is_what_it_will_stay(client, article, act):
    made_ready(article, act)
    asked, answer, order = answer_in_between(partial(act, article), ARTICLE + "?at={now}")
    assert order == ["committed", "answered"]
    assert answer == content(client.get(asked))


@pytest.mark.parametrize("address", [HUB, FEED, PACK])
def test_so_are_lists_feeds_and_packs(client, article, address):
    asked, answer, order = answer_in_between(partial(publish, article), address + "?at={now}")
    assert order == ["committed", "answered"]
    assert answer == content(client.get(asked))


def test_a_page_asked_for_in_between_shows_the_new_text(article):
    _, (_, _, body), _ = answer_in_between(partial(publish, article), ARTICLE + "?at={now}")
    assert b"The second text." in body


@pytest.mark.parametrize("query", ["", "?since={now}"])
def test_a_pack_that_chooses_its_moment_itself_chooses_a_settled_one(article, query):
    assert answer_in_between(partial(publish, article), PACK + query)[2] == ["committed", "answered"]


def test_a_moment_named_ahead_that_comes_before_the_commit_is_waited_for(client, article):
    def schedule():
        moment = timezone.now() + timedelta(milliseconds=50)
        article.publish(by=None, note="Soon.", live_from=moment)
        while timezone.now() <= moment:
            pass

    asked, answer, order = answer_in_between(schedule, ARTICLE + "?at={now}")
    assert order == ["committed", "answered"]
    assert answer == content(client.get(asked))


def test_who_publishes_too_long_makes_readers_ask_again_and_never_read_what_is_wrong(client, article, monkeypatch):
    monkeypatch.setattr(settling, "LOOKS", 3)
    with held_open(partial(publish, article), []):
        asked = f"{ARTICLE}?at={said(timezone.now())}"
        response = client.get(asked)
        assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "5", "no-store")
        assert "This moment is not settled yet" in reading.text(response)
        assert reading.links(response)["Ask again"] == asked
        assert client.get(PACK).status_code == 503
    assert "The second text." in reading.text(client.get(asked))


@pytest.mark.parametrize("query", ["", f"?at={said(factories.PUBLISHED_AT)}"])
def test_pages_of_now_and_of_moments_long_past_wait_for_nobody_and_ask_nothing_more(client, article, query):
    with held_open(partial(publish, article), []), CaptureQueriesContext(connection) as asked:
        response = client.get(ARTICLE + query)
    assert "The first text." in reading.text(response)
    assert not any("pg_locks" in each["sql"] or "BEGIN" in each["sql"] for each in asked)


def test_a_moment_is_young_for_two_minutes(client, article, monkeypatch):
    monkeypatch.setattr(settling, "LOOKS", 3)
    start, second = timezone.now().replace(microsecond=0), timedelta(seconds=1)
    with held_open(partial(publish, article), []), time_machine.travel(start, tick=False) as clock:
        clock.shift(settling.YOUNG - second)
        assert client.get(f"{ARTICLE}?at={said(start)}").status_code == 503
        clock.shift(second)
        assert client.get(f"{ARTICLE}?at={said(start)}").status_code == 200


def test_who_publishes_can_read_it_back_before_it_is_committed(client, article):
    with transaction.atomic():
        publish(article)
        assert "The second text." in reading.text(client.get(f"{ARTICLE}?at={said(timezone.now())}"))


@pytest.mark.skipif(connection.vendor == "sqlite", reason="There one writes after the other.")
def test_writers_who_come_later_keep_no_reader_waiting(article):
    order = []
    asked = f"{ARTICLE}?at={said(timezone.now())}"
    with held_open(begin_to_write, order) as release, asking(asked, order) as (_, begun, thread):
        assert begun.wait(PATIENCE)
        with held_open(begin_to_write, order):
            release.set()
            thread.join(PATIENCE)
    assert order == ["committed", "answered", "committed"]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="There every writer waits for its turn.")
def test_a_reader_who_waits_keeps_no_writer_waiting(article):
    order = []
    asked = f"{ARTICLE}?at={said(timezone.now())}"
    with held_open(begin_to_write, order) as release, asking(asked, order) as (_, begun, _):
        assert begun.wait(PATIENCE)
        check(article)
        order.append("written")
        release.set()
    assert order == ["written", "committed", "answered"]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="There one waits at the file.")
def test_a_reader_waits_in_a_transaction_of_its_own_too(client, article, monkeypatch):
    monkeypatch.setattr(settling, "LOOKS", 3)
    with held_open(partial(publish, article), []), transaction.atomic():
        assert client.get(f"{ARTICLE}?at={said(timezone.now())}").status_code == 503


@pytest.mark.parametrize("act", [publish, withdraw, cancel, check, check_in_bulk, rename])
def test_whoever_had_to_wait_for_a_turn_takes_the_moment_after_it(article, act):
    with time_machine.travel(AHEAD, tick=False) as clock:
        made_ready(article, act)

        def slowly(execute, sql, *rest):
            found = execute(sql, *rest)
            if "pg_advisory" in sql or sql == "BEGIN IMMEDIATE":
                clock.shift(HOUR)
            return found

        with connection.execute_wrapper(slowly):
            moment = act(article)
        assert moment == timezone.now() > AHEAD
