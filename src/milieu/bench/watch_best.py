"""The least delay that is left to anybody who does not know which streams will move. Plain.

Who is asked here is told by how much the level rises, how many of the streams rise, how far people
lie apart, and that looks are independent with a deviation of 1; but not which and not when. For
every beginning all sets of that many streams are weighed, exactly: their mean is an elementary
symmetric polynomial of the streams' likelihood ratios. Summed over beginnings this is the rule of
Shiryaev and Roberts; in the long run no rule that is told the same is earlier (Pollak 1985). The
greatest of all beginnings is what a CUSUM takes.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from milieu.bench.watch_trials import Cell, Noticed, Numbers, Way

WINDOW: Final = 32  # shifts; an older beginning adds next to nothing
LOG_MAX: Final = 60.0
Over = Literal["sum", "greatest"]  # of the beginnings


def best(*cells: Cell, levels: bool, over: Over = "sum") -> Way:
    """Return the way of who knows that one of these cells will happen; all are as likely.

    Args:
        cells: how many streams may rise, and by how much. What comes before them is not told.
        levels: each person's level is to be learned from the unit and their looks; else it is 0.
        over: how beginnings are put together.
    """

    def way(looks: Numbers) -> Callable[[float], Noticed]:
        shifts, streams, people = looks.shape
        sums = np.concatenate([np.zeros((1, streams, people)), looks.cumsum(axis=0)])
        weighed = [_weighed(sums, now, cells, levels=levels) for now in range(1, shifts + 1)]

        def noticed(limit: float) -> Noticed:
            found = np.zeros((shifts, people), bool)
            since = np.zeros(people, np.intp)  # a beginning lies after the last notice
            for now, each in enumerate(weighed, 1):
                allowed = each * (np.arange(now - len(each), now)[:, None] >= since)
                total = allowed.sum(axis=0) if over == "sum" else allowed.max(axis=0)
                found[now - 1] = np.log(np.maximum(total, 1e-30)) > limit
                since[found[now - 1]] = now
            return found

        return noticed

    return way


def _weighed(sums: Numbers, now: int, cells: Sequence[Cell], *, levels: bool) -> Numbers:
    """Return beginnings x people: how much likelier looks are if a rise began there."""
    begun = np.arange(max(0, now - WINDOW), now)
    lately = (now - begun)[:, None, None].astype(float)
    rise = sums[now] - sums[begun]
    if levels:  # a level is known by one look of the unit, and by those before
        before = begun[:, None, None] + 1.0
        rise = (rise - lately * sums[begun] / before) / (1 + lately / before)
        lately = lately / (1 + lately / before)
    total = np.zeros((len(begun), sums.shape[2]))
    for cell in cells:
        ratios = np.exp(np.minimum(cell.jump * rise - cell.jump**2 / 2 * lately, LOG_MAX))
        total += symmetric(ratios, cell.moved)
    return np.asarray(total / len(cells))


def symmetric(ratios: Numbers, moved: int) -> NDArray[np.float64]:
    """Return the mean, over all sets of so many streams, of the product of their ratios.

    Args:
        ratios: beginnings x streams x people.
        moved: how many streams are in a set.
    """
    streams = ratios.shape[1]
    if moved == streams:
        return np.asarray(np.prod(ratios, axis=1))
    sums = [np.ones_like(ratios[:, 0]), *(np.zeros_like(ratios[:, 0]) for _ in range(moved))]
    for stream in range(streams):
        for size in range(moved, 0, -1):
            sums[size] += sums[size - 1] * ratios[:, stream]
    return sums[moved] / math.comb(streams, moved)
