"""``milieu demo``: an invented unit that lives."""

import time
from argparse import ArgumentParser
from datetime import timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction
from rich.console import Console
from rich.progress import Progress

from milieu.census.models import Facility, Unit
from milieu.demo import hard_moment, house, restraint
from milieu.demo.history import Days
from milieu.demo.living import live
from milieu.demo.names import ENROL_CODE, PASSWORD, PIN, SOUTH_STAFF, STAFF
from milieu.demo.telling import tell
from milieu.kernel import clock
from milieu.watch import noticing
from milieu.watch.choices import choose

DAYS = 14
SEED = 7
WATCHED_LEAST = 7  # days: in fewer nobody has usual days of their own
WATCHED = (
    *("meals", "fluids", "sleep", "wakings", "activity", "company"),
    *("self_care", "participation", "requests", "agitation"),
)


class Command(BaseCommand):
    help = "Make an invented unit of 24 beds with days of history, and serve it."
    requires_system_checks = ()  # they read every page, which nothing here shows

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=DAYS, help=f"days of history ({DAYS})")
        parser.add_argument("--seed", type=int, default=SEED, help="the same seed, the same people")
        parser.add_argument("--no-serve", action="store_true", help="make it, and stop there")
        parser.add_argument(
            "--live", action="store_true", help="only go on living: checks as they fall due"
        )
        parser.add_argument(
            "--fresh", action="store_true", help="forget the present demo and begin again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("MILIEU_DEMO is 'no'. The demo does not mix with real people.")
        if options["live"]:
            live(Unit.objects.get(code="NORTH"))
            return
        if options["fresh"]:
            self._forget()
        call_command("migrate", verbosity=0)
        if not settings.INVENTED.exists():
            if Facility.objects.exists():
                raise CommandError(
                    f"{settings.HOME} holds a unit of your own. Choose another MILIEU_HOME."
                )
            self._make(options["days"], options["seed"])
            settings.INVENTED.write_text("The people in this folder's database are invented.\n")
        self._say_how_to_sign_in()
        if not options["no_serve"]:
            call_command("serve")

    def _forget(self) -> None:
        database = settings.DATABASES["default"]
        if "sqlite" not in database["ENGINE"]:
            raise CommandError(
                "Only a demo on SQLite can be forgotten. Drop the database yourself."
            )
        if Path(database["NAME"]).exists() and not settings.INVENTED.exists():
            raise CommandError(f"{settings.HOME} is not the demo's. It was left as it is.")
        with (settings.HOME / "serve.lock").open("a") as lock:  # what a server holds
            try:
                flock(lock, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                raise CommandError(
                    f"A server works on {settings.HOME}. End that one first: Ctrl-C where it runs."
                ) from None
            for ending in ("", "-journal", "-wal", "-shm"):  # a journal belongs to its database
                Path(f"{database['NAME']}{ending}").unlink(missing_ok=True)
        settings.INVENTED.unlink(missing_ok=True)

    def _make(self, days: int, seed: int) -> None:
        began = time.monotonic()
        now = clock.now()
        starts = now - timedelta(days=days)
        console = Console(stderr=True)
        with transaction.atomic():
            made = house.build(starts - timedelta(days=1))
            telling = Days(house=made, chance=Random(seed), starts=starts, ends=now)
            with Progress(console=console, transient=True) as bar:
                task = bar.add_task(f"Inventing {days} days", total=None)
                count = tell(telling, lambda done, of: bar.update(task, completed=done, total=of))
            restraint.train(made, starts)
            count += hard_moment.tell(made, now)
            if days >= WATCHED_LEAST:
                choose(made.north, WATCHED, weekly=None, by=None, at=starts)
                noticing.notice(made.north, now)
        console.print(f"{count:,} entries of {days} days in {time.monotonic() - began:.0f} s.")

    def _say_how_to_sign_in(self) -> None:
        address = f"http://127.0.0.1:{settings.PORT}"
        lines = [
            "",
            f"Milieu demo: {address}",
            f"Everyone's password: {PASSWORD}   PIN on a phone: {PIN}",
            f"A phone: {address}/phone/#enrol={ENROL_CODE} (once; lena can make more codes)",
            "",
        ]
        lines += [f"  {role:<11} {username:<10} {name}" for username, name, role in STAFF]
        lines += [
            f"  {role:<11} {username:<10} {name} (South)" for username, name, role in SOUTH_STAFF
        ]
        self.stdout.write("\n".join([*lines, "", "Every person here is invented.", ""]))
