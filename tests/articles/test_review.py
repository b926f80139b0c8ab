"""The review at the desk: two people, each with the buttons of their own steps, and none that is not legal."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from regulators.models.membership import Role
from tests import factories, reading
from tests.factories import make_editor, make_member, make_published_article, publish
from tests.forms import filled_in
from tests.reading import text, words

LIST = "/admin/articles/article/"


@pytest.fixture(autouse=True)
def second_person(settings):
    settings.SECOND_PERSON = True


def signed_in(hub, role):
    client = Client()
    client.force_login(make_member(hub, role=role))
    return client


@pytest.fixture
def author(article):
    return signed_in(article.hub, Role.AUTHOR)


@pytest.fixture
def approver(article):
    return signed_in(article.hub, Role.APPROVER)


@pytest.fixture
def publisher(article):
    return signed_in(article.hub, Role.HUB_EDITOR)


@pytest.fixture
def article(db):
    return make_published_article(title="Labelling").article


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def step(article, name):
    return reverse(f"admin:articles_article_{name}", args=[article.pk])


def go(client, article, name, **fields):
    return client.post(step(article, name), filled_in(client.get(step(article, name)), **fields))


def save(client, article, **fields):
    return client.post(change(article), filled_in(client.get(change(article)), **fields))


def offered(client, article):
    context = client.get(change(article)).context
    return [act.name for act in context["acts"]] + [
        address.split("/")[-2] for _, address in context.get("act_links", ())
    ]


def test_a_text_goes_from_its_author_over_an_approver_to_its_readers(author, approver, publisher, article):
    assert save(author, article, title="Labels", _submit="")["Location"] == step(article, "submit")
    assert go(author, article, "submit").status_code == 302
    assert go(approver, article, "approve").status_code == 302
    assert go(publisher, article, "publish", note="Renamed.").status_code == 302
    version = article.versions.get(number=2)
    assert version.title == "Labels"
    assert version.has_second_person
    assert len({version.author_name, version.approver_name, version.publisher_name}) == 3


def test_each_sees_the_steps_that_are_theirs_and_legal(author, approver, publisher, article):
    rows = {}
    for stage in ("draft", "in review", "approved"):
        rows[stage] = [offered(client, article) for client in (author, approver, publisher)]
        if stage == "draft":
            article.submit(by=make_editor())
        elif stage == "in review":
            article.approve(by=make_editor())
    assert rows == {
        "draft": [["submit"], [], ["submit", "emergency", "withdraw"]],
        "in review": [[], ["approve", "send-back"], ["emergency", "withdraw"]],
        "approved": [[], ["send-back"], ["publish", "schedule", "withdraw"]],
    }


@pytest.mark.parametrize("name", ["approve", "send-back", "publish", "schedule", "emergency", "withdraw", "cancel"])
def test_an_author_takes_no_step_but_their_own(author, article, name):
    article.submit(by=make_editor())
    assert author.get(step(article, name)).status_code == 403
    assert author.post(step(article, name), {"note": "x"}).status_code == 403
    assert article.versions.count() == 1


@pytest.mark.parametrize("name", ["submit", "publish", "schedule", "emergency", "withdraw", "cancel"])
def test_an_approver_takes_no_step_but_their_own_and_changes_nothing(approver, article, name):
    assert approver.get(step(article, name)).status_code == 403
    assert approver.post(change(article), {"title": "Other"}).status_code == 403


@pytest.mark.parametrize("name", ["submit", "approve", "send-back", "emergency"])
def test_visitors_take_none(client, article, name):
    assert client.post(step(article, name)).status_code in (302, 403)
    assert Article.objects.get(pk=article.pk).stage == "draft"


def test_whoever_wrote_it_hears_why_they_cannot_approve_it(article):
    both = signed_in(article.hub, Role.ADMINISTRATOR)
    save(both, article, title="Labels")
    go(both, article, "submit")
    answer = go(both, article, "approve")
    assert "wrote or submitted this text. Ask another person." in text(answer)
    assert Article.objects.get(pk=article.pk).stage == "in_review"


def test_approving_is_offered_to_nobody_who_had_a_hand_in_the_text(approver, article):
    both = signed_in(article.hub, Role.ADMINISTRATOR)
    save(both, article, title="Labels")
    told = "You had a hand in this text; another person approves it."
    assert told not in text(both.get(change(article)))
    go(both, article, "submit")
    assert "approve" not in offered(both, article)
    assert "send-back" in offered(both, article)
    assert told in text(both.get(change(article)))
    assert "approve" in offered(approver, article)
    assert told not in text(approver.get(change(article)))


def test_who_made_an_article_had_a_hand_in_it(db):
    hub, category, topic = factories.make_public_hub(), factories.make_category(), factories.make_topic()
    both = signed_in(hub, Role.ADMINISTRATOR)
    new = {"title": "New", "slug": "new", "summary": "S.", "body": "B.", "hub": hub.pk, "category": category.pk}
    both.post(f"{LIST}add/", filled_in(both.get(f"{LIST}add/"), **new, topic=topic.pk))
    article = Article.objects.get(slug="new")
    article.submit(by=make_editor())
    assert "Ask another person" in text(go(both, article, "approve"))


@pytest.mark.parametrize("field", ["title", "body", "also"])
def test_a_saved_change_after_approval_asks_for_another(author, publisher, article, field):
    factories.approve(article)
    save(author, article, **{field: factories.make_topic().pk if field == "also" else "Other"})
    assert Article.objects.get(pk=article.pk).stage == "draft"
    assert offered(publisher, article) == ["submit", "emergency", "withdraw"]
    answer = go(publisher, article, "publish", note="x")
    assert "A second person has to approve this text" in text(answer)
    assert article.versions.count() == 1


def test_a_save_that_changes_nothing_leaves_the_approval(publisher, article):
    factories.approve(article)
    assert save(publisher, article, _publish="").status_code == 302
    assert go(publisher, article, "publish", note="x").status_code == 302


def test_an_approver_never_approves_what_they_did_not_see(author, approver, article):
    article.submit(by=make_editor())
    form = filled_in(approver.get(step(article, "approve")))
    save(author, article, title="Changed meanwhile")
    Article.objects.get(pk=article.pk).submit(by=make_editor())
    assert "Read it again first" in text(approver.post(step(article, "approve"), form))
    assert Article.objects.get(pk=article.pk).stage == "in_review"


def test_a_text_sent_back_shows_its_author_the_note_and_readers_never(author, approver, article, client):
    article.submit(by=make_editor())
    assert "This field is required" in text(go(approver, article, "send-back", review_note=""))
    go(approver, article, "send-back", review_note="Say <when>.")
    assert "Sent back: Say <when>." in words(author.get(change(article)))
    assert "Say" not in text(client.get(article.get_absolute_url())).partition("<main")[2]


def test_an_emergency_gives_its_public_reason_and_is_listed_until_it_is_reviewed(publisher, article):
    assert "This field is required" in text(go(publisher, article, "emergency", note="x"))
    go(publisher, article, "emergency", note="A recall.", emergency_reason="People are at risk.")
    assert article.versions.get(number=2).emergency_reason == "People are at risk."
    assert "published in an emergency, not yet reviewed" in text(publisher.get(LIST, {"state": "emergency"}))
    told = words(publisher.get(change(article)))
    assert "Emergency: People are at risk." in told
    assert "Live: version 2, published in an emergency, not yet reviewed." in told
    factories.approve(article)
    publish(article, by=make_editor(), kind="minor")
    assert "0 articles" in words(publisher.get(LIST, {"state": "emergency"}))


def test_who_cancels_a_first_version_is_told_of_no_version_and_that_it_is_approved_anew(publisher, article):
    new = factories.make_article(hub=article.hub)
    for each in (new, article):
        factories.approve(each)
        publish(each, by=make_editor(), live_from=timezone.now() + timedelta(days=1))
    pages = [words(publisher.get(step(each, "cancel"))) for each in (new, article)]
    assert ["This becomes" in page for page in pages] == [False, True]
    assert all("It has to be approved again." in page for page in pages)
    assert "Cancel it first" in words(publisher.get(step(new, "publish")))


def test_an_emergency_is_none_for_a_team_of_one(publisher, article, settings):
    settings.SECOND_PERSON = False
    assert offered(publisher, article) == ["submit", "publish", "schedule", "withdraw"]
    page = publisher.get(step(article, "publish"))
    assert "The record will say that it was published without a second person" in text(page)
    factories.approve(article)
    assert "without a second person" not in words(publisher.get(step(article, "publish"))).partition("What kind")[0]


def test_the_table_of_versions_says_who_approved_each(publisher, article):
    approver = factories.approve(article)
    publish(article, by=make_editor())
    told = words(publisher.get(change(article)))
    assert approver.username in told
    assert "Published without a second person" in told


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "corrected_error"),
        ({"corrected_error": "x", "corrected_to": "y"}, "wrong_since"),
        ({"corrected_error": "x", "corrected_to": "y", "wrong_since": "2999-01-01"}, "wrong_since"),
        ({"corrected_error": "x", "corrected_to": "y", "wrong_since": "9" * 300}, "wrong_since"),
        ({"corrected_error": "\x00", "corrected_to": "y", "wrong_since": "2026-02-20"}, "corrected_error"),
        ({"corrected_error": "x" * 2001, "corrected_to": "y", "wrong_since": "2026-02-20"}, "corrected_error"),
        ({"kind": "minor", "corrected_to": "y"}, "corrected_to"),
    ],
)
def test_a_correction_that_says_too_little_or_another_kind_that_corrects_is_refused(publisher, article, fields, field):
    factories.approve(article)
    answer = go(publisher, article, "publish", **{"kind": "correction"} | fields)
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert article.versions.count() == 1


def test_a_day_before_the_first_publication_is_refused_with_its_day(publisher, article):
    factories.approve(article)
    told = {"kind": "correction", "corrected_error": "x", "corrected_to": "y", "wrong_since": "2020-01-01"}
    assert "first published on 16 February 2026" in text(go(publisher, article, "publish", **told))


def test_a_minor_edit_that_touches_a_number_is_refused_by_name(publisher, article, settings):
    settings.SECOND_PERSON = False
    save(publisher, article, body="Within 10 days.")
    answer = go(publisher, article, "publish", kind="minor")
    assert "it touches" in text(answer)
    assert "the number “10”" in text(answer)
    assert article.versions.count() == 1


def test_a_schedule_needs_an_approval_too(publisher, article):
    moment = f"{timezone.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    assert "has to approve" in text(go(publisher, article, "schedule", live_from=moment, note="x"))
    factories.approve(article)
    assert go(publisher, article, "schedule", live_from=moment, note="x").status_code == 302


def test_the_list_counts_what_is_in_review(author, article):
    article.submit(by=make_editor())
    assert "in review" in text(author.get(LIST, {"state": "in_review"}))
    assert [row.pk for row in author.get(LIST, {"state": "in_review"}).context["cl"].result_list] == [article.pk]


def test_the_page_of_a_publish_that_nobody_approved_says_so_and_offers_no_button(publisher, article):
    page = publisher.get(step(article, "publish"))
    assert "A second person has to approve this text before it is published." in text(page)
    assert not reading.elements(page, "input", value="Publish")
    factories.approve(article)
    assert reading.elements(publisher.get(step(article, "publish")), "input", value="Publish")


def test_whoever_approves_is_led_to_what_would_change(approver, article):
    article.submit(by=make_editor())
    assert "Compare it with what is live" in reading.links(approver.get(step(article, "approve")))


def test_an_emergency_asks_for_its_kind_before_what_a_correction_says(publisher, article):
    form = publisher.get(step(article, "emergency")).context["form"]
    shown = [field.name for field in form.visible_fields()]
    assert shown == ["emergency_reason", "kind", "note", "corrected_error", "wrong_since", "corrected_to"]
    assert [value for value, _ in form.fields["kind"].choices] == ["significant", "correction"]
