"""From the async server to Django's sync pages: whole requests in, whole answers out, in threads.

Written here instead of taken from a2wsgi because of what was measured and read there. It crosses
between thread and event loop for the head and again for each piece of an answer: with 8 clients a
trivial page went out 1,500 times a second, here 2,700 times, under plain WSGI 6,000 times (0.2 ms
less of a page). It takes a body that was cut off for a complete one, joins ``X_Forwarded_Proto``
with ``X-Forwarded-Proto``, and lets any number of requests wait. A page is small, so one crossing
each way is enough; only what is large is sent piece by piece.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, Final
from urllib.parse import unquote_to_bytes

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
WSGIApp = Callable[[Environ, Any], Iterable[bytes]]

THREADS: Final = 3  # writing at once in one process: with 8, a push cost a half more under load
READERS: Final = 3  # besides, for GET: more only take Python's one lock from each other
WAITING_MAX: Final = 256  # requests that wait for a thread; more are told to come back
BODY_MAX: Final = 1_048_576 + 65_536  # bytes: a phone's largest push (1 MiB) and a margin
PIECE: Final = 262_144  # bytes; a larger answer is sent in pieces
SLOW_READER_S: Final = 30  # a reader who takes no piece for this long is let go
READING: Final = ("GET", "HEAD")

TOO_LARGE: Final = (413, "too-large", "This is larger than 1 MiB. Send it in smaller parts.")
ENCODED: Final = (415, "wrong-shape", "Send the body as it is, without Content-Encoding.")
BUSY: Final = (503, "busy", "The server is busy. Send this again in a moment.")


class Cut(Exception):
    """The request ended before its body did. Nobody is there to be answered."""


class Refused(Exception):
    """The request will not be read: status, code and message say why."""


class Bridge:
    """An ASGI application that runs a WSGI one in two bounded pools of threads.

    Whoever reads does not wait behind those who write, and who in turn wait for the disk.
    """

    def __init__(
        self,
        app: WSGIApp,
        *,
        threads: int = THREADS,
        readers: int = READERS,
        waiting: int = WAITING_MAX,
    ) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="pages")
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="readers")
        self._room = threads + readers + waiting

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        try:
            body = await self._admit(scope, receive)
        except Cut:
            return
        except Refused as refused:
            await _refuse(send, *refused.args)
            return
        self._room -= 1
        loop = asyncio.get_running_loop()
        pool = self._readers if scope["method"] in READING else self._pool
        try:
            answer = await loop.run_in_executor(
                pool, self._work, environ(scope, body), _Way(loop, send)
            )
        finally:
            self._room += 1
        for message in answer:
            await send(message)

    async def _admit(self, scope: Scope, receive: Receive) -> bytes:
        headers = dict(scope["headers"])
        if headers.get(b"content-encoding", b"identity") not in (b"identity", b""):
            raise Refused(*ENCODED)
        if int(headers.get(b"content-length", b"0")) > BODY_MAX:
            raise Refused(*TOO_LARGE)
        if self._room <= 0:
            raise Refused(*BUSY)
        return await _read(receive)

    def _work(self, environ: Environ, way: "_Way") -> list[Message]:
        """Run the application in this thread. Return the messages that are not sent yet."""
        pieces = self._app(environ, way.start)
        try:
            held = bytearray()
            for piece in pieces:
                held += piece
                if len(held) > PIECE:
                    way.now(bytes(held))
                    held.clear()
            return [*way.head(), {"type": "http.response.body", "body": bytes(held)}]
        finally:
            if close := getattr(pieces, "close", None):
                close()


class _Way:
    """The way back from a thread to the one who asked."""

    def __init__(self, loop: asyncio.AbstractEventLoop, send: Send) -> None:
        self._loop, self._send = loop, send
        self._head: list[Message] = []

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], None]:
        """Keep the head of the answer until the first piece goes (WSGI's ``start_response``)."""
        pairs = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        head = {"type": "http.response.start", "status": int(status[:3]), "headers": pairs}
        self._head = [head]
        return self.now

    def head(self) -> list[Message]:
        """Return the head if it was not sent yet."""
        head, self._head = self._head, []
        return head

    def now(self, piece: bytes) -> None:
        """Send a piece, and wait until the event loop took it.

        Raises:
            TimeoutError: the reader takes nothing.
        """
        body = {"type": "http.response.body", "body": piece, "more_body": True}
        for message in [*self.head(), body]:
            sent = asyncio.run_coroutine_threadsafe(_give(self._send, message), self._loop)
            sent.result(SLOW_READER_S)


async def _give(send: Send, message: Message) -> None:
    await send(message)


async def _read(receive: Receive) -> bytes:
    """Read the whole body, and not one piece more than the limit."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Cut
        body += message.get("body", b"")
        if len(body) > BODY_MAX:
            raise Refused(*TOO_LARGE)
        if not message.get("more_body", False):
            return bytes(body)


async def _refuse(send: Send, status: int, code: str, message: str) -> None:
    body = b'{"code": "%s", "message": "%s", "field": ""}' % (code.encode(), message.encode())
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),  # what is left of the body is not read
    ]
    if status == BUSY[0]:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def environ(scope: Scope, body: bytes) -> Environ:
    """Return WSGI's view of a request (PEP 3333)."""
    path = unquote_to_bytes(scope.get("raw_path") or scope["path"].encode())
    host, port = scope.get("server") or ("localhost", 80)
    found: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(found, name.decode("latin-1"), value.decode("latin-1"))
    found["CONTENT_LENGTH"] = str(len(body))  # what was read, however it was sent
    return found


def _add_header(found: Environ, name: str, value: str) -> None:
    if "_" in name:  # X_Forwarded_Proto must not pass for X-Forwarded-Proto
        return
    key = name.upper().replace("-", "_")
    key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
    if key in found:
        value = found[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
    found[key] = value
