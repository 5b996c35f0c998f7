import os
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any, Final

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from milieu.keeping.locks import working
from milieu.keeping.parts import end_with_parent
from milieu.kernel import clock
from milieu.seals.log import Damaged
from milieu.seals.sealing import seal

EVERY_S: Final = 15.0
BREATH_S: Final = 0.1  # SQLite's own wait between two tries to write is no longer
GIVES_WAY: Final = 10  # of niceness: phones that push and boards that are read come first
WHOLE_EVERY: Final = timedelta(hours=24)  # everything is looked through for what has no leaf

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Seal what was stored, every 15 seconds: leaves of the log, and a signed head."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="seal all that waits, and end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            count = seal(clock.now(), whole=True)
            self.stdout.write(f"{count} entries were sealed." if count else "Nothing waited.")
            return
        end_with_parent()
        os.nice(GIVES_WAY)
        with working():
            self._keep_sealing()

    def _keep_sealing(self) -> None:
        looked_through = clock.now()  # what no head covers yet is looked through anyway
        while True:
            now = clock.now()
            whole = now - looked_through > WHOLE_EVERY
            if self._sealed(whole=whole) and whole:
                looked_through = now
            time.sleep(EVERY_S)

    def _sealed(self, *, whole: bool) -> bool:
        close_old_connections()  # one that broke is opened anew
        try:
            seal(clock.now(), whole=whole, breath_s=BREATH_S)
        except DatabaseError:
            log.exception("The database did not answer. Sealing waits.")
        except Damaged:
            log.exception("The log is not what was signed. Run: milieu verify")
        else:
            return True
        return False
