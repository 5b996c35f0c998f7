from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import Person
from milieu.seals.alarms import explain, unexplained


class Command(BaseCommand):
    help = "List the heads that phones saw and this record does not hold; say what was found out."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--explain", type=UUID, metavar="ID", help="the one that is explained")
        parser.add_argument("--by", metavar="USERNAME", help="who found it out")
        parser.add_argument("--words", default="", metavar="TEXT", help="what was found out")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["explain"]:
            self._explain(options)
        for each in unexplained():
            self.stdout.write(
                f"{each.pk} found {clock.rfc3339(each.found_at)}: {each.device.name} of "
                f"{each.device.unit} saw {each.size} sealed entries\n{each.note}"
            )

    def _explain(self, options: dict[str, Any]) -> None:
        by = Person.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError("Say who explains it: --by USERNAME", returncode=2)
        try:
            explain(options["explain"], by=by, words=options["words"], at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message, returncode=2) from None
