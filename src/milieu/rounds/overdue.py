"""What nobody did in time, found by looking: a check that is overdue, a watch that nobody keeps.

Looked at every few seconds by ``milieu ticker``. Each alert is raised once, whoever looks and
however often; none is closed here, also not when the check arrives late from a phone.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from milieu.alerts.kinds import OVERDUE, UNCOVERED
from milieu.alerts.services import Wrong, raise_found
from milieu.census.models import State
from milieu.census.packs import Pack, names, pack
from milieu.people.models import ShiftSession
from milieu.people.shift import on_shift
from milieu.record.models import Entry
from milieu.rounds.models import Clock
from milieu.rounds.rules import missed
from milieu.rounds.services import GIVE

WHY = "the house looks whether anyone was missed, and tells who is responsible"


def raise_missed(now: datetime) -> int:
    """Raise an alert for whoever was not seen in time, and for whoever nobody is with."""
    return len(raise_found([*_overdue(now), *_uncovered(now)], now))


def _overdue(now: datetime) -> Iterator[Wrong]:
    for shown in _clocks().filter(due_at__lte=now):
        grace = timedelta(seconds=_pack(shown).limits.overdue_grace_s)
        if shown.due_at and missed(shown.due_at, grace=grace, now=now):
            yield _wrong(OVERDUE, shown, shown.due_at, owner_id=shown.holder_id)


def _uncovered(now: datetime) -> Iterator[Wrong]:
    """Yield who needs eyes all the time and has neither a holder nor an observer at work."""
    for shown, left in _alone(now):
        grace = timedelta(seconds=_pack(shown).limits.uncovered_grace_s)
        if missed(left, grace=grace, now=now):
            yield _wrong(UNCOVERED, shown, left)


def _alone(now: datetime) -> list[tuple[Clock, datetime]]:
    """Return who should have somebody with them and has not, and since when."""
    codes = set[str]().union(*map(_continuous, names()))
    unheld = [
        shown
        for shown in _clocks().filter(level__in=codes, holder=None)
        if shown.level in _continuous(shown.stay.standing.unit.pack_name)
    ]
    if not unheld:
        return []
    here = on_shift({shown.stay.standing.unit_id for shown in unheld}, at=now)
    alone = [each for each in unheld if each.observer_id not in here[each.stay.standing.unit_id]]
    given = _last_given([shown.stay_id for shown in alone])
    ended = _last_at_work([shown.observer_id for shown in alone if shown.observer_id], now)
    return [(shown, _left_at(shown, given, ended)) for shown in alone]


def _left_at(shown: Clock, given: dict[UUID, datetime], ended: dict[UUID, datetime]) -> datetime:
    """Return since when nobody is with them: the order, the return, or when the last one left."""
    marks = [
        shown.stay.standing.clock_from,
        shown.level_entry.happened_at if shown.level_entry else None,
        given.get(shown.stay_id),
        ended.get(shown.observer_id) if shown.observer_id else None,
    ]
    return max(mark for mark in marks if mark)


def _last_given(stays: list[UUID]) -> dict[UUID, datetime]:
    entries = Entry.objects.as_system(WHY).current().filter(stay__in=stays, kind=GIVE)
    return dict(entries.values_list("stay_id").annotate(Max("counted_at")))


def _last_at_work(people: list[UUID], now: datetime) -> dict[UUID, datetime]:
    """Return when these people's last session on a phone ended."""
    sessions = ShiftSession.objects.filter(Q(ended_at__lte=now) | Q(ends_at__lte=now))
    ended = sessions.filter(person__in=people).values_list("person_id")
    return dict(ended.annotate(last=Max(Coalesce(F("ended_at"), F("ends_at")))))


def _clocks() -> QuerySet[Clock]:
    clocks: QuerySet[Clock] = Clock.objects.as_system(WHY)
    return clocks.filter(stay__standing__state=State.IN).select_related(
        "stay__standing__unit", "level_entry"
    )


@cache
def _continuous(pack_name: str) -> frozenset[str]:
    return frozenset(level.code for level in pack(pack_name).levels if level.continuous)


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
