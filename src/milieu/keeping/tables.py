"""The tables of a database that has none: made as the last migration leaves them, in one step.

To go through every migration from the first takes Django a quarter of a minute, nearly all of it
to put 112 models together anew after each step, and moves data that an empty database does not
have. The tables are the same; ``tests/keeping/test_tables.py`` holds both ways side by side.
"""

from collections.abc import Iterator

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from milieu.record.guards import AppendOnly


def empty(connection: BaseDatabaseWrapper) -> bool:
    """Return whether a database has no tables yet, besides an empty list of migrations."""
    recorder = MigrationRecorder(connection)
    others = set(connection.introspection.table_names()) - {recorder.Migration._meta.db_table}
    return not others and not recorder.applied_migrations()


def make_tables(connection: BaseDatabaseWrapper) -> int:
    """Make all tables with their guards, and note every migration as done; all of it or nothing.

    Returns:
        how many tables were made.
    """
    loader = MigrationLoader(connection)
    made = list(_models(loader.project_state(loader.graph.leaf_nodes())))
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with connection.schema_editor(atomic=True) as editor:
        for model in made:
            editor.create_model(model)
        for guard in _guards(loader):
            guard.put_on(editor)
        for name in loader.graph.nodes:
            recorder.record_applied(*name)
    return len(made)


def _models(state: ProjectState) -> Iterator[type[models.Model]]:
    for model in state.apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            yield model


def _guards(loader: MigrationLoader) -> list[AppendOnly]:
    """Return the guard of each table once: migrations put it on again where a table was altered."""
    steps = (step for node in loader.graph.nodes.values() for step in node.operations)
    found = {step.table: step for step in steps if isinstance(step, AppendOnly)}
    return list(found.values())
