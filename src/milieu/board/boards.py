"""Every open board of this process: who wants which, and what it says now."""

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from types import FrameType
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec
import structlog
from django.db import close_old_connections
from django.utils import translation

from milieu.board import rows
from milieu.board.render import Wanted, board
from milieu.help import services as help_calls
from milieu.help.shown import for_phones
from milieu.kernel import clock
from milieu.kernel.clock import rfc3339
from milieu.record.feed import Feed
from milieu.record.stamp import stamp

POLL_S = 0.25
CALLS_AGAIN = timedelta(hours=1)  # what a phone is told of calls moves only when something is said
BEATS = 20  # each reader hears from the server every 20th look at the record: every 5 seconds
THREADS = 2

T = TypeVar("T")
log = structlog.get_logger(__name__)


def at_the_end_of_the_process(act: Callable[[], None]) -> None:
    """Do this as soon as the process is asked to end.

    A server waits for what it has begun before it says that it is ending, and a feed has no end of
    its own. So this stands before the handlers that are there, and they are called as before.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def ending(
            number: int, frame: FrameType | None, before: Any = before, loop: Any = loop
        ) -> None:
            loop.call_soon_threadsafe(act)
            if callable(before):
                before(number, frame)

        signal.signal(number, ending)
        signal.siginterrupt(number, False)  # noqa: FBT003


class Shown(NamedTuple):
    """What the readers of a group are shown, until when it stays so, and which alerts it shows."""

    markup: str
    until: datetime
    alerts: frozenset[UUID] = frozenset()


class Group:
    """The readers who want the same board, and its newest rendering."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.readers: dict[asyncio.Event, int] = {}  # how to wake each, and its place in the beat
        self.number = 0  # of the rendering; 0: none yet
        self.event = b""
        self.until: datetime | None = None
        self.alerts: frozenset[UUID] = frozenset()

    def take(self, newest: Shown) -> None:
        """Keep a new rendering, and wake the readers if it says something else."""
        self.until, self.alerts = newest.until, newest.alerts
        event = _event(newest.markup)
        if event != self.event:
            self.event, self.number = event, self.number + 1
            for wake in self.readers:
                wake.set()


class Boards:
    """Looks at the record while anybody has a board open, and keeps every group up to date."""

    def __init__(self) -> None:
        self.groups: dict[Wanted, Group] = {}
        self.stopping = False
        self.beat = b""
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="boards")
        self._watch: asyncio.Task[None] | None = None
        self._joined = 0
        self._calls: frozenset[tuple[UUID, UUID, int]] = frozenset()

    @property
    def open(self) -> int:
        """How many boards are open."""
        return sum(len(group.readers) for group in self.groups.values())

    @asynccontextmanager
    async def joined(self, wanted: Wanted) -> AsyncIterator[tuple[Group, asyncio.Event]]:
        """Be a reader of a board: woken when it changes, and for each beat."""
        group = self.groups.setdefault(wanted, Group(wanted))
        wake = asyncio.Event()
        group.readers[wake] = self._joined % BEATS
        self._joined += 1
        if group.number:
            wake.set()
        if self._watch is None:
            at_the_end_of_the_process(self.stop)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._keep_watch())
        try:
            yield group, wake
        finally:
            del group.readers[wake]
            if not group.readers:
                self.groups.pop(wanted, None)

    async def now(self, wanted: Wanted) -> bytes:
        """Return the board as it is now, as markup."""
        return (await self._in_thread(partial(_render, wanted))).markup.encode()

    def stop(self) -> None:
        """End the watch, and wake every reader so that they leave."""
        self.stopping = True
        if self._watch:
            self._watch.cancel()
        for group in self.groups.values():
            for wake in group.readers:
                wake.set()

    async def _keep_watch(self) -> None:
        """Look until the last board is closed. While looking fails, no heart beats."""
        feed: Feed | None = None
        turn = 0
        while self.groups and not self.stopping:
            try:
                if feed is None:
                    feed = await self._in_thread(Feed)
                await self._look(feed)
            except Exception:  # the board grows stale and says so; the next look may succeed
                log.exception("board_feed")
                feed = (
                    None  # the next begins at the newest entry: what came until then is shown anew
                )
                for group in self.groups.values():
                    group.until = None
            else:
                turn = (turn + 1) % BEATS
                self._beat(turn)
            await asyncio.sleep(POLL_S)

    async def _look(self, feed: Feed) -> None:
        groups = list(self.groups.values())
        touched = await self._in_thread(feed.units_touched)
        calls = await self._in_thread(help_calls.standing)
        touched |= {unit for unit, *_more in calls ^ self._calls}
        self._calls = calls
        shown = frozenset[UUID]().union(*(group.alerts for group in groups))
        answered = await self._in_thread(partial(rows.answered, shown)) if shown else set()
        for group in groups:
            unit = group.wanted.unit_id
            due = group.until is None or clock.now() >= group.until
            if due or unit in touched or not answered.isdisjoint(group.alerts):
                group.take(await self._in_thread(partial(_render, group.wanted)))

    def _beat(self, turn: int) -> None:
        """Let a twentieth of the readers hear that what they show is so now."""
        self.beat = f"event: beat\ndata: {rfc3339(clock.now())}\n\n".encode()
        for group in self.groups.values():
            for wake, place in group.readers.items():
                if place == turn and group.number:
                    wake.set()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        def connected() -> T:
            close_old_connections()
            return work()

        return await asyncio.get_running_loop().run_in_executor(self._threads, connected)


def _render(wanted: Wanted) -> Shown:
    if wanted.phone:
        calls = msgspec.json.encode(for_phones(wanted.unit_id)).decode()
        return Shown(calls, clock.now() + CALLS_AGAIN)
    now = stamp()
    with translation.override(wanted.language):
        newest = board(rows.unit(wanted.unit_id, now), wanted, clock.now(), now)
    return Shown(newest.markup, newest.until, newest.alerts)


def _event(markup: str) -> bytes:
    lines = "\n".join(f"data: {line}" for line in markup.splitlines() if line)
    return f"event: board\n{lines}\n\n".encode()
