"""The processes of one server, found by who started whom. Linux alone tells this (``/proc``)."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.running import Server


def parts(server: Server, word: str = "") -> list[int]:
    """Return the server's parts, and theirs, whose command line has ``word`` in it."""
    assert server.process is not None
    return [pid for pid in below(server.process.pid) if word in command_line(pid)]


def workers(server: Server) -> list[int]:
    """Return the processes that answer requests: those that the web server started."""
    (web,) = [pid for pid in parts(server, "milieu pages") if below(pid)]
    return below(web)


def below(pid: int) -> list[int]:
    """Return every process that this one started, and those that they started."""
    found = []
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *below(int(child))]
    return found


def alive(pids: list[int]) -> list[int]:
    """Return those that still run; one that only waits to be buried does not."""
    return [pid for pid in pids if state(pid) not in ("", "Z")]


def state(pid: int) -> str:
    """Return a process's state letter, or nothing when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def command_line(pid: int) -> str:
    """Return how a process was started."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def kill(pid: int) -> None:
    """End one process at once."""
    os.kill(pid, signal.SIGKILL)
