"""A column or a constraint added to a table that has triggers: operations for migrations.

SQLite can add a column in place, and Django rebuilds the table instead when the column may not be empty, which drops
the table's triggers and fails over triggers of other tables that name it. A constraint cannot be added in place.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField


class AddColumn(AddField):
    """AddField for a text column that is empty, or has its default, in the rows that exist."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif self.allow_migrate_model(schema_editor.connection.alias, model):
            field = model._meta.get_field(self.name)
            definition, _ = schema_editor.column_sql(model, field)
            table, column = (schema_editor.quote_name(name) for name in (model._meta.db_table, field.column))
            default = schema_editor.quote_value(field.get_default())
            schema_editor.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition} DEFAULT {default}")


class AddRule(AddConstraint):
    """AddConstraint for a table with triggers, which are there again afterwards: its own and those that name it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        aside = set_aside(schema_editor, to_state.apps.get_model(app_label, self.model_name)._meta.db_table)
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        put_back(schema_editor, aside)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        aside = set_aside(schema_editor, to_state.apps.get_model(app_label, self.model_name)._meta.db_table)
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        put_back(schema_editor, aside)


def set_aside(schema_editor: BaseDatabaseSchemaEditor, table: str) -> list[str]:
    """Drop the triggers of SQLite in whose definition the table is named, and return their definitions."""
    if schema_editor.connection.vendor != "sqlite":
        return []
    naming = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND instr(sql, %s)"
    with schema_editor.connection.cursor() as cursor:
        triggers = cursor.execute(naming, [table]).fetchall()
    for name, _ in triggers:
        schema_editor.execute(f"DROP TRIGGER {schema_editor.quote_name(name)}", params=None)
    return [sql for _, sql in triggers]


def put_back(schema_editor: BaseDatabaseSchemaEditor, triggers: list[str]) -> None:
    for sql in triggers:
        schema_editor.execute(sql, params=None)
