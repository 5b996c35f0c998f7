"""The least delay that is left to anybody who does not know which streams will move. Plain.

Both references are told by how much the level rises, how many of the streams rise, how far people
lie apart and that looks are independent with a deviation of 1. They are not told when and which.
For every beginning they weigh all sets of that many streams, exactly: the mean over the sets is an
elementary symmetric polynomial of the streams' likelihood ratios. Summed over beginnings this is the
rule of Shiryaev and Roberts, of which no other rule for the same knowledge can be earlier in the
long run (Pollak 1985); the greatest of them is a CUSUM's.
"""

import math
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from milieu.bench.watch_people import STREAMS
from milieu.bench.watch_trials import Cell, Noticed, Numbers, Way

WINDOW: Final = 40  # shifts; an older beginning adds next to nothing by chance
LOG_MAX: Final = 60.0
Over = Literal["sum", "greatest"]  # of the beginnings


def best(cell: Cell, *, levels: bool, over: Over = "sum") -> Way:
    """Return the way of who knows how many rise and by how much, and neither which nor when.

    Args:
        cell: what will happen.
        levels: each person's level is to be learned from the unit and their looks; else it is 0.
        over: how beginnings are put together.
    """

    def way(looks: Numbers, limit: float) -> Noticed:
        shifts, _, people = looks.shape
        sums = np.concatenate([np.zeros((1, STREAMS, people)), looks.cumsum(axis=0)])
        found = np.zeros((shifts, people), bool)
        since = np.zeros(people, np.intp)  # a beginning lies after the last notice
        for now in range(1, shifts + 1):
            begun = np.arange(max(0, now - WINDOW), now)
            ratios = _ratios(sums, begun, now, cell.jump, levels=levels)
            each = symmetric(ratios, cell.moved) * (begun[:, None] >= since)
            total = each.sum(axis=0) if over == "sum" else each.max(axis=0)
            found[now - 1] = np.log(np.maximum(total, 1e-30)) > limit
            since[found[now - 1]] = now
        return found

    return way


def _ratios(
    sums: Numbers, begun: NDArray[np.intp], now: int, jump: float, *, levels: bool
) -> Numbers:
    """Return beginnings x streams x people: how much likelier looks are with a rise from there."""
    lately = (now - begun)[:, None, None].astype(float)
    before = begun[:, None, None] + 1.0  # the unit's people lie as far apart as looks: one look
    rise = sums[now] - sums[begun]
    if levels:  # what is left of looks lately when the level is only known from those before
        rise = (rise - lately * sums[begun] / before) / (1 + lately / before)
        lately = lately / (1 + lately / before)
    found: Numbers = np.exp(np.clip(jump * rise - jump**2 / 2 * lately, -LOG_MAX, LOG_MAX))
    return found


def symmetric(ratios: Numbers, moved: int) -> Numbers:
    """Return the mean, over all sets of so many streams, of the product of their ratios."""
    streams = ratios.shape[1]
    if moved == streams:
        return np.asarray(np.prod(ratios, axis=1))
    sums = [np.ones(ratios[:, 0].shape), *(np.zeros(ratios[:, 0].shape) for _ in range(moved))]
    for stream in range(streams):
        for size in range(moved, 0, -1):
            sums[size] = sums[size] + sums[size - 1] * ratios[:, stream]
    return sums[moved] / math.comb(streams, moved)
