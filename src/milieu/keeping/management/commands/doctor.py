import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from milieu.keeping.doctor import look_over
from milieu.keeping.findings import to_mend
from milieu.kernel import clock

WORDS = {"ok": "ok", "note": "note", "mend": "MEND"}


class Command(BaseCommand):
    help = "Look the whole house over, in plain words. Ends with 1 when something must be mended."
    requires_system_checks = ()  # the doctor runs them, and says them in its own words

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead")

    def handle(self, *args: Any, **options: Any) -> None:
        found = look_over(clock.now())
        wrong = to_mend(found)
        if options["json"]:
            report = {"well": not wrong, "findings": [each.as_json() for each in found]}
            self.stdout.write(json.dumps(report, indent=2))
        else:
            for each in found:
                self.stdout.write(f"{WORDS[each.level]:<5} {each.name:<14} {each}")
        if wrong:
            sys.exit(1)
