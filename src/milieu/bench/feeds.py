"""Many open boards: connections that listen to the live feed, read by one thread."""

import selectors
import socket
import time
from typing import Final

from milieu.bench.load import END_OF_HEAD, PIECE, Unexpected
from milieu.keeping.parts import LOOPBACK

KEPT: Final = 131_072  # bytes of each feed that are looked through; a board of 40 is 30,000


class Feeds:
    """Open boards. ``hear`` reads what came on all of them until each said what is waited for."""

    def __init__(self, port: int, request: bytes, many: int, *, at_once: int = 100) -> None:
        self._selector = selectors.DefaultSelector()
        self._heard: dict[socket.socket, bytearray] = {}
        for start in range(0, many, at_once):
            for _ in range(min(at_once, many - start)):
                self._open(port, request)
            self.hear(b"event: board", within_s=60)

    def _open(self, port: int, request: bytes) -> None:
        link = socket.create_connection((LOOPBACK, port), timeout=30)
        link.sendall(request)
        link.settimeout(0)
        self._selector.register(link, selectors.EVENT_READ)
        self._heard[link] = bytearray()

    def hear(self, words: bytes, *, within_s: float) -> float:
        """Read until every feed has said these words; return when the last one did.

        Raises:
            Unexpected: one did not in time, hung up, or was refused.
        """
        waiting = {link for link, heard in self._heard.items() if words not in heard}
        last, patience = time.perf_counter(), time.perf_counter() + within_s
        while waiting:
            if time.perf_counter() > patience:
                raise Unexpected(f"{len(waiting)} feeds did not say {words!r} within {within_s} s.")
            for key, _ in self._selector.select(timeout=0.5):
                link = key.fileobj
                assert isinstance(link, socket.socket), "Only sockets are registered."
                if words in self._read(link) and link in waiting:
                    waiting.remove(link)
                    last = time.perf_counter()
        return last

    def _read(self, link: socket.socket) -> bytearray:
        piece = link.recv(PIECE)
        heard = self._heard[link]
        first = not heard
        heard += piece
        if not piece or (first and END_OF_HEAD in heard and not heard.startswith(b"HTTP/1.1 200 ")):
            raise Unexpected(f"A feed ended: {bytes(heard[:200])!r}")
        del heard[:-KEPT]
        return heard

    def close(self) -> None:
        """Close every board."""
        for link in self._heard:
            link.close()
        self._selector.close()
