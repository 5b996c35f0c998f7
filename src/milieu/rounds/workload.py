"""Whether everyone of a unit can be seen in time, from its own record.

Told in steps of a minute: for one state of the record it says the same from one turn of the clock
to the next, so boards that show it can share what was drawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.core.cache import cache
from django.db.models import Q

from milieu.census.models import Standing, State, Unit
from milieu.people.access import staff_of
from milieu.people.models import ShiftSession
from milieu.people.rules import Action
from milieu.record.models import Entry
from milieu.rounds.feasibility import Due, Load, Outlook, load, outlook, usual_look
from milieu.rounds.models import Clock
from milieu.rounds.services import CHECK
from milieu.rounds.watching import Held, gone_home

LEARNED_FROM = timedelta(days=1)
LOOKS_MAX = 6000  # a day of 60 people at Q15
KEPT_S = 3600
ASKED = "times and who is at work; whoever shows it has asked who may see the unit"


class AtWork(NamedTuple):
    """Who walks rounds on a unit, and how long a look takes there."""

    names: Mapping[UUID, str]  # everyone on the floor by the record, those who stay with one too
    hands: int  # of these, how many can walk
    look: timedelta
    holders: Mapping[UUID, UUID]  # stay -> who holds it


class Workload(NamedTuple):
    """What a unit asks of those who walk. ``outlook`` is None where the record knows of nobody."""

    outlook: Outlook | None
    load: Load | None
    lists: Mapping[UUID, Load]  # holder -> a list that is more than one person can walk


class Overload(NamedTuple):
    """Something to tell before a check is missed: about the unit, or about one person's list.

    ``hands``: how many people can walk it. ``people_short``: how many are missing. ``late``: by
    how much the worst check would come too late; None in the long run only. ``first``: who would
    be missed first, by when.
    """

    holder: UUID | None  # None: the whole unit
    hands: int
    people_short: int
    late: timedelta | None
    first: Due | None
    load: Load


def workload(unit: Unit, dues: Iterable[Due], now: datetime) -> Workload:
    """Return what these people ask of whoever is on the floor, as of this minute.

    Who is over by ``now`` is over, though their minute has not turned yet.
    """
    minute = now.replace(second=0, microsecond=0)
    seen = (due if due.by > now else due._replace(by=min(due.by, minute)) for due in dues)
    return _workload(tuple(seen), unit.pk, unit.pack_name, minute)


@lru_cache(maxsize=256)
def _workload(dues: Sequence[Due], unit_id: UUID, pack_name: str, minute: datetime) -> Workload:
    work = _at_work_in(unit_id, pack_name, minute)
    if not dues or not work.names:
        return Workload(None, load(dues, work.look), {})
    ahead = outlook(dues, hands=work.hands, look=work.look, now=minute)
    lists = {holder: asked for holder, asked in _lists(dues, work) if asked.over(1)}
    return Workload(ahead, load(dues, work.look), lists)


def _lists(dues: Iterable[Due], work: AtWork) -> Iterable[tuple[UUID, Load]]:
    held: dict[UUID, list[Due]] = defaultdict(list)
    for due in dues:
        if holder := work.holders.get(due.who):
            held[holder].append(due)
    for holder, theirs in held.items():
        asked = load(theirs, work.look)
        assert asked, "A list that is held has somebody on it."
        yield holder, asked


def overloads(unit: Unit, now: datetime) -> list[Overload]:
    """Return what has to be told before somebody is missed: the unit first, then single lists.

    Nothing where the record knows of nobody on the floor: then it cannot tell.
    """
    found = workload(unit, dues_of(unit), now)
    lists = [
        Overload(holder, 1, asked.needed - 1, None, None, asked)
        for holder, asked in found.lists.items()
    ]
    ahead, asked = found.outlook, found.load
    if ahead is None or asked is None or (ahead.first is None and not asked.over(ahead.hands)):
        return lists
    whole = Overload(
        holder=None,
        hands=ahead.hands,
        people_short=max(ahead.people_short, asked.needed - ahead.hands),
        late=-ahead.spare if ahead.spare is not None and ahead.spare < timedelta() else None,
        first=ahead.first,
        load=asked,
    )
    return [whole, *lists]


def dues_of(unit: Unit) -> list[Due]:
    """Return everyone of a unit whose clock runs and whom nobody stays with all the time."""
    gaps = walked_gaps(unit)
    rows = _clocks(unit.pk).filter(due_at__isnull=False).values_list("stay_id", "due_at", "level")
    return [Due(stay, by, gaps[level]) for stay, by, level in rows if level in gaps]


def walked_gaps(unit: Unit) -> dict[str, timedelta]:
    """Return the gap of each level that is kept by walking."""
    levels = unit.pack.levels
    return {lv.code: timedelta(seconds=lv.gap_s) for lv in levels if not lv.continuous}


def at_work(unit: Unit, now: datetime) -> AtWork:
    """Return who is on the floor of a unit: who holds somebody, or is signed in on its phones.

    Who has the watch of somebody at a continuous level, or is named for it while nobody has it,
    cannot walk; nor can who is off the unit with somebody. Continuous levels without any name bind
    one person together at least: somebody's eyes are on them.
    """
    continuous = {level.code for level in unit.pack.levels if level.continuous}
    rows = list(
        _clocks(unit.pk).values_list(
            "stay_id", "level", "observer", "stay__hold__holder", "stay__hold__since"
        )
    )
    held = {stay: Held(holder, since) for stay, _, _, holder, since in rows if holder}
    gone = gone_home(held, now)
    holders = {stay: each.holder for stay, each in held.items() if stay not in gone}
    signed_in = set(
        ShiftSession.objects.filter(
            device__unit=unit.pk, ended_at=None, started_at__lte=now, ends_at__gt=now
        ).values_list("person", flat=True)
    )
    on_floor = signed_in | set(holders.values())
    names = {
        person.pk: person.short_name
        for person in staff_of(unit.pk, Action.CHECK)
        if person.pk in on_floor
    }
    watched = [
        holders.get(stay, observer) for stay, level, observer, _, _ in rows if level in continuous
    ]
    escorts = (
        Standing.objects.as_system("who is out as an escort, and with nobody in particular")
        .filter(unit=unit.pk, state=State.ESCORT)
        .values_list("escort")
    )
    bound = {*watched, *(escort for (escort,) in escorts)}
    hands = len(names.keys() - bound) - (None in watched)
    return AtWork(names, max(hands, 0), look_of(unit, now), holders)


@lru_cache(maxsize=64)
def _at_work_in(unit_id: UUID, pack_name: str, minute: datetime) -> AtWork:
    return at_work(Unit(pk=unit_id, pack_name=pack_name), minute)


def _clocks(unit_id: UUID) -> Any:
    standing = Q(stay__standing__unit=unit_id, stay__standing__state=State.IN)
    return Clock.objects.as_system(ASKED).filter(standing)


def look_of(unit: Unit, now: datetime) -> timedelta:
    """Return how long a look takes on this unit, by what it recorded lately; kept for an hour."""
    name = f"look:{unit.pk}"
    found: timedelta | None = cache.get(name)
    if found is None:
        limits = unit.pack.limits
        found = usual_look(
            _walks(unit, now - LEARNED_FROM),
            prior=timedelta(seconds=limits.look_s),
            least=timedelta(seconds=limits.look_least_s),
            longest=timedelta(seconds=limits.walk_pause_s),
        )
        cache.set(name, found, KEPT_S)
    return found


def _walks(unit: Unit, since: datetime) -> list[list[datetime]]:
    """Return each author's times on phones, in order: a desk knows minutes only."""
    rows = (
        Entry.objects.as_system(ASKED)
        .filter(
            stay__in=list(_clocks(unit.pk).values_list("stay_id", flat=True)),
            kind=CHECK,
            counted_at__gte=since,
            device__isnull=False,
            amends=None,
        )
        .order_by("-counted_at")
        .values_list("author_id", "counted_at")[:LOOKS_MAX]
    )
    walks: dict[UUID, list[datetime]] = defaultdict(list)
    for author, at in reversed(rows):
        walks[author].append(at)
    return list(walks.values())
