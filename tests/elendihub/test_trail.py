"""What hashes do not cover is as the audit trail recorded it, or `manage.py verify_record` names the row."""

import hashlib
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from articles.models import ArticleVersion, Check, Flag, FormerSlug, PastAddress
from elendihub import trail
from elendihub.audit_export import as_json_lines
from elendihub.models import AuditEntry
from legislation.models import Provision
from tests import factories
from tests.articles.content_folder import write_folder, write_register
from tests.management.commands.flush import without_triggers

OLD = "'2020-01-01 00:00:00+00:00'"
LABELS = r"article \d+ \(/hubs/norway/labels/\)"
SECOND = rf"{LABELS}, version 2"


@pytest.fixture
def record(db):
    """Two versions that cite the law, with a check and a flag each, and an address that was left; beside another."""
    mdr = factories.make_mdr()
    hub = factories.make_published_hub(slug="norway").hub
    factories.make_published_article(hub=hub, slug="other")
    article = factories.make_published_article(hub=hub, slug="tags", body="See MDR Article 120(3c) and 121.").article
    article.slug = "labels"
    article.save()
    second = article.publish(by=None, note="Two")
    factories.make_check(second, checked_on=timezone.now().date())
    factories.make_amendment(provision=Provision.objects.get(instrument=mdr, kind="article", number="120"))
    factories.make_check(second, checked_on=timezone.now().date(), note="Still right.")
    factories.make_instrument()
    factories.make_editor()
    return article


def verify(**options):
    out = StringIO()
    call_command("verify_record", stdout=out, **options)
    return out.getvalue()


def tamper(*statements):
    with without_triggers(), connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
            assert cursor.rowcount > 0, sql


def newest(table):
    return f"id = (SELECT MAX(id) FROM {table})"


CHECK, FLAG = newest("articles_check"), newest("articles_flag")
PAST, FORMER = newest("articles_pastaddress"), newest("articles_formerslug")
CITED, TOPIC = newest("articles_citation"), newest("articles_versiontopic")
OTHER_LAW = "(SELECT MAX(id) FROM legislation_instrument)"
OTHER = '[{"title": "Other", "url": "https://example.org"}]'
TAMPERED = {
    "a check's words": (
        f"UPDATE articles_check SET note = 'x' WHERE {CHECK}",
        rf"Check \d+: {SECOND}\. trail: note is",
    ),
    "who checked": (f"UPDATE articles_check SET checked_by_name = 'x' WHERE {CHECK}", "trail: checked_by_name is “x”"),
    "the day of a check": (
        f"UPDATE articles_check SET checked_on = '2020-01-01' WHERE {CHECK}",
        "trail: checked_on is",
    ),
    "an outcome": (f"UPDATE articles_check SET outcome = 'needs_change' WHERE {CHECK}", "trail: outcome is"),
    "the sources of a check": (f"UPDATE articles_check SET sources = '{OTHER}' WHERE {CHECK}", "trail: sources is"),
    "the moment of a check": (f"UPDATE articles_check SET recorded_at = {OLD} WHERE {CHECK}", "trail: recorded_at is"),
    "a check is gone": (f"DELETE FROM articles_check WHERE {CHECK}", rf"Check \d+: {SECOND}\. trail: it is gone"),
    "a flag is gone": (
        f"DELETE FROM articles_flag WHERE {FLAG}",
        rf"Flag \d+: {LABELS}, version \d\. trail: it is gone",
    ),
    "the day of a flag": (f"UPDATE articles_flag SET raised_at = {OLD} WHERE {FLAG}", "trail: raised_at is"),
    "what clears a flag": (f"UPDATE articles_flag SET after_check = 9 WHERE {FLAG}", "trail: after_check is “9”"),
    "a past address is gone": (f"DELETE FROM articles_pastaddress WHERE {PAST}", rf"PastAddress \d+: {LABELS}\. trail"),
    "a past address moved": (f"UPDATE articles_pastaddress SET left_at = {OLD} WHERE {PAST}", "trail: left_at is"),
    "a past address renamed": (f"UPDATE articles_pastaddress SET slug = 'x' WHERE {PAST}", "trail: slug is “x”"),
    "a redirect is gone": (
        f"DELETE FROM articles_formerslug WHERE {FORMER}",
        rf"FormerSlug \d+: {LABELS}\. trail: it is",
    ),
    "a redirect leads elsewhere": (f"UPDATE articles_formerslug SET slug = 'x' WHERE {FORMER}", "trail: slug is “x”"),
    "an address of an article": (
        "UPDATE articles_article SET slug = 'x' WHERE slug = 'labels'",
        r"Article \d+: hub \d+ \(/hubs/norway/\)\. trail: slug is “x”, and the audit trail says “labels”",
    ),
    "an address of a hub": ("UPDATE regulators_hub SET slug = 'x'", r"Hub \d+\. trail: slug is “x”"),
    "an address of a shelf": (
        "UPDATE articles_category SET slug = 'x' WHERE " + newest("articles_category"),
        "Category",
    ),
    "the name of a topic": ("UPDATE articles_topic SET name = 'x' WHERE " + newest("articles_topic"), "Topic"),
    "when an amendment came": (f"UPDATE legislation_amendment SET recorded_at = {OLD}", r"Amendment \d+\. trail"),
    "the act that is cited": (
        f"UPDATE articles_citation SET provision_id = NULL, instrument_id = {OTHER_LAW} WHERE {CITED}",
        rf"Citation \d+: {SECOND}\. trail: instrument_id is",
    ),
    "the provision that is cited": (
        f"UPDATE articles_citation SET provision_id = provision_id - 1 WHERE {CITED}",
        rf"Citation \d+: {SECOND}\. trail: provision_id is",
    ),
    "a citation that leads nowhere": (
        f"UPDATE articles_citation SET provision_id = NULL WHERE {CITED}",
        "trail: provision_id is “None”",
    ),
    "the account of an author": (
        "UPDATE articles_articleversion SET author_id = (SELECT MAX(id) FROM auth_user) WHERE number = 2",
        rf"ArticleVersion: {SECOND}\. trail: author_id is “\d+”, and the audit trail says “None”",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_past_the_trail_is_named(record, what):
    sql, named = TAMPERED[what]
    verify()
    tamper(sql)
    with pytest.raises(CommandError, match=named):
        verify()


COPIED = {
    Check: ("article_version_id, checked_on, checked_by_name, outcome, sources, note, recorded_at", ""),
    Flag: ("version_id, amendment_id, provision_id, raised_at, after_check", "provision_id"),
    PastAddress: ("article_id, hub_id, slug, left_at", ""),
    FormerSlug: ("article_id, hub_id, slug", "slug"),
}


@pytest.mark.parametrize("model", COPIED)
def test_a_row_that_the_trail_never_saw_added_is_named(record, model):
    columns, unique = COPIED[model]
    table = model._meta.db_table
    other = {"provision_id": "provision_id + 1", "slug": "'forged'"}.get(unique, "")
    values = columns.replace(unique, other) if unique else columns
    tamper(f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {newest(table)}")
    with pytest.raises(CommandError, match=rf"{model.__name__} \d+: {LABELS}.*\. trail: the audit trail never saw"):
        verify()


def test_a_row_with_a_key_from_before_all_others_is_named(record):
    columns, _ = COPIED[Check]
    table = "articles_check"
    tamper(f"INSERT INTO {table} (id, {columns}) SELECT -5, {columns} FROM {table} WHERE {CHECK}")
    with pytest.raises(CommandError, match=rf"Check -5: {SECOND}\. trail: the audit trail never saw it added"):
        verify()


def forged(article, begins):
    """A third version, right in all but that nobody published it."""
    version = article.versions.get(number=2)
    with without_triggers():
        version.previous_hash = version.hash
        version.pk, version._state.adding = None, True
        version.number, version.live_from, version.changed_at, version.live_until = 3, begins, begins, None
        version.body += " Forged."
        version.hash = version.computed_hash()
        version.store()


def test_a_version_that_nobody_published_is_named(record):
    begins = timezone.now()
    forged(record, begins)
    record.versions.filter(number=2).close(begins)
    with pytest.raises(CommandError, match=rf"{LABELS}, version 3\. trail: the audit trail never saw it added"):
        verify()


def test_so_is_the_one_that_it_took_the_place_of(record):
    begins = timezone.now()
    with without_triggers():
        record.versions.filter(number=2).close(begins)
    forged(record, begins)
    with pytest.raises(CommandError, match=rf"ArticleVersion: {SECOND}\. trail: live_until is"):
        verify()


def test_the_last_version_is_missed_though_its_own_entries_went_with_it(record):
    last = record.versions.get(number=2).pk
    versions = "articles_articleversion"
    tamper(
        f"DELETE FROM articles_check WHERE article_version_id = {last}",
        f"DELETE FROM articles_flag WHERE version_id = {last}",
        f"DELETE FROM articles_citation WHERE version_id = {last}",
        f"DELETE FROM articles_versiontopic WHERE version_id = {last}",
        f"DELETE FROM {versions} WHERE id = {last}",
        f"UPDATE {versions} SET live_until = NULL WHERE article_id = {record.pk}",
        f"""DELETE FROM elendihub_auditentry WHERE "table" = '{versions}' AND "row" = '{last}'""",
    )
    with pytest.raises(CommandError, match=rf"ArticleVersion: {LABELS}, version 1\. trail: live_until is"):
        verify()


def entry(table, row, **fields):
    told = {"at": timezone.now(), "road": "shell", "before": {}, "after": {}}
    AuditEntry.objects.create(table=table, row=str(row), **told | fields)


def test_a_permanent_row_that_was_deleted_is_named_although_the_trail_says_so(record):
    key = Check.objects.latest("pk").pk
    tamper(f"DELETE FROM articles_check WHERE id = {key}")
    entry("articles_check", key, action="deleted")
    with pytest.raises(CommandError, match=rf"Check {key}: {SECOND}\. trail: it was deleted, .* permanent"):
        verify()


def test_a_permanent_row_that_was_changed_is_named_although_the_trail_says_so(record):
    key = Check.objects.latest("pk").pk
    tamper(f"UPDATE articles_check SET note = 'x' WHERE id = {key}")
    entry("articles_check", key, action="changed", after={"note": "x"})
    with pytest.raises(CommandError, match=rf"Check {key}: {SECOND}\. trail: note changed later, .* permanent"):
        verify()


def test_a_row_that_stands_there_though_the_trail_says_it_was_deleted_is_named(record):
    key = FormerSlug.objects.latest("pk").pk
    entry("articles_formerslug", key, action="deleted")
    with pytest.raises(CommandError, match=rf"FormerSlug {key}: {LABELS}\. trail: it stands there"):
        verify()


def test_an_address_that_comes_back_and_leaves_again_holds(record):
    for slug in ("tags", "labels", "signs", "tags"):
        record.slug = slug
        record.save()
    assert AuditEntry.objects.filter(table="articles_formerslug", action="deleted").exists()
    verify()


# The trail itself


def of_second(record):
    return AuditEntry.objects.get(
        table="articles_articleversion", action="added", row=str(record.versions.get(number=2).pk)
    )


def test_a_version_whose_entry_is_gone_is_named(record):
    tamper(f"DELETE FROM elendihub_auditentry WHERE id = {of_second(record).pk}")
    with pytest.raises(CommandError, match=rf"ArticleVersion: {SECOND}\. trail: the audit trail never saw it added"):
        verify()


@pytest.mark.parametrize(
    ("column", "value"),
    [("title", "Z"), ("hash", "0" * 64), ("number", 7), ("live_from", "2020-01-01T00:00:00+00:00"), ("number", "x")],
)
def test_an_entry_that_says_something_else_than_its_version_is_named(record, column, value):
    entry = of_second(record)
    with without_triggers():
        AuditEntry.objects.filter(pk=entry.pk).update(after=entry.after | {column: value})
    with pytest.raises(CommandError, match=rf"ArticleVersion: {SECOND}\. trail: {column} is"):
        verify()


def test_an_empty_trail_beside_what_was_published_since_it_began_is_named(record):
    tamper("DELETE FROM elendihub_auditentry")
    with pytest.raises(CommandError, match="trail: it is empty, and versions were published since it began"):
        verify()


def last_line(**options):
    return verify(**options).splitlines()[-1]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE elendihub_auditentry SET actor = 'x' WHERE id = {}",
        f"UPDATE elendihub_auditentry SET at = {OLD} WHERE id = {{}}",
        "DELETE FROM elendihub_auditentry WHERE id = {}",
    ],
)
def test_who_noted_the_digest_notices_any_change_of_the_trail(record, sql):
    factories.make_editor()
    user = AuditEntry.objects.filter(table="auth_user").first().pk
    factories.make_category()
    before = last_line()
    tamper(sql.format(user))
    assert last_line() != before


def test_the_line_of_an_earlier_day_can_be_had_again(record):
    before = last_line()
    newest_then = AuditEntry.objects.latest("id").pk
    record.publish(by=None, note="Three")
    assert last_line() != before
    assert last_line(until=newest_then) == before


def test_the_digest_is_that_of_the_exported_lines_oldest_last(record):
    exported = "".join(as_json_lines(AuditEntry.objects.all())).encode()
    count, newest_, digest = trail.digest()
    assert (count, newest_) == (exported.count(b"\n"), AuditEntry.objects.latest("id").pk)
    assert digest == hashlib.sha256(exported).hexdigest()
    record.publish(by=None, note="Three")
    longer = "".join(as_json_lines(AuditEntry.objects.all())).encode().splitlines(keepends=True)
    assert digest == hashlib.sha256(b"".join(longer[-count:])).hexdigest()


# No false alarm


def publish_more(article):
    article.slug = "signs"
    article.save()
    factories.make_check(article.publish(by=None, note="More"), checked_on=timezone.now().date())
    factories.make_amendment(provision=Provision.objects.get(number="121", kind="article"))
    factories.make_published_article(hub=article.hub)


def test_rows_from_before_the_trail_hold_and_those_after_are_watched(record):
    tamper("DELETE FROM elendihub_auditentry")
    later = timezone.now()
    MigrationRecorder.Migration.objects.filter(name="0012_audited_articles").update(applied=later)
    verify()
    publish_more(record)
    assert not AuditEntry.objects.filter(table="articles_articleversion", row=str(record.versions.first().pk)).exists()
    verify()
    tamper(f"UPDATE articles_check SET note = 'x' WHERE {CHECK}")
    with pytest.raises(CommandError, match="trail: note is “x”"):
        verify()


def test_what_closed_a_version_from_before_the_trail_is_watched_too(record):
    tamper("DELETE FROM elendihub_auditentry")
    publish_more(record)
    tamper("UPDATE articles_article SET slug = 'x' WHERE slug = 'signs'")
    with pytest.raises(CommandError, match="slug is “x”, and the audit trail says “signs”"):
        verify()


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 1])
def test_a_trail_whose_oldest_entries_were_archived_holds(record, share):
    publish_more(record)
    keys = list(AuditEntry.objects.order_by("id").values_list("id", flat=True))
    archived = keys[: min(int(len(keys) * share), len(keys) - 1)]
    tamper(f"DELETE FROM elendihub_auditentry WHERE id <= {archived[-1]}")
    verify()
    record.publish(by=None, note="Later")
    verify()


@pytest.mark.django_db(transaction=True)
def test_a_site_that_was_emptied_and_imported_again_holds(tmp_path):
    write_register(tmp_path)
    folder = str(write_folder(tmp_path))
    for _ in range(2):
        call_command("import_content", folder, stdout=StringIO())
        assert "2 versions of 2 articles" in verify()
        call_command("flush", interactive=False, verbosity=0)
        assert "Audit trail: 0 entries" in verify()


@pytest.mark.django_db(transaction=True)
def test_what_is_published_while_it_looks_neither_waits_nor_makes_a_false_alarm():
    article = factories.make_published_article(slug="labels").article

    def publish():
        try:
            article.publish(by=None, note="Meanwhile")
        finally:
            connection.close()

    with trail.one_moment():
        before = ArticleVersion.objects.count()
        other = threading.Thread(target=publish)
        other.start()
        other.join()
        assert ArticleVersion.objects.count() == before
        assert not list(trail.unlike(trail.Kept(ArticleVersion, is_permanent=True)))
    assert ArticleVersion.objects.count() == before + 1
    verify()


@pytest.mark.django_db(transaction=True)
def test_what_is_found_broken_leaves_the_connection_as_it_was():
    article = [factories.make_published_article().article for _ in range(3)][0]
    tamper(f"UPDATE articles_article SET slug = 'x' WHERE id = {article.pk}")
    for _ in range(2):
        with pytest.raises(CommandError, match="slug is “x”"):
            verify()
    tamper(f"UPDATE articles_article SET slug = '{article.slug}' WHERE id = {article.pk}")
    verify()
