"""``milieu bench``: what we claim about speed, measured."""

import json
from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console

from milieu.bench import board, feasibility, histories, ingest, proof, watch
from milieu.bench.browser import missing_browser
from milieu.bench.goals import goals_of
from milieu.bench.result import Result

SEED = 7
BENCHES = ("ingest", "board", "phone", "feasibility", "proof", "sync-histories", "watch")


class Command(BaseCommand):
    help = "Measure what we claim about speed, on invented data of its own. See docs/speed.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=BENCHES, help="what to measure")
        parser.add_argument(
            "--db",
            choices=("sqlite", "postgres"),
            default="postgres",
            help="the database of ingest, board and proof (default: postgres)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead")
        parser.add_argument("--quick", action="store_true", help="a smaller run, under 40 s")
        parser.add_argument(
            "--seed", type=int, default=SEED, metavar="N", help="the same seed, the same entries"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        result = _measured(options)
        if options["json"]:
            result.say(Console(stderr=True))
            self.stdout.write(json.dumps(result.as_object()))
        else:
            result.print_to(Console())


def _measured(options: dict[str, Any]) -> Result:
    quick, seed, db = options["quick"], options["seed"], options["db"]
    match options["name"]:
        case "ingest":
            return ingest.measure(db, size=ingest.QUICK if quick else ingest.FULL, seed=seed)
        case "board":
            return board.measure(db, size=board.QUICK if quick else board.FULL, seed=seed)
        case "phone":
            return _phone(quick=quick, seed=seed)
        case "feasibility" | "watch":
            return _plain(options["name"], quick=quick, seed=seed)
        case "proof":
            return proof.measure(db, size=proof.QUICK if quick else proof.FULL, seed=seed)
        case "sync-histories":
            return histories.measure(size=histories.QUICK if quick else histories.FULL, seed=seed)
    raise AssertionError(options["name"])


def _plain(name: str, *, quick: bool, seed: int) -> Result:
    """Measure what needs no server and no database."""
    if name == "watch":
        return watch.measure(size=watch.QUICK if quick else watch.FULL, seed=seed)
    return feasibility.measure(size=feasibility.QUICK if quick else feasibility.FULL, seed=seed)


def _phone(*, quick: bool, seed: int) -> Result:
    """Measure the phone, where a browser can be driven."""
    if how := missing_browser():
        goals = goals_of("phone")
        missing = dict.fromkeys(goals, how)
        return Result(bench="phone", goals=goals, seed=seed, figures={}, missing=missing)
    phone = import_module("milieu.bench.phone")
    result: Result = phone.measure(size=phone.QUICK if quick else phone.FULL, seed=seed)
    return result
