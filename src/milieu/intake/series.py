"""What was eaten and drunk, as plain series of numbers, for whoever looks for change.

Streams: ``meals`` (0 to 1, the share of a meal), ``fluids`` (ml of a day of the unit's clock).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from milieu.intake.rules import by_day
from milieu.intake.services import DRINK, MEAL
from milieu.record.models import Entry, told_at

Point = tuple[datetime, float | None, UUID]  # when, how much (None: declined), entry
Series = dict[str, dict[UUID, list[Point]]]  # by stream, then by stay
STREAMS: Final = ("meals", "fluids")


def series(stays: Iterable[UUID], since: datetime) -> Series:
    """Return both streams of these stays from ``since`` on, oldest first. One statement.

    A time is what the record supports, else what the entry says. Who was not there for a meal has
    no point; who declined one has a point without a number. A day's drinks are one point, with the
    entry of the last of them; today's, which is not over, is left out by whoever reads.
    """
    rows = (
        Entry.objects.as_system("the caller narrows the stays")
        .current()
        .filter(stay__in=list(stays), kind__in=[MEAL, DRINK])
        .annotate(at=told_at())
        .filter(at__gte=since)
        .order_by("at", "seq")
        .values_list(
            *("stay_id", "at", "entry_id", "stay__standing__unit__time_zone"),
            *("drink__ml", "meal__outcome", "meal__share"),
        )
    )
    found: Series = {stream: {} for stream in STREAMS}
    drinks: dict[UUID, list[tuple[datetime, int]]] = {}
    ids: dict[tuple[UUID, datetime], UUID] = {}
    zones: dict[UUID, str] = {}
    for stay, at, entry_id, zone, ml, outcome, percent in rows:
        zones[stay] = zone
        if ml is not None:
            drinks.setdefault(stay, []).append((at, ml))
            ids[stay, at] = entry_id
        elif outcome != "not-there":
            share = None if percent is None else percent / 100
            found["meals"].setdefault(stay, []).append((at, share, entry_id))
    for stay, given in drinks.items():
        found["fluids"][stay] = [
            (at, float(ml), ids[stay, at]) for at, ml in by_day(given, ZoneInfo(zones[stay]))
        ]
    return found
