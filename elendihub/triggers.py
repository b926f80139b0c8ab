"""What the database itself refuses and counts, on SQLite and on PostgreSQL: operations for migrations.

`frozen(table)`: rows are written once. Every update and delete is refused with an IntegrityError, and on SQLite the
insert that would take a row's place. Of versions, besides:
- A version follows the last one of its document, by its number and by its hash. Only where nothing was read before it
  does it begin more than ten minutes earlier than it says to have been written.
- Its interval is ended once, where a later version begins: so the later one is written first. An end that lies ahead
  may be brought forward to the beginning of another.
- What was scheduled and lies ahead may end as it begins, which cancels it, once no text ends there for it.
That a moment lies ahead is by the clock of the database; all else holds whatever clock the site goes by.

`unreplaced(table)`: rows change, and no insert takes their place.

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
        names, keys = column_names(schema_editor, table), unique_keys(schema_editor, table)
        build = frozen_on_postgresql if schema_editor.connection.vendor == "postgresql" else frozen_on_sqlite
        run(schema_editor, build(table, names, keys))

    def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        refused = [f"{table}_no_{event}" for event in ("update", "delete", "truncate", "replace")]
        drop(schema_editor, table, [*refused, f"{table}_follows"])

    return RunPython(install, remove)


def unreplaced(table: str) -> RunPython:
    """On SQLite, whose REPLACE deletes unseen by triggers on most connections, refuse an insert over another row."""

    def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, schema_editor)
        if schema_editor.connection.vendor == "sqlite":
            words = f"{table}: there is such a row, and no insert takes its place."
            run(schema_editor, [no_replace(table, unique_keys(schema_editor, table), words)])

    def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        drop(schema_editor, table, [f"{table}_no_replace"])

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


def frozen_on_sqlite(table: str, names: list[str], keys: list[list[str]]) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{refusal(table)}'); END"
    allowed = closing(table, names, keys, same="IS", now="strftime('%Y-%m-%d %H:%M:%f', 'now')")
    statements = [
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN NOT ({allowed}) {refuse}",
        no_replace(table, keys, refusal(table)),
    ]
    if "live_until" in names:
        is_late = "coalesce(julianday(NEW.live_from) < julianday(NEW.created_at) - 10.0 / (24 * 60), 1)"
        stray = strays(table, keys, "IS NOT", is_late)
        statements.append(
            f"""CREATE TRIGGER {table}_follows BEFORE INSERT ON {table} FOR EACH ROW WHEN {stray}
            BEGIN SELECT RAISE(ABORT, '{out_of_line(table)}'); END"""
        )
    return statements


def frozen_on_postgresql(table: str, names: list[str], keys: list[list[str]]) -> list[str]:
    allowed = closing(table, names, keys, same="IS NOT DISTINCT FROM", now="now()")
    statements = [
        f"""CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{refusal(table)}' USING ERRCODE = 'restrict_violation'; END $$""",
        f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_refuse()""",
        f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
        # The condition of a trigger may not ask for other rows there; a function may.
        refusing_function(f"{table}_no_update", f"NOT ({allowed})", refusal(table)),
        f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_no_update()""",
    ]
    if "live_until" in names:
        stray = strays(table, keys, "IS DISTINCT FROM", "NEW.live_from < NEW.created_at - interval '10 minutes'")
        statements += [
            refusing_function(f"{table}_follows", stray, out_of_line(table)),
            f"""CREATE TRIGGER {table}_follows BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_follows()""",
        ]
    return statements


def no_replace(table: str, keys: list[list[str]], words: str) -> str:
    same = [" AND ".join(f"{name} = NEW.{name}" for name in key) for key in [["id"], *keys]]
    taken = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {condition})" for condition in same)
    return f"""CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} FOR EACH ROW WHEN {taken}
    BEGIN SELECT RAISE(ABORT, '{words}'); END"""


def refusing_function(name: str, condition: str, words: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF {condition} THEN
        RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation';
    END IF; RETURN NEW; END $$"""


def kept_on_sqlite(trigger: str, table: str, column: str, is_published: str) -> list[str]:
    return [
        f"""CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW
        WHEN NEW.{column} IS NOT OLD.{column} AND {is_published}
        BEGIN SELECT RAISE(ABORT, '{table}: a published {column} is permanent.'); END"""
    ]


def kept_on_postgresql(trigger: str, table: str, column: str, is_published: str) -> list[str]:
    # The condition of a trigger may not ask another table there; a function may.
    return [
        refusing_function(trigger, is_published, f"{table}: a published {column} is permanent."),
        f"""CREATE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW
        WHEN (NEW.{column} IS DISTINCT FROM OLD.{column}) EXECUTE FUNCTION {trigger}()""",
    ]


def closing(table: str, names: list[str], keys: list[list[str]], same: str, now: str) -> str:
    """The condition under which an update does nothing but end a version's interval; never true without one."""
    if "live_until" not in names:
        return "1 = 0"
    unchanged = [f"NEW.{name} {same} OLD.{name}" for name in names if name != "live_until"]
    others = f"SELECT 1 FROM {table} AS other WHERE other.{document_of(keys)} = OLD.{document_of(keys)}"
    ends = f"""(OLD.live_until IS NULL OR (OLD.live_until > {now} AND NEW.live_until < OLD.live_until))
        AND EXISTS ({others} AND other.number > OLD.number AND other.live_from = NEW.live_until)"""
    # What is published at once is written after it begins.
    was_scheduled = f"OLD.live_from > {now} AND OLD.live_from > OLD.created_at"
    cancels = f"""OLD.live_until IS NULL AND NEW.live_until = OLD.live_from AND {was_scheduled}
        AND NOT EXISTS ({others} AND other.live_until = OLD.live_from AND other.live_from < other.live_until)"""
    return " AND ".join([*unchanged, "NEW.live_until IS NOT NULL", f"(({ends}) OR ({cancels}))"])


def strays(table: str, keys: list[list[str]], differs: str, is_late: str) -> str:
    """The condition under which a new version is not the next one of its document, or begins in the past of it."""
    others = f"FROM {table} AS other WHERE other.{document_of(keys)} = NEW.{document_of(keys)}"
    number = f"(SELECT coalesce(max(other.number), 0) + 1 {others})"
    last = f"coalesce((SELECT other.hash {others} ORDER BY other.number DESC LIMIT 1), '')"
    was_read = f"EXISTS (SELECT 1 {others} AND (other.live_until IS NULL OR other.live_until <> other.live_from))"
    return f"NEW.number {differs} {number} OR NEW.previous_hash {differs} {last} OR ({is_late} AND {was_read})"


def document_of(keys: list[list[str]]) -> str:
    """The column of versions that names what they are versions of: each number is given once in it."""
    return next(name for key in keys if "number" in key for name in key if name != "number")


def changing(columns: str, differs: str) -> str:
    """A saved row sets all its columns; this tells whether one of these has another value. Empty without columns."""
    names = columns.split(", ") if columns else []
    return f"WHEN ({' OR '.join(f'NEW.{name} {differs} OLD.{name}' for name in names)})" if names else ""


def refusal(table: str) -> str:
    return f"{table}: published rows are permanent. Publish a new version instead."


def out_of_line(table: str) -> str:
    return f"{table}: a version follows the last one of its document and begins no earlier than it is written."


def counting_function() -> str:
    return f"""CREATE OR REPLACE FUNCTION elendihub_raise_generation() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {RAISE_GENERATION}; RETURN NULL; END $$"""


def column_names(schema_editor: BaseDatabaseSchemaEditor, table: str) -> list[str]:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def unique_keys(schema_editor: BaseDatabaseSchemaEditor, table: str) -> list[list[str]]:
    """The columns of each, beside the primary key."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table).values()
    return sorted(each["columns"] for each in constraints if each["unique"] and not each["primary_key"])


def drop(schema_editor: BaseDatabaseSchemaEditor, table: str, triggers: list[str]) -> None:
    on_table = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    run(schema_editor, [f"DROP TRIGGER IF EXISTS {trigger}{on_table}" for trigger in triggers])


def run(schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    for sql in statements:
        schema_editor.execute(sql, params=None)
