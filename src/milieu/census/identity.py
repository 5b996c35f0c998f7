"""Whom another system means: the checks before its numbers are believed."""

from milieu.census.models import Facility, Patient
from milieu.census.services import Details, find_patient
from milieu.kernel.errors import Refusal


def identify(facility: Facility, details: Details) -> Patient | None:
    """Return the person who is meant, or None if none of the numbers is known.

    Raises:
        Refusal ``numbers-of-two``: the numbers belong to two people here.
        Refusal ``someone-else``: name and date of birth all differ from those of the number's holder.
    """
    found = [find_patient(facility, [number]) for number in details.identifiers]
    known = {patient.pk: patient for patient in found if patient}
    if len(known) > 1:
        raise Refusal(
            "numbers-of-two",
            "These numbers belong to two people here. Merge them first if they are one person.",
            field="identifiers",
        )
    patient = next(iter(known.values()), None)
    if patient and is_someone_else(patient, details):
        raise Refusal(
            "someone-else",
            "This number belongs here to someone with another name and another date of birth. "
            "Check the number.",
            field="identifiers",
        )
    return patient


def is_someone_else(patient: Patient, details: Details) -> bool:
    """Return whether date of birth and every name that both know of differ."""
    if not patient.birth_date or not details.birth_date or patient.birth_date == details.birth_date:
        return False
    pairs = (
        (patient.family_name, details.family_name),
        (patient.given_name, details.given_name),
    )
    both = [(one.casefold(), other.casefold()) for one, other in pairs if one and other]
    return bool(both) and all(one != other for one, other in both)
