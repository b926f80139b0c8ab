"""What a recorded check is, and what it moves."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import ArticleVersion, Check
from elendihub import review as rule
from elendihub.publishing import Permanent, Version
from regulators.models import Hub, HubVersion
from tests import factories

LIVE_ON = date(2026, 2, 16)
SOURCE = {"title": "MDR", "url": "https://eur-lex.europa.eu/eli/reg/2017/745/oj"}


@pytest.fixture
def version(db):
    return factories.make_published_article(topic=factories.make_topic(review_days=30))


def review(version, on):
    return type(version).objects.with_review(on).get(pk=version.pk)


def next_version(document, kind):
    document.summary += " More."
    document.save()
    return factories.publish(document, kind=kind)


def test_nothing_is_reviewed_before_a_person_checked_it(version):
    found = review(version, LIVE_ON)
    assert (found.review, found.checked_on, found.review_due_on) == ("due", None, None)
    assert list(ArticleVersion.objects.due(LIVE_ON)) == [version]


def test_a_check_counts_for_the_days_of_the_main_topic_and_no_longer(version):
    factories.make_check(version, checked_on=date(2026, 3, 3))
    assert review(version, date(2026, 4, 1)).review == "reviewed"
    assert list(ArticleVersion.objects.checked_within_interval(date(2026, 4, 1))) == [version]
    assert not ArticleVersion.objects.due(date(2026, 4, 1))
    found = review(version, date(2026, 4, 2))
    assert (found.review, found.checked_on, found.review_due_on) == ("due", date(2026, 3, 3), date(2026, 4, 2))
    assert list(ArticleVersion.objects.due(date(2026, 4, 2))) == [version]
    assert not ArticleVersion.objects.checked_within_interval(date(2026, 4, 2))


def test_the_newest_day_counts_in_whatever_order_checks_are_recorded(version):
    for day in (20, 3):
        factories.make_check(version, checked_on=date(2026, 3, day))
    assert review(version, date(2026, 4, 10)).checked_on == date(2026, 3, 20)


def test_a_hub_is_due_half_a_year_after_its_check(db):
    version = factories.make_published_hub()
    factories.make_check(version, checked_on=LIVE_ON)
    assert review(version, LIVE_ON + timedelta(179)).review == "reviewed"
    assert review(version, LIVE_ON + timedelta(180)).review == "due"
    assert not HubVersion.objects.flagged()


def test_the_desk_finds_what_is_due(version):
    with time_machine.travel(version.live_from + timedelta(days=1), tick=False):
        hub = version.article.hub
        assert list(type(version.article).objects.due()) == [version.article]
        assert list(Hub.objects.due()) == [hub]
        factories.make_check(version)
        factories.make_check(hub.versions.get())
        assert not type(version.article).objects.due()
        assert not Hub.objects.due()


@pytest.mark.parametrize("outcome", ["not_affected", "needs_change"])
def test_only_a_check_that_confirms_the_text_moves_its_review(version, outcome):
    factories.make_check(version, outcome=outcome, note="Paragraph 3 was read.")
    assert review(version, LIVE_ON).checked_on is None


def test_a_minor_change_keeps_the_check_and_any_greater_one_asks_for_another(version):
    factories.make_check(version, checked_on=LIVE_ON)
    for kind, counts in ((Version.Kind.MINOR, True), (Version.Kind.SIGNIFICANT, False), (Version.Kind.MINOR, False)):
        newest = next_version(version.article, kind)
        assert (review(newest, LIVE_ON).checked_on == LIVE_ON) is counts
    corrected = next_version(version.article, Version.Kind.CORRECTION)
    factories.make_check(corrected, checked_on=timezone.now().date())
    assert review(corrected, timezone.now().date()).review == "reviewed"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"checked_on": date(2026, 2, 15)}, "Version 1 is live since 16 February 2026"),
        ({"checked_on": date(9999, 12, 31)}, "This day has yet to come"),
        ({"sources": []}, "Name at least one source"),
        ({"sources": [{"title": "", "url": SOURCE["url"]}]}, "Give it a title"),
        ({"sources": [{"title": "Law\x00", "url": SOURCE["url"]}]}, "Give it a title"),
        ({"sources": [{"title": "Law \ud800", "url": SOURCE["url"]}]}, "Give it a title"),
        ({"sources": [{"title": "Law", "url": "javascript:alert(1)"}]}, "is no address"),
        ({"sources": [{"title": "Law", "url": "ftp://example.org/"}]}, "is no address"),
        ({"sources": [{"title": "Law", "url": "https://example.org/" + "a" * 3000}]}, "address"),
        ({"sources": [SOURCE] * 51}, "at most 50"),
        ({"sources": "MDR"}, "Name each source"),
        ({"sources": [SOURCE | {"more": ""}]}, "Name each source"),
        ({"outcome": "fine"}, "not a valid choice"),
        ({"outcome": "not_affected", "sources": []}, "Say in the note why"),
        ({"outcome": "needs_change", "note": "  "}, "Say in the note why"),
        ({"hub_version": "another"}, "A check is of one text"),
    ],
)
def test_what_is_no_check_is_refused_whoever_records_it(version, fields, words):
    if "hub_version" in fields:
        fields = {"hub_version": version.article.hub.versions.get()}
    with pytest.raises(ValidationError, match=words):
        factories.make_check(version, **fields)
    assert not Check.objects.exists()


def test_a_check_is_of_an_article_or_of_a_hub(version):
    check = Check(checked_on=date(2026, 2, 16), outcome="confirmed", sources=[SOURCE])
    with pytest.raises(IntegrityError, match="check_is_of_one_text"), transaction.atomic():
        check.save_base(raw=True)


@pytest.mark.parametrize("sources", [[], {}, "MDR", ["MDR"], [{}], [{"title": "MDR"}]])
def test_the_database_itself_wants_a_source_of_a_check_that_confirms(version, sources):
    """loaddata writes rows past every rule of the model."""
    check = Check(article_version=version, checked_on=date(2026, 3, 1), outcome="confirmed", sources=sources)
    with pytest.raises(IntegrityError, match="check_that_confirms_names_a_source"), transaction.atomic():
        check.save_base(raw=True)
    check.outcome, check.note = "needs_change", "It says 10 days."
    check.save_base(raw=True)
    assert version.checks.count() == 1


def test_neither_a_notice_nor_a_text_that_is_not_live_yet_can_be_checked(version):
    for ahead in (timedelta(days=2), timedelta(hours=1)):
        scheduled = version.article.publish(by=None, live_from=timezone.now() + ahead, note="Later.")
        with pytest.raises(ValidationError, match="Check the one that is live"):
            factories.make_check(scheduled, checked_on=scheduled.live_from.date())
        version.article.cancel_scheduled(by=None)
    notice = version.article.withdraw(by=None, reason="obsolete", note="No longer applies.")
    with pytest.raises(ValidationError, match="Check the one that is live"):
        factories.make_check(notice)


def test_a_text_that_another_took_the_place_of_can_be_checked_no_more(version):
    newer = factories.publish(version.article)
    with pytest.raises(ValidationError, match="Check the one that is live"):
        factories.make_check(ArticleVersion.objects.get(pk=version.pk))
    factories.make_check(newer)


def test_a_check_is_written_once(version):
    check = factories.make_check(version, checked_by=factories.make_editor(username="kari"), checked_by_name="")
    assert check.checked_by_name == "kari"
    for change in (check.save, check.delete, Check.objects.all().delete, lambda: Check.objects.update(note="x")):
        with pytest.raises(Permanent):
            change()


def test_a_page_reads_the_newest_checks_with_their_sources_as_of_a_moment(version):
    with time_machine.travel("2026-03-03T10:00Z", tick=False):
        factories.make_check(version, checked_on=date(2026, 3, 3))
        first = timezone.now()
    for day in range(4, 16):
        factories.make_check(version, checked_on=date(2026, 3, day), outcome="needs_change", note=f"Day {day}.")
    newest = rule.checks_of(ArticleVersion.objects.with_checks().get())
    assert [check.checked_on.day for check in newest] == list(range(15, 5, -1))
    (then,) = rule.checks_of(ArticleVersion.objects.with_checks(first).get())
    assert (then.number, then.by, then.says, then.sources) == (1, "inger", "Confirmed", [SOURCE])
    assert rule.checks_of(version) == []


def test_what_a_page_asks_of_checks_costs_no_query_of_its_own(version, django_assert_num_queries):
    factories.make_check(version)
    with django_assert_num_queries(1):
        list(ArticleVersion.objects.for_page(timezone.now()))
    with django_assert_num_queries(1):
        list(HubVersion.objects.for_page(timezone.now()))
