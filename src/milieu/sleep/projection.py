"""``sleep.Sleep``: the newest order, until when it holds, and what ends it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from milieu.admissions.rules import Move, What
from milieu.admissions.services import NAME as MOVEMENT
from milieu.admissions.services import moves_of
from milieu.census.models import Standing
from milieu.census.packs import Pack
from milieu.record.kinds import Projection
from milieu.record.models import Entry
from milieu.record.rows import Values, insert_or_replace
from milieu.rounds.projection import Order, levels_of
from milieu.rounds.services import LEVEL
from milieu.sleep.models import ProtectSleep, Sleep
from milieu.sleep.rules import Hours, Interval, Strict, cut, nights, over
from milieu.sleep.services import END, PROTECT

WHY = "a projection reads all"


def project(stays: Sequence[UUID]) -> None:
    """Work out the protected sleep of these stays afresh. Where none was ever ordered, no more."""
    orders = {order.entry.stay_id: order for order in _orders(stays)}
    Sleep.objects.as_system(WHY).filter(stay__in=set(stays) - orders.keys()).delete()
    if not orders:
        return
    ends, levels, moves = _ends(orders), levels_of(orders), moves_of(orders)
    standings = (
        Standing.objects.as_system("a projection reads all")
        .filter(stay__in=orders)
        .select_related("unit")
    )
    insert_or_replace(
        Sleep,
        [
            _row(orders[each.stay_id], each, ends, levels[each.stay_id], moves[each.stay_id])
            for each in standings
        ],
    )


def _orders(stays: Sequence[UUID]) -> Iterable[ProtectSleep]:
    """Return the orders that stand, oldest first."""
    entries = Entry.objects.as_system(WHY).current().filter(stay__in=stays, kind=PROTECT)
    orders = ProtectSleep.objects.as_system(WHY).filter(entry__in=entries).select_related("entry")
    found: Iterable[ProtectSleep] = orders.order_by("entry__happened_at", "entry_id")
    return found


def _ends(stays: Iterable[UUID]) -> dict[UUID, list[datetime]]:
    entries = Entry.objects.as_system(WHY).current().filter(stay__in=list(stays), kind=END)
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for stay, at in entries.order_by("happened_at").values_list("stay_id", "happened_at"):
        found[stay].append(at)
    return found


def _row(
    order: ProtectSleep,
    standing: Standing,
    ends: dict[UUID, list[datetime]],
    levels: Sequence[Order],
    moves: Sequence[Move],
) -> Values:
    since, unit = order.entry.happened_at, standing.unit
    ordered = nights(order.hours, since=since, count=order.nights, zone=unit.zone)
    until, ended_by = over(
        ordered[-1][1],
        since=since,
        levels=_strict(levels, unit.pack),
        word=next((at for at in ends[standing.stay_id] if at >= since), None),
        moved=_moved(moves, since),
        left=standing.discharged_at,
    )
    return {
        "stay_id": standing.stay_id,
        "entry_id": order.pk,
        "since": since,
        "until": until,
        "ended_by": ended_by,
        "from_hour": order.from_hour,
        "to_hour": order.to_hour,
        "nights": order.nights,
    }


def _strict(levels: Iterable[Order], pack: Pack) -> list[Strict]:
    return [Strict(order.at, pack.strictness(order.level)) for order in levels]


def _moved(moves: Iterable[Move], since: datetime) -> datetime | None:
    """Return when they first came to another unit; another bed of the same one ends nothing."""
    unit: UUID | None = None
    for move in moves:
        if move.what is What.TRANSFER and move.at >= since and unit not in (None, move.unit):
            return move.at
        unit = move.unit or unit
    return None


class Held(Protocol):
    """What a row of the projection says, wherever it was read."""

    @property
    def since(self) -> datetime: ...
    @property
    def until(self) -> datetime: ...
    @property
    def from_hour(self) -> str: ...
    @property
    def to_hour(self) -> str: ...
    @property
    def nights(self) -> int: ...


def protected(held: Held | None, zone: ZoneInfo) -> list[Interval]:
    """Return the nights that an order protects, by what is known now."""
    if held is None:
        return []
    hours = Hours(held.from_hour, held.to_hour)
    return cut(nights(hours, since=held.since, count=held.nights, zone=zone), held.until)


def clear() -> None:
    """Forget every row."""
    Sleep.objects.as_system("rebuilding").delete()


SLEEP = Projection("sleep", frozenset({PROTECT, END, LEVEL, MOVEMENT}), project, clear)
