"""The next version of a document: the database takes it in line or not at all, and ends no text before it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles.models import ArticleVersion
from elendihub.publishing import Permanent
from regulators.models import HubVersion
from tests import factories
from tests.factories import PUBLISHED_AT

DAY = timedelta(days=1)
END = "UPDATE articles_articleversion SET live_until = %s WHERE number = %s"


@pytest.fixture
def version(db):
    return factories.make_published_article(title="Labelling")


def execute(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def refused(sql, *params):
    with pytest.raises(IntegrityError, match="published rows are permanent"):
        execute(sql, *params)


def refused_to_close(versions, end):
    with pytest.raises(IntegrityError, match="published rows are permanent"), transaction.atomic():
        versions.close(end)


def insert_version(article, **changes):
    """The next link of the chain as publish() writes it, but for the changes; nothing ends for it."""
    version = article.draft()
    last = article.versions.order_by("number").last()
    for name, value in ({"note": "By hand.", "previous_hash": last.hash} | changes).items():
        setattr(version, name, value)
    version.hash = version.computed_hash()
    version.save_base(raw=True, force_insert=True)
    return version


# The end of an interval


def test_an_open_interval_is_ended_by_nothing_but_a_later_version(version):
    now = timezone.now()
    for end in (version.live_from + DAY, now - DAY, now, now + DAY):
        refused(END, end, 1)
        refused_to_close(ArticleVersion.objects.all(), end)
    for end in ("live_from", "created_at", "published_at"):
        refused(f"UPDATE articles_articleversion SET live_until = {end}")
    assert ArticleVersion.objects.get().live_until is None


def test_an_interval_ends_once_and_where_a_later_version_begins(version):
    later = insert_version(version.article)
    assert ArticleVersion.objects.get(number=1).live_until is None
    refused(END, later.live_from + timedelta(microseconds=1), 1)
    ArticleVersion.objects.filter(number=1).close(later.live_from)
    for end in (later.live_from - DAY, later.live_from + DAY, None):
        refused(END, end, 1)
    refused("UPDATE articles_articleversion SET live_until = live_from WHERE number = 1")


def test_the_version_of_another_document_ends_nothing(version):
    other = factories.make_published_article().article
    later = insert_version(other)
    refused_to_close(ArticleVersion.objects.filter(pk=version.pk), later.live_from)


def test_an_end_that_lies_ahead_is_brought_forward_to_a_later_version_and_never_put_off(version):
    now = timezone.now()
    scheduled = factories.publish(version.article, live_from=now + 2 * DAY)
    first = ArticleVersion.objects.filter(number=1)
    for end in (now + DAY, now + 3 * DAY, version.live_from, None):
        refused(END, end, 1)
    late = insert_version(version.article, live_from=now + 3 * DAY)
    soon = insert_version(version.article, live_from=now + DAY)
    refused_to_close(first, late.live_from)
    first.close(soon.live_from)
    refused_to_close(first, scheduled.live_from)


def test_what_is_scheduled_ends_as_it_begins_only_once_no_text_ends_there_for_it(version):
    article = version.article
    scheduled = factories.publish(article, live_from=timezone.now() + DAY)
    refused("UPDATE articles_articleversion SET live_until = live_from WHERE number = 2")
    article.cancel_scheduled(by=None)
    assert article.versions.get(pk=scheduled.pk).is_cancelled


def test_what_has_been_scheduled_and_went_live_can_no_longer_end_as_it_begins(version):
    """Python's clock is moved; that of the database, which judges it, is not."""
    article, now = version.article, timezone.now()
    with time_machine.travel(now - 2 * DAY, tick=False):
        factories.publish(article, live_from=now - DAY)
    refused("UPDATE articles_articleversion SET live_until = live_from WHERE number = 2")


def test_no_clock_of_the_site_lets_a_live_version_end_as_it_begins(db):
    """One that runs a year ahead writes moments that the database takes for the future."""
    with time_machine.travel(timezone.now() + 365 * DAY, tick=False):
        version = factories.make_article(hub=factories.make_public_hub()).publish(by=None, is_import=True)
        refused_to_close(ArticleVersion.objects.filter(pk=version.pk), version.live_from)


def test_an_interval_cannot_end_before_it_begins(version):
    with pytest.raises(IntegrityError):
        execute("UPDATE articles_articleversion SET live_until = %s", version.live_from - DAY)


# A version follows the last one


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 1, "previous_hash": ""},
        {"number": 1},
        {"number": 3},
        {"previous_hash": ""},
        {"previous_hash": "0" * 64},
        {"live_from": PUBLISHED_AT + DAY},
    ],
)
@pytest.mark.parametrize("kind", ["article", "hub"])
def test_a_version_out_of_line_is_refused_on_every_road(version, kind, changes):
    document = version.article if kind == "article" else version.article.hub
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_version(document, **changes)
    assert document.versions.count() == 1


def test_a_chain_begins_with_its_first_link(db):
    article = factories.make_article()
    for changes in ({"number": 2}, {"previous_hash": "0" * 64}):
        version = article.draft()
        for name, value in changes.items():
            setattr(version, name, value)
        with pytest.raises(IntegrityError, match="a version follows the last one"), transaction.atomic():
            version.store()
    assert not article.versions.exists()


def test_the_next_link_is_taken(version):
    """What the others are refused for is what they change, and nothing else."""
    assert insert_version(version.article).number == 2


def test_after_a_cancelled_first_version_the_next_may_begin_in_the_past_for_nothing_was_read(version):
    article = factories.make_article(hub=version.article.hub)
    article.publish(by=None, live_from=timezone.now() + DAY, is_import=True)
    article.cancel_scheduled(by=None)
    assert insert_version(article, live_from=PUBLISHED_AT).number == 2


def test_an_emptied_interval_opens_no_past_for_a_version_that_was_read(version):
    with pytest.raises(IntegrityError, match="begins no earlier than it is written"), transaction.atomic():
        insert_version(version.article, live_from=version.live_from)


@pytest.mark.parametrize("model", [ArticleVersion, HubVersion])
def test_no_model_writes_a_version_past_the_publishing_of_its_document(version, model):
    forged = model.objects.get()
    last = forged.hash
    forged.pk, forged._state.adding = None, True
    forged.number, forged.previous_hash, forged.approver_name = 2, last, "kari"
    forged.live_from, forged.hash = timezone.now(), forged.computed_hash()
    for attempt in (
        forged.save,
        lambda: model.objects.bulk_create([forged]),
        lambda: model.objects.bulk_create([forged], ignore_conflicts=True),
        lambda: model.objects.create(title="Forged"),
    ):
        with pytest.raises(Permanent):
            attempt()
    assert model.objects.count() == 1
