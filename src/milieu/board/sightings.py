"""Where the authors of a page of checks were in the same seconds, by their other checks."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q

from milieu.census.models import Standing, Stay
from milieu.census.packs import pack
from milieu.record.doubts import Sighting
from milieu.record.doubts import two_places as in_two_places
from milieu.record.models import Entry
from milieu.rounds.services import CHECK


def two_places(stay: Stay, entries: Sequence[Entry]) -> set[int]:
    """Return which of these checks of one stay put their author in two rooms at once.

    Two statements: who was in the house then, and what the same authors saw of them.
    """
    checks = [
        entry for entry in entries if entry.kind == CHECK and entry.counted_at and not entry.struck
    ]
    if not checks:
        return set()
    unit = stay.standing.unit
    within = timedelta(seconds=unit.pack.limits.two_places_s)
    times = [entry.counted_at for entry in checks if entry.counted_at]
    first, last = min(times) - within, max(times) + within
    stays = list(
        Standing.objects.as_system("of the stays that a page shows")
        .filter(
            Q(discharged_at=None) | Q(discharged_at__gte=first),
            unit__facility=unit.facility_id,
            admitted_at__lte=last,
        )
        .values_list("stay_id", flat=True)
    )
    rows = (
        Entry.objects.as_system("only places and times of the page's own authors are compared")
        .filter(
            stay__in=stays,
            kind=CHECK,
            counted_at__range=(first, last),
            author__in={entry.author_id for entry in checks},
        )
        .exclude(safetycheck__place="")
        .values_list(
            "seq",
            "author_id",
            "stay_id",
            "counted_at",
            "safetycheck__place",
            "stay__standing__unit_id",
            "stay__standing__unit__pack_name",
            "stay__standing__bed__room_id",
        )
    )
    return in_two_places((_sighting(row) for row in rows), within) & {entry.seq for entry in checks}


def _sighting(row: tuple[Any, ...]) -> Sighting:
    """Make a sighting: one's own room is the room of the bed; another place is one of its unit."""
    seq, author, stay, at, place, unit, pack_name, room = row
    own = place == pack(pack_name).own_place
    where = str(room or stay) if own else f"{unit} {place}"
    return Sighting(seq=seq, author_id=author, stay_id=stay, at=at, room=where)
