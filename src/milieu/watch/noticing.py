"""Working out, from the record, who is unlike themselves; and telling the nurse once.

A chore of ``milieu ticker``. It reads everything anew each time, so that late, amended and repeated
entries need no special case. What was told stays told, also when a later entry explains it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from milieu.census.models import Standing, Unit
from milieu.census.services import HERE
from milieu.record.models import Entry
from milieu.watch.alike import together
from milieu.watch.choices import a_week, turned_on
from milieu.watch.following import follow
from milieu.watch.models import Behind, Notice, Part
from milieu.watch.rules import Change, Prior, Seen, Signal, prior, signals
from milieu.watch.sources import SOURCES, Point, Series, read
from milieu.watch.streams import Stream

HISTORY: Final = timedelta(days=56)
AN_HOUR_S: Final = 3600
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
    everyone = list(
        Standing.objects.as_system("the house looks at everybody of a unit").filter(unit=unit)
    )
    here = [each.stay_id for each in everyone if each.state in HERE]
    if not here:
        return 0
    found = read([each.stay_id for each in everyone], now - HISTORY, now, unit.zone)
    found = {code: found[code] for code in on}
    priors = learned(found, unit)
    alike = _alike(found, priors, unit)
    follow(unit, len(here), now)
    a_day = a_week(unit, len(here)) / 7 / len(here)

    def unlike(stay: UUID) -> list[Signal]:
        return signals(
            streams(on),
            {code: seen(found[code].get(stay, ())) for code in on},
            priors,
            zone=unit.zone,
            notices_per_day=a_day,
            alike=alike,
        )

    return sum(
        _tell(unit, stay, signal, found, now)
        for stay in here
        for signal in unlike(stay)
        if _is_news(signal, on, now)
    )


def learned(found: Series, unit: Unit) -> dict[str, Prior]:
    """Return what a unit's own people tell of each of these streams."""
    return {
        code: prior(
            SOURCES[code].stream, [seen(points) for points in found[code].values()], zone=unit.zone
        )
        for code in sorted(found)
    }


def read_everyone(unit: Unit, now: datetime) -> Series:
    """Return every stream of everybody who has a place on this unit's list."""
    everyone = (
        Standing.objects.as_system("the house looks at everybody of a unit")
        .filter(unit=unit)
        .values_list("stay_id", flat=True)
    )
    return read(list(everyone), now - HISTORY, now, unit.zone)


def learned_this_hour(unit: Unit, now: datetime, found: Series | None = None) -> dict[str, Prior]:
    """Return what the unit's own people tell of each stream, as of this hour: for pictures.

    It is what eight weeks of everybody tell, so an hour changes nothing that can be seen, and
    reading them is most of the work of a page. ``found``: everyone's streams, where they are read
    already.
    """
    key = f"learned:{unit.pk}:{now:%Y%m%d%H}"
    known: dict[str, Prior] | None = cache.get(key)
    if known is None:
        known = learned(found or read_everyone(unit, now), unit)
        cache.set(key, known, AN_HOUR_S)
    return known


def _alike(found: Series, priors: Mapping[str, Prior], unit: Unit) -> float:
    """Return how much the streams of one person go together on this unit."""
    stays = sorted({stay for points in found.values() for stay in points})
    people = [
        {code: seen(points.get(stay, ())) for code, points in found.items()} for stay in stays
    ]
    return together(streams(found), people, priors, zone=unit.zone)


def streams(codes: Iterable[str]) -> dict[str, Stream]:
    """Return these streams as the rules read them."""
    return {code: SOURCES[code].stream for code in codes}


def seen(points: Sequence[Point]) -> list[Seen]:
    """Return points as the rules read them."""
    return [Seen(at, value) for at, value, _ in points]


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
