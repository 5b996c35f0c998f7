"""Putting a backup back: ready beside the present database first, then swapped in as one step."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from milieu.keeping import manifest, postgresql, sqlite
from milieu.keeping.elsewhere import on_database
from milieu.keeping.manifest import Manifest
from milieu.keeping.opened import (
    Taken,
    counted,
    refuse_foreign,
    refuse_newer,
    refuse_unless_whole,
)
from milieu.keeping.ports import port_answers
from milieu.keeping.projected import rebuild
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.record import epoch
from milieu.seals import beside

Say = Callable[[str], None]


@dataclass(frozen=True)
class Restored:
    """What stands now, and where what stood before is kept."""

    holds: Taken
    aside: str


def known(backup: Path, *, unverified: bool) -> Manifest | None:
    """Return the manifest of a backup whose bytes are still what they were.

    Raises:
        Refusal: it is not a backup, was changed since, or is for another kind of database.
    """
    if backup.is_dir():
        newest = [path.name for path, _ in manifest.listed(backup)][-1:]
        which = f", such as {newest[0]}" if newest else ": milieu backup --list"
        raise Refusal("a-folder", f"{backup} is a folder. Name one backup in it{which}.")
    if not backup.is_file():
        raise Refusal("no-file", f"{backup} does not exist. Name a backup: milieu backup --list")
    if unverified:
        return None
    found = manifest.read(backup)
    if found is None:
        raise Refusal(
            "not-a-backup",
            f"{backup} has no manifest beside it ({manifest.manifest_path(backup).name}), so it is "
            "not a backup that Milieu made and verified. A copy of a live database is often "
            "broken. Restore another, or name --unverified to take this one at its word.",
        )
    if manifest.sha256(backup) != found.sha256:
        raise Refusal(
            "changed-since",
            f"{backup} is not what it was when it was verified: its hash differs. Restore another.",
        )
    if found.database != connection.vendor:
        raise Refusal(
            "another-database",
            f"This backup is of {found.database} and this server uses {connection.vendor}. "
            "Set MILIEU_DATABASE_URL to fit.",
        )
    return found


def refuse_while_serving() -> None:
    """See to it that no server answers on this machine's port; the lock has seen to this folder.

    Raises:
        Refusal ``already-serving``.
    """
    if port_answers(settings.PORT):
        raise Refusal(
            "already-serving",
            f"Something still answers on port {settings.PORT}. Stop the server first.",
        )


def restore(backup: Path, *, say: Say) -> Restored:
    """Put a backup in the place of the present database, which is kept aside.

    Until the last step the present database stays as it is: whatever goes wrong before, nothing
    has changed.

    Raises:
        Refusal: the backup is not whole; or PostgreSQL lacks rights or programs for it.
    """
    at = clock.now()
    kind = sqlite if connection.vendor == "sqlite" else postgresql
    draft = kind.draft_name(at)
    with ExitStack() as undo:
        say("Laying the backup ready beside the present database.")
        undo.callback(kind.forget, draft)
        kind.prepare(backup, draft)
        with on_database(draft):
            refuse_foreign()  # to bring an empty one up to date would make an empty record
            say("Bringing its tables up to date and working out the projections.")
            refuse_newer("this backup")
            call_command("migrate", interactive=False, verbosity=0)
            epoch.begin(f"Restored from {backup.name}"[:200])
            rebuild()
            refuse_unless_whole()
            holds = counted("")
        undo.pop_all()
    say("Putting it in place.")
    aside = kind.swap_in(draft, at=at)
    beside.set_aside(f"before-{at:%Y%m%dT%H%M%S}")
    return Restored(holds, aside)
