"""What the database itself refuses, whoever asks it: raw SQL stands for every other program."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from articles.addresses import LEADS_ON, LEAVES, REFUSALS
from articles.flagging import MOVED, RECORDED
from articles.models import ArticleVersion, Check, Citation, Flag, HubFlag, PastAddress, VersionTopic
from elendihub.publishing import Version
from regulators.models import Hub, HubCitation, HubVersion
from tests import factories

FROZEN = ["articles_articleversion", "articles_check", "articles_citation", "articles_flag", "articles_hubflag"]
FROZEN += ["articles_pastaddress", "articles_versiontopic", "elendihub_auditentry", "regulators_hubcitation"]
FROZEN += ["regulators_hubversion"]
WRITTEN_ONCE = [ArticleVersion, Check, Citation, Flag, HubCitation, HubFlag, HubVersion, PastAddress, VersionTopic]
# Rows that change, and whose place no insert takes.
UNREPLACED = ["articles_article", "articles_category", "articles_formerslug", "articles_topic"]
UNREPLACED += ["legislation_deadline", "legislation_nationaldate", "regulators_hub"]
CHAINED = ["articles_articleversion", "regulators_hubversion"]
KEPT_SLUGS = ["articles_category", "articles_topic", "regulators_hub"]
COUNTED = {
    "articles_articleversion": "",
    "articles_article": "slug, hub_id",
    "articles_formerslug": "",
    "articles_category": "",
    "articles_check": "",
    "articles_flag": "",
    "articles_hubflag": "",
    "articles_topic": "",
    "legislation_instrument": "",
    "legislation_instrumentname": "",
    "legislation_relation": "",
    "legislation_provision": "",
    "legislation_amendment": "",
    "legislation_incorporation": "",
    "legislation_deadline": "",
    "legislation_deadline_instruments": "",
    "legislation_nationaldate": "",
    "legislation_formerdate": "",
    "legislation_term": "",
    "regulators_hubversion": "",
    "regulators_hub": "slug, jurisdiction_id",
    "regulators_jurisdiction": "",
    "regulators_regulator": "",
    "regulators_regulatorname": "",
    "regulators_website": "",
}
# Dates move openly: legislation/triggers.py. On PostgreSQL one trigger does all three things.
MOVING = {
    "legislation_deadline": ["rises"],
    "legislation_nationaldate": ["rises_insert", "rises_update", "rises_delete"],
}
MOVING_ON_SQLITE = ["refuses", "remembers"]
EVENTS = ("insert", "update", "delete")
# SQL for a value that the column holds in no row; numbers take id + 1000.
OTHER_VALUES = {
    "CharField": "'x'",
    "TextField": "'x'",
    "DateField": "'2020-01-01'",
    "DateTimeField": "'2020-01-01 00:00:00+00:00'",
    "SlugField": "'x'",
    "JSONField": """'["x"]'""",
}
DAY = timedelta(days=1)


@pytest.fixture
def version(db):
    """A version with a row in every table that is written once."""
    cites = "Article 22 has no act beside it."
    hub = factories.make_published_hub(overview=cites)
    version = factories.make_published_article(hub=hub.hub, title="Labelling", body=cites)
    version.article.slug = "renamed"
    version.article.save()
    factories.make_check(version)
    amendment = factories.make_amendment()
    flag = {"amendment": amendment, "provision": amendment.provision, "raised_at": timezone.now()}
    version.flags.create(**flag)
    hub.flags.create(**flag)
    return version


def execute(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def triggers():
    """Every trigger of the database as (table, name), but those of the audit trail, which test_auditing.py lists."""
    on_sqlite = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    on_postgresql = """SELECT tgrelid::regclass::text, tgname FROM pg_trigger
        WHERE NOT tgisinternal AND tgenabled = 'O'"""
    with connection.cursor() as cursor:
        cursor.execute(on_sqlite if connection.vendor == "sqlite" else on_postgresql)
        return {pair for pair in cursor.fetchall() if "audit" not in pair[1].removeprefix(pair[0])}


def test_every_promised_trigger_is_in_place(db):
    refused = ["update", "delete", *(["truncate"] if connection.vendor == "postgresql" else [])]
    promised = {(table, f"{table}_no_{event}") for table in FROZEN for event in refused}
    for table, columns in COUNTED.items():
        promised |= {(table, f"{table}_counts_{event}") for event in (["update"] if columns else EVENTS)}
    promised |= {(table, f"{table}_keeps_slug") for table in KEPT_SLUGS}
    promised |= {(table, f"{table}_follows") for table in CHAINED}
    if connection.vendor == "sqlite":
        promised |= {(table, f"{table}_no_replace") for table in [*FROZEN, *UNREPLACED]}
    for table, acts in MOVING.items():
        more = MOVING_ON_SQLITE if connection.vendor == "sqlite" else []
        promised |= {(table, f"{table}_{act}") for act in [*acts, *more]}
    promised |= {(table, name) for name, table, *_ in REFUSALS} | {
        ("articles_article", name) for name in (LEADS_ON, LEAVES)
    }
    promised |= {("legislation_amendment", name) for name in (RECORDED, MOVED)}
    assert triggers() == promised


def test_the_lists_here_name_every_table_that_the_migrations_guard(db):
    named = set()
    for migration in MigrationLoader(connection).disk_migrations.values():
        for operation in migration.operations:
            code = getattr(operation, "code", None)
            if getattr(code, "__module__", "") == "elendihub.auditing":
                continue
            closure = getattr(code, "__closure__", None) or ()
            named |= {cell.cell_contents for cell in closure if isinstance(cell.cell_contents, str)}
    assert named & set(connection.introspection.table_names()) == {*FROZEN, *COUNTED}


def test_every_model_of_versions_is_frozen():
    tables = {model._meta.db_table for model in apps.get_models() if issubclass(model, Version)}
    assert tables <= set(FROZEN)


@pytest.mark.parametrize("table", FROZEN)
def test_raw_sql_cannot_delete_published_rows(version, table):
    with pytest.raises(IntegrityError, match=f"{table}: published rows are permanent"):
        execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", FROZEN)
def test_raw_sql_cannot_empty_a_table_of_published_rows(version, table):
    sql = f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table} WHERE true"
    connection.check_constraints()
    with pytest.raises(IntegrityError, match="published rows are permanent"):
        execute(sql)


@pytest.mark.parametrize("model", WRITTEN_ONCE)
def test_raw_sql_cannot_change_any_column_of_a_published_row(version, model):
    table = model._meta.db_table
    for field in model._meta.concrete_fields:
        if field.name != "live_until":
            with pytest.raises(IntegrityError, match="published rows are permanent"):
                execute(
                    f"UPDATE {table} SET {field.column} = {OTHER_VALUES.get(field.get_internal_type(), 'id + 1000')}"
                )


def test_an_update_that_closes_and_changes_is_refused_whole(version):
    with pytest.raises(IntegrityError, match="published rows are permanent"):
        execute("UPDATE articles_articleversion SET live_until = %s, title = 'Changed'", timezone.now() + DAY)


# No insert takes the place of a row


@pytest.fixture
def foreign():
    """Other programs do not ask SQLite to tell triggers what a REPLACE deletes, nor to keep foreign keys."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL knows no REPLACE.")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        yield
        cursor.execute("PRAGMA recursive_triggers = ON")


def copied(table, verb, rows="1 = 1", **changes):
    """SQL that inserts the rows again, with SQL for other values by column."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changes.get(name, f'"{name}"') for name in columns)
    return f"{verb} INTO {table} ({names}) SELECT {values} FROM {table} WHERE {rows}"


def everything_in(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id")
        return cursor.fetchall()


@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE"])
@pytest.mark.parametrize("table", FROZEN)
def test_no_program_overwrites_a_published_row(version, foreign, table, verb):
    stored = everything_in(table)
    with pytest.raises(IntegrityError, match=f"^{table}: "):
        execute(copied(table, verb))
    assert everything_in(table) == stored


@pytest.mark.parametrize(
    "table", sorted({*FROZEN} - {"articles_check", "articles_pastaddress", "elendihub_auditentry"})
)
def test_no_program_puts_another_row_under_the_key_of_a_published_one(version, foreign, table):
    stored = everything_in(table)
    with pytest.raises(IntegrityError, match=f"^{table}: "):
        execute(copied(table, "REPLACE", id="id + 1000"))
    assert everything_in(table) == stored


@pytest.mark.parametrize("table", UNREPLACED)
def test_no_program_replaces_what_an_address_or_a_date_stands_on(version, foreign, table):
    factories.make_deadline(national_dates={"NO": None})
    column = {"legislation_nationaldate": "territory"}.get(table, "slug")
    stored = everything_in(table)
    for changes in ({column: "'replaced'"}, {"id": "id + 1000"}):
        with pytest.raises(IntegrityError, match=f"{table}: there is such a row, and no insert takes its place"):
            execute(copied(table, "REPLACE", **changes))
    assert everything_in(table) == stored


def test_an_amendment_that_returns_to_a_provision_finds_its_flag_there(db):
    mdr = factories.make_mdr()
    one, other = (mdr.provisions.get(kind="article", number=number) for number in ("120", "22"))
    version = factories.make_published_article(body="See MDR Article 120 and MDR Article 22.")
    amendment = factories.make_amendment(provision=one)
    for provision in (other, one, other):
        amendment.provision = provision
        amendment.save()
    assert sorted(version.flags.values_list("provision", flat=True)) == sorted([one.pk, other.pk])


def test_an_insert_cannot_overwrite_a_published_row(version):
    with pytest.raises(DatabaseError):
        execute(copied("articles_articleversion", "INSERT", title="'Changed'"))
    version.refresh_from_db()
    assert version.title == "Labelling"


def test_an_upsert_cannot_change_a_published_row(version):
    columns = ", ".join(field.column for field in ArticleVersion._meta.concrete_fields)
    with pytest.raises(DatabaseError):
        execute(
            f"INSERT INTO articles_articleversion ({columns}) SELECT {columns} FROM articles_articleversion WHERE true "
            "ON CONFLICT (id) DO UPDATE SET title = 'Changed'"
        )


def test_the_address_of_a_hub_may_change_until_it_is_published_and_never_after(db):
    hub = factories.make_hub(slug="norge")
    assert Hub.objects.update(slug="norway") == 1
    hub.refresh_from_db()
    factories.publish(hub)
    with pytest.raises(IntegrityError, match="a published slug is permanent"):
        execute("UPDATE regulators_hub SET slug = 'norge'")
    Hub.objects.update(slug="norway", title="Renamed")
    hub.refresh_from_db()
    assert (hub.slug, hub.title) == ("norway", "Renamed")
