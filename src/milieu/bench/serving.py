"""A real ``milieu serve`` with data of its own, on the bench's own database."""

import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from milieu.keeping.parts import LOOPBACK, milieu

START_WITHIN_S: Final = 60
STOP_WITHIN_S: Final = 30
# On a disk: where /tmp is memory, a durable commit costs nothing.
LASTING = Path("/var/tmp")  # noqa: S108
OPERATORS_OWN = (
    "MILIEU_HOSTS",
    "MILIEU_HTTPS",
    "MILIEU_MFA_ROLES",
    "MILIEU_BACKUPS",
    "MILIEU_PHONE_OFF",
)
SECRETS = ("MILIEU_DATABASE_URL", "MILIEU_SECRET_KEY", "MILIEU_OIDC_SERVER")
KIB: Final = 1024


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(kw_only=True)
class Home:
    """A data folder for one run. Nothing that the operator has set for real data reaches it."""

    folder: Path
    owner_url: str = ""  # the database's address for whoever makes tables; empty: SQLite
    app_url: str = ""  # and for whoever serves: may read and write rows, owns nothing
    demo: bool = False
    port: int = field(default_factory=free_port)

    def command(self, *words: str, owner: bool = False) -> list[str]:
        """Return a command line that runs these words on this folder's data."""
        apart = [f"-u{name}{end}" for name in (*OPERATORS_OWN, *SECRETS) for end in ("", "_FILE")]
        return [
            "env",
            *apart,
            "DJANGO_SETTINGS_MODULE=milieu.config.settings",
            f"MILIEU_HOME={self.folder}",
            f"MILIEU_PORT={self.port}",
            f"MILIEU_DEMO={'yes' if self.demo else 'no'}",
            f"MILIEU_DATABASE_URL={self.owner_url if owner else self.app_url}",
            *words,
        ]

    def run(self, *words: str) -> str:
        """Run ``milieu`` with these words, as the owner of the tables; return what it printed."""
        return self._run(milieu(*words))

    def inside(self, module: str, *words: str) -> str:
        """Run ``main`` of a module on this data, as the owner of the tables."""
        return self._run([sys.executable, "-m", "milieu.bench.inside", module, *words])

    def _run(self, words: list[str] | tuple[str, ...]) -> str:
        done = subprocess.run(  # noqa: S603
            self.command(*words, owner=True), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    @contextmanager
    def served(self, *more: str) -> Iterator["Served"]:
        """Serve this folder; yield when ``/healthz`` says ready, end every part afterwards."""
        log = self.folder / "serve.log"
        words = milieu("serve", "--no-migrate", "--no-demo-life", *more)
        with log.open("ab") as out:
            process = subprocess.Popen(  # noqa: S603
                self.command(*words), stdout=out, stderr=subprocess.STDOUT
            )
        served = Served(port=self.port, process=process)
        try:
            patience = time.monotonic() + START_WITHIN_S
            while not served.ready():
                if process.poll() is not None or time.monotonic() > patience:
                    raise RuntimeError(f"The server did not start:\n{log.read_text()}")
                time.sleep(0.05)
            yield served
        finally:
            process.terminate()
            process.wait(STOP_WITHIN_S)


@contextmanager
def new_home() -> Iterator[Path]:
    """Yield an empty folder on a disk; it is gone afterwards."""
    where = LASTING if LASTING.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="milieu-bench-", dir=where) as name:
        yield Path(name)


@dataclass(frozen=True)
class Served:
    """A server that runs."""

    port: int
    process: subprocess.Popen[bytes]

    def ready(self) -> bool:
        """Return whether the server says that it is ready."""
        link = HTTPConnection(LOOPBACK, self.port, timeout=5)
        try:
            link.request("GET", "/healthz")
            return link.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            link.close()

    def memory_kb(self) -> float:
        """Return what every part of the server holds in memory, in kB (1000 bytes)."""
        return sum(_memory(pid) for pid in _family(self.process.pid)) / 1000


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _memory(pid: int) -> int:
    """Return a process's own and shared memory in bytes; what several share is counted in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return 0
    return sum(int(line.split()[1]) * KIB for line in lines if line.startswith("Pss:"))


def allow_connections(count: int) -> None:
    """Let this process, and those that it starts, hold so many connections open.

    Raises:
        RuntimeError: the machine's own limit is lower.
    """
    wanted = count + 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise RuntimeError(f"This machine allows {hard} open files; raise it: ulimit -Hn {wanted}")
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
