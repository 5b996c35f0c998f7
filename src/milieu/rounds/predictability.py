"""How well could an onlooker guess the next check? Plain: times in, answers out.

NCCHC B-05 asks for checks "at unpredictable intervals with no more than 15 minutes between
checks", and found a facility that checked precisely every 15 minutes out of compliance: whoever
wants to be alone needs to know only when nobody will come. Two figures say how far that is so.

``off``: an onlooker who has noted every check so far says, right after each one, when the next
will be. By how much are they wrong in the mean? Each way of guessing in ``GUESSES`` is tried on
every check in turn, knowing only what came before it (prequentially; Dawid 1984), and the one that
does best over the whole time counts: the onlooker is given the benefit of hindsight. Checks by the
clock give 0. Gaps drawn evenly from an interval give a quarter of its length, since the best that
can be said of them is their median; drawn evenly from all of an allowed gap, a quarter of that,
which ``share`` calls 1.

``quiet``: for how long after a check they can be ``SURE`` that nobody comes. Checks by the clock
give the whole gap.

A late check is no merit: what passed without a check for longer than allowed, or while somebody was
away, is guessed by nobody, and belongs to no gap.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean, median
from typing import NamedTuple

SURE = 0.8
MEMORY = 24  # how many gaps an onlooker goes by: the newest
GUESSES_MIN = 8  # fewer say nothing
QUARTER_S = 900.0
HOUR_S = 3600.0
EASY, ROUGH = 0.2, 0.4  # product decision, 2026-11: up to which share a guess is easy, or rough


class Regularity(NamedTuple):
    """What an onlooker makes of a person's checks, or of a unit's."""

    guesses: int  # how many checks were guessed
    off: timedelta
    quiet: timedelta
    allowed: timedelta  # the greatest gap
    how: str  # the guess that did best: a key of ``GUESSES``

    @property
    def share(self) -> float:
        """How hard to guess: 0 by the clock, 1 drawn evenly from all of the time allowed."""
        return self.off / (self.allowed / 4)

    @property
    def verdict(self) -> str:
        """One of ``easy``, ``rough`` and ``hard``."""
        return "easy" if self.share < EASY else "rough" if self.share < ROUGH else "hard"


class Noted(NamedTuple):
    """What an onlooker knows right after a check, in seconds: the times, and the gaps in time."""

    times: Sequence[float]  # the newest last
    gaps: Sequence[float]


def _as_last_time(noted: Noted) -> float:
    return noted.times[-1] + noted.gaps[-1]


def _as_usual(noted: Noted) -> float:
    return noted.times[-1] + median(noted.gaps)


def _by_the_clock(noted: Noted) -> float:
    """Return the usual minute of the quarter of an hour that is nearest to the usual gap."""
    likely = _as_usual(noted)
    apart = (_around(at - likely, QUARTER_S) for at in noted.times)
    return likely + median(apart)


def _as_an_hour_ago(noted: Noted) -> float:
    """After as long as it took after the check that was nearest to an hour before this one."""
    now, before = noted.times[-1], noted.times[:-1]
    nearest = min(range(len(before)), key=lambda place: abs(before[place] + HOUR_S - now))
    return now + noted.times[nearest + 1] - noted.times[nearest]


def _around(apart: float, period: float) -> float:
    """Return a difference on a clock face, between minus and plus half a turn."""
    return (apart + period / 2) % period - period / 2


GUESSES: dict[str, Callable[[Noted], float]] = {
    "last": _as_last_time,
    "usual": _as_usual,
    "clock": _by_the_clock,
    "hour": _as_an_hour_ago,
}


def regularity(times: Iterable[datetime], allowed: timedelta) -> Regularity | None:
    """Return how well the checks of one person could be guessed; None if there are too few.

    Args:
        times: when this person was seen, in any order, all at one level.
        allowed: the greatest gap of that level.
    """
    noted = sorted(at.timestamp() for at in times)
    longest = allowed.total_seconds()
    gaps: list[float] = []
    wrong: dict[str, list[float]] = {how: [] for how in GUESSES}
    for place, (at, following) in enumerate(pairwise(noted)):
        if following - at > longest:
            continue
        if gaps:
            known = Noted(noted[max(0, place - MEMORY) : place + 1], gaps[-MEMORY:])
            for how, guess in GUESSES.items():
                wrong[how].append(abs(guess(known) - following))
        gaps.append(following - at)
    if len(gaps) <= GUESSES_MIN:
        return None
    how, errors = min(wrong.items(), key=lambda each: fmean(each[1]))
    return Regularity(
        guesses=len(errors),
        off=timedelta(seconds=fmean(errors)),
        quiet=timedelta(seconds=sorted(gaps)[int((1 - SURE) * len(gaps))]),
        allowed=allowed,
        how=how,
    )


def together(found: Iterable[Regularity]) -> Regularity | None:
    """Return what an onlooker makes of a whole unit: the mean over all guesses."""
    found = list(found)
    count = sum(each.guesses for each in found)
    if not count:
        return None

    def mean(times: Iterable[timedelta]) -> timedelta:
        weighed = (each.guesses * time for each, time in zip(found, times, strict=True))
        return sum(weighed, timedelta()) / count

    return Regularity(
        guesses=count,
        off=mean(each.off for each in found),
        quiet=mean(each.quiet for each in found),
        allowed=mean(each.allowed for each in found),
        how=max(GUESSES, key=lambda how: sum(each.guesses for each in found if each.how == how)),
    )
