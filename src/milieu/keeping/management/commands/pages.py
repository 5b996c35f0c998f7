from argparse import ArgumentParser
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from milieu.keeping import parts
from milieu.keeping.asked import some_workers
from milieu.keeping.locks import working

APPLICATION: Final = "milieu.config.asgi"
CONNECTIONS_MAX: Final = 8192  # open at once in one worker: boards and phones hold theirs
QUEUE_MAX: Final = 2048  # that no worker has taken yet
STOP_S: Final = 8  # how long a worker may finish what it has begun


class Command(BaseCommand):
    help = "Run the web server alone: every page and the live feed, on this machine's own address."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--workers",
            type=some_workers,
            metavar="N",
            help="processes that answer; the database decides",
        )

    def handle(self, *args: Any, workers: int | None, **options: Any) -> None:
        count = workers or parts.workers()
        parts.end_with_parent()
        import_module(APPLICATION).get_ready()  # once: workers are forked from this process
        connections.close_all()
        server = Granian(
            f"{APPLICATION}:application",
            interface=Interfaces.ASGI,
            http=HTTPModes.http1,
            websockets=False,
            address=parts.LOOPBACK,
            port=settings.PORT,
            workers=count,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=STOP_S,
            backlog=QUEUE_MAX,
            backpressure=CONNECTIONS_MAX,
            loop=Loops.asyncio,
            log_level=LogLevels.warning,
            process_name="milieu pages",
        )
        with working():
            server.serve()
