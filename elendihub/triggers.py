"""What the database itself refuses and counts, on SQLite and on PostgreSQL: operations for migrations.

`frozen(table)`: rows are written once. A version row may, besides, be given the end of its interval: `live_until` goes
from empty to a moment, and an end that still lies ahead may be brought forward. Everything else, and every delete, is
refused with an IntegrityError.

`kept(table, column)`: the value may change until the row is published, and never after.

`counted(table)`: every insert, update and delete raises the site generation in the same transaction; with columns
named, only an update that changes one of them.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration ends with the same operation
again. tests/elendihub/test_triggers.py asks the database whether each one is in place.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

RAISE_GENERATION = """INSERT INTO elendihub_generation (id, number) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET number = elendihub_generation.number + 1"""


def frozen(table: str) -> RunPython:
    """Refuse every update and delete of the table's rows, but for the closing of a version's interval."""

    def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, schema_editor)
        names = column_names(schema_editor, table)
        build = frozen_on_postgresql if schema_editor.connection.vendor == "postgresql" else frozen_on_sqlite
        run(schema_editor, build(table, names))

    def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        drop(schema_editor, table, [f"{table}_no_update", f"{table}_no_delete", f"{table}_no_truncate"])

    return RunPython(install, remove)


def kept(table: str, column: str, *, once_in: str, by: str) -> RunPython:
    """Refuse another value of the column once the table `once_in` has a row that names this one in its column `by`."""
    trigger = f"{table}_keeps_{column}"

    def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, schema_editor)
        build = kept_on_postgresql if schema_editor.connection.vendor == "postgresql" else kept_on_sqlite
        run(schema_editor, build(trigger, table, column, f"OLD.id IN (SELECT {by} FROM {once_in})"))

    def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        drop(schema_editor, table, [trigger])

    return RunPython(install, remove)


def counted(table: str, columns: str = "") -> RunPython:
    """Raise the site generation with every change of the table, or only when one of the named columns changes."""
    events = ("UPDATE",) if columns else ("INSERT", "UPDATE", "DELETE")

    def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, schema_editor)
        if schema_editor.connection.vendor == "postgresql":
            run(schema_editor, [counting_function()])
            when = changing(columns, differs="IS DISTINCT FROM")
            act = f"FOR EACH {'ROW' if when else 'STATEMENT'} {when} EXECUTE FUNCTION elendihub_raise_generation()"
        else:
            act = f"FOR EACH ROW {changing(columns, differs='IS NOT')} BEGIN {RAISE_GENERATION}; END"
        named = {f"{table}_counts_{event.lower()}": event for event in events}
        run(schema_editor, [f"CREATE TRIGGER {name} AFTER {event} ON {table} {act}" for name, event in named.items()])

    def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        drop(schema_editor, table, [f"{table}_counts_{event.lower()}" for event in events])

    return RunPython(install, remove)


def frozen_on_sqlite(table: str, names: list[str]) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{refusal(table)}'); END"
    allowed = closing(names, same="IS", now="strftime('%Y-%m-%d %H:%M:%f', 'now')")
    return [
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN NOT ({allowed}) {refuse}",
    ]


def frozen_on_postgresql(table: str, names: list[str]) -> list[str]:
    allowed = closing(names, same="IS NOT DISTINCT FROM", now="now()")
    return [
        f"""CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{refusal(table)}' USING ERRCODE = 'restrict_violation'; END $$""",
        f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_refuse()""",
        f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
        f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
        FOR EACH ROW WHEN (NOT ({allowed})) EXECUTE FUNCTION {table}_refuse()""",
    ]


def kept_on_sqlite(trigger: str, table: str, column: str, is_published: str) -> list[str]:
    return [
        f"""CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW
        WHEN NEW.{column} IS NOT OLD.{column} AND {is_published}
        BEGIN SELECT RAISE(ABORT, '{table}: a published {column} is permanent.'); END"""
    ]


def kept_on_postgresql(trigger: str, table: str, column: str, is_published: str) -> list[str]:
    # The condition of a trigger may not ask another table there; a function may.
    return [
        f"""CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF {is_published} THEN
            RAISE EXCEPTION '{table}: a published {column} is permanent.' USING ERRCODE = 'restrict_violation';
        END IF; RETURN NEW; END $$""",
        f"""CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW
        WHEN (NEW.{column} IS DISTINCT FROM OLD.{column}) EXECUTE FUNCTION {trigger}()""",
    ]


def closing(names: list[str], same: str, now: str) -> str:
    """The condition under which an update does nothing but end a version's interval; never true without one."""
    if "live_until" not in names:
        return "1 = 0"
    unchanged = [f"NEW.{name} {same} OLD.{name}" for name in names if name != "live_until"]
    ends = f"(OLD.live_until IS NULL OR (OLD.live_until > {now} AND NEW.live_until < OLD.live_until))"
    return " AND ".join([*unchanged, "NEW.live_until IS NOT NULL", ends])


def changing(columns: str, differs: str) -> str:
    """A saved row sets all its columns; this tells whether one of these has another value. Empty without columns."""
    names = columns.split(", ") if columns else []
    return f"WHEN ({' OR '.join(f'NEW.{name} {differs} OLD.{name}' for name in names)})" if names else ""


def refusal(table: str) -> str:
    return f"{table}: published rows are permanent. Publish a new version instead."


def counting_function() -> str:
    return f"""CREATE OR REPLACE FUNCTION elendihub_raise_generation() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {RAISE_GENERATION}; RETURN NULL; END $$"""


def column_names(schema_editor: BaseDatabaseSchemaEditor, table: str) -> list[str]:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def drop(schema_editor: BaseDatabaseSchemaEditor, table: str, triggers: list[str]) -> None:
    on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    run(schema_editor, [f"DROP TRIGGER IF EXISTS {trigger}{on_table}" for trigger in triggers])


def run(schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    for sql in statements:
        schema_editor.execute(sql, params=None)
