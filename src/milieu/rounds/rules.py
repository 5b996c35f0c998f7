"""When the next check is due, and which gaps there were. Plain: times in, answers out.

A level is a greatest allowed gap, not a grid of slots: NCCHC B-05 asks for "unpredictable
intervals with no more than 15 minutes between checks". All arithmetic is on UTC instants, so a
night of 23 or 25 hours needs no case of its own.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Ordered:
    """A level in force from ``at`` on. ``gap`` is the greatest allowed time between two checks."""

    at: datetime
    gap: timedelta


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A time in which nobody was shown to have looked, longer than allowed.

    ``start`` is the check (or arrival, or return) before it, ``end`` the next check, or None
    while it lasts. ``allowed_until`` is when a check had to be made.
    """

    start: datetime
    allowed_until: datetime
    end: datetime | None

    def over(self, now: datetime) -> timedelta:
        """Return by how much the allowed time was passed."""
        return (self.end or now) - self.allowed_until


Interval = tuple[datetime, datetime]


def deadline(since: datetime, levels: Sequence[Ordered]) -> datetime | None:
    """Return when the first check after ``since`` has to be made, or None without a level.

    The level in force at ``since`` gives the first answer. Each later order moves it:

    - a stricter one asks for a check within its gap of the order, and never later than before;
    - a looser one allows its gap from the last check, but what was missed before it came
      stays missed.

    Args:
        since: the last check, or the arrival or return where there was none since.
        levels: every level ordered for the stay, oldest first.
    """
    at = bisect_right([level.at for level in levels], since) - 1
    due = since + levels[at].gap if at >= 0 else None
    for level in levels[at + 1 :]:
        if due is None:
            due = level.at + level.gap
        elif due < level.at:
            break  # already missed when this order came
        else:
            due = min(level.at + level.gap, max(due, since + level.gap))
    return due


def gaps(
    *,
    checks: Iterable[datetime],
    arrivals: Iterable[datetime],
    levels: Sequence[Ordered],
    away: Iterable[Interval],
    now: datetime,
) -> list[Gap]:
    """Return every gap that was longer than allowed, oldest first.

    Args:
        checks: when someone was seen, as the evidence supports it. Refused and could-not-see stop
            no gap: nobody was shown to be well.
        arrivals: admission and each return: a gap starts there at the earliest.
        levels: every level ordered, oldest first.
        away: times on leave, with an escort, or after discharge: no gap runs then.
        now: up to when to look.
    """
    away = sorted(away)
    marks = sorted({*checks, *arrivals})
    found = []
    for start, end in zip(marks, [*marks[1:], None], strict=True):
        stop = _first_away(away, start, end or now)
        due = deadline(start, levels)
        if due is not None and due < min(stop, now):
            last = end if stop == end else (stop if stop < now else None)
            found.append(Gap(start=start, allowed_until=due, end=last))
    return found


def _first_away(away: Sequence[Interval], start: datetime, end: datetime) -> datetime:
    """Return where the watch from ``start`` on stops: at ``end``, or when they went away."""
    for began, finished in away:
        if began <= start < finished:
            return start
        if start < began < end:
            return began
    return end


def missed(since: datetime | None, *, grace: timedelta, now: datetime) -> bool:
    """Return whether somebody must be told of what was to be done by then: beyond the grace.

    None: nothing was to be done.
    """
    return since is not None and now >= since + grace
