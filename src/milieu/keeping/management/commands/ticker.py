import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any, Final

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from milieu.keeping.chores import do_what_is_due
from milieu.keeping.heartbeats import beat
from milieu.keeping.locks import working
from milieu.keeping.lookout import keep_looking
from milieu.keeping.parts import end_with_parent
from milieu.kernel import clock
from milieu.kernel.shapes import work_out_shapes

EVERY_S: Final = 20.0

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = (
        "Do the chores alone: look for what is overdue, let alerts reach someone, hourly verified "
        "backups, what has run out, a look at disk and clock."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            self.stdout.write(", ".join(do_what_is_due(clock.now())) or "Nothing was due.")
            return
        end_with_parent()
        ending = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            ending.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        work_out_shapes()
        with working():
            keep_looking(ending)
            while not ending.is_set():
                self._tick()
                ending.wait(EVERY_S)

    def _tick(self) -> None:
        close_old_connections()  # one that broke is opened anew
        try:
            beat("ticker", at=clock.now())
            do_what_is_due(clock.now())
        except DatabaseError:
            log.exception("The database did not answer. The chores wait.")
