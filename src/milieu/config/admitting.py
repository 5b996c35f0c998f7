"""Files from elsewhere to the door that reads them: each file whole, or not at all."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from django.db import transaction

from milieu.census.destinations import Desk, Destinations
from milieu.fhir import receive as fhir
from milieu.fhir.answers import Answer as FhirAnswer
from milieu.hl7 import receive as hl7
from milieu.hl7.answers import Answer as Hl7Answer
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import Person

FILE_BYTES_MAX = 64 * 1024 * 1024
SNIFFED = 64 * 1024  # bytes in which a file shows what it is
PACKED = (b"PK\x03\x04", b"\x1f\x8b")  # how zip and gzip begin
HL7_LINE = re.compile(rb"(?:^|[\r\n\x0b])[ \t\x0b]*(?:MSH|FHS|BHS)\W", re.IGNORECASE)

DoorName = Literal["hl7", "fhir", ""]
Progress = Callable[[int, int], None]  # done, of how many


Answer = Hl7Answer | FhirAnswer


@dataclass(frozen=True)
class Report:
    """What became of one file."""

    path: Path
    door: DoorName
    answers: Sequence[Answer] = ()
    refusal: Refusal | None = None  # of the file as a whole

    @property
    def refused(self) -> bool:
        """Whether nothing of this file was taken in."""
        return self.refusal is not None or any(each.outcome == "refused" for each in self.answers)

    def count(self, outcome: str) -> int:
        """Return how many answers had this outcome."""
        return sum(each.outcome == outcome for each in self.answers)


def take_in(
    path: Path, places: Destinations, *, keep: bool = True, progress: Progress | None = None
) -> Report:
    """Take one file in, in one transaction. A fault anywhere in it undoes all of it.

    ``keep=False`` does everything and then undoes it, to say what would happen.
    """
    door: DoorName = ""
    try:
        data = _read(path)
        door = _door(data, path)
        items, take = _opened(door, data, places)
    except Refusal as refusal:
        return Report(path, door, refusal=refusal)
    with transaction.atomic():
        answers = []
        for done, item in enumerate(items, start=1):
            answers.append(take(item))
            if progress:
                progress(done, len(items))
        report = Report(path, door, answers)
        if report.refused or not keep:
            transaction.set_rollback(True)
    return _undone(report) if report.refused else report


def _undone(report: Report) -> Report:
    """Say of every message that could have been taken that it was not, because of the others."""
    text = "This could be taken in, but another part of the file was refused."
    answers = [
        replace(each, outcome="not kept", text=text, notes=())
        if each.outcome in ("taken", "repeated")
        else each
        for each in report.answers
    ]
    return replace(report, answers=answers)


def _opened(
    door: DoorName, data: bytes, places: Destinations
) -> tuple[Sequence[Any], Callable[[Any], Answer]]:
    """Return what the file holds, and the function that takes each in."""
    by, at = Person.objects.interface(), clock.now()
    desk = Desk(destinations=places, by=by, received_at=at)
    if door == "hl7":
        return hl7.messages(data), lambda framed: hl7.take(framed, desk)
    return fhir.people(data), lambda coming: fhir.take(coming, desk)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            text = f"The file is larger than {FILE_BYTES_MAX // 1024**2} MiB. Split it."
            raise Refusal("too-large", text)
        data = path.read_bytes()
    except OSError as fault:
        text = f"The file cannot be read: {fault.strerror}. Check its name and rights."
        raise Refusal("unreadable", text) from None
    if not data.strip():
        raise Refusal("empty", "The file is empty. Send it again.")
    return data


def _door(data: bytes, path: Path) -> DoorName:
    """Return the door for a file, by what it holds; by its name where that does not tell.

    Raises:
        Refusal ``unknown-kind``: it is neither HL7 v2 nor FHIR in JSON.
    """
    if data.startswith(PACKED):
        text = "The file is packed (zip or gzip). Unpack it, then take in what is inside."
        raise Refusal("unknown-kind", text)
    head = data[:SNIFFED].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x0b")
    if head[:1] in (b"{", b"["):
        return "fhir"
    if HL7_LINE.search(head) or path.suffix.lower() in (".hl7", ".adt"):
        return "hl7"
    if head[:1] == b"<":
        raise Refusal(
            "unknown-kind", "This file is XML. Send the Bundle as JSON, or HL7 v2 with | and ^."
        )
    if path.suffix.lower() == ".json":
        return "fhir"
    raise Refusal("unknown-kind", "This is neither an HL7 v2 message nor a FHIR Bundle in JSON.")
