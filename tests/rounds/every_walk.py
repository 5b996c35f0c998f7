"""Every possible walk of a small unit, tried out: what ``rounds.feasibility`` is compared with.

It knows no theorem. Whole minutes; each pair of hands does one look after the other or waits.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from milieu.rounds.feasibility import Due

NOW = datetime(2026, 3, 2, 2, 53, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Small(NamedTuple):
    """A unit small enough: when each must be seen (0 or less: over), and how often, in minutes."""

    dues: tuple[int, ...]
    gaps: tuple[int, ...]
    hands: int
    look: int

    def as_dues(self) -> list[Due]:
        """Return this as the rules read it."""
        pairs = enumerate(zip(self.dues, self.gaps, strict=True))
        return [Due(UUID(int=n), NOW + by * MINUTE, gap * MINUTE) for n, (by, gap) in pairs]


def can_be_done(unit: Small, *, horizon: int, held_up: int = 0) -> bool:
    """Return whether any walk at all, begun after ``held_up``, misses nobody up to ``horizon``."""

    @cache
    def from_here(at: int, dues: tuple[int, ...], busy: tuple[tuple[int, int], ...]) -> bool:
        for ends, who in busy:
            if ends == at:
                dues = (*dues[:who], at + unit.gaps[who], *dues[who + 1 :])
        busy = tuple(each for each in busy if each[0] > at)
        if any(0 < by <= min(at, horizon) for by in dues):
            return False
        if at >= horizon:
            return True
        return any(
            from_here(at + 1, dues, tuple(sorted((*busy, *((at + unit.look, n) for n in begun)))))
            for begun in choices(at, dues, busy)
        )

    def choices(
        at: int, dues: tuple[int, ...], busy: tuple[tuple[int, int], ...]
    ) -> Iterator[tuple[int, ...]]:
        free = unit.hands - len(busy) if at >= held_up else 0
        looked_at = {who for _, who in busy}
        waiting = [n for n in range(len(dues)) if n not in looked_at]
        over = sorted((n for n in waiting if dues[n] <= 0), key=lambda n: dues[n])
        first, rest = tuple(over[:free]), [n for n in waiting if dues[n] > 0]
        for more in subsets(rest, free - len(first)):
            yield first + more

    return from_here(0, unit.dues, ())


def subsets(people: list[int], most: int) -> Iterator[tuple[int, ...]]:
    """Yield everyone whom up to so many hands may begin to look at, nobody included."""
    yield ()
    if most > 0:
        for place, who in enumerate(people):
            for more in subsets(people[place + 1 :], most - 1):
                yield (who, *more)
