"""A column added to a table that has triggers: an operation for migrations.

SQLite can add a column in place, and Django rebuilds the table instead when the column may not be empty, which drops
the table's triggers and fails over triggers of other tables that name it.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddField


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
