"""Working out, from the record, who is unlike themselves; and telling the nurse once.

A chore of ``milieu ticker``. It reads everything anew each time, so that late, amended and repeated
entries need no special case. What was told stays told, also when a later entry explains it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction

from milieu.census.models import Standing, Unit
from milieu.census.services import HERE
from milieu.record.models import Entry
from milieu.watch.alike import together
from milieu.watch.choices import a_week, turned_on
from milieu.watch.models import Behind, Notice, Part
from milieu.watch.rules import Change, Prior, Seen, Signal, prior, signals
from milieu.watch.sources import SOURCES, Point, Series, read

HISTORY: Final = timedelta(days=56)
TOLD_BACK: Final = timedelta(days=2)  # what is older when it is found out is no news any more
APART: Final = timedelta(days=3)  # the same stream of the same person is told once in this time
MISSING_LEAST: Final = 2  # one look that could not be had is no change
ALL: Final = "noticing reads the whole unit, and tells nurses of it alone"


def look(now: datetime) -> str:
    """Look through every unit that has a stream turned on. Return how many notices are new."""
    told = sum(notice(unit, now) for unit in Unit.objects.order_by("pk"))
    return f"{told} notices"


def notice(unit: Unit, now: datetime) -> int:
    """Tell what is new about the people of a unit. Return how many notices were written."""
    on = turned_on(unit)
    if not on:
        return 0
    everyone = list(Standing.objects.filter(unit=unit))
    here = [each.stay_id for each in everyone if each.state in HERE]
    if not here:
        return 0
    found = read([each.stay_id for each in everyone], now - HISTORY, now, unit.zone)
    usual = learned(found, unit)
    a_day = a_week(unit, len(here)) / 7 / len(here)
    return sum(
        _tell(unit, stay, signal, found, now)
        for stay in here
        for signal in unlike(stay, found, usual, unit, a_day)
        if _is_news(signal, on, now)
    )


class Learned(NamedTuple):
    """What a unit's own people tell: of each stream, and how much a person's go together."""

    priors: Mapping[str, Prior]
    alike: float


def learned(found: Series, unit: Unit) -> Learned:
    """Return what a unit's own people tell of the streams that it watches, and of all others."""
    priors = {
        code: prior(
            SOURCES[code].stream, [seen(points) for points in found[code].values()], zone=unit.zone
        )
        for code in sorted(found)
    }
    codes = sorted(turned_on(unit))
    stays = {stay for code in codes for stay in found[code]}
    people = [{code: seen(found[code].get(stay, ())) for code in codes} for stay in sorted(stays)]
    streams = {code: SOURCES[code].stream for code in codes}
    return Learned(priors, together(streams, people, priors, zone=unit.zone) if codes else 0.0)


def seen(points: Sequence[Point]) -> list[Seen]:
    """Return points as the rules read them."""
    return [Seen(at, value) for at, value, _ in points]


def unlike(stay: UUID, found: Series, usual: Learned, unit: Unit, a_day: float) -> list[Signal]:
    """Return when somebody was unlike themselves in the streams that their unit watches."""
    on = turned_on(unit)
    return signals(
        {code: SOURCES[code].stream for code in on},
        {code: seen(found[code].get(stay, ())) for code in on},
        {code: usual.priors[code] for code in on},
        zone=unit.zone,
        notices_per_day=a_day,
        alike=usual.alike,
    )


def _is_news(signal: Signal, on: Mapping[str, datetime], now: datetime) -> bool:
    since = min((on[change.stream] for change in signal.changes), default=now)
    return signal.at >= max(since, now - TOLD_BACK)


def _tell(unit: Unit, stay: UUID, signal: Signal, found: Series, now: datetime) -> int:
    """Write a notice, unless one about the same was told around that time."""
    changes = [
        change
        for change in signal.changes
        if len(change.seen) - change.missing > 0 or change.missing >= MISSING_LEAST
    ]
    around = Notice.objects.as_system(ALL).filter(
        stay=stay,
        at__range=(signal.at - APART, signal.at + APART),
        parts__stream__in=[change.stream for change in changes],
    )
    if not changes or around.exists():
        return 0
    with transaction.atomic():
        row, new = Notice.objects.as_system(ALL).get_or_create(
            stay_id=stay, at=signal.at, defaults={"unit": unit, "told_at": now}
        )
        if new:
            for change in changes:
                _write(row, change, found[change.stream][stay])
    return int(new)


def _write(row: Notice, change: Change, points: Sequence[Point]) -> None:
    usual = change.usual
    part = Part.objects.create(
        notice=row,
        stream=change.stream,
        since=change.since,
        low=usual.low,
        middle=usual.middle,
        high=usual.high,
        missing=change.missing,
    )
    behind = [points[place] for place in change.seen]
    numbers = dict(
        Entry.objects.as_system(ALL)
        .filter(entry_id__in=[entry_id for _, _, entry_id in behind])
        .values_list("entry_id", "seq")
    )
    Behind.objects.bulk_create(
        Behind(part=part, entry_id=numbers[entry_id], at=at, value=value)
        for at, value, entry_id in behind
    )
