"""The parts of a unit's server: each is a process of its own, and each runs alone too."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.core.management import call_command
from django.db import connection
from setproctitle import setproctitle

WORKERS_MAX: Final = 4
WORKERS_MAX_SQLITE: Final = 2
PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
LOOPBACK: Final = "127.0.0.1"


@dataclass(frozen=True)
class Part:
    """One process, and what it does from its beginning to its end."""

    name: str
    run: Callable[[], object]


def own(name: str, command: str, **options: Any) -> Part:
    """Return a part that is a command of Milieu."""
    return Part(name, partial(_command, command, options))


def program(name: str, *argv: str) -> Part:
    """Return a part that is another program."""
    return Part(name, partial(os.execv, argv[0], argv))


def _command(command: str, options: dict[str, Any]) -> None:
    setproctitle(f"milieu {command}")  # what `ps` says of it
    call_command(command, **options)


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


def end_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends, however that ends. Linux only.

    Without it, a web server whose supervisor was killed would keep the port, and nobody would
    look after it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
