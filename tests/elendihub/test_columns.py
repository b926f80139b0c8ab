"""A constraint that comes later takes no trigger away."""

from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from articles.models import Check
from tests import factories

added = import_module("articles.migrations.0018_rows_are_written_once").Migration.operations[0]


def triggers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        return cursor.fetchall()


def state(name):
    return MigrationLoader(connection).project_state(("articles", name))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL adds a constraint in place.")
def test_a_table_that_sqlite_builds_anew_has_its_rows_and_every_trigger_again(transactional_db):
    check = factories.make_check(factories.make_published_article())
    before, ruled = state("0017_settled_addresses"), state("0018_rows_are_written_once")
    there = triggers()
    with connection.schema_editor() as schema_editor:
        added.database_backwards("articles", schema_editor, ruled, before)
    with_rule = "SELECT sql FROM sqlite_master WHERE name = 'articles_check'"
    with connection.cursor() as cursor:
        assert added.constraint.name not in cursor.execute(with_rule).fetchone()[0]
    assert triggers() == there
    with connection.schema_editor() as schema_editor:
        added.database_forwards("articles", schema_editor, before, ruled)
    with connection.cursor() as cursor:
        assert added.constraint.name in cursor.execute(with_rule).fetchone()[0]
    assert triggers() == there
    assert Check.objects.get() == check
