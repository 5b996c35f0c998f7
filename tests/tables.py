"""What is made once and copied: making and packing take seconds, copying next to nothing.

Tables are made by ``milieu migrate`` from nothing, whenever a migration, or what makes them, is
another than before. Files that browsers ask for are packed by the product itself, which packs
again what is not as it would pack it now. Both are kept in pytest's own folder. The invented unit
lives until now, so it is made by ``milieu demo``, anew when the last one is a minute or two old.
"""

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "tables"
PROGRAM = Path(sys.executable).with_name("milieu")
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.served", "PYTHONPATH": str(ROOT)}
PACK = "from milieu.config.asgi import get_ready; get_ready()"  # as a server does
UNIT = """
import django
from django.core.management import call_command
django.setup()
call_command("demo", no_serve=True, days=1)
for chore in ("ticker", "seal"):
    call_command(chore, once=True)
"""
FRESH_S = 90  # older, and somebody of whom nobody took care meanwhile may be overdue
MADE_OF = (
    "src/milieu/*/migrations/*.py",
    "src/milieu/keeping/tables.py",
    "src/milieu/record/guards.py",
    "requirements/test.txt",
)


@cache
def version() -> str:
    """Return a name for what the tables are made of."""
    files = sorted(path for pattern in MADE_OF for path in ROOT.glob(pattern))
    said = sha256(sys.version.encode())
    for path in files:
        said.update(path.name.encode() + path.read_bytes())
    return said.hexdigest()[:12]


def give_tables(home: Path) -> None:
    """Put an SQLite database with all tables and nobody in it into an empty data folder."""
    shutil.copyfile(_sqlite(), home / "milieu.sqlite3")


def give_files(home: Path) -> None:
    """Put the files that browsers ask for, packed, into an empty data folder."""
    packed, tables = KEPT / "home" / "static", _sqlite()
    with _one_at_a_time():
        if not packed.exists():
            packed.parent.mkdir(exist_ok=True)
            shutil.copyfile(tables, packed.parent / "milieu.sqlite3")
            _run(packed.parent, sys.executable, "-c", PACK)
    shutil.copytree(packed, home / "static")


def give_unit(home: Path, run: Path) -> None:
    """Put the invented unit, and the files for browsers, into an empty data folder.

    ``run`` is the folder that all processes of this run have in common.
    """
    with _one_at_a_time(run):
        made = max(run.glob("unit of *"), default=None)
        if made is None or time.time() - float(made.name.split()[-1]) > FRESH_S:
            draft = run / "draft of a unit"
            draft.mkdir()
            make_unit(draft)
            made = draft.rename(run / f"unit of {time.time():.0f}")
    shutil.copytree(made, home, dirs_exist_ok=True)


def make_unit(home: Path, **environment: str) -> None:
    """Make the invented unit in an empty data folder, with the files for browsers.

    Its record is sealed and its first backup taken, so that not every server begins with that.
    """
    give_tables(home)
    give_files(home)
    _run(home, sys.executable, "-c", UNIT, MILIEU_DEMO="yes", **environment)


def before_others(folder: Path) -> dict[str, str]:
    """Return what lets a program find the modules of this folder before any other."""
    return {"PYTHONPATH": os.pathsep.join([str(folder), SETTINGS["PYTHONPATH"]])}


def fill(database: str) -> None:
    """Copy the tables into an SQLite database that SQLite itself knows by this address."""
    with (
        closing(sqlite3.connect(_sqlite())) as tables,
        closing(sqlite3.connect(database, uri=True)) as empty,
    ):
        tables.backup(empty)


def postgresql(owner_url: str) -> str:
    """Return the name of a PostgreSQL database to be copied; the first that asks makes it."""
    name = f"milieu_tables_{version()}"
    with _one_at_a_time(), psycopg.connect(owner_url, autocommit=True) as link:
        known = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            draft = f"{name}_draft"
            link.execute(f"DROP DATABASE IF EXISTS {draft}")
            link.execute(f"CREATE DATABASE {draft}")
            with tempfile.TemporaryDirectory() as home:
                _migrate(Path(home), f"{owner_url.rpartition('/')[0]}/{draft}")
            link.execute(f"ALTER DATABASE {draft} RENAME TO {name}")
    return name


def copy_postgresql(owner_url: str, name: str) -> None:
    """Make a PostgreSQL database of this name with all tables and nobody in it."""
    tables = postgresql(owner_url)
    with psycopg.connect(owner_url, autocommit=True) as link:
        make = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        link.execute(make.format(sql.Identifier(name), sql.Identifier(tables)))


def _sqlite() -> Path:
    made = KEPT / f"{version()}.sqlite3"
    with _one_at_a_time():
        if not made.exists():
            for old in KEPT.glob("*.sqlite3"):
                old.unlink()
            with tempfile.TemporaryDirectory(dir=KEPT) as home:
                _migrate(Path(home))
                (Path(home) / "milieu.sqlite3").rename(made)
    return made


def _migrate(home: Path, database_url: str = "") -> None:
    _run(home, str(PROGRAM), "migrate", "-v", "0", MILIEU_DATABASE_URL=database_url)


def _run(home: Path, *words: str, **environment: str) -> None:
    own = {"MILIEU_HOME": str(home), "MILIEU_DATABASE_URL": "", "MILIEU_DEMO": "no"}
    subprocess.run(words, env=os.environ | own | SETTINGS | environment, check=True)


@contextmanager
def _one_at_a_time(folder: Path = KEPT) -> Iterator[None]:
    """Wait for the other processes that make something in this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    _sqlite()
