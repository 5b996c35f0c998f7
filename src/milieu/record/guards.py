"""Make the database itself refuse to change or delete rows of the record."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

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


class AppendOnly(Operation):
    """A migration step that guards a table. It changes no model, so none is put together for it."""

    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Leave the models as they are."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Put the triggers on the table, anew if they are there."""
        self.put_on(schema_editor)

    def put_on(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """Put the triggers on the table, anew if they are there."""
        vendor = schema_editor.connection.vendor
        template = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]
        on = f" ON {self.table}" if vendor == "postgresql" else ""
        for verb in VERBS[vendor]:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.table}_no_{verb}{on}")
            schema_editor.execute(template.format(table=self.table, verb=verb), params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Leave the triggers: what a migration takes back, it takes back with its table."""

    def describe(self) -> str:
        """Say what this step does."""
        return f"Guard {self.table}"


def append_only(table: str) -> AppendOnly:
    """Return a migration step that guards ``table``.

    SQLite loses triggers when Django rebuilds a table, so repeat this step after any
    migration that alters the table; ``test_guards.py`` fails until you do.
    """
    return AppendOnly(table)
