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
from milieu.bench.watch_best import best
from milieu.bench.watch_people import KINDS, STREAMS, family
from milieu.bench.watch_trials import (
    BEFORE,
    BUDGET,
    CELLS,
    Cell,
    Delays,
    Way,
    kept,
    limit_of,
    oracle,
    ours,
    smooth,
    still,
    waited,
)
from milieu.watch.budget import enough
from milieu.watch.together import Watch, traits_of

TURNS: Final = 5  # both sides of a ratio are measured in turn


class Size(NamedTuple):
    """How much is measured."""

    people: int  # for each trial
    units: int  # for each family of streams
    steps: int  # of everybody's streams, for speed
    kinds: tuple[str, ...] = tuple(KINDS)  # of streams
    cells: tuple[Cell, ...] = CELLS


FULL = Size(people=2000, units=6, steps=200)
QUICK = Size(people=300, units=1, steps=60)
TINY = Size(people=20, units=1, steps=3, kinds=("ordinal",), cells=CELLS[:: len(CELLS) // 2])
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
        cells = [each for cell, each in delays.items() if cell.before == before]
        figures[f"delay_vs_oracle_{before}"] = max(
            float(np.median(each.ours) / np.median(each.oracle)) for each in cells
        )
        figures[f"delay_vs_best_{before}"] = max(
            smooth(each.ours) / smooth(each.best) for each in cells
        )
        figures[f"best_vs_oracle_{before}"] = max(
            smooth(each.sure) / smooth(each.oracle) for each in cells
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
                + ", ".join(f"{name} {smooth(each):.2f}" for name, each in waits._asdict().items())
                for cell, waits in delays.items()
            ),
        ),
    )


def budgets(size: Size, seed: int) -> dict[str, float]:
    """Return for each family of streams the notices by chance over those asked for."""
    chance = np.random.default_rng(seed)
    found = {}
    for name in size.kinds:
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


class Waits(NamedTuple):
    """How many shifts each person waited to be noticed, all by the same number by chance."""

    ours: Delays
    oracle: Delays  # knows the person, and what will move
    sure: Delays  # the best of who knows the person and how much moves, not which
    best: Delays  # the same, where a person's level has to be learned


def delayed(size: Size, seed: int) -> dict[Cell, Waits]:
    """Return how long everybody waited in each cell."""
    known = family("normal", np.random.default_rng(seed))
    limit = limit_of(ours(known), still(size.people, seed))
    return {
        cell: Waits(
            ours=waited(ours(known), limit, cell, size.people, seed),
            oracle=told(oracle, cell, size, seed, levels=False),
            sure=told(partial(best, levels=False), cell, size, seed, levels=False),
            best=told(partial(best, levels=True), cell, size, seed, levels=True),
        )
        for cell in size.cells
    }


def told(make: Callable[[Cell], Way], cell: Cell, size: Size, seed: int, *, levels: bool) -> Delays:
    """Return how long people wait for a way that is told what will happen in this cell."""
    way = make(cell)
    limit = limit_of(way, still(size.people, seed, levels=levels))
    return waited(way, limit, cell, size.people, seed, levels=levels)


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
