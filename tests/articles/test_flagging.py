"""An amendment flags what cites the provision it touches, by whatever road it is recorded, and a check clears it."""

import shutil
from datetime import date, timedelta
from io import StringIO
from threading import Event, Thread

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from articles.content import reference
from articles.content.report import Report
from articles.models import Article, ArticleVersion, Flag
from elendihub.publishing import Permanent, Version
from legislation.models import Amendment
from tests import factories

BODY = "## Dates\n\nLegacy devices end in time (MDR Article 120(3c))."


@pytest.fixture
def mdr(db):
    return factories.make_mdr()


@pytest.fixture
def version(mdr):
    return factories.make_published_article(body=BODY)


def provision(mdr, number):
    return mdr.provisions.get(kind="article", number=number)


def flagged():
    return list(Article.objects.flagged())


def by_create(**fields):
    Amendment.objects.create(**fields)


def by_bulk(**fields):
    Amendment.objects.bulk_create([Amendment(**fields)])


def by_sql(by, provision):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO legislation_amendment (by_id, provision_id, what, note) VALUES (%s, %s, '', '')",
            [by.pk, provision.pk],
        )


def by_moving_another(by, provision):
    amendment = factories.make_amendment(by=by)
    Amendment.objects.filter(pk=amendment.pk).update(provision=provision)


@pytest.mark.parametrize("record", [by_create, by_bulk, by_sql, by_moving_another])
def test_recording_an_amendment_flags_what_cites_the_provision(version, mdr, record):
    record(by=factories.make_instrument(), provision=provision(mdr, "120"))
    assert flagged() == [version.article]
    (flag,) = Flag.objects.all()
    assert (flag.version, flag.provision) == (version, provision(mdr, "120"))
    assert ArticleVersion.objects.with_review().get().review == "amended"


def test_an_amendment_of_another_provision_of_the_act_flags_nothing(version, mdr):
    factories.make_amendment(provision=provision(mdr, "22"))
    assert not flagged()


def test_the_flag_comes_and_goes_with_the_amendment(version, mdr):
    with transaction.atomic():
        factories.make_amendment(provision=provision(mdr, "120"))
        assert flagged()
        transaction.set_rollback(True)
    assert not flagged()


def test_saving_an_amendment_again_flags_nothing_again(version, mdr, tmp_path):
    amendment = factories.make_amendment(provision=provision(mdr, "120"))
    factories.make_check(version, outcome="not_affected", note="Layout only.")
    amendment.what = "paragraph 3"
    amendment.save()
    file = tmp_path / "amendments.json"
    with file.open("w") as output:
        options = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
        call_command("dumpdata", "legislation.amendment", stdout=output, **options)
    call_command("loaddata", file, verbosity=0)
    assert Flag.objects.count() == 1
    assert not flagged()


def test_a_text_published_after_the_recording_is_written_with_knowledge_of_it(mdr):
    factories.make_amendment(provision=provision(mdr, "120"))
    factories.make_published_article(body=BODY)
    assert not flagged()


def test_a_text_scheduled_before_the_recording_is_flagged_once_it_is_live(mdr):
    article = factories.make_published_article(body="No law.").article
    article.body = BODY
    article.save()
    ahead = timezone.now() + timedelta(days=3)
    article.publish(by=None, live_from=ahead, note="What changed.")
    factories.make_amendment(provision=provision(mdr, "120"))
    assert not flagged()
    with time_machine.travel(ahead + timedelta(hours=1), tick=False):
        assert flagged() == [article]


def test_what_was_cancelled_before_anybody_read_it_flags_nothing(mdr):
    article = factories.make_published_article(body="No law.").article
    article.body = BODY
    article.save()
    article.publish(by=None, live_from=timezone.now() + timedelta(days=3), note="What changed.")
    factories.make_amendment(provision=provision(mdr, "120"))
    article.cancel_scheduled(by=None)
    assert not flagged()
    factories.make_amendment(provision=provision(mdr, "120"))
    assert Flag.objects.count() == 1


def test_past_versions_are_left_alone(version, mdr):
    version.article.body = "No law."
    version.article.save()
    version.article.publish(by=None, note="What changed.")
    factories.make_amendment(provision=provision(mdr, "120"))
    assert not Flag.objects.exists()


@pytest.mark.parametrize(("outcome", "clears"), [("confirmed", True), ("not_affected", True), ("needs_change", False)])
def test_only_a_check_that_finds_the_text_right_clears_a_flag(version, mdr, outcome, clears):
    factories.make_amendment(provision=provision(mdr, "120"))
    factories.make_check(version, outcome=outcome, note="Read beside the amendment.")
    assert (flagged() == []) is clears


def test_a_check_recorded_before_the_amendment_clears_nothing(version, mdr):
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        factories.make_check(version)
    factories.make_amendment(provision=provision(mdr, "120"))
    assert flagged() == [version.article]


@pytest.mark.parametrize("body", [BODY, "No law any more."])
def test_a_new_version_alone_clears_nothing_and_a_check_of_it_does(version, mdr, body):
    factories.make_amendment(provision=provision(mdr, "120"))
    version.article.body = f"{body}\n\nNew words."
    version.article.save()
    newest = version.article.publish(by=None, kind=Version.Kind.SIGNIFICANT, note="What changed.")
    assert flagged() == [version.article]
    factories.make_check(newest, checked_on=timezone.now().date())
    assert not flagged()


def test_each_amendment_needs_a_check_of_its_own(version, mdr):
    for _ in range(2):
        factories.make_amendment(provision=provision(mdr, "120"))
        assert flagged() == [version.article]
        factories.make_check(version)
        assert not flagged()


def test_a_withdrawn_article_is_on_no_list_and_flagged_when_it_returns(version, mdr):
    version.article.withdraw(by=None, reason="error", note="Wrong.")
    factories.make_amendment(provision=provision(mdr, "120"))
    assert not flagged()
    version.article.publish(by=None, note="What changed.")
    assert flagged() == [version.article]


def act_without_provisions():
    return factories.make_instrument(slug="zzr", short_name="ZZR", names=["ZZR"], articles="1-130", annexes="I-XVII")


@pytest.mark.parametrize(
    ("body", "kind", "number", "is_cited"),
    [
        ("See ZZR Article 12.", "article", "12", True),
        ("See ZZR Article 12(3), second subparagraph.", "article", "12", True),
        ("See ZZR Articles 11 to 14.", "article", "12", True),
        ("See ZZR Annex VIII, section 3.", "annex", "VIII", True),
        ("See ZZR Article 120.", "article", "12", False),
        ("See ZZR Article 1.", "article", "12", False),
        ("See ZZR Annex I.", "annex", "II", False),
        ("The ZZR as a whole.", "article", "12", False),
    ],
)
def test_a_provision_that_is_described_only_after_the_publication_counts(db, body, kind, number, is_cited):
    act = act_without_provisions()
    article = factories.make_published_article(body=body).article
    factories.make_amendment(provision=factories.make_provision(instrument=act, kind=kind, number=number))
    assert (flagged() == [article]) is is_cited


def test_an_act_that_came_into_the_register_after_the_publication_counts_by_its_key(db):
    article = factories.make_published_article(body="See Article 30 of Regulation (EC) No 765/2008.").article
    act = factories.make_instrument(slug="ec-2008-765", celex="32008R0765")
    other = factories.make_provision(kind="article", number="30")
    factories.make_amendment(provision=other)
    assert not flagged()
    factories.make_amendment(provision=factories.make_provision(instrument=act, kind="article", number="30"))
    assert flagged() == [article]


def test_a_provision_that_got_another_number_stays_the_one_that_was_cited(version, mdr):
    touched = provision(mdr, "120")
    touched.number = "120a"
    touched.save()
    factories.make_amendment(provision=touched)
    assert flagged() == [version.article]


def test_a_flag_holds_its_amendment_and_is_written_once(version, mdr):
    amendment = factories.make_amendment(provision=provision(mdr, "120"))
    with pytest.raises(ProtectedError):
        amendment.delete()
    for change in (Flag.objects.all().delete, lambda: Flag.objects.update(after_check=9)):
        with pytest.raises(Permanent):
            change()
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.get().delete()


def test_a_flag_stays_when_its_amendment_is_moved_to_another_provision(version, mdr):
    amendment = factories.make_amendment(provision=provision(mdr, "120"))
    amendment.provision = provision(mdr, "22")
    amendment.save()
    assert flagged() == [version.article]


def test_it_is_raised_at_the_moment_of_recording(version, mdr):
    with time_machine.travel("2026-08-01T09:00Z", tick=False):
        factories.make_amendment(provision=provision(mdr, "120"), published_on=date(2026, 7, 20))
        assert Flag.objects.get().raised_at == timezone.now()


@pytest.mark.parametrize("is_register_first", [True, False])
def test_the_site_s_own_register_flags_none_of_its_texts_whichever_comes_first(db, tmp_path, is_register_first):
    content = shutil.copytree(settings.CONTENT_DIR, tmp_path / "content")
    if not is_register_first:
        for name in reference.REGISTER:
            (content / name).unlink()
    call_command("import_content", str(content / "norway"), verbosity=0, stdout=StringIO())
    for _ in range(2):
        reference.load(settings.CONTENT_DIR, Report(), reference.REGISTER)
    assert Amendment.objects.count() == 33
    assert not Flag.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_publish_and_an_amendment_at_once_leave_no_text_without_knowledge_or_flag():
    mdr, act = factories.make_mdr(), factories.make_instrument()
    article = factories.make_article(body=BODY)
    touched = provision(mdr, "120")
    published, recorded = Event(), Event()

    def publish() -> None:
        with transaction.atomic():
            factories.publish(article)
            published.set()
            # Long enough for the amendment to be on its way; it has to wait for this transaction.
            recorded.wait(0.5)
        connection.close()

    thread = Thread(target=publish)
    thread.start()
    published.wait()
    factories.make_amendment(by=act, provision=touched)
    recorded.set()
    thread.join()
    assert flagged() == [article]
