"""How much is enough, so that chance gives no more notices than were asked for. Plain.

Before anybody is watched, invented people live through six weeks in which nothing happens to them.
They are drawn from what the unit tells: as far apart, as steady, as related from look to look, on
the same steps of the same scales, seen as often. The evidence that gives them as many notices as
were asked for is enough. All streams are simulated together, so they share one budget.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from milieu.watch.streams import NORMAL, SHIFTS, Ruler, Stream
from milieu.watch.together import LAGS, Numbers, Traits, Watch, column, traits_of, way_of
from milieu.watch.usual import (
    JUMP,
    MARKS,
    NORMAL_MARKS,
    RELATED_MAX,
    RELATED_WORTH,
    Prior,
    bent,
)

PEOPLE: Final = 240
MOMENTS: Final = 4  # of a shift at which looks come in; each time, what is known is weighed again
SPAN: Final = 126  # shifts: six weeks
TRIED: Final = 0.35  # how far below and above what is likely
LIKELY: Final = -1.2  # added to the logarithm of the shifts from one false notice to the next
SEED: Final = 20260101
SLOPE: Final = (0.7, 1.6)  # bounds of how fast notices become rarer
MISSING_MIN: Final = 0.05  # share; who was never missed before may be once
SURE: Final = 1000.0  # looks: a share leaves no doubt about its spread
MISSING_WORTH: Final = 8.0  # looks that the unit's share of missing ones counts for

PAIRS: Final = 2000
HALVINGS: Final = 9
LIVES: Final = (600, 12)  # people and their looks, to see how these scatter
BENDINGS: Final = 3
BENT_BY: Final = 0.7  # of what is missing

Drawn = NDArray[np.float64]
Life = Callable[[np.random.Generator], Iterator[tuple[int, Numbers]]]


@lru_cache(maxsize=64)
def enough(
    streams: tuple[Stream, ...],
    priors: tuple[Prior, ...],
    notices_per_day: float,
    alike: float = 0.0,
) -> float:
    """Return the evidence that is enough for what was seen, as a natural logarithm."""
    invented = [_Invented(*each) for each in zip(streams, priors, strict=True)]

    def life(chance: np.random.Generator) -> Iterator[tuple[int, Numbers]]:
        levels = chance.normal(size=(len(streams), PEOPLE))
        related = _likely_related(priors, chance)
        noise = chance.normal(size=levels.shape)
        ways = column([way_of(each) for each in streams]) * alike**0.5
        looks = _looks(priors)
        for _ in range(SPAN):
            shared = ways * chance.normal(size=PEOPLE)
            for number, seen in enumerate(scattered(chance, looks, PEOPLE)):
                fresh = shared + chance.normal(size=levels.shape) * (1 - alike) ** 0.5
                fresh = fresh * (1 - related**2) ** 0.5
                noise = np.where(seen, related * noise + fresh, noise)
                values = np.stack(
                    [o.looks(*each) for o, *each in zip(invented, levels, noise, strict=True)]
                )
                yield int(number == 0), np.where(seen, values, np.nan).astype(np.float32)

    return _solved(traits_of(streams, priors, alike), life, notices_per_day)


@lru_cache(maxsize=64)
def enough_missing(priors: tuple[Prior, ...], notices_per_day: float) -> float:
    """Return the evidence that is enough for looks that could not be had."""

    def life(chance: np.random.Generator) -> Iterator[tuple[int, Numbers]]:
        usual = column([missing_of(each)[0] for each in priors])
        width = column([missing_of(each)[1] for each in priors])
        own = chance.beta(MISSING_WORTH * usual, MISSING_WORTH * (1 - usual), (len(priors), PEOPLE))
        looks = _looks(priors)
        for _ in range(SPAN):
            for number, seen in enumerate(scattered(chance, looks, PEOPLE)):
                values = ((chance.random(own.shape) < own) - usual) / width
                yield int(number == 0), np.where(seen, values, np.nan).astype(np.float32)

    return _solved(missing_traits(priors), life, notices_per_day)


def missing_of(prior: Prior) -> tuple[float, float]:
    """Return the usual share of looks that cannot be had, and its standard deviation."""
    share = max(prior.missing, MISSING_MIN)
    return share, (share * (1 - share)) ** 0.5


def missing_traits(priors: tuple[Prior, ...]) -> Traits:
    """Return the traits of streams that tell only whether a look could be had."""
    each = [missing_of(prior) for prior in priors]
    means = [p * math.exp(JUMP * (1 - p) / w) + (1 - p) * math.exp(-JUMP * p / w) for p, w in each]
    price = column([math.log(mean) for mean in means])
    many = len(priors)
    return Traits(
        worth=column([MISSING_WORTH] * many),
        steady=column([SURE] * many),
        related=column([0.0] * many),
        up=price,
        down=price,
        either=np.array([], np.intp),
        own=-1.0,  # who never can be seen is news from the first day
    )


def scattered(
    chance: np.random.Generator, looks: Numbers, people: int
) -> Iterator[NDArray[np.bool_]]:
    """Yield who is looked at in each part of a shift; a look falls into any part.

    Args:
        chance: where chance comes from.
        looks: of each stream in a shift, in the mean.
        people: how many.
    """
    shape = (len(looks), people)
    part = np.where(chance.random(shape) < looks, chance.integers(MOMENTS, size=shape), -1)
    more = np.maximum(looks - 1, 0) / MOMENTS
    for number in range(MOMENTS):
        yield (part == number) | (chance.random(shape) < more)


def _looks(priors: Sequence[Prior]) -> Numbers:
    return column([each.a_day / SHIFTS for each in priors])


def _likely_related(priors: Sequence[Prior], chance: np.random.Generator) -> Drawn:
    """Return streams x people: how related looks may be, for all that the unit's looks tell."""
    related = column([each.related for each in priors])
    looks = column([each.looks for each in priors]) + RELATED_WORTH
    drawn = related + chance.normal(size=(len(priors), PEOPLE)) * ((1 - related**2) / looks) ** 0.5
    found: Drawn = drawn.clip(-RELATED_MAX, RELATED_MAX)
    return found


class _Invented:
    """How looks of invented people come out on a stream's own scale, as a watch takes them in."""

    def __init__(self, stream: Stream, prior: Prior) -> None:
        self.prior, self.way = prior, way_of(stream)
        self.apart, self.around = prior.between, prior.within
        self.noise: Drawn = np.array(prior.noise)
        self.edges: list[float] = []
        if prior.ruler.stepped:
            self.edges = _edges(prior.ruler)
            self.scores = np.array(prior.ruler.scores)
            self.noise = NORMAL_MARKS
            self._spread()
            if len(self.edges) > 1:  # how yes and no scatter follows from their share
                self._bend()

    def _bend(self) -> None:
        """Choose how looks scatter before they fall on steps, so that they do after as the unit's.

        Steps themselves make looks scatter more to one side, near the end of a scale.
        """
        chance = np.random.default_rng(SEED)
        level, noise = chance.normal(size=(LIVES[0], 1)), chance.normal(size=LIVES)
        wanted = np.array(self.prior.noise)
        for _ in range(BENDINGS):
            score = self._stepped(level, noise)
            found = np.quantile(score - score.mean(axis=1, keepdims=True), MARKS)
            found *= (1 - 1 / LIVES[1]) ** -0.5 / self.prior.within
            self.noise = np.maximum.accumulate(self.noise + BENT_BY * (wanted - found))
            self._spread()

    def _spread(self) -> None:
        """Choose how far apart people are before their looks fall on steps.

        Steps blur a person's looks more than their level, so the share of people in all variance
        is greater before than after.
        """
        known = self.prior
        wanted = known.between**2 / (known.between**2 + known.within**2)
        level, one, other = np.random.default_rng(SEED).normal(size=(3, PAIRS))
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            share = (low + high) / 2
            self.apart, self.around = share**0.5, (1 - share) ** 0.5
            pair = self._stepped(level, one), self._stepped(level, other)
            low, high = (share, high) if np.corrcoef(*pair)[0, 1] < wanted else (low, share)

    def _stepped(self, level: Drawn, noise: Drawn) -> Drawn:
        before = self.apart * level + self.around * bent(noise, self.noise)
        found: Drawn = self.scores[np.searchsorted(self.edges, before)]
        return found

    def looks(self, level: Drawn, noise: Drawn) -> Drawn:
        """Return what a watch takes in."""
        if self.edges:
            score = self._stepped(level, noise) - self.prior.middle
        else:
            score = self.apart * level + self.around * bent(noise, self.noise)
        return self.way * score / self.prior.within


def _edges(ruler: Ruler) -> list[float]:
    """Return the normal scores at which one step of a scale ends and the next begins."""
    below, edges = 0.0, []
    for score in ruler.scores[:-1]:
        below = 2 * NORMAL.cdf(score) - below
        edges.append(NORMAL.inv_cdf(min(max(below, 1e-9), 1 - 1e-9)))
    return edges


def _solved(traits: Traits, life: Life, notices_per_day: float) -> float:
    """Return where the straight line through two that were tried meets what was asked for.

    Where that is far from both, two beside it are tried: a line is straight only nearby.
    """
    likely = math.log(SHIFTS / notices_per_day) + LIKELY
    found = _line(traits, life, notices_per_day, likely)
    if abs(found - likely) <= 2 * TRIED:
        return found
    return _line(traits, life, notices_per_day, found)


def _line(traits: Traits, life: Life, notices_per_day: float, likely: float) -> float:
    days = PEOPLE * SPAN / SHIFTS
    tried = notices(traits, life, (likely - TRIED, likely + TRIED))
    more, fewer = (math.log((each + 0.5) / days) for each in tried)
    steep = min(max((more - fewer) / (2 * TRIED), SLOPE[0]), SLOPE[1])
    return likely + ((more + fewer) / 2 - math.log(notices_per_day)) / steep


def notices(traits: Traits, life: Life, limits: Sequence[float]) -> list[int]:
    """Return how many notices there were, at each limit, of lives in which nothing happened."""
    watches = [Watch(traits, PEOPLE) for _ in limits]
    counts = [0 for _ in limits]
    for turned, scores in life(np.random.default_rng(SEED)):
        for number, (watch, limit) in enumerate(zip(watches, limits, strict=True)):
            watch.turn(turned)
            watch.add(scores)
            evidence = watch.evidence()
            for person in np.flatnonzero(evidence.total > limit).tolist():
                counts[number] += 1
                watch.begin_again(person, LAGS[evidence.lag[person]], watch.moved(evidence, person))
    return counts
