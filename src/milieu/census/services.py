"""Who is known here: registering a person in care, and joining two numbers that are one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from milieu.census.models import Facility, Identifier, Merge, Patient, State
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import Person

HERE = (State.IN, State.LEAVE, State.ESCORT)
MERGE_CHAIN_MAX = 50  # a merge of merges; longer than any feed has sent


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is known of a person in care, by whoever sends it. Empty means not known."""

    identifiers: tuple[tuple[str, str], ...]  # (system, value); the first is the main one
    family_name: str = ""
    given_name: str = ""
    preferred_name: str = ""
    birth_date: date | None = None
    sex: str = ""


def find_patient(facility: Facility, identifiers: Sequence[tuple[str, str]]) -> Patient | None:
    """Return the person who holds any of these numbers, following merges, or None."""
    for system, value in identifiers:
        known = (
            Identifier.objects.filter(facility=facility, system=system, value=value)
            .select_related("patient")
            .first()
        )
        if known:
            return surviving(known.patient)
    return None


def surviving(patient: Patient) -> Patient:
    """Return whom this person was merged into, at the end of the chain; mostly themselves."""
    for _ in range(MERGE_CHAIN_MAX):
        link = Merge.objects.filter(merged=patient).select_related("survivor").first()
        if link is None:
            return patient
        patient = link.survivor
    raise AssertionError("A chain of merges never ends.")


def everyone_joined(patient: Patient) -> list[Patient]:
    """Return whom this person is now, and everybody who was ever merged into them, at any remove.

    Stays keep whose they were when they began; all of them are this one person's.
    """
    found = [surviving(patient)]
    newest = found
    while newest:
        merged = Patient.objects.as_system("whoever was merged").filter(
            merged_into__survivor__in=newest
        )
        newest = list(merged.exclude(pk__in=[each.pk for each in found]))
        found = [*found, *newest]
    return found


@transaction.atomic
def register(facility: Facility, details: Details) -> Patient:
    """Return the person with these numbers, made known or brought up to date.

    What ``details`` leaves empty stays as it was. Numbers that nobody holds are added.

    Raises:
        Refusal ``no-identifier``: without a number nobody can be told apart.
    """
    if not details.identifiers:
        raise Refusal("no-identifier", "Give at least one number that this person is known by.")
    known = find_patient(facility, details.identifiers)
    patient = known or Patient(facility=facility)
    for field in ("family_name", "given_name", "preferred_name", "birth_date", "sex"):
        if (value := getattr(details, field)) and value != getattr(patient, field):
            setattr(patient, field, value)
            patient.details_at = clock.now() if known else None
    patient.save()
    for system, value in details.identifiers:
        Identifier.objects.get_or_create(
            facility=facility, system=system, value=value, defaults={"patient": patient}
        )
    return patient


def merge(survivor: Patient, merged: Patient, *, at: datetime, by: Person) -> None:
    """Link two numbers that turned out to be one person. Saying it again changes nothing.

    Raises:
        Refusal ``merge-with-self``: both are already the same person.
        Refusal ``merged-elsewhere``: the number already belongs to someone else.
    """
    existing = Merge.objects.filter(merged=merged).first()
    if existing:
        if surviving(merged) == surviving(survivor):
            return
        raise Refusal("merged-elsewhere", "This number was already joined to another person.")
    if surviving(survivor) == merged:
        raise Refusal("merge-with-self", "These numbers already belong to the same person.")
    Merge.objects.create(survivor=survivor, merged=merged, at=at, by=by)
