"""What came into the record since it was last asked: for open boards, several times a second."""

import time
from collections.abc import Callable
from uuid import UUID

from milieu.census.left import from_text
from milieu.record.models import Entry

SETTLED_S = 10.0  # no transaction that stores entries takes longer
LOOK_BACK = 1000  # entries before the newest at the start whose neighbours may still be uncommitted
READ_MAX = 20_000  # entries in one answer; the rest comes with the next


class Feed:
    """Gives each entry once, also those that were numbered first and committed last.

    The database gives numbers out before it commits, and some numbers are never used. So a hole in
    the numbers is watched for as long as a transaction can take; what is above it is read again
    until then, and known again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        newest = (
            Entry.objects.as_system("where to begin").order_by("-seq").values_list("seq", flat=True)
        )
        self.mark = max((newest.first() or 0) - LOOK_BACK, 0)  # all up to here is settled
        self.known: dict[int, float] = {}  # above the mark: number -> when it was read
        self.units_touched()

    def units_touched(self) -> set[UUID]:
        """Return the units whose boards may have changed since the last call."""
        now = self.clock()
        rows = (
            Entry.objects.as_system("a feed says only that something changed, and where")
            .filter(seq__gt=self.mark)
            .order_by("seq")
            .values_list("seq", "stay__standing__unit", "stay__standing__left")[:READ_MAX]
        )
        touched: set[UUID] = set()
        for seq, unit, left in rows:
            if seq not in self.known:
                self.known[seq] = now
                touched |= {unit, *(former for former, _ in from_text(left or ""))} - {None}
        self._settle(now)
        return touched

    def _settle(self, now: float) -> None:
        """Move the mark up over numbers without a hole, and over holes that will not be filled."""
        for seq in sorted(self.known):
            if seq != self.mark + 1 and now - self.known[seq] < SETTLED_S:
                break
            del self.known[seq]
            self.mark = seq
