"""Where the record is kept: one SQLite file by default, PostgreSQL where a hospital runs it."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from milieu.keeping.rules import journal_mode

BUSY_SECONDS = 10
# What PostgreSQL does by itself is wait for ever: a phone is told to come back instead. What is
# prepared (``record/prepared.py``) is planned once: left to itself, it plans the two questions
# behind a clock anew for each push: 1.7 ms, where answering them takes 0.6. All other questions
# come with their values, and are planned for them: a plan for any values reads a whole record.
PATIENCE = {
    "connect_timeout": "10",
    "options": f"-c lock_timeout={BUSY_SECONDS}s -c plan_cache_mode=force_generic_plan",
}
SPELT = (  # the address itself holds a password, and is not told
    "MILIEU_DATABASE_URL cannot be read. Write postgresql://role:password@host:5432/database, and "
    "in a password @ as %40, : as %3A, / as %2F, # as %23, ? as %3F and % as %25."
)


def database(home: Path, url: str) -> dict[str, Any]:
    """Return Django's settings for the database at ``url``; empty means SQLite in ``home``."""
    if not url:
        return _sqlite(home / "milieu.sqlite3")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:  # what stands for a port is a piece of a password
        raise ImproperlyConfigured(SPELT) from fault
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            "MILIEU_DATABASE_URL must begin with postgresql:// or be empty for SQLite."
        )
    name = unquote(parts.path.removeprefix("/"))
    if parts.fragment or not name or "/" in name:
        raise ImproperlyConfigured(SPELT)
    return {
        "ENGINE": "milieu.config.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts.netloc),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # our engine has none, and nothing here asks for one
        "OPTIONS": {**PATIENCE, **dict(parse_qsl(parts.query))},
    }


def _host(netloc: str) -> str:
    """Return the host as it is spelt: a folder of sockets may have capitals, unlike a name."""
    host = netloc.rpartition("@")[2]
    found = host[1:].partition("]") if host.startswith("[") else host.partition(":")
    return unquote(found[0])


def _sqlite(path: Path) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",  # writers queue, instead of giving up half-way
            # FULL: NORMAL loses acknowledged entries when the power goes.
            "init_command": f"PRAGMA journal_mode={journal_mode(sqlite3.sqlite_version_info)}; "
            "PRAGMA synchronous=FULL; PRAGMA mmap_size=0; "
            "PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON",
        },
    }
