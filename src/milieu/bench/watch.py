"""Who is unlike themselves: how fast it is worked out, how rarely by chance, and how early.

Plain: no server and no database. ``python -m milieu.bench.watch_page docs`` runs the whole
comparison and writes it, with its picture, into docs/watch.md.
"""

import time
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from statistics import fmean, median
from typing import Final, NamedTuple

import numpy as np

from milieu.bench import watch_series
from milieu.bench.goals import goals_of
from milieu.bench.result import Result
from milieu.bench.watch_people import KINDS, STREAMS, family
from milieu.bench.watch_trials import (
    BEFORE,
    BUDGET,
    CELLS,
    Cell,
    Way,
    kept,
    limit_of,
    median_delay,
    oracle,
    ours,
    still,
)
from milieu.watch.budget import enough
from milieu.watch.together import Watch, traits_of

TURNS: Final = 5  # both sides of a ratio are measured in turn


class Size(NamedTuple):
    """How much is measured."""

    people: int  # for each trial
    units: int  # for each family of streams
    steps: int  # of everybody's streams, for speed


FULL = Size(people=2000, units=6, steps=200)
QUICK = Size(people=300, units=1, steps=60)
TINY = Size(people=20, units=1, steps=3)
CROWD: Final = 500


def measure(*, size: Size, seed: int) -> Result:
    """Measure speed, the budget, the delay and the series that people marked."""
    figures: dict[str, float] = {}
    missing: dict[str, str] = {}
    figures |= _speed(size, seed, missing)
    budget = budgets(size, seed)
    figures["budget_error_max"] = max(abs(each - 1) for each in budget.values())
    delays = delayed(size, seed)
    for before in BEFORE:
        figures[f"delay_vs_oracle_{before}"] = max(
            mine / best for cell, (mine, best) in delays.items() if cell.before == before
        )
    figures |= _series(missing)
    return Result(
        bench="watch",
        goals=goals_of("watch"),
        seed=seed,
        figures=figures,
        missing=missing,
        notes=(
            "Notices by chance, over those asked for: "
            + ", ".join(f"{name} {each:.2f}" for name, each in budget.items()),
            *(
                f"After {cell.before} shifts, {cell.moved} of {STREAMS} by {cell.jump} sd: "
                f"{mine:g} shifts, oracle {best:g}"
                for cell, (mine, best) in delays.items()
            ),
        ),
    )


def budgets(size: Size, seed: int) -> dict[str, float]:
    """Return for each family of streams the notices by chance over those asked for."""
    chance = np.random.default_rng(seed)
    found = {}
    for name in KINDS:
        units = [family(name, chance) for _ in range(size.units)]
        found[name] = fmean(
            kept(
                unit,
                enough(unit.streams, unit.priors, BUDGET, unit.alike),
                size.people,
                seed + number,
            )
            for number, unit in enumerate(units)
        )
    return found


def delayed(size: Size, seed: int) -> dict[Cell, tuple[float, float]]:
    """Return our median delay and the oracle's at the same number of notices by chance."""
    known = family("normal", np.random.default_rng(seed))
    limit = limit_of(ours(known), still(size.people, seed))
    return {
        cell: (
            median_delay(ours(known), limit, cell, size.people, seed),
            best_delay(cell, size, seed),
        )
        for cell in CELLS
    }


def best_delay(cell: Cell, size: Size, seed: int) -> float:
    """Return the median delay of the oracle."""
    way: Way = oracle(cell)
    limit = limit_of(way, still(size.people, seed, levels=False))
    return median_delay(way, limit, cell, size.people, seed, levels=False)


def _speed(size: Size, seed: int, missing: dict[str, str]) -> dict[str, float]:
    """Return updates a second on one core, and how many times that of FOCuS it is."""
    looks = np.random.default_rng(seed).normal(size=(size.steps, STREAMS, CROWD))
    known = family("normal", np.random.default_rng(seed))
    values = looks.astype(np.float32)
    series = looks[:, 0].T.ravel()[: 10 * size.steps].tolist()
    peer = bool(find_spec("changepoint_online"))
    mine, theirs = [], []
    for _ in range(TURNS):
        watch = Watch(traits_of(known.streams, known.priors), CROWD)
        mine.append(_took(partial(_step, watch, values)) / values.size)
        if peer:
            theirs.append(_took(partial(watch_series.focus, series)) / len(series))
    if not peer:
        missing["speed_vs_focus"] = "changepoint-online comes with the tests. Run: bin/setup test"
        return {"updates_per_s": 1 / median(mine)}
    return {"updates_per_s": 1 / median(mine), "speed_vs_focus": median(theirs) / median(mine)}


def _step(watch: Watch, values: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> None:
    for each in values:
        watch.turn()
        watch.add(each)
        watch.evidence()


def _took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _series(missing: dict[str, str]) -> dict[str, float]:
    """Return F1 and cover on the marked series at hand, and FOCuS on the same."""
    marked = watch_series.marked()
    if not marked:
        how = f"the marked series are not at hand; put them into {watch_series.PLACE}"
        missing |= dict.fromkeys(("tcpd_f1", "tcpd_cover"), how)
        return {}
    found = watch_series.scored(watch_series.changes)
    return {"tcpd_f1": found[0], "tcpd_cover": found[1]}
