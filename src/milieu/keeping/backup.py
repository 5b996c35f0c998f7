"""A backup: a copy taken while the unit works, opened and verified before it is called one."""

import os
import re
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.db import connection

from milieu.keeping import manifest, postgresql, sqlite
from milieu.keeping.heartbeats import beat
from milieu.keeping.manifest import Manifest
from milieu.keeping.rules import size
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.kernel.files import sync

SUFFIX: Final = {"sqlite": ".sqlite3", "postgresql": ".pgdump"}
CHORE: Final = "backup"  # its name among the heartbeats
DRAFT: Final = re.compile(r"\.milieu-\d{8}T\d{12}Z\.(sqlite3|pgdump)\.\d+(-journal|-wal|-shm)?")
DRAFT_OLD: Final = timedelta(hours=2)  # since it was last written to
PROBE_BYTES: Final = 4096
ROOM: Final = 1.2  # how much free space a copy needs, as a part of the database's size


def make(folder: Path, *, keep: int) -> tuple[Path, Manifest]:
    """Copy the database into ``folder``, verify the copy, and let the oldest beyond ``keep`` go.

    Raises:
        Refusal: the disk has no room, the copy is not whole, or a program is missing.
    """
    began, made_at = time.monotonic(), clock.now()
    kind = connection.vendor
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    forget_drafts(folder, made_at)
    _refuse_without_room(folder)
    name = f"milieu-{made_at:%Y%m%dT%H%M%S%fZ}{SUFFIX[kind]}"
    draft = folder / f".{name}.{os.getpid()}"
    try:
        taken = (sqlite.copy if kind == "sqlite" else postgresql.dump)(draft)
        sync(draft)
        about = Manifest(
            milieu=version("milieu"),
            database=kind,
            server=taken.server,
            made_at=made_at,
            epoch=taken.epoch,
            entries=taken.entries,
            log_position=taken.log_position,
            bytes=draft.stat().st_size,
            sha256=manifest.sha256(draft),
            took_s=round(time.monotonic() - began, 3),
        )
        backup = folder / name
        draft.replace(backup)
    finally:
        sqlite.forget(str(draft))
    manifest.write(backup, about)
    beat(CHORE, at=made_at, said=backup.name)
    thin(folder, keep=keep)
    return backup, about


def stands_in_the_way(folder: Path) -> str:
    """Return why a backup could not be put into a folder now, in words; nothing where it could.

    A file is written there and taken away again: rights alone do not tell of a disk that is full,
    or mounted to be read.
    """
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest) as probe:
            probe.write(b"\0" * PROBE_BYTES)
        _refuse_without_room(nearest)
    except OSError as fault:
        return f"No backup can be written to {folder}: {fault.strerror}."
    except Refusal as refusal:
        return refusal.message
    return ""


def thin(folder: Path, *, keep: int) -> list[Path]:
    """Remove the oldest verified backups beyond ``keep``. Nothing else in the folder is touched."""
    gone = [backup for backup, _ in manifest.listed(folder)][: -max(keep, 1)]
    for backup in gone:
        manifest.manifest_path(backup).unlink()  # first: without it, it is no backup
        backup.unlink()
    return gone


def forget_drafts(folder: Path, now: datetime) -> list[Path]:
    """Remove what backups left that were cut off. One that another server is at is left to it."""
    gone = []
    for path in folder.iterdir():
        if not DRAFT.fullmatch(path.name):
            continue
        with suppress(FileNotFoundError):  # whoever wrote it was done just now
            if now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > DRAFT_OLD:
                path.unlink()
                gone.append(path)
    return gone


def _refuse_without_room(folder: Path) -> None:
    measure: Callable[[], int] = (
        sqlite.bytes_now if connection.vendor == "sqlite" else postgresql.bytes_now
    )
    needed, stat = int(measure() * ROOM), os.statvfs(folder)
    free = stat.f_bavail * stat.f_frsize
    if free < needed:
        raise Refusal(
            "no-room",
            f"{folder} has {size(free)} free and a backup needs {size(needed)}. "
            "Make room, or name another folder with --to.",
        )
