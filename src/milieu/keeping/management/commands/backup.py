from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from milieu.keeping import backup, manifest
from milieu.keeping.rules import size
from milieu.kernel.errors import Refusal


class Command(BaseCommand):
    help = (
        "Take a backup while the unit works, and verify it. The oldest beyond the number kept go."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", type=Path, metavar="DIR", help="the folder to put it in; else MILIEU_BACKUPS"
        )
        parser.add_argument("--list", action="store_true", help="say which backups there are")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["to"] or settings.BACKUPS
        if options["list"]:
            self._list(folder)
            return
        try:
            path, about = backup.make(folder, keep=settings.BACKUPS_KEPT)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"{path}\n"
            f"{about.entries} entries, {size(about.bytes)}, verified, {about.took_s:.1f} s. "
            f"It holds every entry up to number {about.log_position}."
        )
        self.stdout.write(
            "The keys are not in it. Keep secret.key, seal.key, tag.key and push.key of "
            f"{settings.HOME} too, in another place: docs/run/backup.md says what each is for."
        )

    def _list(self, folder: Path) -> None:
        found = manifest.listed(folder)
        for path, about in found:
            self.stdout.write(
                f"{about.made_at:%Y-%m-%d %H:%M:%S} UTC  {about.entries:>9} entries  "
                f"{size(about.bytes):>9}  {path}"
            )
        for path in manifest.unreadable(folder):
            self.stderr.write(f"{path} cannot be read: what it stands beside is not listed.")
        if not found:
            self.stdout.write(f"There are no backups in {folder}. Take one: milieu backup")
