"""What is live at a moment, and how it comes and goes: publish, schedule, cancel, withdraw."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.models import ArticleVersion
from elendihub.publishing import PublishingError, Version
from tests import factories
from tests.factories import PUBLISHED_AT

TICK = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def article(db):
    return factories.make_published_article(title="Labelling").article


def live_title(article, at=None):
    return article.versions.live(at).values_list("title", flat=True).first()


def publish_as(article, title, **options):
    article.title = title
    article.save()
    return factories.publish(article, **options)


# Live at a moment


def test_a_version_is_live_from_its_first_microsecond_on(article):
    assert live_title(article, PUBLISHED_AT - TICK) is None
    assert live_title(article, PUBLISHED_AT) == "Labelling"


def test_a_version_ends_where_the_next_begins_and_both_are_never_live(article):
    second = publish_as(article, "Labels", live_from=timezone.now() + DAY)
    assert article.versions.get(number=1).live_until == second.live_from
    assert live_title(article, second.live_from - TICK) == "Labelling"
    assert live_title(article, second.live_from) == "Labels"
    assert article.versions.live(second.live_from).count() == 1


def test_a_scheduled_version_goes_live_by_the_clock_alone(article):
    at = timezone.now() + DAY
    publish_as(article, "Labels", live_from=at)
    assert live_title(article) == "Labelling"
    assert article.versions.scheduled().get().title == "Labels"
    with time_machine.travel(at, tick=False):
        assert live_title(article) == "Labels"
        assert not article.versions.scheduled().exists()


def test_readers_never_see_the_working_copy(article):
    article.title = "Changed at the desk"
    article.save()
    assert live_title(article) == "Labelling"


def test_a_first_version_may_go_live_in_the_past(db):
    version = factories.make_article().publish(by=None, live_from=PUBLISHED_AT)
    assert (version.number, version.kind) == (1, Version.Kind.FIRST)
    assert version.live_from == version.published_at == version.changed_at == PUBLISHED_AT


def test_a_later_version_cannot_rewrite_the_past(article):
    with pytest.raises(PublishingError, match="has passed. Choose a later moment, or leave it empty"):
        publish_as(article, "Labels", live_from=timezone.now() - DAY)
    assert article.versions.count() == 1


def test_a_first_version_is_called_first_whatever_is_asked(db):
    version = factories.make_article().publish(by=None, is_import=True, kind=Version.Kind.CORRECTION)
    assert version.kind == Version.Kind.FIRST


def test_publishing_over_a_scheduled_version_is_refused_with_the_cure(article):
    publish_as(article, "Labels", live_from=timezone.now() + DAY)
    with pytest.raises(PublishingError, match=r"Version 2 is scheduled for .* UTC\. Cancel it first"):
        publish_as(article, "Marks")
    assert article.versions.count() == 2


def test_a_minor_change_keeps_the_date_of_the_last_change(article):
    minor = publish_as(article, "Labels", kind=Version.Kind.MINOR)
    assert minor.changed_at == minor.published_at == PUBLISHED_AT
    correction = publish_as(article, "Marks", kind=Version.Kind.CORRECTION)
    assert correction.changed_at == correction.live_from > PUBLISHED_AT
    assert correction.published_at == PUBLISHED_AT


def test_author_and_approver_are_named_in_the_version(article):
    author, approver = factories.make_editor(username="anne"), factories.make_editor(username="bjørn")
    article.title = "Labels"
    article.save()
    factories.approve(article, author=author, by=approver)
    version = factories.publish(article, by=factories.make_editor(username="cleo"))
    author.username = "renamed"
    author.save()
    version = ArticleVersion.objects.get(pk=version.pk)
    assert (version.author_name, version.approver_name) == ("anne", "bjørn")
    assert version.publisher_name == "cleo"
    assert (version.author, version.approver) == (author, approver)


def test_a_draft_is_what_a_publish_would_make_and_is_not_stored(article):
    article.title = "Labels"
    draft = article.draft()
    assert (draft.title, draft.number, draft.is_draft) == ("Labels", 2, True)
    assert article.versions.count() == 1


# Cancelling


def test_cancelling_restates_what_is_live_and_readers_notice_nothing(article):
    scheduled = publish_as(article, "Labels", live_from=timezone.now() + DAY)
    first = article.versions.get(number=1)
    restated = article.cancel_scheduled(by=None)
    assert (restated.number, restated.title, restated.live_until) == (3, "Labelling", None)
    assert restated.public_fields() == first.public_fields()
    assert restated.changed_at == first.changed_at
    for at in (
        PUBLISHED_AT,
        restated.live_from - TICK,
        restated.live_from,
        scheduled.live_from,
        scheduled.live_from + DAY,
    ):
        assert live_title(article, at) == "Labelling"


def test_a_cancelled_version_is_neither_live_nor_scheduled_at_any_moment(article):
    scheduled = publish_as(article, "Labels", live_from=timezone.now() + DAY)
    article.cancel_scheduled(by=None)
    cancelled = article.versions.get(pk=scheduled.pk)
    assert cancelled.is_cancelled
    assert not article.versions.scheduled().exists()
    assert live_title(article, scheduled.live_from) == "Labelling"


def test_after_cancelling_the_next_publish_goes_through(article):
    publish_as(article, "Labels", live_from=timezone.now() + DAY)
    article.cancel_scheduled(by=None)
    assert publish_as(article, "Marks").number == 4
    assert live_title(article) == "Marks"


def test_a_first_version_can_be_cancelled_and_the_next_is_first_again(db):
    article = factories.make_article()
    article.publish(by=None, live_from=timezone.now() + DAY)
    assert article.cancel_scheduled(by=None) is None
    assert live_title(article, timezone.now() + 2 * DAY) is None
    again = article.publish(by=None)
    assert (again.number, again.kind) == (2, Version.Kind.FIRST)


def test_nothing_scheduled_means_nothing_to_cancel(article):
    with pytest.raises(PublishingError, match="Nothing is scheduled here"):
        article.cancel_scheduled(by=None)


@pytest.mark.parametrize("is_first", [True, False])
def test_what_goes_live_within_a_minute_cannot_be_cancelled_and_stays_readable(client, db, is_first):
    article = factories.make_article() if is_first else factories.make_published_article().article
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as clock:
        scheduled = publish_as(article, "Labels", live_from=timezone.now() + 2 * MINUTE)
        clock.move_to(scheduled.live_from - MINUTE + SECOND)
        with pytest.raises(PublishingError, match=r"goes live in less than a minute\. Withdraw it then"):
            article.cancel_scheduled(by=None)
        clock.move_to(scheduled.live_from + SECOND)
        address = f"{article.get_absolute_url()}v/{scheduled.number}/"
        assert client.get(address).status_code == 200
        article.withdraw(by=None, reason="error", note="Too soon.")
        assert client.get(address).status_code == 200


def test_a_minute_before_it_goes_live_it_can_still_be_cancelled(article):
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as clock:
        scheduled = publish_as(article, "Labels", live_from=timezone.now() + 2 * MINUTE)
        clock.move_to(scheduled.live_from - MINUTE)
        assert article.cancel_scheduled(by=None).number == scheduled.number + 1


def test_in_its_last_minute_a_scheduled_version_lets_nothing_pass_before_it(article):
    publish_as(article, "Labels", live_from=timezone.now() + MINUTE / 2)
    with pytest.raises(PublishingError, match=r"Version 2 goes live in less than a minute\. Do this when it is live"):
        publish_as(article, "Marks")
    with pytest.raises(PublishingError, match="Do this when it is live"):
        article.withdraw(by=None, reason="error", note="Wrong.")


def test_a_cancelled_publish_over_a_withdrawal_leaves_the_notice_as_it_was(article):
    notice = article.withdraw(by=None, reason="obsolete", note="The act was repealed.")
    publish_as(article, "Labels", live_from=timezone.now() + DAY)
    restated = article.cancel_scheduled(by=None)
    assert restated.is_withdrawal
    assert restated.public_fields() == notice.public_fields()
    assert (restated.note, restated.changed_at) == (notice.note, notice.changed_at)


# Withdrawing


def test_a_withdrawal_needs_a_public_note(article):
    with pytest.raises(PublishingError, match="needs a public note: tell readers why"):
        article.withdraw(by=None, reason="error", note=" \n")
    assert not article.versions.get().is_withdrawal


def test_a_withdrawal_is_a_version_with_reason_and_successor(article):
    successor = factories.make_published_article(hub=article.hub).article
    article.withdraw(by=None, reason="merged", note="Both were one subject.", successor_id=successor.pk)
    notice = article.versions.live().get()
    assert (notice.kind, notice.withdrawal_reason, notice.number) == ("withdrawal", "merged", 2)
    assert notice.successor == successor
    assert notice.title == "Labelling"
    assert not article.versions.live().readable().exists()


def test_a_withdrawal_refuses_a_value_that_it_would_lose(article):
    with pytest.raises(TypeError, match="successor_id"):
        article.withdraw(by=None, reason="merged", note="One subject.", successor=article)


@pytest.mark.parametrize("state", ["never published", "withdrawn", "cancelled"])
def test_only_what_is_live_can_be_withdrawn(db, state):
    article = factories.make_article()
    if state == "withdrawn":
        factories.publish(article)
        article.withdraw(by=None, reason="error", note="Wrong.")
    if state == "cancelled":
        article.publish(by=None, live_from=timezone.now() + DAY)
        article.cancel_scheduled(by=None)
    with pytest.raises(PublishingError, match="Nothing is live here"):
        article.withdraw(by=None, reason="error", note="Wrong.")


def test_a_withdrawn_article_can_be_published_again(article):
    article.withdraw(by=None, reason="error", note="Wrong.")
    again = publish_as(article, "Labels")
    assert (again.number, again.published_at) == (3, PUBLISHED_AT)
    assert article.versions.live().readable().get() == again
    assert again.withdrawal_reason == ""


def test_a_withdrawal_can_be_scheduled(article):
    at = timezone.now() + DAY
    article.withdraw(by=None, reason="obsolete", note="Repealed.", live_from=at)
    assert live_title(article, at - TICK) == "Labelling"
    assert article.versions.live(at).get().is_withdrawal
