"""The audit trail is written by the database itself: an operation for migrations, for SQLite and PostgreSQL.

`audited(table)`: every insert, update and delete leaves a row in elendihub_auditentry, in the same transaction, with
what differs and with the writer whom elendihub.acting named. An update that changes nothing leaves none. Columns in
`secret` are recorded as changed and never with their value; columns in `without` are not recorded: large texts that a
frozen row keeps anyway, or what is no content. Boolean, moments and JSON read alike from both databases.

On SQLite the triggers name each column, and are dropped when a later migration rebuilds the table: a migration that
adds a column, or alters one, ends with the same operation again. tests/elendihub/test_auditing.py compares each trigger
with the table as it is. A migration that changes values does so while the triggers are in place: elendihub.trail
calls tampering what they did not see.
"""

from collections.abc import Iterable

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from elendihub.triggers import drop, run

EVENTS = ("INSERT", "UPDATE", "DELETE")
HIDDEN = "(secret)"


def audited(table: str, *, secret: Iterable[str] = (), without: Iterable[str] = ()) -> RunPython:
    hidden, left_out = tuple(secret), tuple(without)

    def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, schema_editor)
        build = on_postgresql if schema_editor.connection.vendor == "postgresql" else on_sqlite
        run(schema_editor, build(schema_editor, table, hidden, left_out))

    def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        events = [*EVENTS, *(["TRUNCATE"] if schema_editor.connection.vendor == "postgresql" else [])]
        drop(schema_editor, table, [name_of(table, event) for event in events])

    return RunPython(install, remove)


def name_of(table: str, event: str) -> str:
    # PostgreSQL asks triggers by name: a frozen table's own refusal comes first.
    return f"{table}_unaudited_truncate" if event == "TRUNCATE" else f"{table}_audits_{event.lower()}"


def on_sqlite(
    schema_editor: BaseDatabaseSchemaEditor, table: str, secret: tuple[str, ...], without: tuple[str, ...]
) -> list[str]:
    kinds = {name: kind for name, kind in column_kinds(schema_editor, table).items() if name not in without}
    key = primary_key(schema_editor, table)
    differs = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in kinds)
    new, old = whole("NEW", kinds, secret), whole("OLD", kinds, secret)
    before, after = (whole(row, kinds, secret, differing=True) for row in ("OLD", "NEW"))
    acts = {
        "INSERT": ("", "added", "NEW", "'{}'", new),
        "UPDATE": (f"WHEN {differs}", "changed", "NEW", before, after),
        "DELETE": ("", "deleted", "OLD", old, "'{}'"),
    }
    return [
        f"""CREATE TRIGGER {name_of(table, event)} AFTER {event} ON {table} FOR EACH ROW {when} BEGIN
        INSERT INTO elendihub_auditentry
        ("at", "actor", "user_id", "road", "table", "row", "action", "before", "after")
        SELECT strftime('%Y-%m-%d %H:%M:%f', 'now'), coalesce(json_extract(said, '$.name'), ''),
        json_extract(said, '$.user_id'), coalesce(json_extract(said, '$.road'), 'shell'),
        '{table}', CAST({row}."{key}" AS text), '{action}', {was}, {now}
        FROM (SELECT (SELECT name FROM pragma_table_info('elendihub_acting', 'temp')) AS said); END"""
        for event, (when, action, row, was, now) in acts.items()
    ]


def whole(row: str, kinds: dict[str, str], secret: tuple[str, ...], differing: bool = False) -> str:
    """SQL of a JSON object of the columns, or of those alone that an update changed."""
    when = 'WHERE NEW."{0}" IS NOT OLD."{0}"' if differing else ""
    columns = [
        f"SELECT '{name}' AS k, {json_of(f'{row}.{quoted(name)}', kind, name in secret)} AS v {when.format(name)}"
        for name, kind in kinds.items()
    ]
    return f"(SELECT json_group_object(k, json(v)) FROM ({' UNION ALL '.join(columns)}))"


def quoted(name: str) -> str:
    return f'"{name}"'


def json_of(value: str, kind: str, is_secret: bool) -> str:
    """SQL of the JSON text that PostgreSQL's to_jsonb would give for the value."""
    if is_secret:
        return f"""'"{HIDDEN}"'"""
    if kind == "BooleanField":
        return f"CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END"
    if kind == "JSONField":
        return f"coalesce(json({value}), 'null')"
    if kind == "DateTimeField":
        fraction = f"rtrim(rtrim(substr({value}, 20, 7), '0'), '.')"
        return f"json_quote(replace(substr({value}, 1, 19), ' ', 'T') || {fraction} || '+00:00')"
    return f"json_quote({value})"


def on_postgresql(
    schema_editor: BaseDatabaseSchemaEditor, table: str, secret: tuple[str, ...], without: tuple[str, ...]
) -> list[str]:
    arguments = f"'{primary_key(schema_editor, table)}', '{','.join(secret)}', '{','.join(without)}'"
    return [
        POSTGRESQL_RECORDS,
        POSTGRESQL_REFUSES,
        *(
            f"""CREATE TRIGGER {name_of(table, event)} AFTER {event} ON {table}
            FOR EACH ROW EXECUTE FUNCTION elendihub_audit({arguments})"""
            for event in EVENTS
        ),
        f"""CREATE TRIGGER {name_of(table, "TRUNCATE")} BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION elendihub_audit_refuses_truncate()""",
    ]


POSTGRESQL_RECORDS = f"""CREATE OR REPLACE FUNCTION elendihub_audit() RETURNS trigger LANGUAGE plpgsql
SET timezone TO 'UTC' AS $$
DECLARE
    said jsonb := nullif(current_setting('elendihub.acting', true), '')::jsonb;
    secret text[] := string_to_array(TG_ARGV[1], ',');
    without text[] := string_to_array(TG_ARGV[2], ',');
    was jsonb := '{{}}';
    now jsonb := '{{}}';
    key text;
BEGIN
    IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD) - without; key := to_jsonb(OLD) ->> TG_ARGV[0]; END IF;
    IF TG_OP <> 'DELETE' THEN now := to_jsonb(NEW) - without; key := to_jsonb(NEW) ->> TG_ARGV[0]; END IF;
    IF was = now THEN RETURN NULL; END IF;
    INSERT INTO elendihub_auditentry
        ("at", "actor", "user_id", "road", "table", "row", "action", "before", "after")
    SELECT clock_timestamp(), coalesce(said ->> 'name', ''), (said ->> 'user_id')::bigint,
        coalesce(said ->> 'road', 'shell'), TG_TABLE_NAME, key,
        CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END,
        coalesce((SELECT jsonb_object_agg(w.key, CASE WHEN w.key = ANY(secret) THEN '"{HIDDEN}"' ELSE w.value END)
            FROM jsonb_each(was) w WHERE now -> w.key IS DISTINCT FROM w.value), '{{}}'),
        coalesce((SELECT jsonb_object_agg(n.key, CASE WHEN n.key = ANY(secret) THEN '"{HIDDEN}"' ELSE n.value END)
            FROM jsonb_each(now) n WHERE was -> n.key IS DISTINCT FROM n.value), '{{}}');
    RETURN NULL;
END $$"""

POSTGRESQL_REFUSES = """CREATE OR REPLACE FUNCTION elendihub_audit_refuses_truncate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: an audited table is emptied by DELETE, which is recorded.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$"""


def column_kinds(schema_editor: BaseDatabaseSchemaEditor, table: str) -> dict[str, str]:
    """The kind of field, by column."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
    kinds = {column.name: connection.introspection.get_field_type(column.type_code, column) for column in columns}
    return {name: kind if isinstance(kind, str) else kind[0] for name, kind in kinds.items()}


def primary_key(schema_editor: BaseDatabaseSchemaEditor, table: str) -> str:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        return connection.introspection.get_primary_key_column(cursor, table) or "id"
