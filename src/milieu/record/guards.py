"""Make the database itself refuse to change or delete rows of the record."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: amend instead'); END
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only: amend instead', TG_TABLE_NAME; END $$;
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
VERBS = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}


def append_only(table: str) -> migrations.RunPython:
    """Return a migration step that guards ``table``.

    SQLite loses triggers when Django rebuilds a table, so repeat this step after any
    migration that alters the table; ``test_guards.py`` fails until you do.
    """

    def guard(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        vendor = editor.connection.vendor
        template = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]
        on = f" ON {table}" if vendor == "postgresql" else ""
        for verb in VERBS[vendor]:
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")
            editor.execute(template.format(table=table, verb=verb), params=None)

    return migrations.RunPython(guard, migrations.RunPython.noop)
