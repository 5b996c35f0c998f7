import os
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from milieu.census.models import Facility, Identifier, Patient, Unit
from milieu.evidence.choosing import WHY, Asked, same_person
from milieu.evidence.package import write
from milieu.kernel import clock
from milieu.kernel.errors import Refusal

ANYBODY = "any"


class Command(BaseCommand):
    help = "Write evidence about a person, or anybody, that a stranger can verify: one zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--person",
            required=True,
            metavar="ID",
            help="the person's id or number here, or 'any' for everybody of the facility",
        )
        parser.add_argument(
            "--from", dest="start", required=True, metavar="TIME", help="such as 2026-03-01T19:00"
        )
        parser.add_argument(
            "--to",
            dest="end",
            required=True,
            metavar="TIME",
            help="such as 2026-03-02T07:00; without a zone, the clock of the facility's first unit",
        )
        parser.add_argument("--out", required=True, metavar="FILE", help="the zip to write")
        parser.add_argument(
            "--facility", metavar="CODE", help="whose log, where there is more than one"
        )
        parser.add_argument("--language", default="en", help="of the report: en or es")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            asked = _asked(options)
            count = self._write(asked, Path(options["out"]), options["language"])
        except Refusal as refusal:
            raise CommandError(refusal.message, returncode=2) from None
        self.stdout.write(f"{count} entries with their proofs are in {options['out']}.")
        self.stdout.write("To verify: unpack it and run python3 -I verify.py")

    def _write(self, asked: Asked, out: Path, language: str) -> int:
        """Write the file whole or not at all, for its owner's eyes alone."""
        draft = out.with_name(f".{out.name}.{os.getpid()}")
        try:
            handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w+b") as file:
                count = write(
                    asked, file, by="the command line", now=clock.now(), language=language
                )
            draft.replace(out)
        finally:
            draft.unlink(missing_ok=True)
        return count


def _asked(options: dict[str, Any]) -> Asked:
    patient = None if options["person"] == ANYBODY else _patient(options["person"])
    facility = patient.facility if patient else _facility(options["facility"])
    unit = Unit.objects.filter(facility=facility).order_by("pk").first()
    zone = unit.zone if unit else ZoneInfo("UTC")
    start, end = (_moment(options[name], zone) for name in ("start", "end"))
    if not start < end:
        raise Refusal("no-time", "The end must come after the beginning.")
    people = same_person(patient) if patient else frozenset[UUID]()
    return Asked(facility=facility, people=people, start=start, end=end)


def _patient(named: str) -> Patient:
    try:
        named_so = Q(pk=UUID(named))
    except ValueError:
        named_so = Q(pk__in=Identifier.objects.filter(value=named).values("patient"))
    patients = Patient.objects.as_system(WHY).select_related("facility").filter(named_so)
    found: list[Patient] = list(patients[:2])
    if not found:
        raise Refusal("unknown-person", "Nobody is known here by this id or number.")
    if len(found) > 1:
        raise Refusal("two-people", "Two people have this number. Use the id.")
    return found[0]


def _facility(code: str | None) -> Facility:
    found = list(Facility.objects.filter(**({"code": code} if code else {}))[:2])
    if len(found) != 1:
        raise Refusal("which-facility", "Say which facility: --facility CODE")
    return found[0]


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal("no-time", f"{text!r} is not a time. Write it as 2026-03-01T19:00") from None
