"""What was measured, as plain series of numbers, for whoever looks for change.

Streams: ``temperature`` (°C), ``pulse`` and ``breaths`` (a minute), ``systolic`` (mmHg), ``oxygen``
(%), ``pain`` (0 to 10), ``weight`` (kg).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from milieu.record.models import Entry, told_at
from milieu.vitals.measures import taken
from milieu.vitals.models import VitalSigns
from milieu.vitals.services import SET

Point = tuple[datetime, float | None, UUID]  # when, how much (None: declined, or asleep), entry
Series = dict[str, dict[UUID, list[Point]]]  # by stream, then by stay
STREAMS: Final = ("temperature", "pulse", "breaths", "systolic", "oxygen", "pain", "weight")


def series(stays: Iterable[UUID], since: datetime) -> Series:
    """Return every stream of these stays from ``since`` on, oldest first. One statement.

    A time is what the record supports, else what the entry says. A measure that was not in a set
    has no point; a set that was declined, or slept through, has a point without a number in each.
    """
    current = Entry.objects.as_system("the caller narrows the stays").current()
    rows = (
        VitalSigns.objects.as_system("the caller narrows the stays")
        .filter(entry__in=current.filter(stay__in=list(stays), kind=SET))
        .annotate(at=told_at("entry__"))
        .filter(at__gte=since)
        .order_by("at", "pk")
        .select_related("entry")
    )
    found: Series = {stream: {} for stream in STREAMS}
    for row in rows:
        values = taken(row.said()) if row.outcome == "taken" else dict.fromkeys(STREAMS)
        for stream in STREAMS:
            if stream in values:
                point = (row.at, values[stream], row.entry.entry_id)
                found[stream].setdefault(row.entry.stay_id, []).append(point)
    return found
