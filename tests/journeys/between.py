"""What may stand between a phone and its server: a real proxy, which fails as networks do."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.running import Server

PUSH = "/phone/push"
WORKER = "/phone/sw.js"
OF_ONE_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


@dataclass(frozen=True)
class Instead:
    """What the phone gets in place of the server's answer to a push."""

    name: str
    status: int | None = None  # none: the line breaks before anything is answered
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    reaches_server: bool = True  # the server has stored it; only its answer is lost


class Between:
    """A reverse proxy. ``instead`` spoils the answers to pushes, ``version`` the worker's."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.instead: Instead | None = None
        self.version = ""
        self.spoiled = 0  # pushes that got something else for an answer
        handler = type("Handler", (_Handler,), {"between": self})
        self.listener = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.listener.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.listener.server_port}"

    def serve(self) -> None:
        self.listener.serve_forever(poll_interval=0.1)


@contextmanager
def proxy_of(server: Server) -> Iterator[Between]:
    """Run a proxy before this server."""
    between = Between(server)
    thread = threading.Thread(target=between.serve)
    thread.start()
    try:
        yield between
    finally:
        between.listener.shutdown()
        between.listener.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    between: Between
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def answer(self) -> None:
        asked = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.partition("?")[0]
        instead = self.between.instead if path == PUSH else None
        if not instead:
            status, headers, body = self.from_server(asked)
            if path == WORKER and self.between.version:
                named = f'const VERSION = "{self.between.version}"'.encode()
                body = re.sub(rb'const VERSION = "\w+"', named, body, count=1)
            self.send(status, headers, body)
            return
        if instead.reaches_server:
            self.from_server(asked)
        if instead.status is None:
            self.close_connection = True
        else:
            self.send(instead.status, instead.headers, instead.body)
        self.between.spoiled += 1

    def from_server(self, asked: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        link = HTTPConnection("127.0.0.1", self.between.server.port, timeout=20)
        said = {
            name: value for name, value in self.headers.items() if name.lower() not in OF_ONE_HOP
        }
        try:
            link.request(self.command, self.path, asked, {**said, "Accept-Encoding": "identity"})
            answer = link.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            link.close()

    def send(
        self, status: int, headers: list[tuple[str, str]] | tuple[tuple[str, str], ...], body: bytes
    ) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in OF_ONE_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing: the tests say what they saw."""
