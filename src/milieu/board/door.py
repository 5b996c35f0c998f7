"""Who may have a feed: asked of the pages themselves, so that no check is written twice."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import chain
from typing import Any

import msgspec
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpResponse

from milieu.board.render import Wanted

# Headers by which readers differ: desks and screens on walls show a cookie, phones a token.
TELLING = frozenset({b"cookie", b"authorization", b"accept-language"})
REMEMBERED_S = 15.0  # of these and one address: for readers who ask again and again
REMEMBERED_MAX = 2000
THREADS = 2

Key = tuple[bytes, ...]
NEVER: tuple[float, Wanted | None] = (0.0, None)


class Door:
    """Leads a request through the whole middleware to the page that says what its feed shows."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="door")
        self._pages: BaseHandler | None = None
        self._remembered: OrderedDict[Key, tuple[float, Wanted]] = OrderedDict()

    async def admit(
        self, scope: MutableMapping[str, Any], *, remembered: bool = False
    ) -> Wanted | int:
        """Return what this reader's board shows, or the status that says why they get none."""
        key = _key(scope)
        asked_at, known = self._remembered.get(key, NEVER)
        if remembered and known and time.monotonic() - asked_at < REMEMBERED_S:
            return known
        loop = asyncio.get_running_loop()
        allowed = await loop.run_in_executor(self._threads, self._ask, dict(scope))
        self._remembered.pop(key, None)
        if remembered and isinstance(allowed, Wanted):
            self._remembered[key] = (time.monotonic(), allowed)
            if len(self._remembered) > REMEMBERED_MAX:
                self._remembered.popitem(last=False)
        return allowed

    def _ask(self, scope: dict[str, Any]) -> Wanted | int:
        close_old_connections()
        if self._pages is None:
            pages = BaseHandler()
            pages.load_middleware()
            self._pages = pages
        response = self._pages.get_response(ASGIRequest(scope, BytesIO()))
        try:
            if isinstance(response, HttpResponse) and response.status_code == 200:
                return msgspec.json.decode(response.content, type=Wanted)
            return 401 if response.status_code == 302 else response.status_code
        finally:
            response.close()


def _key(scope: MutableMapping[str, Any]) -> Key:
    told = sorted(pair for pair in scope["headers"] if pair[0] in TELLING)
    return (scope["path"].encode(), scope["query_string"], *chain.from_iterable(told))
