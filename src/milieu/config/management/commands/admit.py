"""``milieu admit``: take in people whom another system sends, from files."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from milieu.census.destinations import Destinations, destinations
from milieu.config.admitting import Answer, Report, take_in
from milieu.kernel.errors import Refusal

REFUSED, CANNOT_RUN = 1, 2  # exit codes
OUTCOMES = ("taken", "repeated", "passed over", "refused", "not kept")


class Command(BaseCommand):
    help = "Take in people from FHIR R4 Bundles and HL7 v2 ADT files. See docs/interfaces.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files", nargs="+", type=Path, metavar="FILE", help="HL7 v2 messages, or a FHIR Bundle"
        )
        parser.add_argument(
            "--unit",
            metavar="CODE",
            help="where people go whom the file sends to none of our units",
        )
        parser.add_argument(
            "--check", action="store_true", help="say what would happen, and change nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        files: list[Path] = options["files"]
        try:
            places = destinations(options["unit"])
        except Refusal as refusal:
            self._stop(refusal.message)
        except DatabaseError:
            self._stop("The database is not ready. `milieu doctor` says what it needs.")
        reports = self._take_in(files, places, keep=not options["check"])
        if options["json"]:
            self.stdout.write(json.dumps(_machine(reports, checked=options["check"]), indent=2))
        else:
            self._print(reports, places, checked=options["check"])
        if any(report.refused for report in reports):
            sys.exit(REFUSED)

    def _stop(self, why: str) -> NoReturn:
        self.stderr.write(why)
        sys.exit(CANNOT_RUN)

    def _take_in(self, files: list[Path], places: Destinations, *, keep: bool) -> list[Report]:
        reports = []
        console = Console(stderr=True)
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        ) as bar:
            whole = bar.add_task("files", total=len(files))
            for path in files:
                inside = bar.add_task(path.name[:40], total=None)
                reports.append(take_in(path, places, keep=keep, progress=_moves(bar, inside)))
                bar.remove_task(inside)
                bar.advance(whole)
        return reports

    def _print(self, reports: list[Report], places: Destinations, *, checked: bool) -> None:
        if places.fallback:
            self.stdout.write(f"People sent to none of our units go to {places.fallback}.")
        for report in reports:
            self.stdout.write(_headline(report))
            for answer in report.answers:
                if report.refused and answer.outcome != "refused":
                    continue  # nothing of the file was kept; only what to correct is of use
                self.stdout.write(_line(answer))
                for note in answer.notes:
                    self.stdout.write(f"        note: {note}")
        totals = {name: sum(report.count(name) for report in reports) for name in OUTCOMES}
        said = ", ".join(f"{count} {name}" for name, count in totals.items())
        accepted = sum(not report.refused for report in reports)
        self.stdout.write(
            f"{accepted} of {len(reports)} files accepted. Messages and people: {said}."
        )
        if checked:
            self.stdout.write("This was a check: nothing was kept.")


def _moves(bar: Progress, task: TaskID) -> Any:
    def moved(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    return moved


def _headline(report: Report) -> str:
    if report.refusal:
        return f"{report.path}: REFUSED, nothing was kept. {report.refusal.message}"
    if report.refused:
        faults = report.count("refused")
        return (
            f"{report.path}: REFUSED, nothing was kept. Faults: {faults} of {len(report.answers)}."
        )
    return f"{report.path}: accepted."


def _line(answer: Answer) -> str:
    """Return one answer as an interface engineer reads it."""
    said = {name: getattr(answer, name, "") for name in ("ack", "event", "condition", "issue")}
    if control_id := getattr(answer, "control_id", ""):
        said["control_id"] = f"MSH-10 {control_id}"
    said["location"] = answer.location
    words = " ".join(str(word) for word in said.values() if word)
    return f"  line {answer.line} {words}: {answer.outcome}. {answer.text}".replace(" :", ":")


def _machine(reports: list[Report], *, checked: bool) -> dict[str, Any]:
    return {
        "checked": checked,
        "files": [
            {
                "file": str(report.path),
                "door": report.door,
                "accepted": not report.refused,
                "code": report.refusal.code if report.refusal else "",
                "text": report.refusal.message if report.refusal else "",
                "answers": [_fields(answer) for answer in report.answers],
            }
            for report in reports
        ],
        "totals": {name: sum(report.count(name) for report in reports) for name in OUTCOMES},
    }


def _fields(answer: Any) -> dict[str, Any]:
    ack = getattr(answer, "ack", "")
    return asdict(answer) | ({"ack": ack} if ack else {})
