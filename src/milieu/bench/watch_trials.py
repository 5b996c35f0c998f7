"""Whoever notices, tried on invented people: how often by chance, and how late. Plain.

Every way to notice has a limit, found so that people to whom nothing happens are noticed exactly as
often as the budget says. Then the level of one, three or all ten streams moves, after 10 or 30
shifts.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from milieu.bench.watch_people import STREAMS, Family, drawn, latent, scores
from milieu.bench.watch_rivals import Chart
from milieu.watch.budget import scattered
from milieu.watch.streams import SHIFTS
from milieu.watch.together import LAGS, Traits, Watch, traits_of
from milieu.watch.usual import FADE

Numbers = NDArray[np.float64]

BUDGET: Final = 1 / 24  # notices a day for one person: one for a unit of 24
SPAN: Final = 126  # shifts: six weeks
JUMPS: Final = (1.0, 1.5, 2.0)
MOVED: Final = (1, 3, STREAMS)
BEFORE: Final = (30, 10)
AFTER: Final = 60  # shifts that are waited for a notice
LIMITS: Final = (-12.0, 36.0)  # between which every limit lies
HALVINGS: Final = 13


class Cell(NamedTuple):
    """What happens: after so many shifts, so many streams rise by so much."""

    before: int
    jump: float
    moved: int


CELLS: Final = tuple(Cell(b, j, m) for b in BEFORE for j in JUMPS for m in MOVED)

Noticed = NDArray[np.bool_]  # shifts x people
Delays = NDArray[np.intp]  # of each person, in shifts
Way = Callable[[Numbers], Callable[[float], Noticed]]  # of looks, then of a limit


def ours(known: Family) -> Way:
    """Return our way: the rules of room ``watch``."""
    return _watched(
        traits_of(known.streams, known.priors, known.alike), lambda looks: scores(known, looks)
    )


def knowing(known: Family) -> Way:
    """Return our way for someone who knows each person's level and spread, but not what moved."""
    sure = np.full((STREAMS, 1), 1e6, np.float32)
    traits = traits_of(known.streams, known.priors, known.alike)
    traits = traits._replace(worth=sure, steady=sure, related=np.zeros_like(sure), alike=0.0)
    return _watched(traits, lambda looks: looks.astype(np.float32))


def _watched(traits: Traits, scored: Callable[[Numbers], NDArray[np.float32]]) -> Way:
    def way(looks: Numbers) -> Callable[[float], Noticed]:
        parts = [(1, look) for look in scored(looks)]
        people = looks.shape[2]
        return lambda limit: np.array(list(_noticed(Watch(traits, people), parts, limit)))

    return way


def _noticed(
    watch: Watch, parts: Iterable[tuple[int, NDArray[np.float32]]], limit: float
) -> Iterator[NDArray[np.bool_]]:
    """Yield who is noticed after each part of a shift; a part that begins one turns the watch."""
    for turned, look in parts:
        watch.turn(turned)
        watch.add(look)
        evidence = watch.evidence()
        found = evidence.total > limit
        for person in np.flatnonzero(found).tolist():
            watch.begin_again(person, LAGS[evidence.lag[person]], watch.moved(evidence, person))
        yield found


def charted(known: Family, make: Callable[[tuple[int, int]], Chart]) -> Way:
    """Return the way of a chart for each stream."""
    worth = np.array([[prior.looks_worth] for prior in known.priors])

    def way(looks: Numbers) -> Callable[[float], Noticed]:
        scored = scores(known, looks).astype(float)

        def noticed(limit: float) -> Noticed:
            chart = make((STREAMS, looks.shape[2]))
            found = np.zeros((len(looks), looks.shape[2]), bool)
            count, total = np.zeros(looks.shape[1:]), np.zeros(looks.shape[1:])
            for shift, look in enumerate(scored):
                weight = count + worth
                apart = look if chart.own else (look - total / weight) / np.sqrt(1 + 1 / weight)
                found[shift] = chart.step(apart).max(axis=0) > limit
                chart.forget(np.flatnonzero(found[shift]))
                count, total = FADE * count + 1, FADE * total + look
            return found

        return noticed

    return way


def oracle(cell: Cell) -> Way:
    """Return a CUSUM that knows each person's level and spread, the jump, and what moves."""

    def way(looks: Numbers) -> Callable[[float], Noticed]:
        steps = cell.jump * looks[:, : cell.moved].sum(axis=1) - cell.moved * cell.jump**2 / 2

        def noticed(limit: float) -> Noticed:
            found = np.zeros(steps.shape, bool)
            at = np.zeros(steps.shape[1])
            for shift, step in enumerate(steps):
                at = np.maximum(at, 0) + step
                found[shift] = at > limit
                at[found[shift]] = 0
            return found

        return noticed

    return way


def limit_of(way: Way, looks: Numbers) -> float:
    """Return the limit at which people to whom nothing happens are noticed as often as asked."""
    low, high = LIMITS
    noticed = way(looks)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if noticed(middle).mean() * SHIFTS > BUDGET:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def still(people: int, seed: int, *, levels: bool = True) -> Numbers:
    """Return looks of people to whom nothing happens."""
    return _people(np.random.default_rng(seed), people, SPAN, levels=levels)


def waited(
    way: Way, limit: float, cell: Cell, people: int, seed: int, *, levels: bool = True
) -> Delays:
    """Return after how many shifts each person was noticed; the first one counts as 1."""
    looks = _people(np.random.default_rng(seed), people, cell.before + AFTER, levels=levels)
    looks[cell.before :, : cell.moved] += cell.jump
    after = way(looks)(limit)[cell.before :]
    return np.where(after.any(axis=0), after.argmax(axis=0) + 1, AFTER)


def smooth(delays: Delays) -> float:
    """Return the median as if who was noticed after a shift was noticed at any moment of it.

    A plain median is a whole shift, so that 1.0 and 2.0 may be a few people apart.
    """
    last = int(np.ceil(np.median(delays)))
    before, until = (delays < last).mean(), (delays <= last).mean()
    return last - 1 + float((0.5 - before) / (until - before))


def _people(chance: np.random.Generator, people: int, shifts: int, *, levels: bool) -> Numbers:
    if levels:
        return latent(chance, people, shifts)
    return chance.normal(size=(shifts, STREAMS, people))


def kept(known: Family, limit: float, people: int, seed: int) -> float:
    """Return how many notices there are by chance, over how many were asked for.

    Looks come in scattered over each shift, and are weighed whenever some came.
    """
    chance = np.random.default_rng(seed)
    looks = scores(known, drawn(known.name, chance, people, SPAN))
    once = np.ones((STREAMS, 1), np.float32)
    parts = (
        (int(not number), np.where(seen, look, np.float32(np.nan)))
        for look in looks
        for number, seen in enumerate(scattered(chance, once, people))
    )
    traits = traits_of(known.streams, known.priors, known.alike)
    found = sum(int(each.sum()) for each in _noticed(Watch(traits, people), parts, limit))
    return found / people / SPAN * SHIFTS / BUDGET
