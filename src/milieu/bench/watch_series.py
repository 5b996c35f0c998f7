"""Single series with changes that people marked: F1 and cover as the Turing benchmark defines them.

Van den Burg and Williams, "An evaluation of change point detection algorithms" (2020). Each series
is put on its own mean and standard deviation, as they do; nothing else is chosen for a series.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Final, NamedTuple

import numpy as np

from milieu.watch.together import RING, Traits, Watch, column
from milieu.watch.usual import JUMP

PLACE: Final = "../shared/data/change/tcpd"
FOLDER: Final = Path(__file__).parents[4] / "shared" / "data" / "change" / "tcpd"
MARGIN: Final = 5
ENOUGH: Final = 13.0  # one setting for all series: evidence, as a natural logarithm
STEADY: Final = 1000.0  # the spread is that of the whole series
WORTH: Final = 0.01  # and nothing is known of its level


class Marked(NamedTuple):
    """A series on its own scale, and where each annotator saw a change."""

    name: str
    values: tuple[float, ...]
    marks: tuple[frozenset[int], ...]


@cache
def marked() -> tuple[Marked, ...]:
    """Return the series at hand that have one dimension; none where the folder is absent."""
    if not (FOLDER / "annotations.json").exists():
        return ()
    marks = json.loads((FOLDER / "annotations.json").read_text())
    found = []
    for path in sorted(FOLDER.glob("*/*.json")):
        told = json.loads(path.read_text())
        if told["n_dim"] != 1:
            continue
        raw = np.array([np.nan if v is None else v for v in told["series"][0]["raw"]], float)
        places = np.arange(raw.size)
        known = np.isfinite(raw)
        values = np.interp(places, places[known], raw[known])
        scaled = (values - values.mean()) / values.std()
        each = tuple(frozenset(mark) for mark in marks[told["name"]].values())
        found.append(Marked(told["name"], tuple(scaled.tolist()), each))
    return tuple(found)


def changes(values: Sequence[float]) -> list[int]:
    """Return where a single series changed, told online: each after it, then begun again."""
    price = column([JUMP**2 / 2])
    traits = Traits(
        column([WORTH]), column([STEADY]), column([0.0]), price, price, np.array([0], np.intp), 0.5
    )
    watch = Watch(traits, 1, fade=1.0)
    watch.since[:] = 1  # the first look is what there is to compare with
    found = []
    for place, value in enumerate(values):
        watch.turn()
        watch.add(column([value]))
        if watch.evidence().total[0] > ENOUGH:
            lags = np.arange(1, min(RING - 1, int(watch.now - watch.since[0])) + 1)
            lag = int(lags[np.abs(watch.apart(lags)[0][:, 0, 0]).argmax()])
            found.append(place - lag + 1)
            watch.begin_again(0, lag, np.array([True]))
    return found


def scored(detector: Callable[[Sequence[float]], list[int]]) -> tuple[float, float]:
    """Return F1 and cover of a detector, the mean over all series at hand."""
    pairs = []
    for series in marked():
        told = detector(series.values)
        pairs.append((f1(series.marks, told), cover(series.marks, told, len(series.values))))
    return fmean(pair[0] for pair in pairs), fmean(pair[1] for pair in pairs)


def f1(marks: Sequence[frozenset[int]], told: Sequence[int], margin: int = MARGIN) -> float:
    """Return F1; the start of a series counts as a change that everybody saw."""
    said = {0, *told}
    precise = len(_near(frozenset().union(*marks) | {0}, said, margin)) / len(said)
    recalled = [len(_near(each | {0}, said, margin)) / len(each | {0}) for each in marks]
    recall = sum(recalled) / len(recalled)
    return 2 * precise * recall / (precise + recall) if precise + recall else 0.0


def _near(marks: frozenset[int], said: set[int], margin: int) -> set[int]:
    """Return the marks that were told, each by one that tells no other."""
    left, found = set(said), set()
    for mark in sorted(marks):
        near = sorted((abs(mark - each), each) for each in left if abs(mark - each) <= margin)
        if near:
            found.add(mark)
            left.remove(near[0][1])
    return found


def cover(marks: Sequence[frozenset[int]], told: Sequence[int], size: int) -> float:
    """Return how well the parts between changes cover the parts that people saw, in the mean."""
    parts = _parts(frozenset(told), size)
    each = [
        sum((b - a) * max(_shared((a, b), part) for part in parts) for a, b in _parts(mark, size))
        / size
        for mark in marks
    ]
    return sum(each) / len(each)


def _parts(marks: frozenset[int], size: int) -> list[tuple[int, int]]:
    ends = sorted({0, size, *(mark for mark in marks if 0 < mark < size)})
    return list(pairwise(ends))


def _shared(one: tuple[int, int], other: tuple[int, int]) -> float:
    both = min(one[1], other[1]) - max(one[0], other[0])
    return max(both, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def focus(values: Sequence[float], enough: float = 13.0) -> list[int]:
    """Return where FOCuS (Romano and others 2023; changepoint-online) tells changes, online."""
    from changepoint_online import Focus, Gaussian  # noqa: PLC0415

    found, start, watch = [], 0, Focus(Gaussian())
    for place, value in enumerate(values):
        watch.update(value)
        if watch.statistic() >= enough:
            start += int(watch.changepoint()["changepoint"])
            found.append(start)
            watch = Focus(Gaussian())
            start = place + 1
    return found
