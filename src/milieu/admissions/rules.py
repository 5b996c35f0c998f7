"""Where a stay stands, worked out from its movements. Plain: movements in, a standing out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from milieu.census.left import Left


class What(StrEnum):
    """A movement. Stored values are forever."""

    ADMIT = "admit"
    TRANSFER = "transfer"
    LEAVE = "leave"
    ESCORT = "escort"
    RETURN = "return"
    DISCHARGE = "discharge"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One movement that was not struck out. ``unit`` and ``bed`` are where it leads."""

    at: datetime
    seq: int
    what: What
    unit: UUID | None = None
    bed: UUID | None = None
    escort: UUID | None = None
    back_by: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a stay stands. ``state`` is a value of ``census.State``."""

    state: str
    since: datetime
    unit: UUID
    bed: UUID | None
    admitted_at: datetime
    discharged_at: datetime | None = None
    clock_from: datetime
    left: tuple[Left, ...] = ()  # the units that it was transferred from, oldest first
    back_by: datetime | None = None
    escort: UUID | None = None


AWAY = {What.LEAVE: "leave", What.ESCORT: "escort"}

# What may follow what. A feed may say things in any order; people are told.
FOLLOWS: dict[str | None, frozenset[What]] = {
    None: frozenset({What.ADMIT}),
    "in": frozenset({What.TRANSFER, What.LEAVE, What.ESCORT, What.DISCHARGE}),
    "leave": frozenset({What.RETURN, What.DISCHARGE, What.TRANSFER}),
    "escort": frozenset({What.RETURN, What.DISCHARGE, What.TRANSFER, What.LEAVE}),
    "discharged": frozenset(),
}


def standing(moves: Iterable[Move]) -> Place | None:
    """Return where a stay stands after these movements, or None without an admission.

    Movements are read in the order in which they happened; those of one moment in the order
    in which they were stored. A movement before the admission, or after the discharge, says
    nothing: a discharge that was recorded late, with an earlier time, ends the stay all the same.
    """
    place: Place | None = None
    for move in sorted(moves, key=lambda move: (move.at, move.seq)):
        if move.what is What.ADMIT and move.unit:
            place = Place(
                state="in",
                since=move.at,
                unit=move.unit,
                bed=move.bed,
                admitted_at=move.at if place is None else place.admitted_at,
                clock_from=move.at,
            )
        elif place and place.state != "discharged":
            place = _moved(place, move)
    return place


def _moved(place: Place, move: Move) -> Place:
    match move.what:
        case What.TRANSFER if move.unit:
            if move.unit != place.unit:
                place = replace(place, left=(*place.left, Left(place.unit, move.at)))
            return replace(place, unit=move.unit, bed=move.bed)
        case What.LEAVE | What.ESCORT:
            return replace(
                place,
                state=AWAY[move.what],
                since=move.at,
                back_by=move.back_by,
                escort=move.escort,
            )
        case What.RETURN:
            return replace(
                place, state="in", since=move.at, clock_from=move.at, back_by=None, escort=None
            )
        case What.DISCHARGE:
            return replace(
                place,
                state="discharged",
                since=move.at,
                discharged_at=move.at,
                back_by=None,
                escort=None,
            )
    return place


def away_intervals(moves: Iterable[Move], until: datetime) -> list[tuple[datetime, datetime]]:
    """Return the times in which nobody on the unit had to see this person: away, or not here."""
    intervals = []
    away_since: datetime | None = None
    gone = False  # discharged: only another admission ends it
    for move in sorted(moves, key=lambda move: (move.at, move.seq)):
        leaves = move.what in AWAY or move.what is What.DISCHARGE
        gone = (gone or move.what is What.DISCHARGE) and move.what is not What.ADMIT
        if leaves and away_since is None:
            away_since = move.at
        elif away_since is not None and _comes_back(move, gone=gone):
            intervals.append((away_since, move.at))
            away_since = None
    if away_since is not None:
        intervals.append((away_since, until))
    return intervals


def _comes_back(move: Move, *, gone: bool) -> bool:
    return move.what is What.ADMIT or (move.what is What.RETURN and not gone)
