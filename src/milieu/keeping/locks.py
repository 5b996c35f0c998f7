"""Who works on this data folder: a lock that the kernel lets go when the last holder ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from milieu.kernel.errors import Refusal

MIGRATING: Final = 0x4D494C49  # PostgreSQL advisory lock: "MILI"
TURNS: Final = {"lookout": 0x4D494C4A, "post": 0x4D494C4B}  # and those after it


@contextmanager
def serving() -> Iterator[int]:
    """Hold this data folder for one server; yield the lock, for its parts to hold too.

    Parts that outlive their supervisor keep holding it, so nothing restores under them.

    Raises:
        Refusal ``already-serving``: another server works on it.
    """
    handle = _open("serve.lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 20, 0).decode() or "unknown"
        os.close(handle)
        raise Refusal(
            "already-serving",
            f"Another server (process {holder}) works on {settings.HOME}. "
            "Stop that one first, or set MILIEU_HOME to another folder.",
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def working() -> Iterator[None]:
    """Hold this data folder for one part, beside others: nothing is restored under it.

    Raises:
        Refusal ``restoring``: a backup is being put back just now.
    """
    with _held("work.lock", fcntl.LOCK_SH) as mine:
        if not mine:
            raise Refusal(
                "restoring",
                f"A backup is being put back into {settings.HOME}. Wait until that has ended.",
            )
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Hold this data folder while no part works on it, whoever started that part.

    Raises:
        Refusal ``already-serving``: one does.
    """
    with _held("work.lock", fcntl.LOCK_EX) as mine:
        if not mine:
            raise Refusal(
                "already-serving",
                f"A part of Milieu (pages, ticker or seal) still works on {settings.HOME}. "
                "Stop it first.",
            )
        yield


@contextmanager
def migrating() -> Iterator[None]:
    """Take turns with other starts that bring the tables up to date."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")  # however long it takes
            cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
            cursor.execute("RESET lock_timeout")
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])
        return
    handle = _open("migrate.lock")
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)


class Turn:
    """One process of all that work on this database has it, until it ends, however that ends."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._handle: int | None = None
        self._link: object = None  # the connection that holds the lock: with it, the lock goes

    def mine(self) -> bool:
        """Take the turn if nobody has it; return whether this process has it now."""
        if connection.vendor == "postgresql":
            return self._mine_on_postgresql()
        if self._handle is None:
            handle = _open(f"{self._name}.lock")
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return False
            self._handle = handle
        return True

    def end(self) -> None:
        """Let the next have it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        if self._link is not None:
            connection.close()  # the lock goes with it
            self._link = None

    def _mine_on_postgresql(self) -> bool:
        connection.ensure_connection()
        if self._link is not None and self._link is connection.connection:
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [TURNS[self._name]])
            (taken,) = cursor.fetchone()
        self._link = connection.connection if taken else None
        return bool(taken)


@contextmanager
def _held(name: str, how: int) -> Iterator[bool]:
    """Hold a lock inside, if it is to be had now; yield whether it was."""
    handle = _open(name)
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)


def _open(name: str) -> int:
    path: Path = settings.HOME / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
