"""Which sentences to offer first: the unit's most usual for the hour, the same for everyone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.functions import ExtractHour

from milieu.census.models import Unit
from milieu.census.packs import Tile, words
from milieu.kernel import clock
from milieu.rounds.models import SafetyCheck

TILES_MAX = 24  # kept for an hour; the phone shows six at a time
NEAR_HOURS = (-1, 0, 1)  # what is usual at two is told by one to three
KEPT_S = 3600

Tally = Counter[tuple[int, Tile]]  # (hour of the unit's day, tile) -> how often


def usual_tiles(unit: Unit) -> Sequence[Sequence[Tile]]:
    """Return, for each hour of the unit's day, its most usual tiles, most usual first.

    Counted over what the unit recorded lately, never by person: an order that followed someone's
    last check would lead to copying it forward. Filled up from the pack. Worked out once an hour,
    from what was stored before it began: so each process of the server tells a phone the same.
    """
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    name = f"tiles:{unit.pk}:{hour:%Y%m%d%H}"
    found: list[list[Tile]] | None = cache.get(name)
    if found is None:
        found = by_hour(_tally(unit, hour), unit)
        cache.set(name, found, KEPT_S)
    return found


def by_hour(tally: Tally, unit: Unit) -> list[list[Tile]]:
    """Rank tiles for each of 24 hours; equal counts in the order of the pack's words."""
    return [_ranked(hour, tally, unit) for hour in range(24)]


def _ranked(hour: int, tally: Tally, unit: Unit) -> list[Tile]:
    near = {(hour + step) % 24 for step in NEAR_HOURS}
    counts: Counter[Tile] = Counter()
    for (at, tile), count in tally.items():
        if at in near:
            counts[tile] += count
    usual = sorted(
        counts, key=lambda tile: (-counts[tile], tile.place, tile.position, tile.activity)
    )
    return list(dict.fromkeys([*usual, *unit.pack.tiles_at(hour)]))[:TILES_MAX]


def _tally(unit: Unit, hour: datetime) -> Tally:
    since = hour - timedelta(days=unit.pack.limits.tiles_days)
    rows = (
        SafetyCheck.objects.as_system("how often each sentence was said, of nobody")
        .filter(
            Q(entry__amended_by=None) | Q(entry__amended_by__stored_at__gte=hour),
            outcome="seen",
            note="",
            nurse_should_know="",
            entry__stay__standing__unit=unit,
            entry__counted_at__gte=since,
            entry__stored_at__lt=hour,
        )
        .annotate(hour=ExtractHour("entry__counted_at", tzinfo=unit.zone))
        .values_list("hour", "place", "position", "activity", "eyes", "breathing")
        .annotate(times=Count("pk"))
    )
    return Counter(dict(_known(rows, unit.pack_name)))


def _known(
    rows: Iterable[tuple[int, str, str, str, str, str, int]], pack_name: str
) -> Iterable[tuple[tuple[int, Tile], int]]:
    """Leave out words that the pack no longer has, and what says a place and nothing more."""
    for hour, place, position, activity, eyes, breathing, times in rows:
        said = ((place, "places"), (position, "positions"), (activity, "activities"))
        known = all(not code or code in words(pack_name, kind) for code, kind in said)
        if known and (position or activity):
            yield (hour, Tile(place, position, activity, eyes, breathing)), times
