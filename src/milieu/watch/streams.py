"""What is watched, and how any of it becomes a number that can be compared. Plain.

Shares of meals, steps of a scale, counts and blood pressures are put on one ruler: the standing
of a value among all values that the unit has seen, as a normal score. Half of the unit's values lie
below 0, and 16 % below -1. The ruler is the unit's; where a person usually lies on it is their own.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from statistics import NormalDist
from typing import Final, Literal, NamedTuple

import numpy as np

Kind = Literal["continuous", "ordinal", "share", "count", "yesno"]
Concern = Literal["lower", "higher", "either"]

NORMAL: Final = NormalDist()
KNOTS: Final = 64  # a ruler has no more marks
MARK_WORTH: Final = 20  # looks: a mark for fewer would tell of these looks, not of the unit
MARKS_LEAST: Final = 4
BEYOND: Final = 0.3  # how much farther stands a step that no look of the unit had reached
SCORE_MAX: Final = 6.0  # beyond this a slip of the finger is likelier than a person
SHIFTS: Final = 3  # parts of a day, by the unit's clock: 23 to 7, 7 to 15, 15 to 23
HOURS: Final = 24 // SHIFTS
NIGHT_BEGINS: Final = 23


class Stream(NamedTuple):
    """One thing that is seen of a person again and again."""

    code: str
    kind: Kind
    low: float
    high: float
    concern: Concern  # which way a nurse wants to hear of


class Seen(NamedTuple):
    """One look: when (UTC), and what. None: refused, or could not be seen; itself information."""

    at: datetime
    value: float | None


class Ruler(NamedTuple):
    """Values of a stream in rising order, and the normal score of each."""

    values: tuple[float, ...]
    scores: tuple[float, ...]
    stepped: bool  # between two values there are no others

    def score(self, value: float) -> float:
        """Return where a value stands, within ``SCORE_MAX`` of 0."""
        values, scores = self.values, self.scores
        place = bisect_right(values, value)
        if place and values[place - 1] == value:
            return scores[place - 1]
        if len(values) == 1:
            return float(np.sign(value - values[0])) + scores[0]
        below = min(max(place - 1, 0), len(values) - 2)
        rise = (scores[below + 1] - scores[below]) / (values[below + 1] - values[below])
        found = scores[below] + rise * (value - values[below])
        if self.stepped:
            found = min(max(found, scores[0] - BEYOND), scores[-1] + BEYOND)
        return min(max(found, -SCORE_MAX), SCORE_MAX)

    def value(self, score: float) -> float:
        """Return the value that stands there, never beyond the ends of the ruler."""
        if self.stepped:
            nearest = min(range(len(self.scores)), key=lambda at: abs(self.scores[at] - score))
            return self.values[nearest]
        return float(np.interp(score, self.scores, self.values))


def ruler(stream: Stream, values: Iterable[float]) -> Ruler:
    """Return the ruler of a unit's values; a plain one where there are none."""
    seen = np.sort(np.fromiter(values, float))
    if seen.size < KNOTS // 4 or seen[0] == seen[-1]:
        return _plain(stream, seen)
    stepped = stream.kind != "continuous"
    if not stepped:  # straight between marks, and on beyond the last, which a shift may well reach
        count = min(max(seen.size // MARK_WORTH, MARKS_LEAST), KNOTS)
        shares = (np.arange(count) + 0.5) / count
        marks, first = np.unique(np.quantile(seen, shares), return_index=True)
        if marks.size > 2:
            scores = [NORMAL.inv_cdf(float(share)) for share in shares[first]]
            return Ruler(tuple(marks.tolist()), tuple(scores), stepped=False)
    marks, counts = np.unique(seen, return_counts=True)
    if marks.size > KNOTS:
        places = np.unique(np.searchsorted(seen, seen[:: max(1, seen.size // KNOTS)]))
        marks, counts = np.unique(seen[places], return_counts=True)
    middle = (np.cumsum(counts) - counts / 2) / counts.sum()
    scores = [NORMAL.inv_cdf(float(share)) for share in middle]
    return Ruler(tuple(marks.tolist()), tuple(scores), stepped=stepped)


def _plain(stream: Stream, seen: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Ruler:
    """Without values to go by: the whole range that is possible is four standard deviations."""
    low, high = stream.low, stream.high
    if seen.size:
        low, high = min(low, float(seen[0])), max(high, float(seen[-1]))
    if low == high:
        return Ruler((low,), (0.0,), stepped=True)
    if stream.kind == "yesno":
        return Ruler((low, high), (-0.5, 1.5), stepped=True)
    return Ruler((low, high), (-2.0, 2.0), stepped=False)


def shift_of(at: datetime, zone: tzinfo) -> int:
    """Return the number of a shift, counted from one to the next by the unit's clock.

    A night in which the clock changes is one shift, an hour shorter or longer.
    """
    here = at.astimezone(zone).replace(tzinfo=None) + timedelta(hours=24 - NIGHT_BEGINS)
    return here.toordinal() * SHIFTS + here.hour // HOURS


def part_of(shift: int) -> int:
    """Return the part of the week: one of three for working days, of three for the weekend."""
    day, part = divmod(shift, SHIFTS)
    return part + SHIFTS * ((day - 1) % 7 >= 5)


def in_order(series: Sequence[Seen]) -> list[int]:
    """Return the indexes of a series by time; what was written down twice keeps its order."""
    return sorted(range(len(series)), key=lambda index: series[index].at)
