"""Someone comes to the unit: who they are, where they sleep, how often they are seen; one act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from milieu.admissions.services import admit, admitted_by
from milieu.census.identity import require_not_here_then
from milieu.census.models import Bed, Facility, Identifier, Patient, Stay, Unit
from milieu.census.services import Details, register, surviving
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import require
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.kinds import kind_named
from milieu.record.ledger import append_here

LEVEL = "round.level"  # rounds weighs it; an admission only brings the first one along


@dataclass(frozen=True, kw_only=True)
class FirstLevel:
    """The observation level from arrival on, so that nobody is on the unit without one."""

    level: str
    why: str
    observer: Person | None = None


def known_by(facility: Facility, number: str) -> list[Patient]:
    """Return whom this facility knows by exactly this number, in any system; mostly one or none."""
    rows = Identifier.objects.filter(facility=facility, value=number.strip()).select_related(
        "patient"
    )
    people = {person.pk: person for person in (surviving(row.patient) for row in rows)}
    return list(people.values())


@transaction.atomic
def arrive(
    *,
    entry_id: UUID,
    unit: Unit,
    at: datetime,
    by: Person,
    person: Patient | Details,
    first: FirstLevel,
    bed: Bed | None = None,
) -> Stay:
    """Admit someone and order their first level: both entries are stored, or none.

    ``person`` is somebody known, or what is known of somebody new. The same act sent again
    returns the same stay.

    Raises:
        Refusal ``number-known``: somebody new has the number of somebody known.
        Refusal: those of ``services.admit`` and of the level.
    """
    require(by, Action.ADMIT, unit.pk)
    before = admitted_by(entry_id)
    patient = person if isinstance(person, Patient) else _new(unit.facility, person, before)
    if before is None:
        require_not_here_then(patient, at)
    stay = admit(entry_id=entry_id, patient=patient, unit=unit, bed=bed, at=at, by=by)
    append_here(
        LEVEL,
        _order(first),
        entry_id=uuid5(entry_id, LEVEL),
        stay_id=stay.pk,
        by=by.pk,
        at=at,
        written_at=max(at, clock.now()),
    )
    return stay


def _new(facility: Facility, details: Details, before: Stay | None) -> Patient:
    (number,) = (value for _system, value in details.identifiers)
    known = known_by(facility, number)
    if before:
        return known[0] if before.patient in known else before.patient
    if known:
        raise Refusal(
            "number-known",
            _("Someone is known here by this number. Look them up by the number first."),
            field="number",
        )
    return register(facility, details)


def _order(first: FirstLevel) -> Any:
    said = {"level": first.level, "why": first.why}
    if first.observer:
        said["observer"] = str(first.observer.pk)
    return msgspec.convert(said, kind_named(LEVEL).shape)
