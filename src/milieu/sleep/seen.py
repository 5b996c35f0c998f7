"""Nights as the record's looks saw them: for the page, and as plain series for streams."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q

from milieu.census.models import Standing
from milieu.census.packs import Nights
from milieu.record.models import Entry
from milieu.rounds.services import CHECK
from milieu.sleep import remembered
from milieu.sleep.asleep import Look, Slept, asleep, evenings, slept
from milieu.sleep.remembered import Read, Span, Window
from milieu.sleep.rules import Hours, night_of
from milieu.sleep.services import LOOK

WHY = "the caller narrows the stays"
MINUTE: Final = timedelta(minutes=1)
SLEEP: Final = "sleep"  # minutes of a night that looks saw slept
WAKINGS: Final = "wakings"

Point = tuple[datetime, float | None, UUID]  # when, how much (None: not known), entry
Series = dict[str, dict[UUID, list[Point]]]  # by stream, then by stay


class Seen(NamedTuple):
    """A look of the record, and the place of its entry there."""

    look: Look
    seq: int


class Night(NamedTuple):
    """One night of somebody: its evening, what the looks say, and the last look of it."""

    evening: date
    slept: Slept
    last: UUID | None  # None: nobody looked, by the record

    def known(self, nights: Nights) -> bool:
        """Whether enough of the night is known to give it a number."""
        return self.last is not None and self.slept.known_share >= nights.known_least


def nights_seen(
    stays: Iterable[Standing], since: datetime, until: datetime
) -> dict[UUID, list[Night]]:
    """Return the nights of these stays that are over, the oldest first. Few statements for all.

    Late entries count for nothing here: what was written afterwards says that somebody slept, and
    cannot show that anyone looked. ``stays``: where they stand, with their units.
    """
    over = {each.stay_id: _over(each, since, until) for each in stays}
    place, known = remembered.place_now(), remembered.known(list(over))
    found = {stay: known.get(stay, {}) for stay in over}
    for stay, read in _read(over, found).items():
        found[stay] = found[stay] | read
    remembered.remember(place, found)
    return {
        stay: [Night(evening, *found[stay][window]) for evening, window in nights]
        for stay, nights in over.items()
    }


def _over(where: Standing, since: datetime, until: datetime) -> list[tuple[date, Window]]:
    """Return each night that is over: its evening, and its times."""
    pack, zone = where.unit.pack.nights, where.unit.zone
    hours, apart = Hours(*pack.hours), timedelta(seconds=pack.apart_most_s)
    nights = [
        (evening, night_of(hours, evening, zone))
        for evening in evenings(max(since, where.admitted_at), until, hours, zone)
    ]
    return [
        (evening, Window((start, end), (start - apart, end + apart)))
        for evening, (start, end) in nights
    ]


def _read(
    over: Mapping[UUID, Sequence[tuple[date, Window]]],
    known: Mapping[UUID, Mapping[Window, Read]],
) -> dict[UUID, dict[Window, Read]]:
    """Return what the looks say of each of these nights that is not known."""
    new = {
        stay: [window for _, window in nights if window not in known[stay]]
        for stay, nights in over.items()
    }
    windows = {window for nights in new.values() for window in nights}
    looks = _looks([stay for stay in new if new[stay]], {window.around for window in windows})
    found = {
        stay: {window: _night(window, looks[stay]) for window in nights}
        for stay, nights in new.items()
    }
    last = {seq for nights in found.values() for _, seq in nights.values() if seq is not None}
    entries = Entry.objects.as_system(WHY).filter(pk__in=last).values_list("pk", "entry_id")
    ids = dict(entries) if last else {}
    return {
        stay: {
            window: Read(slept, ids[seq] if seq is not None else None)
            for window, (slept, seq) in nights.items()
        }
        for stay, nights in found.items()
    }


def _night(window: Window, looks: Sequence[Seen]) -> tuple[Slept, int | None]:
    """Return what the looks say of a night, and the place of the last of them."""
    night, around = window
    first, beyond = (bisect_left(looks, moment, key=_at) for moment in around)
    near = looks[first:beyond]
    within = [each.seq for each in near if night[0] <= each.look.at < night[1]]
    found = slept(night, [each.look for each in near], apart_most=night[0] - around[0])
    return found, within[-1] if within else None


def _at(seen: Seen) -> datetime:
    return seen.look.at


def _looks(stays: Sequence[UUID], times: Iterable[Span]) -> dict[UUID, list[Seen]]:
    """Return the looks at these stays in these times. One from the doorway goes with its check."""
    spans = list(times)
    if not spans:
        return defaultdict(list)
    within = Q()
    for start, end in spans:
        within |= Q(counted_at__gte=start, counted_at__lt=end)
    # From when to when all of them are, too: only by that does PostgreSQL find them in an index.
    within &= Q(counted_at__gte=min(spans)[0], counted_at__lt=max(end for _, end in spans))
    entries = Entry.objects.as_system(WHY).current()
    rows = (
        entries.filter(within, stay__in=stays, kind__in=[CHECK, LOOK])
        .order_by("counted_at", "seq")
        .values_list(
            *("stay_id", "counted_at", "seq", "kind", "doorwaylook__breathing"),
            *("doorwaylook__woken", "safetycheck__outcome", "safetycheck__eyes"),
            *("safetycheck__breathing", "safetycheck__position"),
        )
    )
    found: dict[UUID, dict[datetime, Seen]] = defaultdict(dict)
    for stay, at, seq, kind, doorway, woken, outcome, eyes, breathing, position in rows:
        before = found[stay].get(at)
        if kind == LOOK:
            sleeping = True if doorway == "seen" else None
            look = Look(at, sleeping, woke=woken == "yes")
        else:
            look = Look(
                at, asleep(outcome=outcome, eyes=eyes, breathing=breathing, position=position)
            )
        if before:  # the check and the look from the doorway are one look
            known = look.asleep if before.look.asleep is None else before.look.asleep
            look = Look(at, known, woke=look.woke or before.look.woke)
        found[stay][at] = Seen(look, before.seq if before else seq)
    return defaultdict(list, {stay: list(each.values()) for stay, each in found.items()})


def series(stays: Iterable[UUID], since: datetime, *, until: datetime) -> Series:
    """Return minutes slept and wakings, one point for each night that is over, at its end.

    The entry is the last look of the night. A night of which too little is known has a point
    without a number; one in which nobody looked has none. Minutes are an estimate: ``asleep.py``.
    """
    standings = (
        Standing.objects.as_system("of stays that its reader may see")
        .filter(stay__in=list(stays))
        .select_related("unit")
    )
    where = {each.stay_id: each.unit.pack.nights for each in standings}
    found: Series = {SLEEP: {}, WAKINGS: {}}
    for stay, nights in nights_seen(standings, since, until).items():
        for night in nights:
            if night.last is None:
                continue
            known = night.known(where[stay])
            minutes = round(night.slept.asleep / MINUTE) if known else None
            for stream, value in ((SLEEP, minutes), (WAKINGS, night.slept.wakings)):
                point = (
                    night.slept.night[1],
                    float(value) if known and value is not None else None,
                )
                found[stream].setdefault(stay, []).append((*point, night.last))
    return found
