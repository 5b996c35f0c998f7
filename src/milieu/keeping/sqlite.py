"""Copying and putting back a SQLite database."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import connection

from milieu.keeping.elsewhere import on_database
from milieu.keeping.opened import Taken, changes, counted, refuse_unless_whole
from milieu.kernel.errors import Refusal
from milieu.kernel.files import sync

PATIENCE_S: Final = 30  # how long to wait for a writer to finish
DRAFTS: Final = "restoring-*.sqlite3"
BESIDE: Final = ("", "-journal", "-wal", "-shm")  # what belongs to one SQLite database


def path_now() -> Path:
    """Return the database's file."""
    return Path(connection.settings_dict["NAME"])


def bytes_now() -> int:
    """Return how large the database is."""
    return path_now().stat().st_size if path_now().exists() else 0


def copy(target: Path) -> Taken:
    """Copy the database as it is at one moment, and verify the copy. Writers wait meanwhile.

    By SQLite's backup interface, in one step: a copy of the file itself, taken while others
    write, is behind or broken (sqlite.org/howtocorrupt.html, 1.2).

    Raises:
        Refusal: there is no database, or the copy is not whole.
    """
    if not path_now().exists():
        raise Refusal("no-database", f"{path_now()} does not exist. Start the server once first.")
    try:
        with (
            closing(sqlite3.connect(path_now(), timeout=PATIENCE_S)) as source,
            closing(sqlite3.connect(target)) as copied,
        ):
            target.chmod(0o600)
            source.backup(copied, pages=-1)
    except sqlite3.DatabaseError as fault:
        raise Refusal("not-whole", f"{path_now()} cannot be copied: {fault}.") from fault
    return verify(target)


def verify(path: Path) -> Taken:
    """Open a copy with SQLite, then with Milieu. Return what it holds.

    Raises:
        Refusal ``not-whole``: pages, guards or projections are not as they must be.
    """
    refuse_damaged(path)
    with on_database(str(path)):
        if not changes().pending:  # an older backup is verified when it is brought up to date
            refuse_unless_whole()
        return counted(sqlite3.sqlite_version)


def refuse_damaged(path: Path) -> None:
    """Let SQLite read every page.

    Raises:
        Refusal ``not-whole``.
    """
    try:
        with closing(sqlite3.connect(path)) as link:
            (found,) = link.execute("PRAGMA integrity_check(1)").fetchone()
            stray = link.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as fault:
        found, stray = str(fault), None
    if found != "ok" or stray:
        raise Refusal("not-whole", f"{path} is damaged ({found}). Take another backup.")


def prepare(backup: Path, draft: str) -> None:
    """Lay a backup ready beside the present database.

    Raises:
        Refusal ``not-whole``: it is damaged.
    """
    path = Path(draft)
    path.touch(mode=0o600)
    shutil.copyfile(backup, path)
    refuse_damaged(path)


def forget(draft: str) -> None:
    """Remove a draft and what belongs to it."""
    for ending in BESIDE:
        Path(f"{draft}{ending}").unlink(missing_ok=True)


def swap_in(draft: str, *, at: datetime) -> str:
    """Put the prepared database in the place of the present one. Return where that one is kept.

    What takes time comes first. Between the two renames there is no database: ``refuse_halfway``.
    """
    here = path_now()
    connection.close()
    aside = here.parent / "aside" / f"{at:%Y%m%dT%H%M%SZ}"
    aside.mkdir(parents=True, mode=0o700)
    sync(Path(draft))
    for ending in BESIDE:  # a journal belongs to its database: without it, that one is damaged
        part = Path(f"{here}{ending}")
        if part.exists():
            part.rename(aside / part.name)
    Path(draft).rename(here)
    sync(aside)
    sync(here.parent)
    for left in here.parent.glob(DRAFTS):  # of a restore that was cut off
        forget(str(left))
    return str(aside)


def refuse_halfway() -> None:
    """See to it that no new, empty database comes in the place of one that was being restored.

    Raises:
        Refusal ``restore-again``: the machine stopped in the last step of a restore.
    """
    here = path_now()
    if not here.exists() and any(here.parent.glob(DRAFTS)):
        raise Refusal(
            "restore-again",
            "A restore was cut off in its last step. Run milieu restore with that backup again; "
            f"the database from before is in {here.parent / 'aside'}.",
        )


def draft_name(at: datetime) -> str:
    """Return where a backup is laid ready."""
    return str(path_now().with_name(DRAFTS.replace("*", f"{at:%Y%m%dT%H%M%SZ}")))
