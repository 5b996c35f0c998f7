"""Keeps the parts running: starts them, starts again what died, ends them all when asked.

A part is forked: it has loaded what this process has, and begins in a moment, also when it is
started again.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from types import FrameType
from typing import Final

import structlog

from milieu.keeping.parts import Part, end_with_parent

LOOK_EVERY_S: Final = 0.2
STEADY_S: Final = 60.0  # a part that ran this long may be started again at once
WAIT_FIRST_S: Final = 0.5
WAIT_MAX_S: Final = 30.0
STOP_WITHIN_S: Final = 12.0

FORKED: Final = multiprocessing.get_context("fork")

log = structlog.get_logger(__name__)


@dataclass
class Kept:
    """One part as it runs now."""

    part: Part
    process: ForkProcess
    started_at: float  # monotonic seconds
    wait_s: float = WAIT_FIRST_S
    start_at: float | None = None  # it ended; when to start it again

    def note_end(self, now: float) -> None:
        """Say that the part ended, and decide when it is started again."""
        steady = now - self.started_at >= STEADY_S
        self.wait_s = WAIT_FIRST_S if steady else min(self.wait_s * 2, WAIT_MAX_S)
        self.start_at = now + self.wait_s
        log.warning(
            "A part ended and is started again.",
            part=self.part.name,
            status=self.process.exitcode,
            seconds=self.wait_s,
        )


class Supervisor:
    """Runs parts until it is told to end. Ends only processes that it started."""

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        hold: Sequence[int] = (),
        each_look: Callable[[], object] = lambda: None,
    ) -> None:
        self._parts = parts
        self._each_look = each_look  # called again and again while they run
        self._hold = tuple(hold)  # file descriptors that each part keeps open
        self._ending = False

    def run(self) -> None:
        """Keep the parts running until SIGTERM or SIGINT, then end them."""
        before = {
            number: signal.signal(number, self._end) for number in (signal.SIGTERM, signal.SIGINT)
        }
        kept: list[Kept] = []
        try:
            for part in self._parts:
                kept.append(Kept(part, self._start(part), time.monotonic()))  # noqa: PERF401
            while not self._ending:
                time.sleep(LOOK_EVERY_S)
                for each in () if self._ending else kept:  # Ctrl-C ends some by itself
                    self._look_after(each)
                self._each_look()
        finally:
            self._stop([each.process for each in kept])
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self._ending = True

    def _start(self, part: Part) -> ForkProcess:
        process = FORKED.Process(target=self._be, args=(part,), name=part.name)
        process.start()
        return process

    def _be(self, part: Part) -> None:
        """Be this part, in the process that was forked for it."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the supervisor ends them
        end_with_parent()
        for handle in self._hold:
            os.set_inheritable(handle, True)  # noqa: FBT003 (it has no name)
        part.run()

    def _look_after(self, each: Kept) -> None:
        now = time.monotonic()
        if each.start_at is not None:
            if now >= each.start_at:
                each.process, each.started_at = self._start(each.part), now
                each.start_at = None
        elif each.process.exitcode is not None:
            each.note_end(now)

    def _stop(self, processes: Sequence[ForkProcess]) -> None:
        """Ask each part to end, in the order of starting turned round; then end what did not."""
        running = [process for process in reversed(processes) if process.exitcode is None]
        for process in running:
            process.terminate()
        patience = time.monotonic() + STOP_WITHIN_S
        for process in running:
            process.join(max(0.0, patience - time.monotonic()))
            if process.exitcode is None:
                log.warning("A part did not end in time and was killed.", pid=process.pid)
                process.kill()
                process.join()
