"""The whole house looked over: one line for each thing, and what to do."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import apprise
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

from milieu.alerts import outbox
from milieu.keeping import backup, certificates, manifest, readiness, sealed
from milieu.keeping.clocks import check_clock, check_phones
from milieu.keeping.findings import Finding
from milieu.keeping.opened import missing_guards
from milieu.keeping.rules import (
    BACKUP_OLD,
    CERTIFICATE_SHORT,
    CERTIFICATE_SHORT_OWN,
    age,
    wal_is_safe,
)
from milieu.keeping.storage import check_storage
from milieu.kernel.errors import Refusal


def look_over(now: datetime) -> list[Finding]:
    """Return every finding. What cannot be looked at because the database is away is left out."""
    found = [*_configuration(), readiness.disk(), *_certificate(now)]
    asked: list[Callable[[], Iterable[Finding]]] = [
        check_storage,
        _sqlite_version,
        lambda: [readiness.tables()],
        lambda: [readiness.writable(now)],
        _guards,
        lambda: _backups(now),
        lambda: [readiness.ticker(now)],
        lambda: [_alerts(now)],
        lambda: check_clock(now),
        lambda: [check_phones(now)],
        lambda: sealed.look(now),
    ]
    try:
        for ask in asked:
            found.extend(ask())
    except DatabaseError as fault:
        found.append(readiness.unreachable(fault))
    return found


def _configuration() -> Iterator[Finding]:
    wrong = [issue for issue in checks.run_checks() if issue.is_serious()]
    for issue in wrong:
        yield Finding("configuration", "mend", str(issue.msg), str(issue.hint or ""))
    yield from unknown_settings()
    for place, service in enumerate(settings.ALERT_SERVICES, 1):
        if apprise.Apprise.instantiate(service, suppress_exceptions=True) is None:
            wrong_service = f"MILIEU_ALERT_SERVICES: number {place} is no service that is known."
            yield Finding("configuration", "mend", wrong_service, "See docs/run/monitoring.md.")
    if settings.DEMO:
        yield Finding(
            "configuration",
            "note",
            "This is a demonstration: every page says that people are invented.",
        )
    if not wrong:
        yield Finding(
            "configuration", "ok", f"The settings are usable; data is in {settings.HOME}."
        )
    if Path(settings.BACKUPS).is_relative_to(settings.HOME):
        yield Finding(
            "configuration",
            "note",
            "Backups are kept beside the data, and would be lost with it.",
            "Set MILIEU_BACKUPS to a folder on another disk or machine.",
        )


def unknown_settings() -> Iterator[Finding]:
    """Say which names mean nothing here, and which was meant where one is near."""
    for name, near in settings.UNKNOWN_NAMES.items():
        do = f"Was {near} meant?" if near else "Take it away, or see docs/settings.md."
        says = f"{name} is set and means nothing to Milieu."
        yield Finding("configuration", "mend" if near else "note", says, do)


def _sqlite_version() -> Iterator[Finding]:
    if connection.vendor != "sqlite":
        return
    version = sqlite3.sqlite_version
    if wal_is_safe(sqlite3.sqlite_version_info):
        yield Finding("sqlite", "ok", f"SQLite {version} is free of the fault in WAL mode.")
    else:
        yield Finding(
            "sqlite",
            "ok",
            f"SQLite {version} can corrupt WAL databases, so the rollback journal is used. "
            "It is as safe, and a little slower.",
        )


def _guards() -> Iterator[Finding]:
    if missing := missing_guards():
        yield Finding(
            "guards",
            "mend",
            f"The database would let the record be changed: {', '.join(missing)}.",
            "Restore a backup, or ask who removed them.",
        )
    else:
        yield Finding("guards", "ok", "The database itself refuses to change or delete the record.")


def _backups(now: datetime) -> Iterator[Finding]:
    found = readiness.backups(now)
    made = readiness.last_backup()
    old = made is None or now - made > BACKUP_OLD
    yield Finding(found.name, "mend" if old else found.level, found.says, found.do)
    if why := backup.stands_in_the_way(settings.BACKUPS):
        yield Finding(found.name, "mend", why, "Look at the folder that MILIEU_BACKUPS names.")
    if lost := manifest.unreadable(settings.BACKUPS):
        yield Finding(
            found.name,
            "note",
            f"{len(lost)} backups cannot be told from other files: {lost[0]} cannot be read.",
            "Remove such a file and the one it stands beside, or put the rights on it right.",
        )


def _alerts(now: datetime) -> Finding:
    found = readiness.alerts(now)
    if outbox.stuck(now).count:
        return Finding(found.name, "mend", found.says, found.do)
    return found


def _certificate(now: datetime) -> Iterator[Finding]:
    chosen = certificates.tls()
    if chosen is None:
        yield Finding(
            "https", "ok", "Serves this machine alone; phones need: milieu serve --tls NAME"
        )
        return
    try:
        shown = certificates.shown(chosen)
    except Refusal as refusal:
        yield Finding("https", "mend", refusal.message)
        return
    if shown is None:
        yield Finding("https", "note", "There is no certificate yet.", "Start: milieu serve --tls")
        return
    short = CERTIFICATE_SHORT_OWN if chosen.own_authority else CERTIFICATE_SHORT
    left = shown.until - now
    if left < short:
        do = "Restart the server." if chosen.own_authority else "Ask for a new one now."
        yield Finding(
            "https", "mend", f"The certificate for {chosen.name} ends in {age(left)}.", do
        )
    else:
        yield Finding("https", "ok", f"The certificate for {chosen.name} is good for {age(left)}.")
    if chosen.own_authority and certificates.authority_file().exists():
        root = certificates.read(certificates.authority_file())
        yield Finding(
            "https", "ok", f"The authority's fingerprint, to compare on phones: {root.fingerprint}"
        )
