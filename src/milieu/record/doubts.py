"""What can only be doubted beside other entries. Worked out when a page of entries is read."""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Q

from milieu.record.models import Entry

LOOK_BACK = 200  # numbers of the device: one push


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """An entry that puts its author in a room at a time."""

    seq: int
    author_id: UUID
    stay_id: UUID
    at: datetime
    room: str


def out_of_order(entries: Iterable[Entry]) -> set[int]:
    """Return which entries say a time that runs against their device's own order.

    Such an entry was written, by the device's clock, before one that the device had numbered
    earlier: the clock was set back, or the time is not true. One statement.
    """
    spans: dict[UUID, list[int]] = defaultdict(list)
    asked = set()
    for entry in entries:
        if entry.device_id and entry.device_seq is not None:
            spans[entry.device_id].append(entry.device_seq)
            asked.add(entry.seq)
    if not spans:
        return set()
    near = Q()
    for device, numbers in spans.items():
        near |= Q(device=device, device_seq__range=(min(numbers) - LOOK_BACK, max(numbers)))
    rows = (
        Entry.objects.as_system("only times are compared, and only of the page's own devices")
        .filter(near)
        .order_by("device", "device_seq")
        .values_list("device_id", "device_seq", "written_at", "seq")
    )
    found: set[int] = set()
    for _, written in groupby(rows, key=lambda row: row[0]):
        found |= _backwards([(number, at, seq) for _, number, at, seq in written])
    return found & asked


def _backwards(written: Sequence[tuple[int, datetime, int]]) -> set[int]:
    """Return which of one device's entries, in its order, were written before an earlier one."""
    found = set()
    latest: deque[tuple[int, datetime]] = deque()  # falling: the first is the latest time in reach
    for number, at, seq in written:
        while latest and latest[0][0] < number - LOOK_BACK:
            latest.popleft()
        if latest and latest[0][1] > at:
            found.add(seq)
        while latest and latest[-1][1] <= at:
            latest.pop()
        latest.append((number, at))
    return found


def two_places(sightings: Iterable[Sighting], within: timedelta) -> set[int]:
    """Return which entries put their author in two rooms, with two people, in the same seconds."""
    by_author: dict[UUID, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_author[sighting.author_id].append(sighting)
    found: set[int] = set()
    for seen in by_author.values():
        seen.sort(key=lambda sighting: sighting.at)
        for place, one in enumerate(seen):
            for other in seen[place + 1 :]:
                if other.at - one.at > within:
                    break
                if other.stay_id != one.stay_id and other.room != one.room:
                    found |= {one.seq, other.seq}
    return found
