"""An emergency waits to be reviewed until a second person confirms the very text that went out."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.models import Article
from regulators.models import Hub
from tests import factories, reading

DAY = timedelta(days=1)
# Some triggers ask the database's own clock for what is past: this one has to be ahead of it.
START = datetime(2127, 1, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def second_person(settings):
    settings.SECOND_PERSON = True


@pytest.fixture(params=["article", "hub"])
def document(db, request):
    """A text of either kind, live, and written and published by nobody who is here."""
    if request.param == "hub":
        return factories.make_public_hub()
    return factories.make_published_article().article


@pytest.fixture
def author(db):
    return factories.make_editor(username="author")


@pytest.fixture
def publisher(db):
    return factories.make_editor(username="publisher")


@pytest.fixture
def other(db):
    return factories.make_editor(username="other")


def publish(document, author, publisher, **options):
    """In an emergency: what one person submitted and another published."""
    document.submit(by=author)
    return document.publish(**{"by": publisher, "note": "Recall.", "emergency_reason": "Risk."} | options)


def check(version, by, **fields):
    return factories.make_check(version, **{"checked_by": by, "checked_by_name": by.username} | fields)


def waits(version):
    return type(version).objects.live().unreviewed().filter(pk=version.pk).exists()


def reviewed_by(version, at=None):
    review = type(version).objects.with_emergency_review(at).get(pk=version.pk).reviewed_afterwards
    return review.by if review else ""


def restate(document, by):
    """The version that says again what is live, because a schedule was cancelled."""
    factories.approve(document)
    document.publish(by=factories.make_editor(), note="Later.", live_from=timezone.now() + DAY)
    return document.cancel_scheduled(by=by)


# Whose check counts


def test_it_waits_until_a_person_who_neither_wrote_nor_published_it_confirms_it(document, author, publisher, other):
    version = publish(document, author, publisher)
    assert waits(version)
    for person in (author, publisher):
        check(version, person)
    assert waits(version)
    assert reviewed_by(version) == ""
    check(version, other)
    assert not waits(version)
    assert reviewed_by(version) == "other"


@pytest.mark.parametrize("outcome", ["needs_change", "not_affected"])
def test_a_check_that_does_not_confirm_the_whole_text_is_no_review(document, author, publisher, other, outcome):
    version = publish(document, author, publisher)
    check(version, other, outcome=outcome, note="Why.")
    assert waits(version)
    assert reviewed_by(version) == ""


def test_a_name_without_an_account_is_no_second_person(document, author, publisher):
    version = publish(document, author, publisher)
    factories.make_check(version, checked_by_name="inger")
    assert waits(version)


def test_a_new_account_under_the_name_of_a_publisher_who_left_is_no_second_person(document, author, publisher):
    version = publish(document, author, publisher)
    publisher.delete()
    check(version, factories.make_editor(username="publisher"))
    assert waits(version)
    assert reviewed_by(version) == ""


def test_an_author_under_another_name_is_no_second_person(document, author, publisher):
    version = publish(document, author, publisher)
    author.username = "renamed"
    author.save()
    check(version, author)
    assert waits(version)


def test_the_review_that_was_recorded_first_is_named_whatever_followed(document, author, publisher, other):
    version = publish(document, author, publisher)
    check(version, other)
    check(version, factories.make_editor())
    check(version, other, outcome="needs_change", note="A date.")
    assert reviewed_by(version) == "other"
    assert not waits(version)


def test_what_was_no_emergency_has_no_review_of_one(document, author, other):
    factories.approve(document, author=author)
    version = document.publish(by=author, note="More.")
    check(version, other)
    assert reviewed_by(version) == ""
    assert not type(version).objects.unreviewed().exists()


# Of which text


def test_a_check_of_the_text_before_is_no_review_of_an_emergency(document, author, publisher, other):
    check(document.versions.get(), other)
    assert waits(publish(document, author, publisher))


def test_each_emergency_is_reviewed_by_itself(document, author, publisher, other):
    check(publish(document, author, publisher), other)
    second = publish(document, author, publisher)
    assert waits(second)
    assert reviewed_by(second) == ""


def test_one_emergency_for_each_text_waits_of_many(document, author, publisher, other):
    elsewhere = factories.make_published_article().article
    first, second = publish(document, author, publisher), publish(elsewhere, author, publisher)
    check(first, other)
    assert not waits(first)
    assert waits(second)


def test_a_review_is_kept_when_a_schedule_is_cancelled_even_by_the_reviewer(document, author, publisher, other):
    check(publish(document, author, publisher), other)
    for _ in range(2):
        restated = restate(document, other)
        assert restated.emergency_reason == "Risk."
        assert not waits(restated)
        assert reviewed_by(restated) == "other"


def test_a_text_that_was_restated_is_still_reviewed_by_none_of_its_own(document, author, publisher, other):
    publish(document, author, publisher)
    restate(document, other)
    restated = restate(document, other)
    assert waits(restated)
    for person in (author, publisher):
        check(restated, person)
    assert waits(restated)
    check(restated, other)
    assert not waits(restated)
    assert {reviewed_by(version) for version in document.versions.emergencies()} == {"other"}


def test_a_first_version_in_an_emergency_after_a_cancelled_one_is_reviewed_as_itself(db, author, publisher, other):
    article = factories.make_article()
    factories.approve(article)
    article.publish(by=factories.make_editor(), live_from=timezone.now() + DAY)
    assert article.cancel_scheduled(by=other) is None
    version = publish(article, author, publisher)
    check(version, publisher)
    assert waits(version)
    check(version, other)
    assert not waits(version)


def test_an_approved_minor_change_is_another_text(document, author, publisher, other):
    version = publish(document, author, publisher)
    factories.approve(document)
    check(document.publish(by=publisher, kind="minor"), other)
    assert reviewed_by(version) == ""


def test_the_review_of_an_emergency_is_none_of_the_version_that_takes_its_place(document, author, publisher, other):
    check(publish(document, author, publisher), other)
    factories.approve(document)
    assert reviewed_by(document.publish(by=publisher, kind="minor")) == ""


def test_a_review_counts_from_the_moment_it_was_recorded(document, author, publisher, other):
    version = publish(document, author, publisher)
    before = timezone.now()
    recorded_at = check(version, other).recorded_at
    versions = type(version).objects
    assert list(versions.unreviewed(before)) == [version]
    assert reviewed_by(version, before) == ""
    assert not versions.unreviewed(recorded_at).exists()
    assert reviewed_by(version, recorded_at) == "other"


# Where it is said


def states(document):
    return type(document).objects.with_state().in_state("emergency")


def test_every_list_of_what_waits_ends_with_the_review(client, document, author, publisher, other):
    version = publish(document, author, publisher)
    client.force_login(other)
    assert states(document).get() == document
    assert version.title in reading.links(client.get("/trust/emergencies/"))
    assert "not yet reviewed" in reading.words(client.get(f"{desk(document)}{document.pk}/change/"))
    check(version, other)
    assert not states(document).exists()
    assert version.title not in reading.links(client.get("/trust/emergencies/"))
    changed = reading.words(client.get(f"{desk(document)}{document.pk}/change/"))
    assert "not yet reviewed" not in changed
    assert f"Emergency, reviewed afterwards by other on {day(version)}: Risk." in changed
    told = f"Version 2, reviewed afterwards by other on {day(version)}: Risk."
    assert told in reading.words(client.get("/trust/emergencies-all/"))


def test_the_page_keeps_the_label_for_ever_and_adds_who_reviewed_it(client, document, author, publisher, other):
    version = publish(document, author, publisher)
    address = document.get_absolute_url()
    label = "Published in an emergency without a second person: Risk."
    for page in (address, f"{address}v/2/"):
        told = reading.words(client.get(page))
        assert label in told
        assert "Reviewed afterwards" not in told
    check(version, other)
    for page in (address, f"{address}v/2/"):
        assert f"{label} Reviewed afterwards by other on {day(version)}." in reading.words(client.get(page))
    assert "Reviewed afterwards" not in reading.words(client.get(f"{address}v/1/")).partition("Version history")[0]


def test_a_page_as_at_a_moment_knows_only_the_review_of_then(client, db, author, publisher, other):
    with time_machine.travel(START, tick=False) as clock:
        articles = factories.make_article()
        hub = articles.hub
        documents = [articles, hub]
        factories.publish(articles, live_from=START)
        clock.shift(DAY)
        versions = [publish(each, author, publisher) for each in documents]
        clock.shift(DAY)
        pages = [f"{each.get_absolute_url()}?at=2127-01-02" for each in documents]
        before = [client.get(page).content for page in pages]
        for version in versions:
            check(version, other)
        clock.shift(2 * DAY)
        assert [client.get(page).content for page in pages] == before
        for each in documents:
            then = reading.words(client.get(f"{each.get_absolute_url()}?at=2127-01-03"))
            assert "Reviewed afterwards by other on 2 January 2127." in then


def test_the_history_of_an_article_and_the_list_of_changes_name_the_review(client, author, publisher, other, db):
    article = factories.make_published_article().article
    version = publish(article, author, publisher)
    check(version, other)
    reviewed = f"without a second person, reviewed afterwards by other on {day(version)}."
    assert f"in an emergency, {reviewed}" in reading.words(client.get(article.get_absolute_url()))
    for page in ("/changes/", f"{article.hub.get_absolute_url()}changes/"):
        assert f"published in an emergency {reviewed}" in reading.words(client.get(page))


def test_whoever_checks_an_emergency_is_told_whether_that_is_its_review(client, document, author, publisher, other):
    version = publish(document, author, publisher)
    for person, said in (
        (author, "Another person’s"),
        (publisher, "Another person’s"),
        (other, "No other outcome"),
    ):
        client.force_login(person)
        told = reading.words(client.get(f"{desk(document)}{document.pk}/check/"))
        assert "Published at once because: Risk." in told
        assert said in told
    check(version, other)
    told = reading.words(client.get(f"{desk(document)}{document.pk}/check/"))
    assert f"Reviewed afterwards by other on {day(version)}." in told
    assert "waits for" not in told


def test_whoever_checks_another_text_is_told_nothing_of_emergencies(client, document, other):
    client.force_login(other)
    assert "Emergency" not in reading.words(client.get(f"{desk(document)}{document.pk}/check/"))


def desk(document):
    return {Article: "/admin/articles/article/", Hub: "/admin/regulators/hub/"}[type(document)]


def day(version):
    """That of the check, as a page says it."""
    return f"{version.live_from:%-d %B %Y}"
