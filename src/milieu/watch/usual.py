"""What is usual: in the unit, and for one person beside it. Plain.

A person's own mean and spread begin as the unit's and become their own as looks are added
(conjugate normal: the unit counts as ``looks_worth`` looks of the person). The unit's hours and
weekends are taken off first. Older looks fade, so that slow improvement becomes what is usual.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from milieu.watch.streams import (
    NORMAL,
    SHIFTS,
    Ruler,
    Seen,
    Stream,
    in_order,
    part_of,
    ruler,
    shift_of,
)

Scores = NDArray[np.float64]

PARTS: Final = 2 * SHIFTS
FADE: Final = 0.99  # a shift's weight for the next one: half after 23 days
STEADY: Final = (6.0, 100.0)  # bounds of the looks that the unit's spread counts for
PART_WORTH: Final = 20.0  # looks before an hour or a weekend is believed to differ
RELATED: Final = 0.25  # of a look with the one before, where little is known; product decision
RELATED_WORTH: Final = 20.0  # looks that this counts for
RELATED_MAX: Final = 0.8
SPREAD_MIN: Final = 0.05  # of a normal score: nobody is that regular
PRICE_WORTH: Final = 100.0
NOISE_WORTH: Final = 300.0  # looks before the unit's way of scattering is believed to be its own
MARKS: Final = tuple((np.arange(21) + 0.5) / 21)  # shares at which that is told
NORMAL_MARKS: Final = np.array([NORMAL.inv_cdf(share) for share in MARKS])
JUMP: Final = 1.4  # in a person's own standard deviations: midway from 1 to 2, by ratio
USUAL: Final = NORMAL.inv_cdf(0.9)  # a band that holds four of five looks


class Usual(NamedTuple):
    """A band that holds about four of five of a person's usual looks, in the stream's own units."""

    low: float
    middle: float
    high: float
    own: float  # 0: the unit's; towards 1: the person's own


class Prior(NamedTuple):
    """What is known of a stream before a person's first look, on the unit's own ruler."""

    ruler: Ruler
    middle: float
    between: float  # standard deviation of people's own means
    within: float  # of one person's looks around their own mean
    noise: tuple[float, ...]  # how looks scatter around their own mean: see ``bent``
    steady: float  # looks that the unit's spread counts for
    related: float  # correlation of a look with the one before
    parts: tuple[float, ...]  # by how much each part of the week differs
    up: float  # what it costs to bet on a rise: see ``_price``
    down: float
    a_day: float  # looks a day
    looks: int  # that all of this was learned from
    missing: float  # share that was refused, or could not be seen

    def score(self, value: float, shift: int) -> float:
        """Return where a value stands, the hour and the weekend taken off."""
        return self.ruler.score(value) - self.parts[part_of(shift)]

    def band(self, sums: Sequence[float], shift: int) -> Usual:
        """Return what is usual of a person in a shift.

        Args:
            sums: of the person's looks, faded: how many, their scores, the squares of these, each
                score as (score - middle) / within.
            shift: as ``shift_of`` counts.
        """
        looks, scores, squares = sums
        worth = looks + self.looks_worth
        middle = scores / worth
        left = max(squares - worth * middle * middle, 0.0)
        spread = ((self.steady + left) / (self.steady + looks) + 1 / worth) ** 0.5
        base = self.middle + self.parts[part_of(shift)]
        low, mid, high = (
            self.ruler.value(base + self.within * (middle + side * USUAL * spread))
            for side in (-1, 0, 1)
        )
        return Usual(low, mid, high, looks / worth)

    @property
    def looks_worth(self) -> float:
        """How many looks of a person the unit counts for."""
        return (self.within / self.between) ** 2


def prior(stream: Stream, many: Iterable[Sequence[Seen]], *, zone: tzinfo | None = None) -> Prior:
    """Return what the unit's own people tell of a stream; vague where there are few.

    Args:
        stream: what is watched.
        many: one series for each person; who is watched need not be left out.
        zone: the unit's clock. Without it, hours and weekends are not told apart.
    """
    people = [sorted(each, key=lambda seen: seen.at) for each in many]
    looks = [[seen for seen in each if seen.value is not None] for each in people]
    marks = ruler(stream, (seen.value for each in looks for seen in each if seen.value is not None))
    scored = [
        np.array([marks.score(s.value) for s in each if s.value is not None]) for each in looks
    ]
    where = [[part_of(shift_of(s.at, zone)) if zone else 0 for s in each] for each in looks]
    scored = [each for each in scored if each.size]
    where = [each for each in where if each]
    parts = _parts(scored, where)
    flat = [each - parts[place] for each, place in zip(scored, where, strict=True)]
    related = _related(flat)
    between, within, middle = _spreads(flat, (1 + related) / (1 - related))
    asked = sum(map(len, people))
    refused = asked - sum(map(len, looks))
    return Prior(
        ruler=marks,
        middle=middle,
        between=between,
        within=within,
        noise=_noise(flat),
        steady=_steady(flat, within),
        related=related,
        parts=tuple(parts.tolist()),
        up=_price(flat, within, 1),
        down=_price(flat, within, -1),
        a_day=_a_day(people),
        looks=sum(each.size for each in flat),
        missing=(refused + 0.5) / (asked + 10),
    )


def _parts(scored: list[Scores], where: list[list[int]]) -> Scores:
    """Return by how much each part of the week lies above people's own means."""
    total, count = np.zeros(PARTS), np.full(PARTS, PART_WORTH)
    for each, place in zip(scored, where, strict=True):
        np.add.at(total, place, each - each.mean())
        np.add.at(count, place, 1)
    found: Scores = total / count
    return found


def _spreads(flat: list[Scores], swell: float) -> tuple[float, float, float]:
    """Return the spread between people and within one, and the middle of the unit.

    Where looks are related, a mean is that of fewer: its variance swells.
    Each begins at what is likely of any scale: half of the unit's variance is between people.
    """
    means = np.array([each.mean() for each in flat])
    sizes = np.array([each.size for each in flat], float)
    squares = sum((float(((each - each.mean()) ** 2).sum()) for each in flat), 0.0)
    freedom = float((sizes - swell).clip(0).sum()) if flat else 0.0
    within2 = (0.5 * STEADY[0] + squares) / (STEADY[0] + freedom)
    middle = float(means.sum() / (len(flat) + 1)) if flat else 0.0
    extra = ((means - middle) ** 2 - swell * within2 / sizes).sum() if flat else 0.0
    between2 = (0.5 * 4 + max(float(extra), 0.0)) / (4 + len(flat))
    return max(between2, SPREAD_MIN**2) ** 0.5, max(within2, SPREAD_MIN**2) ** 0.5, middle


def _noise(flat: list[Scores]) -> tuple[float, ...]:
    """Return how looks scatter around their own mean: a score for each of ``MARKS``.

    Counts pile up at nothing and meals at all of it, so people are farther off on one side.
    """
    apart = np.concatenate([each - each.mean() for each in flat] or [np.zeros(1)])
    found = np.quantile(apart, MARKS)
    found -= found.mean()
    own = apart.size / (apart.size + NOISE_WORTH) if found.any() else 0.0
    found *= NORMAL_MARKS.std() / (found.std() or 1.0)
    return tuple((own * found + (1 - own) * NORMAL_MARKS).tolist())


def bent(noise: Scores, marks: Scores) -> Scores:
    """Return normal noise as it would scatter by these marks, and beyond the last straight on."""
    first, last = NORMAL_MARKS[[0, -3]], NORMAL_MARKS[[2, -1]]
    rise = (marks[[2, -1]] - marks[[0, -3]]) / (last - first)
    beyond = noise - noise.clip(NORMAL_MARKS[0], NORMAL_MARKS[-1])
    found: Scores = np.interp(noise, NORMAL_MARKS, marks) + beyond * np.where(beyond < 0, *rise)
    return found


def _steady(flat: list[Scores], within: float) -> float:
    """Return how many looks the unit's spread is worth: many, if all people's are much alike.

    The squared spreads of people differ by 2 / (looks - 1) through chance alone, and by 2 / worth
    through what they are.
    """
    ratios = [(float(each.var(ddof=1)) / within**2, each.size) for each in flat if each.size > 4]
    few, many = STEADY
    differ = sum(min((ratio - 1) ** 2, 4.0) - 2 / (size - 1) for ratio, size in ratios)
    differ = (differ + 4 * 2 / few) / (len(ratios) + 4)
    return min(max(2 / max(differ, 1e-6), few), many)


def _related(flat: list[Scores]) -> float:
    """Return how a look goes with the one before, corrected for means that were estimated.

    Of n looks around their own mean it comes out too low, by (1 + 4 x related) / n (Kendall 1954).
    """
    above = below = lost = 0.0
    for each in flat:
        if each.size > 2:
            apart = each - each.mean()
            above += float((apart[1:] * apart[:-1]).sum())
            below += float((apart**2).sum())
            lost += float((apart**2).mean())
    known = RELATED_WORTH / 2
    found = (above + lost + RELATED * known) / (max(below - 4 * lost, 0.0) + known)
    return min(max(found, 0.0), RELATED_MAX)


def _price(flat: list[Scores], within: float, way: int) -> float:
    """Return the logarithm of the mean of exp(jump x score): what makes a bet on a jump a fair one.

    It is jump squared over 2 for a normal score. A stream that is usually the same and seldom far
    off asks for more, so that its seldom days are no surprise.
    """
    apart = [way * (each - each.mean()) / within for each in flat]
    every = np.concatenate(apart) if apart else np.zeros(0)
    normal = math.exp(JUMP * JUMP / 2)
    mean = (float(np.exp(JUMP * every).sum()) + PRICE_WORTH * normal) / (every.size + PRICE_WORTH)
    return math.log(max(mean, normal))


def _a_day(people: list[list[Seen]]) -> float:
    days = sum(
        (each[-1].at - each[0].at).total_seconds() / 86400 + 1 / 3 for each in people if each
    )
    return sum(map(len, people)) / days if days else float(SHIFTS)


def usual(
    stream: Stream,
    series: Sequence[Seen],
    prior: Prior,
    *,
    zone: tzinfo,
    since: datetime | None = None,
) -> list[Usual]:
    """Return what was usual before each look of a series, in the series' own order.

    With ``since``, only of the looks from then on.
    """
    found: dict[int, Usual] = {}
    sums = [0.0, 0.0, 0.0]
    before: int | None = None
    for index in in_order(series):
        seen = series[index]
        shift = shift_of(seen.at, zone)
        faded = FADE ** (shift - before) if before is not None else 1.0
        sums = [each * faded for each in sums]
        before = shift
        if since is None or seen.at >= since:
            found[index] = prior.band(sums, shift)
        if seen.value is not None:
            score = (prior.score(seen.value, shift) - prior.middle) / prior.within
            sums = [each + more for each, more in zip(sums, (1, score, score * score), strict=True)]
    return [found[index] for index in range(len(series)) if index in found]
