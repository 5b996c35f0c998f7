"""Clients that cost next to nothing: requests made before, sockets kept open, answers checked."""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from milieu.keeping.parts import LOOPBACK

PATIENCE_S: Final = 60.0
PIECE: Final = 262_144
END_OF_HEAD: Final = b"\r\n\r\n"


class Unexpected(Exception):
    """The server answered something else than it has to. A figure made of such answers is none."""


class Link:
    """One connection that stays open, as a phone's or a browser's does."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((LOOPBACK, port), timeout=PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """Send a request; return the body of its answer.

        Raises:
            Unexpected: the status is not 200, or the server hung up.
        """
        self._socket.sendall(request)
        read = b""
        while END_OF_HEAD not in read:
            read += self._some()
        head, _, body = read.partition(END_OF_HEAD)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise Unexpected(f"{head.decode('latin-1')}\n{body[:500]!r}")
        pieces, missing = [body], _length(head) - len(body)
        while missing > 0:
            pieces.append(self._some())
            missing -= len(pieces[-1])
        return b"".join(pieces)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _some(self) -> bytes:
        piece = self._socket.recv(PIECE)
        if not piece:
            raise Unexpected("The server hung up.")
        return piece


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise Unexpected("An answer without Content-Length.")


@dataclass
class Measured:
    """What several clients did side by side, until the first of them had nothing left to do."""

    took_s: float = 0.0
    done: int = 0
    each_s: list[float] = field(default_factory=list)

    def __add__(self, other: "Measured") -> "Measured":
        return Measured(
            self.took_s + other.took_s, self.done + other.done, self.each_s + other.each_s
        )

    @property
    def per_s(self) -> float:
        """How many were done in a second, by all clients together."""
        return self.done / self.took_s

    def percentile_ms(self, percent: float) -> float:
        """Return the time that so many percent of the calls stayed within."""
        return percentile(self.each_s, percent) * 1000


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile."""
    ranked = sorted(values)
    place = -(-len(ranked) * percent // 100)
    return ranked[max(int(place) - 1, 0)]


Work = Sequence[Callable[[], None]]  # one client's calls, in order


class _Client(threading.Thread):
    """One client: its calls, when each ended and how long it took."""

    def __init__(self, work: Work, ready: threading.Barrier, through: threading.Event) -> None:
        super().__init__(daemon=True)
        self.work, self.ready, self.through = work, ready, through
        self.ended_at: list[float] = []
        self.each_s: list[float] = []
        self.fault: Exception | None = None

    def run(self) -> None:
        """Work until all is done, or the first of the clients is through."""
        self.ready.wait()
        try:
            began = time.perf_counter()
            for call in self.work:
                call()
                ended = time.perf_counter()
                self.ended_at.append(ended)
                self.each_s.append(ended - began)
                began = ended
                if self.through.is_set():
                    return
        except Exception as fault:  # noqa: BLE001 (said again in the thread that asked)
            if not self.through.is_set():  # what others meet with afterwards follows from it
                self.fault = fault
        finally:
            self.through.set()


def side_by_side(works: Sequence[Work]) -> Measured:
    """Run each client in a thread of its own, from one moment on.

    Counting ends when the first client is through, so that no slow end is measured. What was
    begun by then is finished, and not counted.

    Raises:
        Exception: whatever a call raised first; the figures would mean nothing.
    """
    ready, through = threading.Barrier(len(works) + 1), threading.Event()
    clients = [_Client(work, ready, through) for work in works]
    for client in clients:
        client.start()
    ready.wait()
    began = time.perf_counter()
    through.wait()
    stopped = time.perf_counter()
    for client in clients:
        client.join()
    for client in clients:
        if client.fault:
            raise client.fault
    done = sum(end <= stopped for client in clients for end in client.ended_at)
    return Measured(stopped - began, done, [each for client in clients for each in client.each_s])
