"""Whom another system means: the checks before its numbers are believed."""

from datetime import datetime

from django.utils.translation import gettext as _

from milieu.census.models import Facility, Identifier, Patient, Standing, State
from milieu.census.numbers import ISSUER_UNKNOWN
from milieu.census.services import HERE, Details, everyone_joined, find_patient, surviving
from milieu.kernel.errors import Refusal


def identify(facility: Facility, details: Details) -> Patient | None:
    """Return the person who is meant, or None if none of the numbers is known.

    Raises:
        Refusal ``numbers-of-two``: the numbers belong to two people here.
        Refusal ``someone-else``: date of birth and names all differ from the holder's.
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


def is_perhaps_known(facility: Facility, details: Details) -> bool:
    """Return whether someone of this name and date of birth is known by numbers besides these.

    Two systems that write the issuer of one number in two ways make two people of one.
    """
    if not (details.birth_date and details.family_name and details.given_name):
        return False
    alike = Patient.objects.as_system("whether somebody new is known already").filter(
        facility=facility,
        birth_date=details.birth_date,
        family_name__iexact=details.family_name,
        given_name__iexact=details.given_name,
    )
    return bool(alike.exists())


PERHAPS_KNOWN = (
    "Someone of this name and date of birth is known here by other numbers. "
    "Send A40 if they are one person."
)


def require_not_elsewhere(facility: Facility, details: Details) -> None:
    """Pass unless another facility has this person in care now by one of these numbers.

    Raises:
        Refusal ``already-here``: whoever came from there would be left on its list.
    """
    for system, value in details.identifiers:
        if system in ISSUER_UNKNOWN:
            continue
        known = Identifier.objects.filter(system=system, value=value).exclude(facility=facility)
        for patient in [surviving(each.patient) for each in known.select_related("patient")]:
            here = (
                Standing.objects.as_system("whether somebody is in care elsewhere")
                .filter(state__in=HERE, stay__patient__in=everyone_joined(patient))
                .select_related("unit__facility")
                .first()
            )
            if here and not is_someone_else(patient, details):
                text = f"This person is in care on {here.unit} of {here.unit.facility}, known by "
                raise Refusal(
                    "already-here", f"{text}the same number. End that stay first.", field="unit"
                )


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


def require_not_here_then(patient: Patient, at: datetime) -> None:
    """Pass unless a stay that has ended was going on at this time, or began after it.

    Raises:
        Refusal ``stay-covers``: nobody is in care twice at once, as they would be from ``at`` on.
    """
    then = (
        Standing.objects.as_system("who was here then is asked for anyone")
        .filter(state=State.DISCHARGED, discharged_at__gt=at)
        .filter(stay__patient__in=everyone_joined(patient))
        .select_related("unit")
        .order_by("admitted_at")
        .first()
    )
    if then is None:
        return
    text = _(
        "At that time this person was already in care on %(unit)s; that stay ended later. "
        "Check the time of admission."
    )
    if then.admitted_at > at:
        text = _(
            "After that time this person was in care on %(unit)s, and left. "
            "Check the time of admission."
        )
    raise Refusal("stay-covers", text % {"unit": then.unit}, field="at")
