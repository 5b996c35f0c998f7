"""Many streams of many people, watched together in constant memory. Plain.

For each of a few lengths of "lately" (in shifts), what was seen lately is compared with what was
seen before it: how much likelier is it if the person's level moved by so many of their own standard
deviations, than if it did not? Streams are then put together three ways: one moved, some moved, all
moved. The mean of all these likelihood ratios is the evidence; it is large by chance as seldom
as ``budget`` says. What was seen lately is never part of what it is compared with, so a change is
not absorbed while it is being looked for.

Shiryaev (1963) and Roberts (1966) sum over when; Xie and Siegmund (2013) mix over which; Shin,
Ramdas and Rinaldo (2022) show why such a sum bounds the mean time between false alarms; Wallace
(1959) turns Student's t into a normal score.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from milieu.watch.streams import Stream
from milieu.watch.usual import FADE, JUMP, Prior

Numbers = NDArray[np.float32]

LAGS: Final = (1, 2, 3, 4, 6, 8, 11, 16, 23, 32)  # lengths of "lately", in shifts
ALL_LAGS: Final = np.array(LAGS)
WEIGHTS: Final = np.diff(ALL_LAGS, prepend=0)  # beginnings that a length stands for
SPREAD2_MIN: Final = 0.04  # of a person's squared spread over the unit's
SOME: Final = 0.3  # share of streams that moved, when some did
MOVED: Final = 0.5  # how likely it must be that a stream moved, to be named
RING: Final = LAGS[-1] + 1
RELATED_MIN: Final = 1e-6  # below this, looks are as if they were not related
LOG_MAX: Final = 60.0  # evidence of one stream beyond this is all the same
LOG_MAX_ALL: Final = 600.0  # and of all together


class Traits(NamedTuple):
    """What is known of each stream beforehand; each is streams x 1."""

    worth: Numbers  # looks that the unit's middle counts for
    steady: Numbers  # looks that the unit's spread counts for
    related: Numbers  # correlation of a look with the one before
    up: Numbers  # the price of betting on a jump upwards
    down: Numbers
    either: NDArray[np.intp]  # streams of which a fall matters as well as a rise
    alike: float = 0.0  # correlation of two streams of a person in the same shift, turned
    own: float = 1.0  # a stream speaks when more looks than this, faded, came before "lately"


def way_of(stream: Stream) -> int:
    """Return 1 where a rise is what a nurse wants to hear of, -1 where it is a fall."""
    return -1 if stream.concern == "lower" else 1


def traits_of(streams: Sequence[Stream], priors: Sequence[Prior], alike: float = 0.0) -> Traits:
    """Return the traits of streams, each turned so that upwards is what to hear of."""
    known = list(zip(streams, priors, strict=True))
    up = [prior.up if way_of(stream) > 0 else prior.down for stream, prior in known]
    down = [prior.down if way_of(stream) > 0 else prior.up for stream, prior in known]
    either = [n for n, stream in enumerate(streams) if stream.concern == "either"]
    return Traits(
        worth=column([each.looks_worth for each in priors]),
        steady=column([each.steady for each in priors]),
        related=column([each.related for each in priors]),
        up=column(up),
        down=column(down),
        either=np.array(either, np.intp),
        alike=alike,
    )


def column(numbers: Sequence[float]) -> Numbers:
    """Return one number for each stream, for any number of people."""
    return np.array(numbers, np.float32)[:, None]


class Evidence(NamedTuple):
    """What speaks for a change after a step."""

    total: Numbers  # people: natural logarithm
    lag: NDArray[np.intp]  # people: place in ``LAGS`` that speaks loudest


class Watch:
    """Streams x people. A score comes in as (score - middle) / within; worse is higher."""

    def __init__(self, traits: Traits, people: int, *, fade: float = FADE) -> None:
        streams = traits.worth.shape[0]
        self.traits = traits
        self.shape = (streams, people)
        self.sums = np.zeros((RING, 3, streams, people), np.float32)  # looks, scores, squares
        self.usual = np.zeros((RING, 6, streams, people), np.float32)  # see ``_close``
        self.fade = fade
        self.now = 0
        self.since = np.zeros(people, np.int64)  # the shift before the first that may be "lately"
        related = traits.related
        self._most = np.float32(min(LOG_MAX, LOG_MAX_ALL / streams))
        self._swell = (1 + related) / (1 - related)  # of the variance of a long mean
        self._start = 2 * related / (1 - related) ** 2
        self._log_related = np.log(np.maximum(related, np.float32(RELATED_MIN)))
        self._close(self.sums[0])
        self.usual[:] = self.usual[0]

    def turn(self, shifts: int = 1) -> None:
        """Let a shift end: what was seen fades a little."""
        for _ in range(min(shifts, 8 * RING)):
            before = self.sums[self.now % RING]
            self._close(before)
            self.now += 1
            np.multiply(before, np.float32(self.fade), out=self.sums[self.now % RING])

    def _close(self, sums: Numbers) -> None:
        """Work out once what later shifts compare with: what was seen up to the end of this one.

        Looks, scores, their mean with the unit's middle, its squared error over the squared spread,
        the sum of squares that the spread is known by, and what Student's t is multiplied with.
        """
        was, scored, squared = sums
        traits = self.traits
        precise = was / self._swell + traits.worth
        total, freedom = was + traits.worth, was + traits.steady
        left = traits.steady + squared - scored * scored / total
        usual = self.usual[self.now % RING]
        usual[:2] = was, scored
        usual[2] = scored / self._swell / precise
        usual[3] = 1 / precise
        usual[4] = np.maximum(left, np.float32(SPREAD2_MIN) * freedom)
        usual[5] = np.sqrt(freedom) * (1 - 2 / (8 * freedom + 3))

    def add(self, scores: Numbers) -> None:
        """Take in one look of each stream at most; NaN where there was none."""
        seen = ~np.isnan(scores)
        score = np.where(seen, scores, np.float32(0))
        current = self.sums[self.now % RING]
        current[0] += seen
        current[1] += score
        current[2] += score * score

    def see(self, stream: int, person: int, score: float) -> None:
        """Take in one look."""
        self.sums[self.now % RING, :, stream, person] += (1, score, score * score)

    def apart(self, lags: NDArray[np.intp]) -> tuple[Numbers, Numbers]:
        """Return how far lately lies from before in standard errors, and the looks it is worth.

        Each is lags x streams x people.
        """
        was, scored, middle, error2, squares, scale = np.moveaxis(
            self.usual[(self.now - lags) % RING], 1, 0
        )
        kept = np.float32(self.fade) ** lags.astype(np.float32)[:, None, None]
        current = self.sums[self.now % RING]
        looks = current[0] - kept * was
        some = (looks > np.float32(0.5)) & (was > self.traits.own)  # one look fades to 0.72 at most
        counted = np.maximum(looks, np.float32(0.5))
        swell = self._swell
        if self._start.any():
            left = np.exp(counted * self._log_related)  # faster than a power
            swell = swell - self._start * (1 - left) / counted
        error2 += swell / counted
        rise = (current[1] - kept * scored) / counted - middle
        normal = scale * np.sqrt(np.log1p(rise * rise / (error2 * squares)))
        return np.copysign(normal, rise) * some, some / error2

    def ratios(self, lags: NDArray[np.intp]) -> tuple[Numbers, NDArray[np.bool_]]:
        """Return how much likelier what was seen is with a jump, and where anything was seen.

        Each is lags x streams x people.
        """
        apart, looks = self.apart(lags)
        lean = np.float32(JUMP) * apart * np.sqrt(looks)
        traits = self.traits
        some = traits.either
        found: Numbers = np.exp(np.minimum(lean - traits.up * looks, self._most))
        if some.size:
            fallen = -lean[:, some] - traits.down[some] * looks[:, some]
            found[:, some] = (found[:, some] + np.exp(np.minimum(fallen, self._most))) / 2
        return found, looks > 0

    def evidence(self) -> Evidence:
        """Return what speaks for a change, of each person."""
        traits = self.traits
        lags = ALL_LAGS[
            : max(1, int(np.searchsorted(ALL_LAGS, self.now - self.since.min(), "right")))
        ]
        allowed = self.now - lags[:, None] >= self.since
        each = _mixed(*self.ratios(lags), traits.alike) * (allowed * WEIGHTS[: lags.size, None])
        return Evidence(np.log(np.maximum(each.sum(axis=0), 1e-30)), each.argmax(axis=0))

    def moved(self, evidence: Evidence, person: int) -> NDArray[np.bool_]:
        """Return which streams of a person speak for the change; one at least."""
        lag = ALL_LAGS[[evidence.lag[person]]]
        found, seen = self.ratios(lag)
        ratios = found[0, :, person] * seen[0, :, person]
        likely = SOME * ratios / (1 - SOME + SOME * ratios)
        named: NDArray[np.bool_] = (likely > MOVED) | (ratios == ratios.max())
        return named

    def begin_again(self, person: int, lag: int, moved: NDArray[np.bool_]) -> None:
        """Let what was seen lately be what is usual in the streams that moved."""
        before = self.sums[(self.now - lag) % RING, :, :, person]
        current = self.sums[self.now % RING, :, :, person]
        current[:, moved] -= np.float32(self.fade**lag) * before[:, moved]
        self.since[person] = self.now


def _mixed(ratios: Numbers, seen: NDArray[np.bool_], alike: float) -> NDArray[np.float64]:
    """Return lags x people: the mean over one, some and all of the streams having moved.

    Streams that go together on a bad day say less together than apart: of n that are correlated
    alike, the evidence of a common jump is divided by 1 + (n - 1) x correlation.
    """
    streams = ratios.shape[1]
    one: NDArray[np.float64] = (ratios * seen).mean(axis=1, dtype=np.float64)
    if streams == 1:
        return one
    some: NDArray[np.float64] = np.prod(1 - SOME + SOME * ratios, axis=1, dtype=np.float64)
    every: NDArray[np.float64] = np.prod(ratios, axis=1, dtype=np.float64)
    if alike:
        some **= 1 / (1 + max(SOME * streams - 1, 0) * alike)
        every **= 1 / (1 + (streams - 1) * alike)
    return (one + (some + every) * seen.any(axis=1)) / 3
