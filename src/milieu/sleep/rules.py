"""Which nights are protected, and until when. Plain: times in, answers out.

Hours are those of the unit's clock, so a night in which it changes is an hour shorter or longer.
An hour that comes twice is protected both times; one that is skipped ends when it would have come.
Nothing here runs out by a timer: whoever asks works it out.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
NOON = timedelta(hours=12)

EndedBy = Literal["nights", "level", "word", "moved", "left"]
Interval = tuple[datetime, datetime]


class Hours(NamedTuple):
    """From when to when, by the unit's clock: ``23:00`` to ``06:00``."""

    start: str
    end: str

    @property
    def length(self) -> timedelta:
        """How long this is on a day of 24 hours; the same hour twice is a whole day."""
        passed = _minutes(self.end) - _minutes(self.start)
        return passed if passed > timedelta() else passed + DAY


class Strict(NamedTuple):
    """A level in force from ``at`` on; ``place`` among all levels, the strictest first."""

    at: datetime
    place: int


def nights(hours: Hours, *, since: datetime, count: int, zone: ZoneInfo) -> list[Interval]:
    """Return the next nights from ``since`` on; one that has begun is the first."""
    evening = since.astimezone(zone).date() - DAY
    found: list[Interval] = []
    while len(found) < count:
        start, end = night_of(hours, evening, zone)
        if end > since:
            found.append((max(start, since), end))
        evening += DAY
    return found


def night_of(hours: Hours, evening: date, zone: ZoneInfo) -> Interval:
    """Return the night that begins on this evening: from when to when."""
    morning = evening if hours.end > hours.start else evening + DAY
    ends = [_at(morning, hours.end, zone, fold) for fold in (0, 1)]
    return _at(evening, hours.start, zone, 0), max(ends)


def _at(day: date, hour: str, zone: ZoneInfo, fold: int) -> datetime:
    wall = datetime.combine(day, time.fromisoformat(hour), tzinfo=zone).replace(fold=fold)
    return wall.astimezone(UTC)


def _minutes(hour: str) -> timedelta:
    wall = time.fromisoformat(hour)
    return timedelta(hours=wall.hour, minutes=wall.minute)


def over(
    last_night_ends: datetime,
    *,
    since: datetime,
    levels: Sequence[Strict],
    word: datetime | None,
    moved: datetime | None,
    left: datetime | None,
) -> tuple[datetime, EndedBy]:
    """Return when protection is over, and by what: whichever comes first after ``since``.

    Args:
        last_night_ends: when the last of the nights that were ordered ends.
        since: when it was ordered.
        levels: every level ordered, oldest first.
        word: when somebody ended it.
        moved: when they came to another unit.
        left: when they were discharged.
    """
    marks: list[tuple[datetime | None, EndedBy]] = [
        (rise(levels, since), "level"),
        (word, "word"),
        (moved, "moved"),
        (left, "left"),
        (last_night_ends, "nights"),
    ]
    return min(((at, by) for at, by in marks if at and at >= since), key=lambda mark: mark[0])


def rise(levels: Iterable[Strict], since: datetime) -> datetime | None:
    """Return when a level stricter than the one before it came into force, after ``since``."""
    before: Strict | None = None
    for level in levels:
        if level.at > since and before is not None and level.place < before.place:
            return level.at
        before = level
    return None


def night_at(protected: Iterable[Interval], moment: datetime) -> Interval | None:
    """Return the protected night that this moment falls into."""
    return next((night for night in protected if night[0] <= moment < night[1]), None)


def cut(found: Iterable[Interval], until: datetime) -> list[Interval]:
    """Return these nights up to a moment."""
    return [(start, min(end, until)) for start, end in found if start < until]


def evening_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day on whose evening the night of this moment began: nights turn at noon."""
    local = moment.astimezone(zone)
    return (local.replace(tzinfo=None) - NOON).date()
