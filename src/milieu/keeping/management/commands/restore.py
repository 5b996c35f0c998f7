from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from milieu.keeping.locks import alone, serving
from milieu.keeping.manifest import Manifest
from milieu.keeping.restore import Restored, known, refuse_while_serving, restore
from milieu.keeping.trouble import in_words
from milieu.kernel.errors import Refusal


class Command(BaseCommand):
    help = (
        "Put a backup in the place of the present database, which is kept. Stop the server first."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the backup")
        parser.add_argument("--yes", action="store_true", help="do it without asking")
        parser.add_argument(
            "--unverified", action="store_true", help="take a file without a manifest at its word"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"].absolute()
        try:
            with serving(), alone():
                refuse_while_serving()
                found = known(file, unverified=options["unverified"])
                if not (options["yes"] or self._agreed(file, found)):
                    raise CommandError("Nothing was changed.")
                self._say_what_is_next(restore(file, say=self.stdout.write))
        except Refusal as refusal:
            raise CommandError(f"Nothing was changed. {refusal.message}") from refusal
        except OperationalError as fault:
            raise CommandError(in_words(fault)) from fault

    def _agreed(self, file: Path, found: Manifest | None) -> bool:
        holds = (
            f"{found.entries} entries of {found.made_at:%Y-%m-%d %H:%M} UTC" if found else "unknown"
        )
        self.stdout.write(f"{file} ({holds}) will take the place of the present database.")
        try:
            return input("Write yes to go on: ").strip().lower() == "yes"
        except EOFError:
            raise CommandError("Nobody is there to be asked. Add --yes.") from None

    def _say_what_is_next(self, done: Restored) -> None:
        self.stdout.write(
            f"Restored: {done.holds.entries} entries, up to number {done.holds.log_position}.\n"
            f"What stood before is kept at {done.aside}.\n"
            "Next: start the server. Each phone notices and sends again what it kept of the last "
            "72 hours. Open the app on every phone once, and wait until all is in the record. "
            "What was written in the pages since the backup must be entered again."
        )
