"""``milieu instruments``: which there are, and loading the text of one under its licence."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from milieu.instruments.catalogue import LANGUAGE
from milieu.instruments.loading import load
from milieu.instruments.services import instruments, texts
from milieu.kernel import clock
from milieu.kernel.errors import Refusal


class Command(BaseCommand):
    help = "List the instruments, or load a text that you may use. See docs/instruments.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["list", "add"], help="list them, or add the text of one")
        parser.add_argument("file", nargs="?", help="add: a FHIR R4 Questionnaire as JSON")

    def handle(self, *, do: str, file: str | None, **options: Any) -> None:
        if do == "add":
            self._add(file)
        else:
            self._list()

    def _add(self, file: str | None) -> None:
        if file is None:
            raise CommandError("Name the file: milieu instruments add FILE")
        try:
            text = load(Path(file).read_bytes(), at=clock.now())
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}") from fault
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(
            f"{text.title[LANGUAGE]} is loaded: {len(text.questions)} questions, "
            f"score {text.low} to {text.high}. Licence: {text.licence}"
        )

    def _list(self) -> None:
        known = texts()
        for code, each in instruments().items():
            text = known.get(code)
            what = f"{len(text.questions)} questions" if text else "score only"
            licence = text.licence if text else each.licence
            self.stdout.write(f"{code:10} {each.low}-{each.high:<4} {what:13} {licence}")
