"""Inpatient days and days of leave of one stay on one unit, for HBIPS-2 and HBIPS-3. Plain.

By the Joint Commission's manual, data elements 0260 (v2010B1) and 0262 (v2013B), read on
26 November 2026: whoever is in the unit's census when a date ends has that inpatient day, those on
leave too. So the day of admission counts and the day of discharge does not; who was admitted and
discharged on one date has one day. A day of leave is one at whose end they are away and no staff
are with them.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from milieu.admissions.rules import Move, Place, standing
from milieu.kernel.clock import midnight

DAY = timedelta(days=1)
IN_CENSUS = ("in", "leave", "escort")


class PatientDay(NamedTuple):
    """One date that somebody has on a unit."""

    on: date
    leave: bool


def place_at(moves: Sequence[Move], moment: datetime) -> Place | None:
    """Return where somebody stood at a moment; None: not admitted yet."""
    return standing(move for move in moves if move.at <= moment)


def on_unit(moves: Sequence[Move], unit: UUID, moment: datetime) -> str:
    """Return how they stood on a unit at a moment: in, leave or escort; empty: not there."""
    place = place_at(moves, moment)
    return place.state if place and place.unit == unit and place.state in IN_CENSUS else ""


def patient_days(
    moves: Sequence[Move], unit: UUID, zone: ZoneInfo, dates: Sequence[date], until: datetime
) -> Iterator[PatientDay]:
    """Yield the days of a stay on a unit.

    Args:
        moves: all movements of the stay.
        unit: whose days; one that was both admitted and discharged on a date is the last unit's.
        zone: of the unit's clock.
        dates: which dates to look at.
        until: nothing after this is known.
    """
    last = place_at(moves, until)
    for on in dates:
        end = midnight(on + DAY, zone)
        at_its_end = end - timedelta.resolution  # who goes at midnight goes on the next date
        if end <= until and (state := on_unit(moves, unit, at_its_end)):
            yield PatientDay(on, leave=state == "leave")
        elif last and last.unit == unit and _on_one_date(last, zone) == on:
            yield PatientDay(on, leave=False)


def _on_one_date(place: Place, zone: ZoneInfo) -> date | None:
    """Return the date on which somebody was both admitted and discharged."""
    if place.discharged_at is None:
        return None
    came = place.admitted_at.astimezone(zone).date()
    return came if place.discharged_at.astimezone(zone).date() == came else None
