"""A server that can be killed at any moment, and started again in a few milliseconds.

It is a process of its own with a connection of its own, and answers by the very pages that
``milieu serve`` answers by. Between it and the phones there is a pipe and no web server.
"""

import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, NamedTuple
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import connection

from milieu.bench.wire import Said, read
from milieu.record import epoch

PATIENCE_S: Final = 60
FORKED = multiprocessing.get_context("fork")  # everything is read already: a start costs 10 ms


class Request(NamedTuple):
    """One request; ``length`` is how long its body was said to be."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""
    length: int = 0


class Work(NamedTuple):
    """Something else to do inside: a function of a module, and what it is given."""

    do: Callable[..., Any]
    given: tuple[Any, ...]


class Life:
    """One life of a server on one SQLite file."""

    def __init__(self, file: Path) -> None:
        connection.close()  # what is open would be shared with the child
        self._line, theirs = FORKED.Pipe()
        self._process = FORKED.Process(target=_live, args=(theirs, file), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, request: Request) -> Said:
        """Send a request and wait for its answer."""
        self.send(request)
        return self.hear()

    def do(self, function: Callable[..., Any], *given: Any) -> Any:
        """Have a function done inside; return what it returns."""
        self._line.send(Work(function, given))
        return self._received()

    def send(self, request: Request) -> None:
        """Send a request without waiting."""
        self._line.send(request)

    def hear(self) -> Said:
        """Wait for the answer to what was sent."""
        said: Said = self._received()
        return said

    def kill(self, *, after_s: float = 0.0) -> Said | None:
        """End it at once, as ``kill -9`` does. Return what it had answered by then, if anything."""
        time.sleep(after_s)
        self._process.kill()
        self._process.join()
        said = None
        with suppress(EOFError, ConnectionResetError):
            if self._line.poll():
                said = self._line.recv()
        self._line.close()
        return said

    def _received(self) -> Any:
        assert self._line.poll(PATIENCE_S), "The server does not answer."
        found = self._line.recv()
        if isinstance(found, Exception):
            raise found
        return found


def warm_up(file: Path, requests: Iterable[Request]) -> None:
    """Answer these here, so that no life begins with reading modules and wording questions."""
    connection.settings_dict["NAME"] = file
    for request in requests:
        _page(_pages(), request)
    connection.close()
    epoch.current.cache_clear()  # asked once in a process, and every life is another one


@cache
def _pages() -> Any:
    return get_internal_wsgi_application()


def _live(line: Connection, file: Path) -> None:
    """Answer until killed, or until nobody is there to ask."""
    gc.disable()  # a look through all that was inherited would copy it, for a life of moments
    connection.settings_dict["NAME"] = file
    settings.SEAL_HEADS = file.parent / "heads"  # every history has its own
    pages = _pages()
    while True:
        try:
            asked = line.recv()
        except EOFError:
            os._exit(0)
        try:
            line.send(asked.do(*asked.given) if isinstance(asked, Work) else _page(pages, asked))
        except Exception as fault:  # noqa: BLE001 (raised again by whoever asked)
            line.send(RuntimeError(f"{type(fault).__name__}: {fault}"))


def _page(pages: Any, request: Request) -> Said:
    path, _, query = request.path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(request.length or len(request.body)),
        "wsgi.input": BytesIO(request.body),
        "HTTP_HOST": "localhost",
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    setup_testing_defaults(environ)
    heard: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], _fault: Any = None) -> None:
        heard.update(status=int(status[:3]), headers=dict(headers))

    answer = pages(environ, start)
    try:
        body = b"".join(answer)
    finally:
        answer.close()
    return Said(heard["status"], read(body), heard["headers"])
