"""What a card of the board says, and in which order cards stand. Plain: rows and a time in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from uuid import UUID

SOON = timedelta(minutes=3)  # product decision: time to walk there
MINUTE = timedelta(minutes=1)

Order = Literal["due", "room"]
State = Literal["over", "unset", "soon", "later", "away"]


class Seen(NamedTuple):
    """What one check says, in codes of the unit's pack. Empty where a part does not apply."""

    outcome: str
    place: str
    position: str
    activity: str
    eyes: str
    breathing: str
    why: str = ""


class Sleep(NamedTuple):
    """An order of protected sleep, as it is projected."""

    since: datetime
    until: datetime
    from_hour: str
    to_hour: str
    nights: int


class Held(NamedTuple):
    """Somebody is restrained or secluded. ``newest``: the last entry about it."""

    application: UUID
    began: datetime
    newest: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """Who has the watch of somebody, for whom, and to whom it is offered."""

    holder_id: UUID
    holder: str
    since: datetime
    relieves: str = ""  # who is on a break until ``until``
    until: datetime | None = None
    eyes_since: datetime | None = None  # at a continuous level
    offered: bool = False
    offered_to: str = ""  # empty: to anybody, of ``offered_role`` if given
    offered_role: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One person on the unit's list, as the projections have them now."""

    stay_id: UUID
    room: str  # empty: no bed yet
    initials: str
    name: str
    state: str  # a value of ``census.State``: in, leave or escort
    since: datetime
    back_by: datetime | None
    escort: str
    level: str  # a level's code; empty: none ordered yet
    asked: str  # whom an order names to stay with them, until they have accepted
    due_at: datetime | None
    last_at: datetime | None
    seen: Seen | None
    tried_at: datetime | None  # when somebody looked since, and did not see them
    tried: Seen | None
    hold: Hold | None  # None: nobody has the watch
    sleep: Sleep | None = None
    held: Held | None = None

    @property
    def away(self) -> bool:
        """Whether the clock stands still: on leave, or off the unit with an escort."""
        return self.state != "in"


class Timing(NamedTuple):
    """How a card stands in time: the whole minutes that it is over, or surely has left."""

    state: State
    minutes: int = 0


def timing(card: Card, now: datetime) -> Timing:
    """Return how this card stands at ``now``. The clock of someone away stands still."""
    if card.away:
        late = card.back_by is not None and now >= card.back_by
        return Timing("away", 1 + (now - card.back_by) // MINUTE if card.back_by and late else 0)
    if card.due_at is None:
        return Timing("unset")
    left = card.due_at - now
    if left <= timedelta():
        return Timing("over", -left // MINUTE)
    if left <= SOON:
        return Timing("soon", -(-left // MINUTE) - 1)
    return Timing("later")


def next_change(card: Card, now: datetime) -> datetime | None:
    """Return when this card will say something else, if nothing happens until then."""
    marks: list[datetime] = []
    moment = card.back_by if card.away else card.due_at
    if moment is None:
        return None
    if now >= moment:
        return minute_after(moment, now)
    if not card.away:
        marks = [moment - SOON, *(moment - minutes * MINUTE for minutes in (2, 1))]
    return min(mark for mark in (*marks, moment) if mark > now)


def minute_after(moment: datetime, now: datetime) -> datetime:
    """Return when the next whole minute since ``moment`` is over; ``moment`` itself, if to come."""
    return moment if now < moment else moment + (1 + (now - moment) // MINUTE) * MINUTE


def in_order(cards: Iterable[Card], order: Order, now: datetime) -> list[Card]:
    """Return the cards as they stand: who is overdue first, then by due time or by room.

    Nobody stands anywhere because of what is thought likely of them.
    """

    def place(card: Card) -> tuple[int, float, tuple[tuple[int, str], ...]]:
        room = natural(card.room)
        state = timing(card, now).state
        due = card.due_at.timestamp() if card.due_at else 0.0
        match state:
            case "over":
                return 0, due, room
            case "away":
                return 3, 0.0, room
            case "unset" if order == "due":
                return 1, 0.0, room
        return 2, due if order == "due" else 0.0, room

    return sorted(cards, key=place)


@lru_cache(maxsize=1024)
def natural(text: str) -> tuple[tuple[int, str], ...]:
    """Return a key by which ``9`` stands before ``10`` and ``10A`` after ``10``."""
    return tuple(
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"(\d+)", text.casefold())
        if part
    )
