"""Can every check still be made in time? Plain: due times and hands in, an answer out.

The question, exactly. ``hands`` people walk rounds, all free now. One look (the way there and the
looking) takes one of them ``look``, cannot be broken off, and counts when it ends. Whoever was
seen at C must be seen again by C + gap at the latest; the first time by ``by``. Looks may be made
early. Whoever is over already is seen first: what they missed is missed, what it costs is time.

How it is answered. The k-th look at somebody from now on must end by ``by + (k - 1) * gap``,
however early the looks before it were: an early look only moves the next one forward. Put all of
these in order of their deadlines (earliest deadline first). With n looks to be done by a moment t
and ``hands`` hands, which have finished at most ``hands * floor((t - now) / look)`` looks by then,
the i-th of them cannot end before ``now + ceil(i / hands) * look``, and in this order it ends just
then. So:

1. **No is certain.** Where the i-th deadline comes before that moment, i looks had to be over by
   then and fewer can be, whoever walks in whatever order.
2. **Yes is certain for one cycle,** that is for everything that falls due within the shortest gap:
   until then nobody needs a second look, so the order is itself a walk that misses nobody.
   ``spare`` is then exactly the longest time that everyone can be held up, and ``needed`` exactly
   the fewest hands.
3. Beyond one cycle Yes says that there is time for as many looks as are due. Whether an order
   exists that spaces them all is pinwheel scheduling (Holte et al. 1989), for which no quick exact
   method is known. It exists where all have one level and a whole round, ``ceil(n / hands)``
   looks, fits its gap (walk it in the same order again), and, for one pair of hands and everyone
   just seen, up to a load of 5/6 (Kawamura, STOC 2024).

The looks are of equal length, the unit's own median: with unequal ones and two pairs of hands the
question is NP-hard (P||Lmax), and nobody walks by the second. ``tests/rounds/test_feasibility.py``
compares 1 and 2 with every possible walk of small units.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple
from uuid import UUID


class Due(NamedTuple):
    """Somebody has to be seen by a moment, and after each look again within ``gap``."""

    who: UUID
    by: datetime
    gap: timedelta


class Outlook(NamedTuple):
    """Whether everyone who is not over yet can be seen in time.

    ``needed``: the fewest hands with which all can be who can be reached at all. ``spare``: the
    longest time that everyone can be held up; below zero, by how much the worst comes too late;
    None without hands, or where nothing is due. ``first``: the first that cannot be in time.
    """

    hands: int
    needed: int
    spare: timedelta | None
    first: Due | None

    @property
    def people_short(self) -> int:
        """How many people are missing. None may be: somebody is due sooner than a look takes."""
        return max(self.needed - self.hands, 0)


class Load(NamedTuple):
    """What a list asks for, for ever: ``need`` of looking in every ``window``, its shortest gap."""

    need: timedelta
    window: timedelta

    @property
    def needed(self) -> int:
        """How many people have at least as much time as this takes."""
        return -(-self.need // self.window)

    def over(self, hands: int) -> bool:
        """Return whether it is more than this many people have: sooner or later somebody waits."""
        return self.need > hands * self.window


def outlook(
    dues: Sequence[Due],
    *,
    hands: int,
    look: timedelta,
    now: datetime,
    horizon: timedelta | None = None,
) -> Outlook:
    """Return whether everything that falls due within ``horizon`` can be done in time.

    Args:
        dues: everyone whose clock runs, once each; not those whom an observer never leaves.
        hands: how many people walk.
        look: how long one look takes, the way there included.
        now: when they begin.
        horizon: how far to look; the longest gap, unless said otherwise.
    """
    until = now + (horizon or max((due.gap for due in dues), default=timedelta()))
    looks = _in_order(dues, look, now, until)
    ahead = [(number, each) for number, each in enumerate(looks, start=1) if each.by > now]
    reached = [(number, slots) for number, each in ahead if (slots := (each.by - now) // look)]
    needed = max((_share(number, slots) for number, slots in reached), default=0)
    ends = [now + _share(number, hands) * look for number, _ in ahead] if hands else []
    left = [each.by - end for (_, each), end in zip(ahead, ends, strict=False)]
    late = [each for (_, each), time in zip(ahead, left, strict=False) if time < timedelta()]
    if not hands:
        late = [each for _, each in ahead]
    return Outlook(
        hands=hands,
        needed=max(needed, 1 if looks else 0),
        spare=min(left, default=None),
        first=late[0] if late else None,
    )


def _share(looks: int, hands: int) -> int:
    """Return how many looks whoever has most of them does."""
    return -(-looks // hands)


def _in_order(dues: Iterable[Due], look: timedelta, now: datetime, until: datetime) -> list[Due]:
    """Return each look that must be over by ``until``, the earliest deadline first."""
    dues = sorted(dues, key=lambda due: due.by)
    return sorted(_looks(dues, look, now, until), key=lambda due: due.by)


def _looks(dues: Iterable[Due], look: timedelta, now: datetime, until: datetime) -> Iterator[Due]:
    for number, due in enumerate(dues, start=1):
        by = due.by
        if by <= now:
            yield due
            by = now + number * look + due.gap  # over: seen now, at the latest one by one
        while by <= until:
            yield due._replace(by=by)
            by += due.gap


def load(dues: Iterable[Due], look: timedelta) -> Load | None:
    """Return what these people ask for in the long run; None if there are none."""
    gaps = [due.gap for due in dues]
    if not gaps:
        return None
    window = min(gaps)
    return Load(sum((look * (window / gap) for gap in gaps), timedelta()), window)


def usual_look(
    walks: Iterable[Sequence[datetime]],
    *,
    prior: timedelta,
    least: timedelta,
    longest: timedelta,
) -> timedelta:
    """Return how long one look takes here: the median time between two checks of one walk.

    Args:
        walks: the times of each author's checks, in order.
        prior: what is believed before anything is recorded, worth ``PRIOR_COUNTS`` looks.
        least: no look takes less; two people in a dayroom may be written down in a second.
        longest: checks further apart than this belong to two walks.
    """
    spans = [prior] * PRIOR_COUNTS
    for times in walks:
        spans += [
            later - earlier for earlier, later in pairwise(times) if later - earlier <= longest
        ]
    return max(median_low(spans), least)


PRIOR_COUNTS = 20  # looks that the prior is worth: a round or two of a unit outweigh it
