"""Would the record survive a power cut here? ``serve`` refuses to start when it would not."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from milieu.keeping.findings import Finding
from milieu.keeping.rules import synchronous_needed, wal_is_safe

NAME = "storage"
MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")
READABLE_BY_OTHERS = 0o077


def check_storage() -> list[Finding]:
    """Look at the safety of the database, of the secrets and of the settings.

    One finding for each fault; one that says all is well where there is none.

    Raises:
        OperationalError: the database does not answer.
    """
    look = _sqlite if connection.vendor == "sqlite" else _postgresql
    found = [*look(), *_secrets(), *_debug()]
    return found or [Finding(NAME, "ok", f"{described()}; what is stored survives a power cut.")]


def described() -> str:
    """Say in a few words where the record is kept."""
    if connection.vendor == "sqlite":
        journal = str(_pragma("journal_mode")).upper()
        return f"SQLite {sqlite3.sqlite_version} ({journal}) in {settings.HOME}"
    version = connection.cursor().execute("SHOW server_version").fetchone()[0].split()[0]
    return f"PostgreSQL {version}, database {connection.settings_dict['NAME']}"


def _sqlite() -> Iterator[Finding]:
    journal = str(_pragma("journal_mode"))
    if int(_pragma("synchronous")) < synchronous_needed(journal):
        yield _unsafe(
            f"SQLite syncs too little for journal mode {journal.upper()}: a power cut would lose "
            "entries that phones were told are stored.",
            "Set synchronous to FULL, and with journal mode DELETE to EXTRA.",
        )
    if journal == "wal" and not wal_is_safe(sqlite3.sqlite_version_info):
        yield _unsafe(
            f"SQLite {sqlite3.sqlite_version} can corrupt a database in WAL mode.",
            "Use journal mode TRUNCATE, or SQLite 3.51.3 or newer.",
        )
    if int(_pragma("mmap_size") or 0):
        yield _unsafe(
            "SQLite maps the file into memory: a stray write would damage it unseen.",
            "Set mmap_size to 0.",
        )


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(MUST_BE_ON)]
        )
        for name, value in cursor.fetchall():
            if value == "off":
                yield _unsafe(
                    f"PostgreSQL runs with {name} off: a power cut would damage the record.",
                    f"Set {name} = on in postgresql.conf and reload.",
                )
        cursor.execute(
            "SELECT rolsuper, EXISTS (SELECT FROM pg_tables WHERE tablename = 'record_entry' "
            "AND pg_has_role(current_user, tableowner, 'USAGE')) "
            "FROM pg_roles WHERE rolname = current_user"
        )
        superuser, owner = cursor.fetchone()
    if superuser or owner:
        yield Finding(
            NAME,
            "note",
            f"{described()}. The role that Milieu uses owns the tables, so it could switch off "
            "the guards of the record.",
            "Serve with a role that only reads and writes rows: docs/run/postgresql.md.",
        )


def _secrets() -> Iterator[Finding]:
    for path in secret_files():
        if path.exists() and path.stat().st_mode & READABLE_BY_OTHERS:
            yield _unsafe(f"Others on this machine can read {path}.", f"Run: chmod 600 {path}")


def secret_files() -> list[Path]:
    """Return the files that only their owner may read."""
    authority = settings.HOME / "caddy" / "pki" / "authorities" / "local"
    own = [settings.HOME / f"{name}.key" for name in ("secret", "seal", "tag", "push")]
    return [*own, authority / "root.key", authority / "intermediate.key"]


def _debug() -> Iterator[Finding]:
    if settings.DEBUG:
        yield _unsafe(
            "DEBUG is on: pages of faults would show what people wrote.", "Switch it off."
        )


def _unsafe(says: str, do: str) -> Finding:
    return Finding(NAME, "mend", says, do)


def _pragma(name: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        row = cursor.fetchone()
    return row[0] if row else None
