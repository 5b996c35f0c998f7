"""One day as one axis. Plain: moments in, places on a line out.

A day runs from midnight to midnight of the unit's clock, so it may have 23 or 25 hours. Places are
worked out from elapsed time only; the hours are marked where the unit's clock shows them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from milieu.kernel.clock import YEARS, midnight, wall_time

HOUR = timedelta(hours=1)
EDGE = 3.0  # hundredths of the axis: half of the words of an hour


class Hour(NamedTuple):
    """An hour of the axis: where, in hundredths of its length, and how it is written."""

    place: float
    words: str
    main: bool  # also written where there is little room

    @property
    def anchor(self) -> str:
        """Which part of the words stands at the place: they do not run over the ends."""
        if self.place < EDGE:
            return "start"
        return "end" if self.place > 100 - EDGE else "middle"


@dataclass(frozen=True, kw_only=True)
class Day:
    """What one axis spans. ``named`` is None for the last 24 hours."""

    start: datetime
    end: datetime
    zone: ZoneInfo
    named: date | None = None

    def place(self, moment: datetime) -> float:
        """Return where on the axis a moment is, in hundredths; what is outside, at its end."""
        share = (moment - self.start) / (self.end - self.start)
        return round(100 * min(max(share, 0.0), 1.0), 3)

    def holds(self, moment: datetime) -> bool:
        """Return whether this moment is on the axis."""
        return self.start <= moment < self.end

    def hours(self) -> Iterator[Hour]:
        """Yield every third hour of the unit's clock, and both of one that comes twice."""
        moment = self.start.replace(minute=0, second=0, microsecond=0)
        while moment < self.end:
            local = moment.astimezone(self.zone)
            twice = " " in wall_time(moment, self.zone)
            if moment >= self.start and (local.hour % 3 == 0 or twice):
                yield Hour(self.place(moment), wall_time(moment, self.zone), local.hour % 6 == 0)
            moment += HOUR

    @property
    def length(self) -> timedelta:
        """How long this day is."""
        return self.end - self.start


def last_hours(now: datetime, zone: ZoneInfo) -> Day:
    """Return the 24 hours up to now."""
    return Day(start=now - 24 * HOUR, end=now, zone=zone)


def day_named(text: str, now: datetime, zone: ZoneInfo) -> Day:
    """Return the day that ``text`` names as ``2026-03-08``; the last 24 hours if it names none."""
    try:
        named = date.fromisoformat(text)
    except ValueError:
        return last_hours(now, zone)
    if named.year not in YEARS:
        return last_hours(now, zone)
    start, end = midnight(named, zone), midnight(named + timedelta(days=1), zone)
    return Day(start=start, end=end, zone=zone, named=named)
