"""Who has whom in the invented unit, and how it is handed over. Plain arithmetic on the clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from milieu.people.models import Person
from milieu.rounds.handing import OFFER, REPLY, TAKE
from milieu.rounds.shape import Offer, Reply, Take

SHIFT_STARTS = (7, 15, 23)  # hours of the unit's day
TEAM = 3  # technicians of one shift
FIRST_BREAK = timedelta(hours=3)  # after the shift began; the others of the team follow
BREAK = timedelta(minutes=30)
SWAP = timedelta(minutes=100)  # nobody stays with one person for longer
ASKED_BEFORE = timedelta(seconds=90)  # the offer, before the next look
ACCEPTED_BEFORE = timedelta(seconds=30)
AT_HOME_AFTER = timedelta(hours=1)  # who last looked in longer ago than this has gone home


class Duty(NamedTuple):
    """Who should have somebody now, and what for; ``until`` when a break is to end."""

    who: Person
    purpose: str
    until: datetime | None = None


class Last(NamedTuple):
    """What whoever hands over knows: when somebody was last seen, and at which level they are."""

    seen_at: datetime | None
    level: str


class Step(NamedTuple):
    """Something said on the way from one to the next: an entry to be written."""

    kind: str
    author: Person
    at: datetime
    fact: Any
    entry_id: UUID


@dataclass(frozen=True)
class Rota:
    """Three of the technicians in each shift; each has a third of the beds."""

    technicians: Sequence[Person]
    zone: ZoneInfo
    without: frozenset[UUID] = frozenset()  # they are nobody's to invent: others stand in

    def team(self, moment: datetime) -> list[Person]:
        """Return who is on shift, in the order of the beds that they have."""
        local = moment.astimezone(self.zone)
        shift = sum(local.hour >= start for start in SHIFT_STARTS) % len(SHIFT_STARTS)
        first = shift * TEAM + local.toordinal()
        count = len(self.technicians)
        order = [self.technicians[(first + n) % count] for n in range(max(count, TEAM))]
        team = order[:TEAM]
        # Each who is missing is replaced where they stood, so that nobody else's people change.
        spare = cycle(each for each in (*order[TEAM:], *team) if each.pk not in self.without)
        return [next(spare) if each.pk in self.without else each for each in team]

    def duty(self, moment: datetime, third: int, eyes_since: datetime | None = None) -> Duty:
        """Return who should have the people of this third of the beds, and why them.

        ``eyes_since``: since when somebody has to stay with this person all the time.
        """
        team = self.team(moment)
        if eyes_since and moment >= eyes_since:
            turn = (moment - eyes_since) // SWAP
            return Duty(team[(third + turn) % TEAM], "swap")
        began = self._began(moment) + FIRST_BREAK + third * BREAK
        if began <= moment < began + BREAK:
            return Duty(team[(third + 1) % TEAM], "break", began + BREAK)
        return Duty(team[third], "shift")

    def _began(self, moment: datetime) -> datetime:
        local = moment.astimezone(self.zone)
        starts = [
            local.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in SHIFT_STARTS
        ]
        past = [start for start in starts if start <= local]
        return (past[-1] if past else starts[-1] - timedelta(days=1)).astimezone(UTC)


def steps(
    before: Person | None,
    duty: Duty,
    moment: datetime,
    last: Last,
    ids: Iterator[UUID],
) -> Iterator[Step]:
    """Yield what is said so that ``duty.who`` has somebody by ``moment``, when the next look is."""
    accepted_at = moment - ACCEPTED_BEFORE
    gone = last.seen_at is None or moment - last.seen_at > AT_HOME_AFTER
    if before is None or gone:
        took = Take(without=before.pk if before else None)
        yield Step(TAKE, duty.who, accepted_at, took, next(ids))
        return
    asked_at = moment - ASKED_BEFORE
    offer = Offer(
        purpose=duty.purpose,  # type: ignore[arg-type]
        sharps="none",
        to=duty.who.pk,
        until=duty.until,
        last_at=last.seen_at,
        level=last.level,
    )
    asked = Step(OFFER, before, asked_at, offer, next(ids))
    yield asked
    says = Reply(offer=asked.entry_id, says="accept")
    yield Step(REPLY, duty.who, accepted_at, says, next(ids))
