"""What nobody did in time, found by looking: a check that is overdue, a watch that nobody keeps.

Looked at every few seconds by ``milieu ticker``. Each alert is raised once, whoever looks and
however often; none is closed here, also not when the check arrives late from a phone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet

from milieu.alerts.kinds import OVERDUE, UNCOVERED
from milieu.alerts.services import Wrong, raise_found
from milieu.census.models import State
from milieu.census.packs import Pack, names
from milieu.rounds.models import Clock, Hold
from milieu.rounds.rules import missed
from milieu.rounds.watching import Held, continuous, gone_home

WHY = "the house looks whether anyone was missed, and tells who is responsible"


def raise_missed(now: datetime) -> int:
    """Raise an alert for whoever was not seen in time, and for whoever nobody is with."""
    return len(raise_found([*_overdue(now), *_uncovered(now)], now))


def _overdue(now: datetime) -> Iterator[Wrong]:
    for shown in _clocks().filter(due_at__lte=now):
        grace = timedelta(seconds=_pack(shown).limits.overdue_grace_s)
        if shown.due_at and missed(shown.due_at, grace=grace, now=now):
            hold = _hold(shown)
            yield _wrong(OVERDUE, shown, shown.due_at, owner_id=hold.holder_id if hold else None)


def _uncovered(now: datetime) -> Iterator[Wrong]:
    """Yield who needs eyes all the time and whom nobody has the watch of, who is at work."""
    for shown, left in _alone(now):
        grace = timedelta(seconds=_pack(shown).limits.uncovered_grace_s)
        if missed(left, grace=grace, now=now):
            yield _wrong(UNCOVERED, shown, left)


def _alone(now: datetime) -> list[tuple[Clock, datetime]]:
    """Return who should have somebody with them and has not, and since when.

    Whom an order names has nobody's watch until they accept it.
    """
    codes = set[str]().union(*map(continuous, names()))
    wanted = [
        shown
        for shown in _clocks().filter(level__in=codes)
        if shown.level in continuous(shown.stay.standing.unit.pack_name)
    ]
    gone = gone_home(
        {
            shown.stay_id: Held(hold.holder_id, hold.since)
            for shown in wanted
            if (hold := _hold(shown)) and hold.holder_id and hold.since
        },
        now,
    )
    return [
        (shown, _left_at(shown, gone.get(shown.stay_id)))
        for shown in wanted
        if shown.stay_id in gone or not ((hold := _hold(shown)) and hold.holder_id)
    ]


def _left_at(shown: Clock, gone: datetime | None) -> datetime:
    """Return since when nobody is with them: order, return, move, or when the last one left."""
    ordered = shown.level_entry.happened_at if shown.level_entry else None
    standing = shown.stay.standing
    moved = standing.left_units[-1].at if standing.left_units else None
    return max(mark for mark in (standing.clock_from, ordered, moved, gone) if mark)


def _hold(shown: Clock) -> Hold | None:
    return getattr(shown.stay, "hold", None)


def _clocks() -> QuerySet[Clock]:
    clocks: QuerySet[Clock] = Clock.objects.as_system(WHY)
    return clocks.filter(stay__standing__state=State.IN).select_related(
        "stay__standing__unit", "stay__hold", "level_entry"
    )


def _wrong(kind: str, shown: Clock, since: datetime, **more: object) -> Wrong:
    """Say what is wrong. Still so after the time that an answer may take, it is told anew."""
    return Wrong(
        kind=kind,
        about=shown.stay_id,
        since=since,
        pack=_pack(shown),
        again_after=timedelta(seconds=_pack(shown).ladder(kind).answer_s),
        columns={"stay_id": shown.stay_id, "source_id": shown.last_id, **more},
    )


def _pack(shown: Clock) -> Pack:
    return shown.stay.standing.unit.pack
