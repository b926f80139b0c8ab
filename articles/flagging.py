"""What the database does when an amendment is recorded, on SQLite and on PostgreSQL: an operation for migrations.

In the same transaction every version that is live or scheduled then, and cites the provision, gets a flag. A version
published later is written with knowledge of the amendment. When an amendment is moved to another provision, those that
cite that one are flagged too; the flags of the former stay until a check clears them.

On PostgreSQL the site generation is raised first: whoever publishes meanwhile holds its row, and is waited for.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration ends with the same operation
again.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from elendihub.triggers import RAISE_GENERATION, drop, run

AMENDMENTS = "legislation_amendment"
RECORDED, MOVED = f"{AMENDMENTS}_flags_insert", f"{AMENDMENTS}_flags_update"


def flagging_amendments() -> RunPython:
    return RunPython(install, remove)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    remove(apps, schema_editor)
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    run(schema_editor, statements_on_postgresql() if on_postgresql else statements_on_sqlite())


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drop(schema_editor, AMENDMENTS, [RECORDED, MOVED])


def flag(at: str) -> str:
    return f"""INSERT INTO articles_flag (version_id, amendment_id, provision_id, raised_at, after_check)
    SELECT DISTINCT version.id, NEW.id, NEW.provision_id, {at}, (SELECT coalesce(max(id), 0) FROM articles_check)
    FROM articles_articleversion AS version JOIN articles_citation AS cited ON cited.version_id = version.id
    WHERE cited.provision_id = NEW.provision_id AND (version.live_until IS NULL
        OR (version.live_until > {at} AND version.live_until <> version.live_from))
    AND NOT EXISTS (SELECT 1 FROM articles_flag AS raised WHERE raised.version_id = version.id
        AND raised.amendment_id = NEW.id AND raised.provision_id = NEW.provision_id)
    ON CONFLICT DO NOTHING"""


def statements_on_sqlite() -> list[str]:
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    return [
        f"CREATE TRIGGER {RECORDED} AFTER INSERT ON {AMENDMENTS} FOR EACH ROW BEGIN {flag('NEW.recorded_at')}; END",
        f"""CREATE TRIGGER {MOVED} AFTER UPDATE OF provision_id ON {AMENDMENTS} FOR EACH ROW
        WHEN NEW.provision_id IS NOT OLD.provision_id BEGIN {flag(now)}; END""",
    ]


def statements_on_postgresql() -> list[str]:
    return [
        function(RECORDED, "NEW.recorded_at"),
        f"CREATE TRIGGER {RECORDED} AFTER INSERT ON {AMENDMENTS} FOR EACH ROW EXECUTE FUNCTION {RECORDED}()",
        function(MOVED, "clock_timestamp()"),
        f"""CREATE TRIGGER {MOVED} AFTER UPDATE ON {AMENDMENTS} FOR EACH ROW
        WHEN (NEW.provision_id IS DISTINCT FROM OLD.provision_id) EXECUTE FUNCTION {MOVED}()""",
    ]


def function(name: str, at: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {RAISE_GENERATION}; {flag(at)}; RETURN NULL; END $$"""
