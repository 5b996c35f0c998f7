"""One application of restraint or seclusion, from the first start to the last release. Plain.

What is known of it and nothing more: late and amended facts are simply other inputs. Times are
aware and in UTC, so that a night of 23 or 25 hours needs no case of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from milieu.crisis.law import Sort

EVER = datetime.max.replace(tzinfo=UTC)  # the end of what has not ended

Interval = tuple[datetime, datetime]


@dataclass(frozen=True)
class Spell:
    """A time in one sort of restraint. ``device`` as in ``law.DEVICES`` where a law names it."""

    sort: Sort
    device: str
    began: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Order:
    """An order as it was given. ``role`` as in ``law.ROLES``; ``minutes`` as it was written.

    ``attending``: it was the person's attending physician who ordered. ``signed``: who ordered it
    wrote it, and so signed it; else somebody else wrote down what was said.
    """

    at: datetime
    minutes: int
    sorts: frozenset[Sort]
    role: str
    renews: bool
    attending: bool = False
    signed: bool = True


@dataclass(frozen=True)
class Seen:
    """Something that somebody did for it, once.

    ``what``: face-to-face, nurse-exam, physician, second-physician, consult, wellbeing,
    guardian-told, order-signed, debrief-person, debrief-staff. ``role`` as in ``law.ROLES``.
    ``began_it``: by somebody who laid hands on when it began.
    """

    what: str
    at: datetime
    role: str
    began_it: bool = False


@dataclass(frozen=True)
class Stretch:
    """A time in one sort without a release, whatever the devices were; None: sort unknown."""

    sort: Sort | None
    began: datetime
    ended: datetime | None

    @property
    def until(self) -> datetime:
        """When it ended, or for ever."""
        return self.ended or EVER


@dataclass(frozen=True)
class Application:
    """What is known of one application.

    ``ended``: when the release was said; until then it goes on, whatever was taken off. ``zone``:
    the unit's clock, by which birthdays come. ``observed``: when a named observer was there without
    a break; None: still is.
    """

    began: datetime
    ended: datetime | None
    born: date | None
    zone: str
    spells: tuple[Spell, ...]
    orders: tuple[Order, ...]
    seen: tuple[Seen, ...]
    checks: tuple[datetime, ...]
    observed: tuple[tuple[datetime, datetime | None], ...]

    def age_at(self, moment: datetime) -> int | None:
        """Return the age in years on the unit's day of a moment; None: not known."""
        if self.born is None:
            return None
        return years(self.born, moment.astimezone(ZoneInfo(self.zone)).date())

    @cached_property
    def start(self) -> datetime:
        """When it began: the earliest of what is said."""
        return min([self.began, *(spell.began for spell in self.spells)])

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The time in each sort; spells that follow each other without a release are one."""
        if not self.spells:
            return (Stretch(None, self.start, self.ended),)
        return tuple(stretch for sort in Sort for stretch in self._stretches(sort))

    def _stretches(self, sort: Sort) -> list[Stretch]:
        last = self.ended or EVER
        spells = [
            (spell.began, min(max(spell.ended or last, spell.began), max(last, spell.began)))
            for spell in self.spells
            if spell.sort is sort
        ]
        return [
            Stretch(sort, began, None if ended == EVER else ended) for began, ended in union(spells)
        ]


def years(born: date, day: date) -> int | None:
    """Return how old somebody is on a day; None before they were born, which cannot be so.

    Who was born on 29 February is a year older on 1 March of a year without one.
    """
    if day < born:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return these times without overlap, in order; those that touch are one."""
    found: list[Interval] = []
    for began, ended in sorted(intervals):
        if found and began <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ended))
        else:
            found.append((began, ended))
    return found


def without(intervals: Iterable[Interval], holes: Iterable[Interval]) -> list[Interval]:
    """Return what of these times lies in none of the others."""
    found = []
    gaps = union(holes)
    for began, ended in union(intervals):
        edges = [began, *(edge for gap in gaps for edge in gap if began < edge < ended), ended]
        found += [
            (start, stop)
            for start, stop in pairwise(edges)
            if start < stop and not any(gap[0] <= start < gap[1] for gap in gaps)
        ]
    return found


def both(some: Iterable[Interval], others: Sequence[Interval]) -> list[Interval]:
    """Return the times that lie in both."""
    found = [
        (max(mine[0], yours[0]), min(mine[1], yours[1])) for mine in union(some) for yours in others
    ]
    return union((began, ended) for began, ended in found if began < ended)
