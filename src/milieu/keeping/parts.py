"""The parts of a unit's server: each is a program of its own, and each runs alone too."""

import ctypes
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

WORKERS_MAX: Final = 4
WORKERS_MAX_SQLITE: Final = 2
CONNECTIONS_MAX: Final = 8192  # open at once in one worker: boards and phones hold theirs
STOP_S: Final = 8  # how long a worker may finish what it has begun
PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True)
class Part:
    """One program, and what it is told besides what the environment says."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def argv(self) -> list[str]:
        """Return the command line. ``env`` sets names for this part alone."""
        if not self.environment:
            return list(self.command)
        return [
            "env",
            *(f"{name}={value}" for name, value in self.environment.items()),
            *self.command,
        ]


def milieu(*arguments: str) -> tuple[str, ...]:
    """Return the command line that runs this same program with other arguments."""
    return (str(Path(sys.executable).with_name("milieu")), *arguments)


def workers() -> int:
    """Return how many processes answer: one for each core, within bounds.

    On SQLite writers wait for each other, however many answer. Two of them gave 2.3 times as many
    pages as one, whose threads take Python's one lock from each other.
    """
    most = WORKERS_MAX_SQLITE if connection.vendor == "sqlite" else WORKERS_MAX
    return min(os.cpu_count() or 1, most)


def pages_command(count: int) -> list[str]:
    """Return the command line of the web server."""
    return [
        sys.executable,
        "-m",
        "granian",
        "milieu.config.asgi:application",
        *("--interface", "asgi", "--http", "1", "--no-ws"),
        *("--host", LOOPBACK, "--port", str(settings.PORT)),
        *("--workers", str(count), "--respawn-failed-workers", "--respawn-interval", "0.5"),
        *("--workers-kill-timeout", str(STOP_S)),
        *("--backlog", "2048", "--backpressure", str(CONNECTIONS_MAX)),
        *("--loop", "asyncio", "--log-level", "warning"),
    ]


def end_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends, however that ends. Linux only.

    Without it, a web server whose supervisor was killed would keep the port, and nobody would
    look after it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
