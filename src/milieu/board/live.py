"""The live feed: Server-Sent Events that keep every open board as the unit is now.

One small async part beside the pages. It asks the record four times a second what is new, renders
a unit's board once for all who want the same, and sends them the same bytes. A reader who is too
slow for a board gets the next one instead: nothing is queued.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from milieu.board.boards import Boards, Group
from milieu.board.door import Door
from milieu.board.render import Wanted

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

CHECK_AGAIN_S = 60.0  # an open feed asks again whether its reader may still see the unit
FAREWELL_S = 2.0  # the server says within this that the last word has gone out
OPEN_MAX = 4000  # feeds of one process

EVENTS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
MARKUP = [
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
GONE = b"event: gone\ndata: \n\n"
boards = Boards()
door = Door()


async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request below ``/live/``: a feed, or with ``?once`` the board as it is now."""
    if scope["method"] != "GET":
        await _answer(send, 405)
        return
    once = b"once" in scope["query_string"]  # for readers behind a proxy that holds feeds back
    allowed = await door.admit(scope, remembered=once)
    if not isinstance(allowed, Wanted):
        await _answer(send, allowed)
    elif once:
        await _answer(send, 200, MARKUP, await boards.now(allowed))
    elif boards.open >= OPEN_MAX:
        await _answer(send, 503, [(b"retry-after", b"10")])
    else:
        await _feed(scope, receive, send, allowed)


async def _answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]] | None = None, body: bytes = b""
) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers or []})
    await send({"type": "http.response.body", "body": body})


async def _feed(scope: Scope, receive: Receive, send: Send, wanted: Wanted) -> None:
    """Keep one reader's board up to date until they leave, or may not see it any longer."""
    await send({"type": "http.response.start", "status": 200, "headers": EVENTS})
    async with boards.joined(wanted) as (group, wake):
        left = asyncio.ensure_future(_left(receive, wake))
        await _speak(scope, send, group, wake, left)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
    # Not cancelled at once: the server (Granian 2.8) does not end while it holds a broken wait.
    await asyncio.wait([left], timeout=FAREWELL_S)


async def _left(receive: Receive, wake: asyncio.Event) -> None:
    """Return when the reader has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    wake.set()


async def _speak(
    scope: Scope, send: Send, group: Group, wake: asyncio.Event, left: "asyncio.Future[None]"
) -> None:
    shown, checked = 0, time.monotonic()
    while True:
        await wake.wait()
        wake.clear()
        if left.done() or boards.stopping:
            return
        if time.monotonic() - checked > CHECK_AGAIN_S:
            checked = time.monotonic()
            if await door.admit(scope) != group.wanted:
                await send({"type": "http.response.body", "body": GONE, "more_body": True})
                return
        news = group.event if group.number != shown else boards.beat
        shown = group.number
        await send({"type": "http.response.body", "body": news, "more_body": True})
