"""What Milieu finds when it opens a copy: is it the record, whole?"""

from dataclasses import dataclass
from typing import Final

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max

from milieu.keeping.projected import differing
from milieu.kernel.errors import Refusal
from milieu.record.models import Entry, Epoch, Fact
from milieu.seals.models import APPEND_ONLY

SPOT_CHECK: Final = 50  # stays whose projections are worked out again
GUARDS: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@dataclass(frozen=True)
class Taken:
    """What a copy holds."""

    server: str
    epoch: str
    entries: int
    log_position: int


def counted(server: str) -> Taken:
    """Return what the present database holds."""
    entries = Entry.objects.as_system("the keeper counts what a copy holds")
    newest = Epoch.objects.order_by("-number").values_list("epoch_id", flat=True).first()
    return Taken(
        server=server,
        epoch=str(newest or ""),
        entries=entries.count(),
        log_position=entries.aggregate(Max("seq"))["seq__max"] or 0,
    )


@dataclass(frozen=True)
class Changes:
    """The changes of the tables, each by its name."""

    done: int  # how many were made
    pending: list[str]  # not made yet
    newer: list[str]  # made, and not known to this version


def changes() -> Changes:
    """Compare what was done to the present tables with what this version does to them."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("milieu.")}
    newer = [each for each in loader.applied_migrations if each not in loader.disk_migrations]
    return Changes(
        done=len(loader.applied_migrations),
        pending=[f"{migration.app_label}.{migration.name}" for migration, _ in plan],
        newer=sorted(f"{label}.{name}" for label, name in newer if label in ours),
    )


def refuse_foreign() -> None:
    """Pass if the present database holds a record of Milieu, however old.

    Raises:
        Refusal ``not-a-record``: it is empty, or another program's.
    """
    if Entry._meta.db_table not in connection.introspection.table_names():
        raise Refusal(
            "not-a-record",
            "This file holds no record of Milieu. Name a backup: milieu backup --list",
        )


def refuse_newer(what: str) -> Changes:
    """Pass if this Milieu knows every change that was made to the present tables; return them.

    ``what`` a newer one would have made, in words: "this backup".

    Raises:
        Refusal ``newer``: a newer one made some.
    """
    known = changes()
    if known.newer:
        raise Refusal(
            "newer",
            f"A newer Milieu made {what}: this one does not know {', '.join(known.newer)}. "
            "Install that version, or take an older backup.",
        )
    return known


def refuse_unless_whole() -> None:
    """Look at guards and projections of the present database.

    Raises:
        Refusal ``not-whole``: something is missing or is not what the record says.
    """
    if missing := missing_guards():
        raise Refusal("not-whole", f"The copy lacks guards of the record: {', '.join(missing)}.")
    if wrong := differing(sample=SPOT_CHECK):
        raise Refusal(
            "not-whole",
            f"In the copy, the projections of {len(wrong)} stays are not what the record says. "
            "Run: milieu rebuild",
        )


def missing_guards() -> list[str]:
    """Return the guards that the tables of the record should have and have not."""
    with connection.cursor() as cursor:
        cursor.execute(GUARDS[connection.vendor])
        found = {name for (name,) in cursor.fetchall()}
    guarded = (Entry, Fact, *APPEND_ONLY)
    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, guarded)]
    wanted = {f"{table}_no_{verb}" for table in tables for verb in ("update", "delete")}
    return sorted(wanted - found)
