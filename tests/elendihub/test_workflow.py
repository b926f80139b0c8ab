"""A text's way to its readers: every step that is not legal raises, whoever takes it, and an author never approves."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article, ArticleVersion
from elendihub.publishing import PublishingError
from elendihub.workflow import STEPS, Stage, Standing, TransitionError
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def second_person(settings):
    settings.SECOND_PERSON = True


@pytest.fixture
def article(db):
    return factories.make_published_article(title="Labelling").article


def anew(document):
    return type(document).objects.get(pk=document.pk)


def edited(document, **fields):
    """Changed as the shell would: past every form."""
    type(document).objects.filter(pk=document.pk).update(**fields)
    return anew(document)


# The table of steps


def at_standing(standing):
    article = factories.make_article()
    if standing == Standing.SCHEDULED:
        factories.publish(article, live_from=timezone.now() + DAY)
    if standing == Standing.GOING_LIVE:
        factories.publish(article, live_from=timezone.now() + timedelta(seconds=59))
    if standing in (Standing.LIVE, Standing.WITHDRAWN):
        factories.publish(article)
    if standing == Standing.WITHDRAWN:
        article.withdraw(by=None, reason="error", note="Wrong.")
    return article


def at_stage(article, stage):
    author, approver = factories.make_editor(), factories.make_editor()
    if stage != Stage.DRAFT:
        article.submit(by=author)
    if stage == Stage.APPROVED:
        article.approve(by=approver)
    return article


def take(step, article, settings):
    settings.SECOND_PERSON = step in ("publish_approved", "publish_in_emergency")
    by = factories.make_editor()
    publish = {"by": by, "note": "What changed."}
    return {
        "submit": lambda: article.submit(by=by),
        "send_back": lambda: article.send_back(by=by, note="Say when."),
        "approve": lambda: article.approve(by=by),
        "publish": lambda: article.publish(**publish),
        "publish_approved": lambda: article.publish(**publish),
        "publish_in_emergency": lambda: article.publish(**publish, emergency_reason="People are at risk."),
        "withdraw": lambda: article.withdraw(by=by, reason="obsolete", note="Repealed."),
        "cancel": lambda: article.cancel_scheduled(by=by),
    }[step]()


WAYS = [(step, stage, standing) for step in STEPS for stage in Stage for standing in Standing]


@pytest.mark.parametrize(("step", "stage", "standing"), WAYS)
def test_every_step_is_legal_or_raises_with_its_cure_and_changes_nothing(db, settings, step, stage, standing):
    article = at_stage(at_standing(standing), stage)
    before = (article.versions.count(), stage)
    is_refused = stage in STEPS[step] or standing in STEPS[step]
    # An approved text has no emergency.
    if is_refused or (step == "publish_in_emergency" and stage == Stage.APPROVED):
        with pytest.raises(TransitionError) as refused:
            take(step, article, settings)
        assert refused.value.messages[0].endswith(".")
        assert "{" not in refused.value.messages[0]
        assert (article.versions.count(), anew(article).stage) == before
    else:
        take(step, article, settings)
        assert (article.versions.count(), anew(article).stage) != before or step in ("submit", "cancel")


def test_a_step_counts_what_is_stored_and_not_what_another_copy_remembers(article):
    other = anew(article)
    article.submit(by=factories.make_editor())
    with pytest.raises(TransitionError, match="in review already"):
        other.submit(by=factories.make_editor())


@pytest.mark.parametrize("step", ["submit", "approve", "send_back"])
def test_a_review_needs_persons(article, step):
    if step != "submit":
        article.submit(by=factories.make_editor())
    options = {"note": "Say when."} if step == "send_back" else {}
    with pytest.raises(TransitionError, match="needs a person"):
        getattr(article, step)(by=None, **options)


# Who may approve


def test_nobody_approves_what_they_sent_to_review(article):
    author = factories.make_editor(username="anne")
    article.submit(by=author)
    with pytest.raises(TransitionError, match=r"anne wrote or submitted this text\. Ask another person"):
        article.approve(by=author)
    assert anew(article).stage == Stage.IN_REVIEW


def test_nobody_approves_a_text_that_they_changed_since_its_last_version(article):
    first, second, submitter = (factories.make_editor() for _ in range(3))
    article.changed(by=first)
    article.changed(by=second)
    article.submit(by=submitter)
    for contributor in (first, second, submitter):
        with pytest.raises(TransitionError, match="Ask another person"):
            article.approve(by=contributor)
    article.approve(by=factories.make_editor())


def test_who_wrote_the_last_version_may_approve_the_next(article):
    writer = factories.make_editor()
    article.changed(by=writer)
    factories.publish(article)
    article.changed(by=factories.make_editor())
    factories.approve(article, by=writer)
    assert anew(article).stage == Stage.APPROVED


def test_the_author_of_a_cancelled_version_is_no_second_person_for_its_text(article):
    author = factories.make_editor()
    factories.approve(article, author=author)
    factories.publish(article, by=author, live_from=timezone.now() + DAY)
    article.cancel_scheduled(by=factories.make_editor())
    article.submit(by=factories.make_editor())
    with pytest.raises(TransitionError, match="Ask another person"):
        article.approve(by=author)


def test_the_author_of_a_text_that_another_brings_back_is_no_second_person_for_it(article):
    author = factories.make_editor()
    old = factories.publish(article, by=author)
    factories.publish(edited(article, body="Other."), by=factories.make_editor())
    article = anew(article)
    article.restore(old, by=factories.make_editor())
    article.submit(by=factories.make_editor())
    with pytest.raises(TransitionError, match="Ask another person"):
        article.approve(by=author)


def scheduled_by_two(article):
    """What two people wrote and a third approved, to go live in a day; the one who did not submit it."""
    one, other = factories.make_editor(), factories.make_editor()
    article.changed(by=one)
    article.changed(by=other)
    article.submit(by=other)
    article.approve(by=factories.make_editor())
    return factories.publish(article, by=other, live_from=timezone.now() + DAY), one


def test_nobody_who_wrote_a_cancelled_version_is_a_second_person_for_its_text(article, second_person):
    _, one = scheduled_by_two(article)
    article.cancel_scheduled(by=factories.make_editor())
    article.submit(by=factories.make_editor())
    with pytest.raises(TransitionError, match="Ask another person"):
        article.approve(by=one)


def test_nobody_who_wrote_what_is_brought_back_is_a_second_person_for_it(article, second_person):
    version, one = scheduled_by_two(article)
    article.restore(version, by=factories.make_editor())
    article.submit(by=factories.make_editor())
    with pytest.raises(TransitionError, match="Ask another person"):
        article.approve(by=one)


def test_a_text_restated_when_another_was_cancelled_keeps_those_who_wrote_it(article, second_person):
    writer = factories.make_editor()
    article.changed(by=writer)
    factories.approve(article)
    factories.publish(article, by=factories.make_editor())
    scheduled_by_two(article)
    restated = article.cancel_scheduled(by=factories.make_editor())
    assert writer in restated.contributors.all()


def test_an_approval_is_of_the_address_too(article, second_person):
    factories.approve(article)
    moved = edited(article, slug="elsewhere")
    with pytest.raises(TransitionError, match="is not what was approved"):
        factories.publish(moved, by=factories.make_editor())


@pytest.mark.parametrize("field", ["title", "body_html", "approver"])
def test_a_withdrawal_smuggles_no_text_past_the_second_person(article, field):
    with pytest.raises(TypeError, match="No field of a withdrawal"):
        article.withdraw(by=factories.make_editor(), reason="obsolete", note="Gone.", **{field: "Other"})
    assert not article.versions.filter(kind="withdrawal").exists()


def test_with_a_second_person_nobody_withdraws_or_cancels_namelessly(article, second_person):
    with pytest.raises(TransitionError, match="needs a person"):
        article.withdraw(by=None, reason="obsolete", note="Gone.")
    scheduled_by_two(article)
    with pytest.raises(TransitionError, match="needs a person"):
        article.cancel_scheduled(by=None)


def test_a_closed_account_takes_no_step(article, second_person):
    closed = factories.make_editor(is_active=False)
    with pytest.raises(TransitionError, match="is closed"):
        article.submit(by=closed)
    article.submit(by=factories.make_editor())
    with pytest.raises(TransitionError, match="is closed"):
        article.approve(by=closed)
    article.approve(by=factories.make_editor())
    with pytest.raises(TransitionError, match="is closed"):
        factories.publish(article, by=closed)


def test_who_wrote_what_went_out_in_an_emergency_does_not_review_it(article, second_person):
    writer, publisher, third = (factories.make_editor() for _ in range(3))
    article.changed(by=writer)
    article.publish(by=publisher, note="Recall.", emergency_reason="Risk.")
    article.changed(by=third)
    article.submit(by=third)
    for contributor in (writer, publisher):
        with pytest.raises(TransitionError, match="Ask another person"):
            article.approve(by=contributor)
    article.approve(by=factories.make_editor())
    factories.publish(article, by=publisher)
    assert not anew(article).contributors.exists()


def test_an_approval_written_past_the_model_counts_only_from_a_second_person(article, second_person):
    writer = factories.make_editor()
    article.changed(by=writer)
    mark = article.fingerprint(article.public_fields())
    approval = {"stage": Stage.APPROVED, "approved_by": writer, "approved_hash": mark}
    with pytest.raises(TransitionError, match="is not what was approved"):
        factories.publish(edited(article, **approval), by=factories.make_editor())


def test_what_cannot_be_published_cannot_be_approved(db):
    article = factories.make_article(body="![describe this image](/media/images/a-1x1.webp)")
    article.submit(by=factories.make_editor())
    with pytest.raises(PublishingError, match="no description"):
        article.approve(by=factories.make_editor())


def test_a_text_sent_back_keeps_the_note_until_it_is_sent_again(article):
    article.submit(by=factories.make_editor())
    with pytest.raises(PublishingError, match="Write what has to change"):
        article.send_back(by=factories.make_editor(), note=" ")
    article.send_back(by=factories.make_editor(), note="Say when.")
    assert (anew(article).stage, anew(article).review_note) == (Stage.DRAFT, "Say when.")
    article.submit(by=factories.make_editor())
    assert anew(article).review_note == ""


# What an approval is of


def test_an_approved_text_goes_live_in_the_names_of_its_author_and_approver(article, second_person):
    author, approver, publisher = (factories.make_editor() for _ in range(3))
    factories.approve(article, author=author, by=approver)
    version = factories.publish(article, by=publisher)
    version = ArticleVersion.objects.get(pk=version.pk)
    names = (version.author_name, version.approver_name, version.publisher_name)
    assert names == (author.username, approver.username, publisher.username)
    assert (version.author, version.approver, version.has_second_person) == (author, approver, True)


def test_after_a_publish_the_next_text_begins_as_a_draft_of_nobody(article, second_person):
    article.changed(by=factories.make_editor())
    factories.approve(article)
    factories.publish(article, by=factories.make_editor())
    stored = anew(article)
    assert (stored.stage, stored.submitted_by, stored.approved_by, stored.approved_hash) == ("draft", None, None, "")
    assert not stored.contributors.exists()
    with pytest.raises(TransitionError, match="A second person has to approve"):
        factories.publish(article, by=factories.make_editor())


def test_every_saved_change_makes_it_a_draft_again(article):
    factories.approve(article)
    editor = factories.make_editor()
    number = article.edit_number
    article.changed(by=editor)
    stored = anew(article)
    assert (stored.stage, stored.approved_by, stored.submitted_by, stored.updated_by) == ("draft", None, None, editor)
    assert stored.edit_number == article.edit_number == number + 1
    assert list(stored.contributors.all()) == [editor]


CHANGES = {
    "text": lambda article: edited(article, body="Other."),
    "topic": lambda article: article.also.add(factories.make_topic()),
    "category": lambda article: edited(article, category=factories.make_category()),
    "name of its category": lambda article: type(article.category).objects.update(name="Other"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("scheduled", [False, True])
def test_what_changed_by_any_road_since_its_approval_is_not_published(article, second_person, change, scheduled):
    factories.approve(article)
    change(article)
    live_from = timezone.now() + DAY if scheduled else None
    with pytest.raises(TransitionError, match="is not what was approved.*Send it to review again"):
        factories.publish(anew(article), by=factories.make_editor(), live_from=live_from)
    assert article.versions.count() == 1
    # The cure works.
    factories.approve(anew(article))
    factories.publish(anew(article), by=factories.make_editor(), live_from=live_from)


@pytest.mark.parametrize("rows", ["responsibilities", "facts"])
def test_a_line_of_a_hub_changed_since_its_approval_is_not_published(db, second_person, rows):
    hub = factories.make_public_hub()
    factories.approve(hub)
    getattr(hub, rows).update(text="Other.")
    with pytest.raises(TransitionError, match="is not what was approved"):
        factories.publish(hub, by=factories.make_editor())


def test_a_text_that_is_not_stored_is_not_what_was_approved(article, second_person):
    factories.approve(article)
    article.title = "Never saved"
    with pytest.raises(TransitionError, match="is not what was approved"):
        factories.publish(article, by=factories.make_editor())


def test_the_same_fields_have_the_same_fingerprint(article):
    assert article.fingerprint(article.public_fields()) == anew(article).fingerprint(anew(article).public_fields())


def test_an_old_text_brought_back_has_to_be_approved_anew(article):
    factories.approve(article)
    editor = factories.make_editor()
    article.restore(article.versions.get(number=1), by=editor)
    assert anew(article).stage == Stage.DRAFT
    assert list(anew(article).contributors.all()) == [editor]


def test_without_the_setting_an_approval_that_counts_no_more_is_not_recorded(article):
    factories.approve(article)
    version = factories.publish(edited(article, title="Other"), by=factories.make_editor())
    assert not version.has_second_person


def test_of_an_approval_and_a_change_at_once_no_other_text_is_approved(transactional_db, settings):
    settings.SECOND_PERSON = True
    article = factories.make_published_article().article
    approver, publisher, writer = (factories.make_editor() for _ in range(3))
    article.submit(by=factories.make_editor())

    def approve():
        with suppress(TransitionError):
            anew(article).approve(by=approver)

    def change():
        with transaction.atomic():
            edited(article, body="Changed meanwhile.").changed(by=writer)

    def run(work):
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (approve, change)))
    assert anew(article).stage == Stage.DRAFT
    with pytest.raises(TransitionError):
        factories.publish(anew(article), by=publisher)


# Without a second person


def test_an_emergency_is_published_at_once_and_says_so_for_ever(article, second_person):
    version = article.publish(by=factories.make_editor(), note="Recall.", emergency_reason=" People are at risk. ")
    assert version.emergency_reason == "People are at risk."
    assert not version.has_second_person
    assert list(ArticleVersion.objects.live().emergencies()) == [version]
    assert list(ArticleVersion.objects.emergencies()) == [version]
    assert [each.title for each in Article.objects.with_state().in_state("emergency")] == ["Labelling"]
    factories.approve(article)
    factories.publish(article, by=factories.make_editor(), kind="minor")
    assert not ArticleVersion.objects.live().emergencies().exists()
    assert ArticleVersion.objects.emergencies().exists()


def test_an_emergency_is_now(article, second_person):
    options = {"note": "Recall.", "emergency_reason": "Risk.", "live_from": timezone.now() + DAY}
    with pytest.raises(TransitionError, match="An emergency is now"):
        article.publish(by=factories.make_editor(), **options)


def test_no_emergency_where_nothing_stands_in_the_way(article):
    with pytest.raises(TransitionError, match="Nothing stands in the way"):
        article.publish(by=factories.make_editor(), note="Recall.", emergency_reason="Risk.")


def test_an_emergency_is_no_minor_change_whatever_it_touches(article, second_person):
    for body in ("7 days.", article.body):
        with pytest.raises(PublishingError, match="no minor change: readers have to hear of it"):
            edited(article, body=body).publish(by=factories.make_editor(), kind="minor", emergency_reason="Risk.")


def test_a_publish_needs_a_person_where_two_are_wanted(article, second_person):
    factories.approve(article)
    with pytest.raises(TransitionError, match="needs a person"):
        factories.publish(article)


def test_an_import_publishes_what_never_was_and_says_so(db, second_person):
    hub = factories.make_hub()
    version = hub.publish(by=None, is_import=True)
    assert (version.author_name, version.has_second_person, version.emergency_reason) == ("import", False, "")


@pytest.mark.parametrize("what", ["later version", "in a person's name"])
def test_an_import_is_no_way_around_the_second_person(db, second_person, what):
    hub = factories.make_hub()
    by = None
    if what == "later version":
        hub.publish(by=None, is_import=True)
    else:
        by = factories.make_editor()
    with pytest.raises(TransitionError, match="An import publishes what never was"):
        hub.publish(by=by, is_import=True, note="Again.")


def test_a_restated_text_keeps_its_emergency_correction_and_approver(article, second_person):
    approver = factories.approve(article)
    told = {"kind": "correction", **factories.CORRECTION}
    article.publish(by=factories.make_editor(), **told)
    factories.approve(article)
    factories.publish(article, by=factories.make_editor(), live_from=timezone.now() + DAY)
    restated = article.cancel_scheduled(by=factories.make_editor())
    assert (restated.approver, restated.kind, restated.is_correction) == (approver, "minor", True)
    assert restated.corrected_to == "15 days."
    assert restated.computed_hash() == restated.hash


# Withdrawing


def test_a_withdrawal_needs_no_second_person_and_says_so(article, second_person):
    notice = article.withdraw(by=factories.make_editor(), reason="error", note="Wrong.")
    assert not notice.has_second_person


@pytest.mark.parametrize("reason", ["", "x", "Published in error", "x" * 500, "\x00"])
def test_a_withdrawal_for_an_unknown_reason_is_refused(article, reason):
    with pytest.raises(PublishingError, match="no reason for a withdrawal. Use one of: error, merged, obsolete"):
        article.withdraw(by=None, reason=reason, note="Wrong.")


@pytest.mark.parametrize("successor", ["none", "itself", "never published", "withdrawn", "unknown"])
def test_a_merger_names_a_live_article_other_than_this_one(article, successor):
    other = factories.make_article(hub=article.hub)
    keys = {"none": None, "itself": article.pk, "unknown": 999_999}
    if successor == "withdrawn":
        factories.publish(other)
        other.withdraw(by=None, reason="error", note="Wrong.")
    with pytest.raises(PublishingError, match="Name the article that this one was merged into"):
        article.withdraw(by=None, reason="merged", note="One.", successor_id=keys.get(successor, other.pk))
    assert article.versions.count() == 1


def test_what_waits_for_review_is_listed_longest_wait_first(article):
    hub = article.hub
    later, first = factories.make_article(hub=hub), factories.make_article(hub=hub)
    first.submit(by=factories.make_editor())
    later.submit(by=factories.make_editor())
    approved = factories.make_article(hub=hub)
    factories.approve(approved)
    assert list(Article.objects.waiting_for_review()) == [first, later]
    assert {each.pk for each in Article.objects.with_state().in_state("approved")} == {approved.pk}
