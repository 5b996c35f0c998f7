import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections

from milieu.keeping import parts


class Command(BaseCommand):
    help = "Run the web server alone: every page and the live feed, on this machine's own address."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--workers", type=int, metavar="N", help="processes that answer; the database decides"
        )

    def handle(self, *args: Any, workers: int | None, **options: Any) -> None:
        command = parts.pages_command(workers or parts.workers())
        connections.close_all()
        parts.end_with_parent()
        os.execv(command[0], command)  # noqa: S606 (our own program; this one has nothing left to do)
