"""Who is responsible for somebody, minute by minute, by what people said. Plain: no Django.

A watch passes from one named person to the next only when the next one accepts. Until then it
stays with the first. What was said is weighed in the order of its times, whatever order it came in:

- a take begins a watch where nobody has one, or where it says that whoever had it was not there;
- an offer of whoever has the watch stands until it is answered, replaced or overtaken;
- a reply counts from its own time, never before what it replies to;
- at the very same moment a withdrawal goes before an acceptance: in doubt it stays with the first;
- a move to another unit ends a watch: whoever had it works elsewhere, and nobody there accepted.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

Interval = tuple[datetime, datetime]


class What(StrEnum):
    """What was said. In this order where it was said at the same moment."""

    TAKE = "take"
    ORDER = "order"  # a level that names who stays with somebody: an offer that comes with rank
    OFFER = "offer"
    WITHDRAW = "withdraw"
    DECLINE = "decline"
    ACCEPT = "accept"


class How(StrEnum):
    """How somebody came to have a watch. Stored: add new ones, never rename."""

    TOOK = "took"  # nobody had it
    ACCEPTED = "accepted"
    ORDERED = "ordered"  # accepted what an order of a level asked
    WITHOUT = "without"  # whoever had it was not there to hand it over


PLACE = {what: place for place, what in enumerate(What)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One thing that one person said about who watches."""

    what: What
    at: datetime
    entry_id: UUID
    seq: int
    by: UUID
    to: UUID | None = None  # who is asked; None: anybody
    role: str = ""  # of anybody, only who is this at work
    roles: str = ""  # what the author of a reply is at work, with spaces between
    purpose: str = ""
    until: datetime | None = None
    offer: UUID | None = None  # what a reply is to
    without: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """A time in which one named person was responsible for somebody. ``end`` None: it goes on."""

    who: UUID
    start: datetime
    end: datetime | None
    how: How
    entry: int  # by which it began
    given_by: UUID | None = None  # who had it before, and gave it
    purpose: str = ""
    until: datetime | None = None  # when the break of who gave it is to end
    offer: int | None = None  # the entry that was accepted: an offer, or an order

    def holds(self, moment: datetime) -> bool:
        """Return whether this watch was kept at this moment."""
        return self.start <= moment and (self.end is None or moment < self.end)


class Watched(NamedTuple):
    """All that came of what was said: every watch, oldest first, and what waits for an answer."""

    watches: list[Watch]
    offer: Said | None
    order: Said | None  # that names an observer


def watched(
    said: Iterable[Said], *, moved: Iterable[datetime] = (), ended: datetime | None = None
) -> Watched:
    """Return who watched when.

    Args:
        said: everything that stands, in any order.
        moved: when the stay went to another unit. What was said in that moment comes after it.
        ended: when the stay was over; nothing begins then or later.
    """
    told, moves = _Told(), sorted(moved)
    for at, each in _in_order(said):
        if ended is None or at < ended:
            while moves and moves[0] <= at:
                told.leave(moves.pop(0))
            told.hear(each, at)
    for at in moves:
        told.leave(at)
    waiting = (None, None) if ended else (told.offer, told.order)
    return Watched(told.until(ended), *waiting)


def _in_order(said: Iterable[Said]) -> list[tuple[datetime, Said]]:
    said = list(said)
    asked = {each.entry_id: each.at for each in said if each.what in (What.OFFER, What.ORDER)}
    timed = [(max(each.at, asked.get(each.offer or each.entry_id, each.at)), each) for each in said]
    return sorted(timed, key=lambda pair: (pair[0], PLACE[pair[1].what], pair[1].entry_id))


class _Told:
    """What is so after everything that was heard until now."""

    def __init__(self) -> None:
        self.watches: list[Watch] = []
        self.offer: Said | None = None  # of whoever has the watch
        self.order: Said | None = None  # the newest that names an observer

    @property
    def holder(self) -> UUID | None:
        return self.watches[-1].who if self.watches and not self.watches[-1].end else None

    def leave(self, at: datetime) -> None:
        """Leave the unit: nobody has them, and nothing is offered any longer."""
        if self.holder:
            self.watches[-1] = replace(self.watches[-1], end=at)
        self.offer = None

    def hear(self, said: Said, at: datetime) -> None:
        match said.what:
            case What.TAKE:
                self._take(said, at)
            case What.ORDER:
                self.order = said if said.to and said.to != self.holder else None
            case What.OFFER if said.by == self.holder:
                self.offer = said
            case What.WITHDRAW if self.offer and said.offer == self.offer.entry_id:
                self.offer = None if said.by == self.offer.by else self.offer
            case What.DECLINE if self.offer and said.offer == self.offer.entry_id:
                self.offer = None if said.by == self.offer.to else self.offer
            case What.ACCEPT:
                self._accept(said, at)

    def _take(self, said: Said, at: datetime) -> None:
        if said.by == self.holder:
            return
        if self.offer and _is_asked(said, self.offer):
            self._begin(said, at, How.ACCEPTED, self.offer)
        elif self.order and said.by == self.order.to:
            self._begin(said, at, How.ORDERED, self.order)
        elif self.holder is None:
            self._begin(said, at, How.TOOK)
        elif said.without == self.holder:
            self._begin(said, at, How.WITHOUT)

    def _accept(self, said: Said, at: datetime) -> None:
        offer, order = self.offer, self.order
        if offer and said.offer == offer.entry_id and _is_asked(said, offer):
            self._begin(said, at, How.ACCEPTED, offer)
        elif order and said.offer == order.entry_id and said.by == order.to:
            self._begin(said, at, How.ORDERED, order)

    def _begin(self, said: Said, at: datetime, how: How, offer: Said | None = None) -> None:
        before = self.holder
        if before:
            self.watches[-1] = replace(self.watches[-1], end=at)
        self.watches.append(
            Watch(
                who=said.by,
                start=at,
                end=None,
                how=how,
                entry=said.seq,
                given_by=before,
                purpose=offer.purpose if offer else "",
                until=offer.until if offer else None,
                offer=offer.seq if offer else None,
            )
        )
        self.offer = None
        if self.order and self.order.to == said.by:
            self.order = None

    def until(self, ended: datetime | None) -> list[Watch]:
        if ended and self.holder:
            self.watches[-1] = replace(self.watches[-1], end=ended)
        return [watch for watch in self.watches if watch.end is None or watch.end > watch.start]


def _is_asked(said: Said, offer: Said) -> bool:
    """Return whether an offer is to this person: by name, or as one of those who may take it."""
    if said.by == offer.by:
        return False
    if offer.to:
        return said.by == offer.to
    return not offer.role or offer.role in said.roles.split()


def attended(held: Interval, at_work: Sequence[Interval], *, shift: timedelta) -> list[Interval]:
    """Return the parts of a time of watching in which its person was at work, oldest first.

    ``at_work`` says when they were signed in, in any order; it may overlap. ``shift`` is the
    longest that anybody works: a watch that began outside ``at_work`` is believed for so long.
    """
    start, end = held
    times = [(max(began, start), min(stopped, end)) for began, stopped in at_work]
    if not any(began <= start < stopped for began, stopped in at_work):
        times.append((start, min(start + shift, end)))
    return merged(times)


def merged(times: Iterable[Interval]) -> list[Interval]:
    """Return these times in order, those that touch as one, and none that is empty."""
    found: list[Interval] = []
    for start, stop in sorted(each for each in times if each[0] < each[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((start, stop))
    return found


def unwatched(
    watches: Iterable[Watch], wanted: Iterable[Interval], now: datetime
) -> list[Interval]:
    """Return the parts of the ``wanted`` times in which nobody had the watch, oldest first."""
    kept = merged((watch.start, watch.end or now) for watch in watches)
    return [gap for times in merged(wanted) for gap in without(times, kept)]


def without(times: Interval, kept: Sequence[Interval]) -> Iterator[Interval]:
    """Yield what is left of a time when others, in order and apart, are taken out of it."""
    start, end = times
    for began, stopped in kept:
        if began < end and stopped > start:
            if began > start:
                yield start, began
            start = max(start, stopped)
    if start < end:
        yield start, end
