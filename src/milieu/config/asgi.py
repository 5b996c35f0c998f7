"""The one application that the server runs: the live feed as it is, every page through WSGI."""

import gc
from typing import Any, Final

from django.core.wsgi import get_wsgi_application

from milieu.config.bridge import Bridge, Receive, Scope, Send, environ
from milieu.config.environment import name_settings_module

name_settings_module("milieu.config.settings")
pages = get_wsgi_application()  # sets the house up; what follows needs it

from milieu.board.live import live  # noqa: E402
from milieu.keeping.parts import end_with_parent  # noqa: E402
from milieu.kernel.shapes import work_out_shapes  # noqa: E402
from milieu.people.middleware import LIVE  # noqa: E402

# Asked for before anyone else does: imports, templates and the phone's files are then ready.
FIRST_PAGES: Final = ("/accounts/login/", "/phone/", "/phone/sw.js", "/phone/pack")
MADE_BEFORE_LOOKING: Final = 20_000  # objects that wait to be looked at; Python's own: 700
_bridge = Bridge(pages)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Lead each request to the part that answers it."""
    match scope["type"]:
        case "lifespan":
            await _begin_and_end(receive, send)
        case "http" if scope["path"].startswith(LIVE):
            await live(scope, receive, send)
        case "http":
            await _bridge(scope, receive, send)
        case "websocket":
            await send({"type": "websocket.close", "code": 1000})


def get_ready() -> None:
    """Load all that answers need, by giving some, before workers are forked from this process."""
    for path in FIRST_PAGES:
        list(pages(environ(_request_of(path), b""), _to_nobody))
    work_out_shapes()  # all are loaded now, and nobody else has asked yet
    settle_memory()


async def _begin_and_end(receive: Receive, send: Send) -> None:
    while True:
        message: Any = await receive()
        if message["type"] == "lifespan.startup":
            end_with_parent()  # a worker whose server was killed must not hold the port
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def settle_memory() -> None:
    """Tell Python that what is loaded stays, and to look for rubbish less often.

    It frees by counting; looking is for what points at itself in a circle, which requests hardly
    make. Looking as often as it comes was 0.08 ms of a push's 3.6.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BEFORE_LOOKING)


def _request_of(path: str) -> Scope:
    return {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "http_version": "1.1",
        "headers": [(b"host", b"localhost"), (b"accept-encoding", b"br")],
    }


def _to_nobody(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
    """Let the head of an answer go that nobody asked for (WSGI's ``start_response``)."""
