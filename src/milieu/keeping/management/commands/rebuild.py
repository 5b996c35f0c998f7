from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from milieu.keeping.projected import differing, rebuild


class Command(BaseCommand):
    help = "Throw the projections away and work them out again from the record."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; say which stays differ, if any"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Reading the record", total=None)
            count = rebuild(progress=lambda done, of: bar.update(task, completed=done, total=of))
        self.stdout.write(f"The projections of {count} stays were worked out from the record.")

    def _check(self) -> None:
        wrong = differing()
        for stay in wrong:
            self.stdout.write(str(stay))
        if wrong:
            raise CommandError(
                f"The projections of {len(wrong)} stays are not what the record says. "
                "Run: milieu rebuild"
            )
        self.stdout.write("Every projection is what the record says.")
