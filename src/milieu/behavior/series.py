"""What was said of shifts, as plain series of numbers, for whoever looks for change.

Streams: ``activity`` 1 to 7, ``company`` 1 to 3 and ``self_care`` 1 to 4 (ordinal),
``participation`` 0 to 1 (share of the groups that were held), ``requests`` and ``agitation``
(counts).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from milieu.behavior.models import ShiftSeen
from milieu.behavior.rules import COMPANY, PARTICIPATION, SELF_CARE, agitation_count
from milieu.behavior.services import SHIFT
from milieu.record.models import Entry, told_at

Point = tuple[datetime, float | None, UUID]  # when, how much (None: refused, or not seen), entry
Series = dict[str, dict[UUID, list[Point]]]  # by stream, then by stay
ASLEEP: Final = "asleep"  # a shift slept through tells nothing, and is nobody's refusal
STREAMS: Final = ("activity", "company", "self_care", "participation", "requests", "agitation")


def series(stays: Iterable[UUID], since: datetime) -> Series:
    """Return every stream of these stays from ``since`` on, oldest first. One statement.

    A time is what the record supports, else what the entry says. A part that was not noted has no
    point; one that was declined, or a shift in which they were not seen, has a point without a
    number. A shift that they slept through has none.
    """
    rows = (
        ShiftSeen.objects.as_system("the caller narrows the stays")
        .filter(
            entry__in=Entry.objects.as_system("the caller narrows the stays")
            .current()
            .filter(stay__in=list(stays), kind=SHIFT),
        )
        .annotate(at=told_at("entry__"))
        .filter(at__gte=since)
        .exclude(outcome="not-seen", why=ASLEEP)
        .order_by("at", "pk")
        .values("at", "entry__stay", "entry__entry_id", "outcome", *STREAMS)
    )
    found: Series = {stream: {} for stream in STREAMS}
    for row in rows:
        for stream, value in _values(row):
            point = (row["at"], value, row["entry__entry_id"])
            found[stream].setdefault(row["entry__stay"], []).append(point)
    return found


def _values(row: Mapping[str, object]) -> Iterator[tuple[str, float | None]]:
    if row["outcome"] == "not-seen":
        yield from ((stream, None) for stream in STREAMS)
        return
    for name in ("activity", "requests"):
        if isinstance(value := row[name], int):
            yield name, float(value)
    for name, scale in (("company", COMPANY), ("self_care", SELF_CARE)):
        if code := row[name]:
            yield name, float(scale[str(code)])
    if (code := row["participation"]) in PARTICIPATION:
        yield "participation", PARTICIPATION[str(code)]
    if seen := row["agitation"]:
        yield "agitation", float(agitation_count(str(seen)))
