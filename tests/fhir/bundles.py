"""Bundles as other systems write them. A test names only what it is about."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from milieu.census.destinations import Desk, destinations
from milieu.fhir.answers import Answer
from milieu.fhir.receive import people, take
from milieu.kernel import clock
from milieu.people.models import Person

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "synthea-r4"

MR = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}
ANA = "urn:uuid:0b7a8f0e-5d5a-4c1c-9d5a-2f6f8f1f0001"


def patient(**changes: Any) -> dict[str, Any]:
    """Return Ana Silva."""
    said = {
        "resourceType": "Patient",
        "id": "ana",
        "identifier": [{"type": MR, "system": "http://elm.example", "value": "778899"}],
        "name": [{"use": "official", "family": "Silva", "given": ["Ana"]}],
        "gender": "female",
        "birthDate": "1988-04-12",
    } | changes
    return {key: value for key, value in said.items() if value is not None}


def encounter(status: str = "in-progress", kind: str = "IMP", **changes: Any) -> dict[str, Any]:
    """Return a time in care of Ana's that began on 1 March 2026 at 09:30 UTC."""
    said = {
        "resourceType": "Encounter",
        "id": "stay-1",
        "status": status,
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": kind},
        "subject": {"reference": ANA},
        "period": {"start": "2026-03-01T09:30:00Z"},
    } | changes
    return {key: value for key, value in said.items() if value is not None}


def bundle(*resources: dict[str, Any], kind: str = "transaction", **changes: Any) -> bytes:
    """Return a Bundle with these resources; Ana goes by her own url."""
    entries = [
        {"resource": each} | ({"fullUrl": ANA} if each.get("id") == "ana" else {})
        for each in resources
    ]
    said = {"resourceType": "Bundle", "type": kind, "entry": entries} | changes
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)


def send(*files: bytes, unit: str | None = None) -> list[Answer]:
    """Take files in, one after another."""
    at = Desk(
        destinations=destinations(unit), by=Person.objects.interface(), received_at=clock.now()
    )
    found = []
    for data in files:
        with transaction.atomic():
            found += [take(each, at) for each in people(data)]
    return found


def outcomes(answers: Iterable[Answer]) -> list[Any]:
    """Return what became of each: issue and place if it was refused, else the outcome."""
    return [
        (answer.issue, answer.location) if answer.outcome == "refused" else answer.outcome
        for answer in answers
    ]
