"""The audit trail: every change to anything leaves an entry, by whatever road it comes."""

import json
import re
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat

from articles.models import Article, Category, Topic
from elendihub.auditing import EVENTS, HIDDEN, column_kinds, name_of
from elendihub.models import AuditEntry
from legislation.models import Instrument, Provision
from tests import factories

# What leaves no entries, and why.
UNAUDITED = {
    "articles_link": "says how addresses answer, which a program asks each day",
    "articles_sourcereading": "says when a program asked last, each day",
    "articles_linkplace": "gathered from the live texts each day",
    "elendihub_autosave": "text that its writer has yet to save",
    "elendihub_opening": "who looks at a text, for half an hour",
    "django_admin_log": "is a log itself",
    "django_content_type": "written by migrate from the code",
    "auth_permission": "written by migrate from the code",
    "django_migrations": "written by migrate from the code",
    "django_session": "holds keys to accounts; a sign-in is seen in last_login",
    "elendihub_auditentry": "is the trail itself",
    "elendihub_generation": "a number that triggers raise",
    "elendihub_tally": "counts visitors, who are not recorded",
}
# Columns that are left out of entries on purpose.
LEFT_OUT = {
    "articles_articleversion": {"body", "body_html", "contents", "citations", "terms"},
    "articles_citation": {"sentence"},
    "regulators_hubcitation": {"sentence"},
    "regulators_hubversion": {"overview", "overview_html"},
}


def tables():
    return sorted(set(connection.introspection.table_names()) - UNAUDITED.keys())


def execute(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def newest(table):
    return AuditEntry.objects.filter(table=table).first()


def actions(table):
    return list(AuditEntry.objects.filter(table=table).order_by("id").values_list("action", flat=True))


# Nothing is forgotten


def test_every_table_but_those_named_here_with_a_reason_is_audited(db):
    on_sqlite = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    on_postgresql = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    with connection.cursor() as cursor:
        cursor.execute(on_sqlite if connection.vendor == "sqlite" else on_postgresql)
        present = {pair for pair in cursor.fetchall() if "audit" in pair[1].removeprefix(pair[0])}
    events = [*EVENTS, *(["TRUNCATE"] if connection.vendor == "postgresql" else [])]
    assert present == {(table, name_of(table, event)) for table in tables() for event in events}
    assert set(connection.introspection.table_names()) >= UNAUDITED.keys()


def recorded_columns(table, event):
    """What the trigger names on SQLite; on PostgreSQL it records all but what its arguments leave out."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [name_of(table, event)])
            return set(re.findall(r"SELECT '(\w+)' AS k", cursor.fetchone()[0]))
        cursor.execute("SELECT tgargs FROM pg_trigger WHERE tgname = %s", [name_of(table, event)])
        left_out = bytes(cursor.fetchone()[0]).split(b"\0")[2].decode()
    return set(columns(table)) - set(left_out.split(","))


def columns(table):
    with connection.schema_editor() as editor:
        return column_kinds(editor, table)


@pytest.mark.django_db(transaction=True)
def test_each_trigger_records_the_columns_that_its_table_has_now():
    for table in tables():
        for event in EVENTS:
            assert recorded_columns(table, event) == set(columns(table)) - LEFT_OUT.get(table, set()), table


# Every road


def test_a_row_added_changed_and_deleted_leaves_three_entries(db):
    category = Category.objects.create(name="Classification", slug="classification")
    category.name = "Classes"
    category.save()
    key = str(category.pk)
    category.delete()

    added, changed, deleted = AuditEntry.objects.filter(table="articles_category").order_by("id")
    assert [each.row for each in (added, changed, deleted)] == [key] * 3
    assert (added.action, added.before, added.after["name"]) == ("added", {}, "Classification")
    assert (changed.action, changed.before, changed.after) == (
        "changed",
        {"name": "Classification"},
        {"name": "Classes"},
    )
    assert (deleted.action, deleted.before["slug"], deleted.after) == ("deleted", "classification", {})
    assert added.road == "shell"
    assert (added.actor, added.user_id) == ("", None)


def test_a_save_that_changes_nothing_leaves_no_entry(db):
    category = factories.make_category()
    category.save()
    assert actions("articles_category") == ["added"]


def test_rows_made_and_changed_in_bulk_leave_an_entry_each(db):
    Category.objects.bulk_create(Category(name=name, slug=name.lower()) for name in ("Vigilance", "Labels"))
    rows = list(Category.objects.all())
    for row in rows:
        row.name += "!"
    Category.objects.bulk_update(rows, ["name"])
    Category.objects.update(slug=Concat("slug", Value("-too")))
    Category.objects.all().delete()
    assert actions("articles_category") == ["added"] * 2 + ["changed"] * 4 + ["deleted"] * 2


def test_raw_sql_leaves_an_entry(db):
    factories.make_category(name="Classes")
    execute("UPDATE articles_category SET name = 'Raw'")
    assert newest("articles_category").after == {"name": "Raw"}


def test_rows_that_go_with_another_leave_an_entry_each(db):
    provision = factories.make_provision()
    instrument = provision.instrument
    instrument.names.create(name="An act")
    Provision.objects.all().delete()
    Instrument.objects.all().delete()
    for table in ("legislation_provision", "legislation_instrumentname", "legislation_instrument"):
        assert actions(table)[-1] == "deleted"


def test_rows_between_two_tables_leave_an_entry(db):
    article, topic = factories.make_article(), factories.make_topic()
    article.also.add(topic)
    added = newest("articles_article_also")
    assert (added.action, added.after["topic_id"], added.after["article_id"]) == ("added", topic.pk, article.pk)
    article.also.clear()
    assert newest("articles_article_also").action == "deleted"


def test_loaded_fixtures_leave_entries(db):
    text = serializers.serialize("json", [Topic(pk=77, name="Loaded", slug="loaded", scope="From a file.")])
    for each in serializers.deserialize("json", text):
        each.save()
    assert (newest("articles_topic").row, newest("articles_topic").after["name"]) == ("77", "Loaded")


def test_what_is_rolled_back_leaves_no_entry(db):
    with transaction.atomic():
        factories.make_category()
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()


def test_rights_and_accounts_leave_entries(db):
    user = factories.make_editor("articles.view_article")
    group = Group.objects.create(name="Norway")
    group.permissions.add(Permission.objects.first())
    user.groups.add(group)
    for table in (
        "auth_user",
        "auth_user_user_permissions",
        "auth_group",
        "auth_group_permissions",
        "auth_user_groups",
    ):
        assert newest(table).action == "added"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_an_audited_table_cannot_be_emptied_unrecorded(db):
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="emptied by DELETE, which is recorded"):
        execute("TRUNCATE legislation_formerdate")


# What is recorded


def test_a_secret_is_never_recorded_but_its_change_is(db):
    user = get_user_model().objects.create_user(username="ann", password="correct horse")
    first = user.password
    user.set_password("battery staple")
    user.save()
    key = user.password
    user.delete()
    changed = AuditEntry.objects.get(table="auth_user", action="changed")
    assert (changed.before, changed.after) == ({"password": HIDDEN}, {"password": HIDDEN})
    everything = json.dumps(list(AuditEntry.objects.values_list("before", "after")))
    assert first not in everything
    assert key not in everything


def test_texts_that_a_published_row_keeps_itself_are_not_recorded_twice(db):
    version = factories.make_published_article(title="Labelling", body="Only here.")
    entry = AuditEntry.objects.get(table="articles_articleversion", row=str(version.pk))
    assert entry.after["title"] == "Labelling"
    assert entry.after["hash"] == version.hash
    assert not entry.after.keys() & LEFT_OUT["articles_articleversion"]
    factories.publish(version.article)
    closed = AuditEntry.objects.get(table="articles_articleversion", action="changed")
    assert (closed.row, list(closed.after)) == (str(version.pk), ["live_until"])


def test_a_changed_text_is_recorded_before_and_after(db):
    article = factories.make_article(body="It was “so” 'æ' \\ %s.")
    Article.objects.update(body="It is so.\nNow.")
    entry = newest("articles_article")
    assert (entry.before, entry.after) == ({"body": "It was “so” 'æ' \\ %s."}, {"body": "It is so.\nNow."})
    assert entry.row == str(article.pk)


def test_values_read_alike_whatever_database_wrote_them(db):
    instrument = factories.make_instrument(is_certain=True, adopted=date(2017, 4, 5))
    after = newest("legislation_instrument").after
    assert after["is_certain"] is True
    assert (after["adopted"], after["repealed_on"]) == ("2017-04-05", None)
    assert after["id"] == instrument.pk
    provision = factories.make_provision(paragraphs=["1", "2"])
    assert newest("legislation_provision").after["paragraphs"] == ["1", "2"]
    assert newest("legislation_provision").row == str(provision.pk)


@pytest.mark.parametrize(
    ("stored", "recorded"),
    [
        ("2026-02-16 09:00:00", "2026-02-16T09:00:00+00:00"),
        ("2026-02-16 09:00:00.5", "2026-02-16T09:00:00.5+00:00"),
        ("2026-02-16 09:00:00.123456", "2026-02-16T09:00:00.123456+00:00"),
    ],
)
def test_moments_read_alike_whatever_database_wrote_them(db, stored, recorded):
    factories.make_article()
    execute(
        "UPDATE articles_article SET updated_at = %s", stored + ("+00" if connection.vendor == "postgresql" else "")
    )
    assert newest("articles_article").after == {"updated_at": recorded}


# It stays


@pytest.mark.parametrize("sql", ["DELETE FROM {}", "UPDATE {} SET actor = 'nobody'", "UPDATE {} SET \"before\" = '1'"])
def test_an_entry_is_never_changed_or_deleted(db, sql):
    factories.make_category()
    with pytest.raises(IntegrityError, match="elendihub_auditentry: published rows are permanent"):
        execute(sql.format("elendihub_auditentry"))
    assert AuditEntry.objects.exists()
