"""Is this server ready to work, and if not, why: what ``/healthz`` and the doctor both ask."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, Error, connection

from milieu.alerts import outbox
from milieu.keeping import backup, sealed
from milieu.keeping.findings import Finding, to_mend
from milieu.keeping.heartbeats import beat, last
from milieu.keeping.opened import changes
from milieu.keeping.rules import BACKUP_LATE, DISK_LOW, DISK_OUT, age, size
from milieu.keeping.storage import check_storage
from milieu.keeping.trouble import meant
from milieu.kernel import clock
from milieu.record.ledger import newest_seq

PART: Final = "pages"
ALERTS: Final = "alerts"  # the lookout's name among the heartbeats
TICKER_LATE: Final = timedelta(minutes=2)
IMPATIENT_S: Final = 2  # a monitor is not kept waiting as a phone's batch is


def look(now: datetime) -> dict[str, Any]:
    """Return whether the server is ready, why not in words, and figures for a monitor."""
    try:
        with _impatient():
            findings = [
                writable(now),
                tables(),
                *check_storage(),
                disk(),
                backups(now),
                ticker(now),
                alerts(now),
                sealed.sealing(now),
            ]
            position, unsent, made = newest_seq(), outbox.stuck(now), last_backup()
    except Error as fault:
        findings, position, unsent, made = [unreachable(fault), disk()], None, None, None
    # A late seal stops nobody: after an update, a long record may have to be sealed first.
    wrong = [finding for finding in to_mend(findings) if finding.name != sealed.NAME]
    notes = [finding for finding in findings if finding.level != "ok" and finding not in wrong]
    return {
        "ready": not wrong,
        "why": [str(finding) for finding in wrong],
        "notes": [str(finding) for finding in notes],
        "version": version("milieu"),
        "log_position": position,
        "disk_free_bytes": free_bytes(),
        "backup_age_s": _seconds_since(made, now),
        "alerts_unsent": unsent and unsent.count,
        "alerts_unsent_s": _seconds_since(unsent.since, now) if unsent else None,
        "at": clock.rfc3339(now),
    }


def writable(now: datetime) -> Finding:
    """Write a sign of life, durably.

    Raises:
        DatabaseError: the database cannot be written.
    """
    beat(PART, at=now)
    return Finding("database", "ok", "The database can be read and written.")


def tables() -> Finding:
    """Say whether the tables are those of this version."""
    known = changes()
    if known.newer:
        return Finding(
            "tables",
            "mend",
            f"A newer Milieu changed these tables ({known.newer[0]} …).",
            "Install that version, or restore a backup of this one.",
        )
    if not known.done:
        return Finding(
            "tables",
            "mend",
            f"There are no tables of Milieu in {connection.settings_dict['NAME']}.",
            "Is it the one that MILIEU_HOME or MILIEU_DATABASE_URL should name? Then: "
            "milieu migrate",
        )
    if known.pending:
        return Finding(
            "tables",
            "mend",
            f"{len(known.pending)} changes of the tables are not made yet ({known.pending[0]} …).",
            "Run: milieu migrate",
        )
    return Finding("tables", "ok", "The tables are those of this version.")


def disk() -> Finding:
    """Say whether there is room to write."""
    free = free_bytes()
    where = f"{size(free)} free for {settings.HOME}."
    if free < DISK_OUT:
        return Finding("disk", "mend", where, "Make room now: nothing more can be saved soon.")
    if free < DISK_LOW:
        return Finding("disk", "note", where, "Make room this week.")
    return Finding("disk", "ok", where)


def backups(now: datetime) -> Finding:
    """Say how old the newest verified backup is. A late one does not stop the unit's work."""
    made = last_backup()
    if made is None:
        return Finding("backup", "note", "There is no backup yet.", "Take one: milieu backup")
    if now - made > BACKUP_LATE:
        return Finding(
            "backup",
            "note",
            f"The newest verified backup is {age(now - made)} old.",
            "Run milieu backup and read what it says.",
        )
    return Finding("backup", "ok", f"The newest verified backup is {age(now - made)} old.")


def ticker(now: datetime) -> Finding:
    """Say whether the chores are being done."""
    beaten = last("ticker")
    if beaten is None or now - beaten > TICKER_LATE:
        return Finding(
            "ticker",
            "note",
            "The ticker is not running: no backups are taken.",
            "Run: milieu serve",
        )
    return Finding("ticker", "ok", "The ticker does its chores.")


def alerts(now: datetime) -> Finding:
    """Say whether somebody looks for alerts, and whether their messages go out."""
    looked = last(ALERTS)
    if looked is None or now - looked > TICKER_LATE:
        return Finding(
            ALERTS,
            "note",
            "Nobody looks for alerts: nothing overdue is told.",
            "Run: milieu serve, and read its log.",
        )
    late = outbox.stuck(now)
    if late.count and late.since:
        return Finding(
            ALERTS,
            "note",
            f"{late.count} messages of alerts do not go out, the oldest for "
            f"{age(now - late.since)}: {late.fault or 'not tried yet'}.",
            "Look at the address in MILIEU_ALERT_SERVICES or MILIEU_HEARTBEAT_URL, and at the way "
            "to it.",
        )
    return Finding(ALERTS, "ok", "Alerts are looked for, and their messages go out.")


def free_bytes() -> int:
    """Return how much room is left where the data is kept."""
    stat = os.statvfs(settings.HOME)
    return stat.f_bavail * stat.f_frsize


def last_backup() -> datetime | None:
    """Return when the newest verified backup was made, as far as the database knows."""
    try:
        return last(backup.CHORE)
    except DatabaseError:
        return None


def _seconds_since(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else int((now - moment).total_seconds())


def unreachable(fault: Error) -> Finding:
    """Say what a database could not do. What it said itself may hold names, and is not told."""
    says, do = meant(str(fault)) or ("The database does not answer.", "Check that it runs.")
    return Finding("database", "mend", says, do)


@contextmanager
def _impatient() -> Iterator[None]:
    """Wait only briefly for whoever holds the database, inside: also for opening it."""
    usual = connection.settings_dict
    opening, briefly, as_usual = {
        "sqlite": ("timeout", "PRAGMA busy_timeout = {}", "PRAGMA busy_timeout = {}"),
        "postgresql": ("connect_timeout", "SET lock_timeout = {}", "RESET lock_timeout"),
    }[connection.vendor]
    # This thread's own: the others share the one that it had.
    connection.settings_dict = {**usual, "OPTIONS": {**usual["OPTIONS"], opening: IMPATIENT_S}}
    try:
        with connection.cursor() as cursor:
            cursor.execute(briefly.format(IMPATIENT_S * 1000))
    finally:
        connection.settings_dict = usual
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(as_usual.format(int(usual["OPTIONS"][opening]) * 1000))
