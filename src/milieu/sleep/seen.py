"""Nights as the record's looks saw them: for the page, and as plain series for streams."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from milieu.census.models import Standing
from milieu.census.packs import Nights
from milieu.record.models import Entry
from milieu.rounds.services import CHECK
from milieu.sleep.asleep import Look, Slept, asleep, evenings, slept
from milieu.sleep.rules import Hours, night_of
from milieu.sleep.services import LOOK

WHY = "the caller narrows the stays"
MINUTE: Final = timedelta(minutes=1)
SLEEP: Final = "sleep"  # minutes of a night that looks saw slept
WAKINGS: Final = "wakings"

Point = tuple[datetime, float | None, UUID]  # when, how much (None: not known), entry
Series = dict[str, dict[UUID, list[Point]]]  # by stream, then by stay


class Seen(NamedTuple):
    """A look of the record, and the entry that holds it."""

    look: Look
    entry_id: UUID


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
    """Return the nights of these stays that are over, the oldest first. One statement for all.

    Late entries count for nothing here: what was written afterwards says that somebody slept, and
    cannot show that anyone looked. ``stays``: where they stand, with their units.
    """
    stays = list(stays)
    looks = _looks([each.stay_id for each in stays], since - timedelta(hours=2))
    return {
        each.stay_id: list(
            _nights(looks[each.stay_id], max(since, each.admitted_at), until, each.unit.zone, pack)
        )
        for each in stays
        for pack in [each.unit.pack.nights]
    }


def _nights(
    looks: Sequence[Seen], since: datetime, until: datetime, zone: ZoneInfo, pack: Nights
) -> Iterable[Night]:
    hours, apart_most = Hours(*pack.hours), timedelta(seconds=pack.apart_most_s)
    for evening in evenings(since, until, hours, zone):
        night = night_of(hours, evening, zone)
        near = [
            each for each in looks if night[0] - apart_most <= each.look.at <= night[1] + apart_most
        ]
        within = [each.entry_id for each in near if night[0] <= each.look.at < night[1]]
        found = slept(night, [each.look for each in near], apart_most=apart_most)
        yield Night(evening, found, within[-1] if within else None)


def _looks(stays: Sequence[UUID], since: datetime) -> dict[UUID, list[Seen]]:
    """Return the looks at these stays. One from the doorway goes with the check of its moment."""
    entries = Entry.objects.as_system(WHY).current()
    rows = (
        entries.filter(stay__in=stays, kind__in=[CHECK, LOOK], counted_at__gte=since)
        .order_by("counted_at", "seq")
        .values_list(
            *("stay_id", "counted_at", "entry_id", "kind", "doorwaylook__breathing"),
            *("doorwaylook__woken", "safetycheck__outcome", "safetycheck__eyes"),
            *("safetycheck__breathing", "safetycheck__position"),
        )
    )
    found: dict[UUID, dict[datetime, Seen]] = defaultdict(dict)
    for stay, at, entry_id, kind, doorway, woken, outcome, eyes, breathing, position in rows:
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
        found[stay][at] = Seen(look, before.entry_id if before else entry_id)
    return defaultdict(list, {stay: list(each.values()) for stay, each in found.items()})


def series(stays: Iterable[UUID], since: datetime, *, until: datetime) -> Series:
    """Return minutes slept and wakings, one point for each night that is over, at its end.

    The entry is the last look of the night. A night of which too little is known has a point
    without a number; one in which nobody looked has none. Minutes are an estimate: ``asleep.py``.
    """
    standings = Standing.objects.filter(stay__in=list(stays)).select_related("unit")
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
