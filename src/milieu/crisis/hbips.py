"""HBIPS-2 and HBIPS-3: minutes in restraint and in seclusion, and hours per 1,000 patient hours.

By the Joint Commission's Specifications Manual; which version, and its numbers, stand in
``hbips.toml``. Plain.

- Whole minutes, rounded up, for each event on each local date; one that passes midnight is two.
- In restraint and in seclusion at once counts as restraint. Who goes from restraint to seclusion is
  in restraint until the seclusion begins, also where the end of the restraint was not written down.
- A time that is missing makes the minutes of its date UTD, unable to determine.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from milieu.crisis.application import Interval, union, without, years

MINUTE = timedelta(minutes=1)


class Measure(StrEnum):
    """What an event counts for."""

    RESTRAINT = "HBIPS-2"  # by hands or by a device
    SECLUSION = "HBIPS-3"


class Band(StrEnum):
    """The ages that are told apart, by the age on the date of the event."""

    CHILD = "b"
    ADOLESCENT = "c"
    ADULT = "d"
    OLDER = "e"


class Ages(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"least": "from"}):
    """The ages of a band: from ``least`` years up to the next band."""

    least: int
    label: dict[str, str]

    def called(self, language: str) -> str:
        """Return the ages in this language, else in English."""
        return self.label.get(language) or self.label["en"]


class Manual(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The manual's numbers. ``minutes_most``: in a date; ``hours_most``: in a unit's month."""

    source: str
    read_on: date
    minutes_most: int
    hours_most: int
    bands: dict[Band, Ages]


@cache
def manual() -> Manual:
    """Return the manual as ``hbips.toml`` has it."""
    return msgspec.toml.decode(Path(__file__).with_suffix(".toml").read_bytes(), type=Manual)


@dataclass(frozen=True)
class Event:
    """One time in restraint or in seclusion; None: nobody wrote down the start, or the end.

    Of one that goes on now the end is now: only the caller knows that. ``application``: events of
    one application are known to have followed each other.
    """

    measure: Measure
    began: datetime | None
    ended: datetime | None
    application: str = ""


@dataclass(frozen=True)
class Day:
    """What a person's date comes to. ``minutes`` None: UTD."""

    on: date
    measure: Measure
    minutes: int | None


def band(born: date, on: date) -> Band | None:
    """Return the band of somebody on a date; None for who is not one year old yet."""
    age = years(born, on)
    reached = [each for each in Band if age is not None and age >= manual().bands[each].least]
    return reached[-1] if reached else None


def days(events: Sequence[Event], zone: ZoneInfo) -> tuple[Day, ...]:
    """Return one person's minutes for each date by the unit's clock and each measure, in order."""
    events = _stopped(events)
    times = {
        measure: union(
            (event.began, event.ended)
            for event in events
            if event.measure is measure
            and event.began
            and event.ended
            and event.began < event.ended
        )
        for measure in Measure
    }
    times[Measure.SECLUSION] = without(times[Measure.SECLUSION], times[Measure.RESTRAINT])
    found: dict[tuple[date, Measure], int | None] = defaultdict(int)
    for measure, whole in times.items():
        for on, length in _by_date(whole, zone):
            found[on, measure] = (found[on, measure] or 0) + -(-length // MINUTE)
    for event in events:
        known = event.began or event.ended
        if known and not (event.began and event.ended):
            found[known.astimezone(zone).date(), event.measure] = None
    return tuple(Day(on, measure, minutes) for (on, measure), minutes in sorted(found.items()))


def _stopped(events: Sequence[Event]) -> list[Event]:
    """Return the events; where a seclusion follows a restraint without an end, it ends there."""
    found = []
    for event in events:
        end = event.ended
        if event.measure is Measure.RESTRAINT and end is None and event.began:
            end = min(
                (
                    other.began
                    for other in events
                    if other.measure is Measure.SECLUSION
                    and other.application == event.application
                    and other.began
                    and other.began >= event.began
                ),
                default=None,
            )
        found.append(Event(event.measure, event.began, end, event.application))
    return found


def _by_date(times: Iterable[Interval], zone: ZoneInfo) -> Iterable[tuple[date, timedelta]]:
    for began, ended in times:
        start = began
        while start < ended:
            on = start.astimezone(zone).date()
            stop = min(_next_midnight(start, on, zone), ended)
            yield on, stop - start
            start = stop


def _next_midnight(start: datetime, on: date, zone: ZoneInfo) -> datetime:
    """Return when the day after begins; the second time where clocks went back across midnight."""
    midnight = datetime.combine(on + timedelta(days=1), time.min, zone)
    first, second = (midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first > start else second


@dataclass(frozen=True)
class Total:
    """What is submitted for one measure and one month, of a band or of all.

    ``patients``: how many different people the minutes are of.
    """

    minutes: int
    patients: int
    inpatient_days: int
    leave_days: int

    @property
    def census_days(self) -> int:
        """The days in the unit: leave is not counted."""
        return self.inpatient_days - self.leave_days

    @property
    def rate(self) -> float | None:
        """Hours per 1,000 hours in the unit; None where nobody was in it."""
        if self.census_days <= 0:
            return None
        return self.minutes / 60 / (self.census_days * 24 / 1000)


@dataclass(frozen=True)
class Problem:
    """Something that cannot be so, or that a submission would not take.

    Attributes:
        code: ``below-zero``; ``more-leave-than-days``; ``more-hours-than-days``, more hours in it
            than hours in the unit; ``too-many-hours``, more in the unit than is taken;
            ``minutes-of-nobody``; ``people-without-minutes``, each has at least one;
            ``bands-differ``, together they are not all; ``utd``; ``over-1440``, which a date of
            25 hours can be and the manual does not take.
        of: the band, ``a`` for all; a column that differs; or a date and its measure.
        value, most: what it is, and what it can be at most, where that says it.
    """

    code: str
    of: str
    value: int | None = None
    most: int | None = None


def problems(totals: Mapping[Band, Total], overall: Total) -> tuple[Problem, ...]:
    """Return what is wrong with a submission of one measure; nothing, if it can be sent."""
    found = [problem for each, total in totals.items() for problem in _wrong(total, each)]
    found += _wrong(overall, "a")
    for name in ("minutes", "inpatient_days", "leave_days"):
        parts, whole = sum(getattr(each, name) for each in totals.values()), getattr(overall, name)
        if parts != whole:
            found.append(Problem("bands-differ", name, parts, whole))
    return tuple(found)


def _wrong(total: Total, of: str) -> list[Problem]:
    least = min(total.minutes, total.patients, total.inpatient_days, total.leave_days)
    most = manual().hours_most
    room = max(total.census_days, 0) * manual().minutes_most
    checks = [
        (least < 0, "below-zero", least, None),
        (total.census_days < 0, "more-leave-than-days", total.leave_days, total.inpatient_days),
        (total.minutes > room, "more-hours-than-days", total.minutes, room),
        (total.census_days * 24 > most, "too-many-hours", total.census_days * 24, most),
        (total.minutes > 0 and total.patients == 0, "minutes-of-nobody", total.minutes, None),
        (total.patients > total.minutes, "people-without-minutes", total.patients, total.minutes),
    ]
    return [Problem(code, of, value, most) for wrong, code, value, most in checks if wrong]


def impossible(found: Iterable[Day]) -> tuple[Problem, ...]:
    """Return which of a person's dates a submission would not take as they are."""
    most = manual().minutes_most
    return tuple(
        Problem("utd", f"{day.on} {day.measure}")
        if day.minutes is None
        else Problem("over-1440", f"{day.on} {day.measure}", day.minutes, most)
        for day in found
        if day.minutes is None or day.minutes > most
    )
