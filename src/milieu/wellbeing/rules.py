"""What is one hard moment, however many things were written about it. Plain.

A call for help, the marks of an incident and a start of restraint or seclusion are often about the
same minutes. They are one exposure where they began on the same unit within ``one_event_h`` hours
of the first that was known, and are not about different people in care; marks of one incident
always are. Whoever was in any of them is asked once, counted from that first.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True)
class Moment:
    """A hard moment: what it was, when, where, with whom, and who of the staff was in it."""

    cause: str
    cause_id: UUID
    at: datetime
    unit_id: UUID
    stay_id: UUID | None
    people: frozenset[UUID]


@dataclass
class _Event:
    """What is one exposure: the moment that it was known by first, and all that belongs to it."""

    first: Moment
    moments: list[Moment] = field(default_factory=list)
    stays: set[UUID] = field(default_factory=set)

    def holds(self, moment: Moment, within: timedelta) -> bool:
        """Return whether a moment belongs to it by where, when and with whom it was."""
        return (
            moment.unit_id == self.first.unit_id
            and abs(moment.at - self.first.at) <= within
            and (moment.stay_id is None or not self.stays or moment.stay_id in self.stays)
        )

    def add(self, moment: Moment) -> None:
        """Let a moment belong to it."""
        self.moments.append(moment)
        if moment.stay_id:
            self.stays.add(moment.stay_id)

    def told(self) -> Iterator[Moment]:
        """Yield it once for each person in care whom it is about, with who was in it with them."""
        (only,) = self.stays if len(self.stays) == 1 else (None,)
        people: dict[UUID, UUID | None] = {}
        for moment in self.moments:
            for person in moment.people:
                people[person] = people.get(person) or moment.stay_id or only
        for stay in dict.fromkeys(people.values()):
            with_them = frozenset(each for each, their in people.items() if their == stay)
            first = self.first
            yield Moment(first.cause, first.cause_id, first.at, first.unit_id, stay, with_them)


def exposures(
    moments: Iterable[Moment], known: Sequence[Moment], within: Mapping[UUID, timedelta]
) -> list[Moment]:
    """Return these moments as exposures: nobody is in the same one twice.

    Args:
        moments: as they were written down, each in its own room.
        known: exposures that staff were asked about before, and who was. They stay what they were.
        within: for each unit, how far from the first one may be.
    """
    events: list[_Event] = []
    of: dict[UUID, _Event] = {}
    for each in sorted(known, key=_order):
        event = of.setdefault(each.cause_id, _Event(each))
        if event.first is each:
            events.append(event)
        if each.stay_id:
            event.stays.add(each.stay_id)
    for moment in sorted(moments, key=_order):
        here = (event for event in events if event.holds(moment, within[moment.unit_id]))
        found = of.get(moment.cause_id) or next(here, None)
        if found is None:
            found = _Event(moment)
            events.append(found)
        of[moment.cause_id] = found
        found.add(moment)
    asked = list(known)
    for event in events:
        asked += [_without(each, asked, within[each.unit_id]) for each in event.told()]
    return asked[len(known) :]


def _without(told: Moment, asked: Iterable[Moment], within: timedelta) -> Moment:
    """Leave out who was asked about the same hours with the same person before.

    An incident whose marks come late can join what was known as two exposures.
    """
    others = (
        other.people
        for other in asked
        if other.cause_id != told.cause_id
        and other.unit_id == told.unit_id
        and other.stay_id == told.stay_id is not None
        and abs(other.at - told.at) <= within
    )
    return replace(told, people=told.people.difference(*others))


def _order(moment: Moment) -> tuple[datetime, UUID]:
    return moment.at, moment.cause_id
