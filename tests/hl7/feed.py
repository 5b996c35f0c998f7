"""Messages as a hospital's system sends them. A test names only what it is about."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import transaction

from milieu.census.destinations import Desk, destinations
from milieu.hl7.answers import Answer
from milieu.hl7.receive import messages, take
from milieu.kernel import clock
from milieu.people.models import Person

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "hl7v2"


def adt(event: str, *, end: str = "\r", **changes: str) -> str:
    """Return one message about Ana Silva, admitted to North on 1 March 2026 at 09:30 UTC."""
    said = {
        "sent": "20260301094500+0000",
        "control": "1001",
        "charset": "",
        "evn": f"EVN|{event}|20260301094400+0000",
        "number": "778899^^^ELMHOSP^MR",
        "name": "Silva^Ana",
        "born": "19880412",
        "sex": "F",
        "place": "NORTH^01",
        "class": "I",
        "admitted": "20260301093000+0000",
        "discharged": "",
        "more": "",
    } | changes
    head = f"MSH|^~\\&|ADT|ELMHOSP|MILIEU|NORTH|{said['sent']}||ADT^{event}|{said['control']}|P|2.5"
    segments = [
        head + (f"||||||{said['charset']}" if said["charset"] else ""),
        said["evn"],
        f"PID|1||{said['number']}||{said['name']}||{said['born']}|{said['sex']}",
        said["more"],
        f"PV1|1|{said['class']}|{said['place']}"
        + "|" * 41
        + f"{said['admitted']}|{said['discharged']}",
    ]
    return end.join(segment for segment in segments if segment) + end


def desk(unit: str | None = None) -> Desk:
    """Return the desk that the command line would make."""
    return Desk(
        destinations=destinations(unit), by=Person.objects.interface(), received_at=clock.now()
    )


def send(*texts: str | bytes, unit: str | None = None) -> list[Answer]:
    """Take messages in, one after another, as if each were a file of its own."""
    at = desk(unit)
    found = []
    for text in texts:
        data = text.encode() if isinstance(text, str) else text
        with transaction.atomic():
            found += [take(framed, at) for framed in messages(data)]
    return found


def outcomes(answers: Iterable[Answer]) -> list[Any]:
    """Return what became of each: condition and place if it was refused, else the outcome."""
    return [
        (answer.condition, answer.location) if answer.outcome == "refused" else answer.outcome
        for answer in answers
    ]
