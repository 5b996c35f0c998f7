from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from milieu.census.models import Facility
from milieu.seals import keys
from milieu.seals.checking import differences
from milieu.seals.models import Leaf
from milieu.seals.reading import unsealed

SAID_MAX = 200  # lines for one facility; what follows is mostly the same thing again


class Command(BaseCommand):
    help = "Work out everything that was sealed again, and say what was changed, removed or moved."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = sum(self._look(facility) for facility in Facility.objects.order_by("code"))
        for key in keys.known():
            self.stdout.write(f"Heads were signed by {key}")
        waiting = unsealed(0).count()
        if waiting:
            self.stdout.write(f"{waiting} entries wait for their seal.")
        if wrong:
            raise CommandError(f"{wrong} differences. This record is not as it was sealed.")
        self.stdout.write("Everything is as it was sealed.")

    def _look(self, facility: Facility) -> int:
        leaves = Leaf.objects.as_system("only their number is told").filter(facility=facility)
        count, found = leaves.count(), 0
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(f"Reading the log of {facility.code}", total=count)
            for found, words in enumerate(
                differences(facility.pk, progress=lambda done: bar.advance(task, done)), 1
            ):
                if found <= SAID_MAX:
                    self.stdout.write(f"{facility.code}: {words}")
        if found > SAID_MAX:
            self.stdout.write(f"{facility.code}: and {found - SAID_MAX} more.")
        self.stdout.write(f"{facility.code}: {count} leaves, {found} differences.")
        return found
