"""What the database does when an amendment is recorded, on SQLite and on PostgreSQL: operations for migrations.

In the same transaction every version that is live or scheduled then, and cites the provision, gets a flag: an
article's in articles_flag, a hub's in articles_hubflag. A version published later is written with knowledge of the
amendment. When an amendment is moved to another provision, those that cite that one are flagged too; the flags of the
former stay until a check clears them.

A text may cite what the register described only later. Its row then names the act and the label, and no provision;
so the words count as well, without what they say below the provision.

On PostgreSQL the site generation is raised first: whoever publishes meanwhile holds its row, and is waited for.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration ends with the same operation
again.
"""

from typing import NamedTuple

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from elendihub.triggers import RAISE_GENERATION, drop, run
from legislation.models import Provision

AMENDMENTS = "legislation_amendment"
RECORDED, MOVED = f"{AMENDMENTS}_flags_insert", f"{AMENDMENTS}_flags_update"
NEWEST_CHECK = "SELECT coalesce(max(id), 0) FROM articles_check"


class Tables(NamedTuple):
    flags: str
    versions: str
    citations: str


OF_ARTICLES = Tables("articles_flag", "articles_articleversion", "articles_citation")
OF_HUBS = Tables("articles_hubflag", "regulators_hubversion", "regulators_hubcitation")


def flagging_amendments(*, of_hubs: bool = False) -> RunPython:
    """Without `of_hubs` for migrations of before hubs had rows of citations."""
    tables = (OF_ARTICLES, OF_HUBS) if of_hubs else (OF_ARTICLES,)

    def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, schema_editor)
        build = statements_on_postgresql if schema_editor.connection.vendor == "postgresql" else statements_on_sqlite
        run(schema_editor, build(tables))

    return RunPython(install, remove)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drop(schema_editor, AMENDMENTS, [RECORDED, MOVED])


def flagging_the_past() -> RunPython:
    """Flag each version by what was recorded after it was made and before it ended, where the triggers did not."""

    def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        checks = f"{NEWEST_CHECK} WHERE recorded_at <= new.recorded_at"
        recorded = f"{AMENDMENTS} AS new, "
        since = "AND version.created_at < new.recorded_at"
        run(schema_editor, [flag(each, "new.recorded_at", checks, recorded, since) for each in (OF_ARTICLES, OF_HUBS)])

    return RunPython(install, RunPython.noop)


def flag(tables: Tables, at: str, newest_check: str = NEWEST_CHECK, recorded: str = "", since: str = "") -> str:
    """SQL that flags by `new`: the amendment of a trigger, or each of those in `recorded`."""
    kinds = " ".join(f"WHEN '{kind}' THEN '{prefix}'" for kind, prefix in Provision.PREFIXES.items())
    return f"""INSERT INTO {tables.flags} (version_id, amendment_id, provision_id, raised_at, after_check)
    SELECT DISTINCT version.id, new.id, new.provision_id, {at}, ({newest_check})
    FROM {recorded}(SELECT id, instrument_id, lower((CASE kind {kinds} END) || '_' || number) AS label
        FROM legislation_provision) AS touched
    JOIN legislation_instrument AS act ON act.id = touched.instrument_id
    JOIN {tables.citations} AS cited ON cited.provision_id = touched.id OR (
        (cited.instrument_id = act.id OR (cited.instrument_id IS NULL AND lower(cited.instrument_key) = act.slug))
        AND substr(lower(cited.label), 1, length(touched.label)) = touched.label
        AND substr(cited.label, length(touched.label) + 1, 1) IN ('', '(', '/'))
    JOIN {tables.versions} AS version ON version.id = cited.version_id
    WHERE touched.id = new.provision_id {since} AND (version.live_until IS NULL
        OR (version.live_until > {at} AND version.live_until <> version.live_from))
    AND NOT EXISTS (SELECT 1 FROM {tables.flags} AS raised WHERE raised.version_id = version.id
        AND raised.amendment_id = new.id AND raised.provision_id = new.provision_id)
    ON CONFLICT DO NOTHING"""


def statements_on_sqlite(tables: tuple[Tables, ...]) -> list[str]:
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    recorded, moved = ("; ".join(flag(each, at) for each in tables) for at in ("new.recorded_at", now))
    return [
        f"CREATE TRIGGER {RECORDED} AFTER INSERT ON {AMENDMENTS} FOR EACH ROW BEGIN {recorded}; END",
        f"""CREATE TRIGGER {MOVED} AFTER UPDATE OF provision_id ON {AMENDMENTS} FOR EACH ROW
        WHEN NEW.provision_id IS NOT OLD.provision_id BEGIN {moved}; END""",
    ]


def statements_on_postgresql(tables: tuple[Tables, ...]) -> list[str]:
    return [
        function(RECORDED, tables, "new.recorded_at"),
        f"CREATE TRIGGER {RECORDED} AFTER INSERT ON {AMENDMENTS} FOR EACH ROW EXECUTE FUNCTION {RECORDED}()",
        function(MOVED, tables, "clock_timestamp()"),
        f"""CREATE TRIGGER {MOVED} AFTER UPDATE ON {AMENDMENTS} FOR EACH ROW
        WHEN (NEW.provision_id IS DISTINCT FROM OLD.provision_id) EXECUTE FUNCTION {MOVED}()""",
    ]


def function(name: str, tables: tuple[Tables, ...], at: str) -> str:
    acts = "; ".join(flag(each, at) for each in tables)
    return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {RAISE_GENERATION}; {acts}; RETURN NULL; END $$"""
