"""How dates move, kept by the database itself, so that no way of writing can move one silently: operations for
migrations, for SQLite and PostgreSQL.

A date changes only together with its source, its slug never changes, `sequence` rises with everything that calendars
show and never falls, `updated_at` moves with it, and each former day becomes a row of legislation_formerdate. What was
superseded is no event: its sequence rests, until it is one again.

SQLite drops a table's triggers when a later migration rebuilds the table: such a migration ends with the same operation
again.
"""

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from elendihub.triggers import drop, run

DEADLINE, NATIONAL = "legislation_deadline", "legislation_nationaldate"
SHOWN: tuple[str, ...] = (
    *("title", "group", "kind", "legal_basis", "who", "condition", "classes", "eu_on", "rule", "note"),
    *("superseded_by_id", "superseded_note", "source", "is_certain"),
)
NEEDS_SOURCE = "A date moves only with the source of the new date."
SLUG_STAYS = "The slug of a date is its name in calendars for ever."
TRIGGERS = {
    DEADLINE: ("legislation_deadline_refuses", "legislation_deadline_remembers", "legislation_deadline_rises"),
    NATIONAL: tuple(
        f"legislation_nationaldate_{act}"
        for act in ("refuses", "remembers", "rises_insert", "rises_update", "rises_delete")
    ),
}


def moving_dates() -> RunPython:
    def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        remove(apps, schema_editor)
        is_postgresql = schema_editor.connection.vendor == "postgresql"
        run(schema_editor, on_postgresql() if is_postgresql else on_sqlite())

    def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for table, names in TRIGGERS.items():
            drop(schema_editor, table, list(names))

    return RunPython(install, remove)


def differs(names: tuple[str, ...], unlike: str) -> str:
    return "(" + " OR ".join(f'NEW."{name}" {unlike} OLD."{name}"' for name in names) + ")"


def superseded(row: str) -> str:
    return f"({row}.superseded_by_id IS NOT NULL OR {row}.superseded_note <> '')"


def remember(territory: str, day: str, deadline: str, source: str, today: str) -> str:
    return f"""INSERT INTO legislation_formerdate (deadline_id, territory, former_on, replaced_on, source)
    VALUES ({deadline}, {territory}, {day}, {today}, {source})
    ON CONFLICT (deadline_id, territory, former_on)
    DO UPDATE SET replaced_on = excluded.replaced_on, source = excluded.source"""


def on_sqlite() -> list[str]:
    return [*deadlines_on_sqlite(), *national_dates_on_sqlite()]


def deadlines_on_sqlite() -> list[str]:
    rises = f"({differs(SHOWN, 'IS NOT')} AND NOT ({superseded('OLD')} AND {superseded('NEW')}))"
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    return [
        f"""CREATE TRIGGER legislation_deadline_refuses BEFORE UPDATE ON {DEADLINE} FOR EACH ROW
        WHEN NEW.slug <> OLD.slug OR (NEW.eu_on IS NOT OLD.eu_on AND NEW.source = OLD.source)
        BEGIN SELECT RAISE(ABORT, '{SLUG_STAYS}') WHERE NEW.slug <> OLD.slug;
        SELECT RAISE(ABORT, '{NEEDS_SOURCE}'); END""",
        f"""CREATE TRIGGER legislation_deadline_remembers AFTER UPDATE ON {DEADLINE} FOR EACH ROW
        WHEN OLD.eu_on IS NOT NULL AND NEW.eu_on IS NOT OLD.eu_on
        BEGIN {remember("''", "OLD.eu_on", "OLD.id", "NEW.source", "date('now')")}; END""",
        f"""CREATE TRIGGER legislation_deadline_rises AFTER UPDATE ON {DEADLINE} FOR EACH ROW
        WHEN NEW.sequence < OLD.sequence OR ({rises} AND NEW.sequence = OLD.sequence)
        BEGIN UPDATE {DEADLINE} SET sequence = OLD.sequence + {rises},
        updated_at = CASE WHEN {rises} AND NEW.updated_at = OLD.updated_at THEN {now} ELSE NEW.updated_at END
        WHERE id = NEW.id; END""",
    ]


def national_dates_on_sqlite() -> list[str]:
    moved = "NEW.applies_on IS NOT OLD.applies_on"
    now = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    shown = differs(("deadline_id", "territory", "applies_on", "note"), "IS NOT")
    rises = [
        f"""CREATE TRIGGER legislation_nationaldate_rises_{event.lower()} AFTER {event} ON {NATIONAL} FOR EACH ROW
        {when} BEGIN UPDATE {DEADLINE} SET sequence = sequence + 1, updated_at = {now}
        WHERE id = {row}.deadline_id AND NOT {superseded(DEADLINE)}; END"""
        for event, row, when in (("INSERT", "NEW", ""), ("UPDATE", "NEW", f"WHEN {shown}"), ("DELETE", "OLD", ""))
    ]
    return [
        f"""CREATE TRIGGER legislation_nationaldate_refuses BEFORE UPDATE ON {NATIONAL} FOR EACH ROW
        WHEN {moved} AND (NEW.note = OLD.note OR NEW.note = '')
        BEGIN SELECT RAISE(ABORT, '{NEEDS_SOURCE}'); END""",
        f"""CREATE TRIGGER legislation_nationaldate_remembers AFTER UPDATE ON {NATIONAL} FOR EACH ROW
        WHEN OLD.applies_on IS NOT NULL AND {moved}
        BEGIN {remember("OLD.territory", "OLD.applies_on", "OLD.deadline_id", "NEW.note", "date('now')")}; END""",
        *rises,
    ]


def on_postgresql() -> list[str]:
    return [
        deadline_function(),
        f"""CREATE TRIGGER legislation_deadline_rises BEFORE UPDATE ON {DEADLINE}
        FOR EACH ROW EXECUTE FUNCTION legislation_deadline_moves()""",
        national_date_function(),
        *(
            f"""CREATE TRIGGER legislation_nationaldate_rises_{event.lower()} AFTER {event} ON {NATIONAL}
            FOR EACH ROW EXECUTE FUNCTION legislation_nationaldate_moves()"""
            for event in ("INSERT", "UPDATE", "DELETE")
        ),
    ]


def deadline_function() -> str:
    rises = f"({differs(SHOWN, 'IS DISTINCT FROM')} AND NOT ({superseded('OLD')} AND {superseded('NEW')}))"
    return f"""CREATE OR REPLACE FUNCTION legislation_deadline_moves() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.slug <> OLD.slug THEN
            RAISE EXCEPTION '{SLUG_STAYS}' USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.eu_on IS DISTINCT FROM OLD.eu_on THEN
            IF NEW.source = OLD.source THEN
                RAISE EXCEPTION '{NEEDS_SOURCE}' USING ERRCODE = 'restrict_violation';
            END IF;
            IF OLD.eu_on IS NOT NULL THEN
                {remember("''", "OLD.eu_on", "OLD.id", "NEW.source", "(now() AT TIME ZONE 'UTC')::date")};
            END IF;
        END IF;
        IF {rises} THEN
            NEW.sequence := greatest(NEW.sequence, OLD.sequence + 1);
            IF NEW.updated_at = OLD.updated_at THEN NEW.updated_at := clock_timestamp(); END IF;
        END IF;
        NEW.sequence := greatest(NEW.sequence, OLD.sequence);
        RETURN NEW;
    END $$"""


def national_date_function() -> str:
    today = "(now() AT TIME ZONE 'UTC')::date"
    kept = remember("OLD.territory", "OLD.applies_on", "OLD.deadline_id", "NEW.note", today)
    shown = differs(("deadline_id", "territory", "applies_on", "note"), "IS DISTINCT FROM")
    return f"""CREATE OR REPLACE FUNCTION legislation_nationaldate_moves() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF NOT {shown} THEN RETURN NULL; END IF;
            IF NEW.applies_on IS DISTINCT FROM OLD.applies_on THEN
                IF NEW.note = OLD.note OR NEW.note = '' THEN
                    RAISE EXCEPTION '{NEEDS_SOURCE}' USING ERRCODE = 'restrict_violation';
                END IF;
                IF OLD.applies_on IS NOT NULL THEN {kept}; END IF;
            END IF;
        END IF;
        UPDATE {DEADLINE} SET sequence = sequence + 1, updated_at = clock_timestamp()
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.deadline_id ELSE NEW.deadline_id END
        AND NOT {superseded(DEADLINE)};
        RETURN NULL;
    END $$"""
