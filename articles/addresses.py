"""What the database does for the addresses of articles, on SQLite and on PostgreSQL: operations for migrations.

When an address changes, the row that leads from the former one to the present one is written by the statement that
changes it; so is the row that tells until when a published article stood at the former one. A former address and a
present one of another article are never the same, and the row that leads to a published article stays.

The checks run after the row is written: on PostgreSQL the unique index has by then waited for whoever held the address.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from elendihub.settling import HOLD
from elendihub.triggers import drop, run

ARTICLES, FORMER = "articles_article", "articles_formerslug"
LED_ELSEWHERE = f"{ARTICLES}: this address leads to another article. Choose another."
OCCUPIED = f"{FORMER}: Another article stands at this address."
PERMANENT = f"{FORMER}: a former address is permanent."

IS_LED_ELSEWHERE = """EXISTS (SELECT 1 FROM articles_formerslug
    WHERE hub_id = NEW.hub_id AND slug = NEW.slug AND article_id <> NEW.id)"""
IS_OCCUPIED = """EXISTS (SELECT 1 FROM articles_article
    WHERE hub_id = NEW.hub_id AND slug = NEW.slug AND id <> NEW.article_id)"""
# The article may stand at the address again, or never have been public.
IS_NEEDED = """EXISTS (SELECT 1 FROM articles_articleversion WHERE article_id = OLD.article_id)
    AND NOT EXISTS (SELECT 1 FROM articles_article
        WHERE id = OLD.article_id AND hub_id = OLD.hub_id AND slug = OLD.slug)"""
LEAD_ON = """DELETE FROM articles_formerslug WHERE hub_id = NEW.hub_id AND slug = NEW.slug AND article_id = NEW.id;
    INSERT INTO articles_formerslug (article_id, hub_id, slug) VALUES (OLD.id, OLD.hub_id, OLD.slug)"""

# Name, table, event, and what is refused when: the condition and the words.
REFUSALS = (
    (f"{ARTICLES}_free_insert", ARTICLES, "AFTER INSERT", IS_LED_ELSEWHERE, LED_ELSEWHERE),
    (f"{ARTICLES}_free_update", ARTICLES, "AFTER UPDATE", IS_LED_ELSEWHERE, LED_ELSEWHERE),
    (f"{FORMER}_free_insert", FORMER, "AFTER INSERT", IS_OCCUPIED, OCCUPIED),
    (f"{FORMER}_stays_update", FORMER, "BEFORE UPDATE", "1 = 1", PERMANENT),
    (f"{FORMER}_stays_delete", FORMER, "BEFORE DELETE", IS_NEEDED, PERMANENT),
)
LEADS_ON, LEAVES = f"{ARTICLES}_leads_on", f"{ARTICLES}_leaves"
# The moment is that of the row where the model gave it one, by the clock of the site; other roads have the database's.
# It is taken where elendihub.settling waits for it; SQLite cuts it to a millisecond, so the next one is meant there.
LEAVE = """INSERT INTO articles_pastaddress (article_id, hub_id, slug, left_at)
    SELECT OLD.id, OLD.hub_id, OLD.slug, {later}
    WHERE EXISTS (SELECT 1 FROM articles_articleversion WHERE article_id = OLD.id)"""
LATER = {
    "postgresql": "greatest(NEW.updated_at, clock_timestamp())",
    "sqlite": "max(NEW.updated_at, strftime('%Y-%m-%d %H:%M:%f', 'now', '+0.001 seconds'))",
}


def kept_addresses() -> RunPython:
    return RunPython(install, remove)


def left_addresses() -> RunPython:
    return RunPython(install_leaving, remove_leaving)


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    remove(apps, schema_editor)
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    run(schema_editor, statements_on_postgresql() if on_postgresql else statements_on_sqlite())


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for name, table, *_ in REFUSALS:
        drop(schema_editor, table, [name])
    drop(schema_editor, ARTICLES, [LEADS_ON])


def install_leaving(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    remove_leaving(apps, schema_editor)
    vendor = schema_editor.connection.vendor
    leave = LEAVE.format(later=LATER[vendor])
    if vendor == "postgresql":
        run(schema_editor, when_moved(LEAVES, f"PERFORM {HOLD}; {leave}", on_postgresql=True))
    else:
        run(schema_editor, when_moved(LEAVES, leave, on_postgresql=False))


def remove_leaving(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    drop(schema_editor, ARTICLES, [LEAVES])


def when_moved(name: str, act: str, *, on_postgresql: bool) -> list[str]:
    """A trigger that acts once an article has another address."""
    if on_postgresql:
        moved = "NEW.slug IS DISTINCT FROM OLD.slug OR NEW.hub_id IS DISTINCT FROM OLD.hub_id"
        head = f"CREATE TRIGGER {name} AFTER UPDATE ON {ARTICLES} FOR EACH ROW WHEN ({moved})"
        return [function(name, f"{act}; RETURN NULL;"), f"{head} EXECUTE FUNCTION {name}()"]
    moved = "NEW.slug IS NOT OLD.slug OR NEW.hub_id IS NOT OLD.hub_id"
    return [f"CREATE TRIGGER {name} AFTER UPDATE ON {ARTICLES} FOR EACH ROW WHEN {moved} BEGIN {act}; END"]


def statements_on_sqlite() -> list[str]:
    refusing = [
        f"""CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{words}'); END"""
        for name, table, event, condition, words in REFUSALS
    ]
    return [*refusing, *when_moved(LEADS_ON, LEAD_ON, on_postgresql=False)]


def statements_on_postgresql() -> list[str]:
    statements = []
    for name, table, event, condition, words in REFUSALS:
        body = f"IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation'; END IF;"
        result = "OLD" if event.endswith("DELETE") else "NEW"
        statements += [
            function(name, f"{body} RETURN {result};"),
            f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return [*statements, *when_moved(LEADS_ON, LEAD_ON, on_postgresql=True)]


def function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
