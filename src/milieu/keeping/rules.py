"""What is safe to run on. Plain: facts about versions, disks and clocks in, answers out."""

from datetime import timedelta
from typing import Final

# WAL databases can be corrupted by SQLite 3.7.0 to 3.51.2 when two connections write and
# checkpoint at once (sqlite.org/wal.html#walresetbug, fixed 13 March 2026).
WAL_SAFE_FROM: Final = (3, 51, 3)

DISK_LOW: Final = 1024**3  # bytes; below, someone should make room
DISK_OUT: Final = 64 * 1024**2  # bytes; below, the server no longer calls itself ready
BACKUP_OLD: Final = timedelta(hours=26)  # a nightly backup, and two hours of patience
BACKUP_LATE: Final = timedelta(hours=2)  # an hourly backup that did not come
SEAL_PATIENCE: Final = timedelta(minutes=10)  # sealing is tried four times a minute
CERTIFICATE_SHORT: Final = timedelta(days=14)
CERTIFICATE_SHORT_OWN: Final = timedelta(hours=2)  # a unit's own authority renews every few hours
CLOCK_STEP: Final = timedelta(seconds=30)
PHONE_CLOCK_OFF: Final = timedelta(minutes=2)


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Return whether this SQLite is free of the WAL-reset bug."""
    return version >= WAL_SAFE_FROM


def journal_mode(version: tuple[int, int, int]) -> str:
    """Return the safe journal of a SQLite: WAL where it is free of the WAL-reset bug.

    Else TRUNCATE, never DELETE: with synchronous=FULL a deleted journal may come back when the
    power goes, and would undo the last commit (sqlite.org/pragma.html#pragma_synchronous, EXTRA).
    A truncated one is synced. ``tests/faults/test_power_cut.py`` shows both.
    """
    return "WAL" if wal_is_safe(version) else "TRUNCATE"


def synchronous_needed(journal: str) -> int:
    """Return the least ``PRAGMA synchronous`` that keeps every commit: 2 is FULL, 3 is EXTRA."""
    return 3 if journal.upper() == "DELETE" else 2


def size(count: int) -> str:
    """Say a number of bytes as people do: ``512 MB``."""
    for unit, step in (("GB", 1000**3), ("MB", 1000**2), ("kB", 1000)):
        if count >= step:
            return f"{count / step:.1f} {unit}" if count < 10 * step else f"{count // step} {unit}"
    return f"{count} bytes"


def age(span: timedelta) -> str:
    """Say a length of time as people do: ``3 h``, ``2 days``."""
    seconds = int(span.total_seconds())
    for unit, step in (("days", 2 * 86_400), ("h", 2 * 3600), ("min", 60)):
        if seconds >= step:
            return f"{seconds // {'days': 86_400, 'h': 3600, 'min': 60}[unit]} {unit}"
    return f"{max(seconds, 0)} s"
