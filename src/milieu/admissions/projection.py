"""``census.Standing``: where each stay stands, worked out from its movements."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from milieu.admissions.models import Movement
from milieu.admissions.rules import Place, standing
from milieu.admissions.services import NAME, moves_of
from milieu.census.left import as_text
from milieu.census.models import Standing, State
from milieu.record.kinds import Projection

FIELDS = [field.name for field in Standing._meta.concrete_fields if not field.primary_key]


def project(stays: Sequence[UUID]) -> None:
    """Work out the standing of these stays afresh."""
    moves = moves_of(stays)
    places = {stay: standing(moves[stay]) for stay in stays}
    struck = _struck([stay for stay, place in places.items() if place is None])
    rows = [
        Standing(
            stay_id=stay,
            state=place.state,
            since=place.since,
            unit_id=place.unit,
            bed_id=place.bed,
            admitted_at=place.admitted_at,
            discharged_at=place.discharged_at,
            clock_from=place.clock_from,
            left=as_text(place.left),
            back_by=place.back_by,
            escort_id=place.escort,
        )
        for stay, place in (places | struck).items()
        if place is not None
    ]
    Standing.objects.as_system("a projection is made anew").bulk_create(
        rows, update_conflicts=True, unique_fields=["stay"], update_fields=FIELDS
    )


def _struck(stays: Sequence[UUID]) -> dict[UUID, Place]:
    """Stays whose admission was struck out: still listed where they were, as cancelled."""
    admissions = (
        Movement.objects.as_system("a projection is made anew")
        .filter(entry__stay__in=stays, what="admit")
        .select_related("entry", "entry__amended_by")
        .order_by("entry_id")
    )
    return {
        row.entry.stay_id: _cancelled(row, row.entry.amended_by.stored_at) for row in admissions
    }


def _cancelled(row: Movement, at: datetime) -> Place:
    assert row.unit_id, "An admission leads to a unit; the database sees to it."
    return Place(
        state=State.CANCELLED,
        since=at,
        unit=row.unit_id,
        bed=None,
        admitted_at=row.entry.happened_at,
        discharged_at=row.entry.happened_at,
        clock_from=row.entry.happened_at,
    )


def clear() -> None:
    """Forget every standing."""
    Standing.objects.as_system("a projection is made anew").delete()


STANDING = Projection("standing", frozenset({NAME}), project, clear)
