"""Can all be seen in time, for 40 people: how often a second, and how often it is right.

Plain: no server and no database. A replan is the whole answer of ``rounds.feasibility`` for a
unit: the outlook for an hour, the load of the unit and of each list.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple
from uuid import UUID

from milieu.bench.goals import goals_of
from milieu.bench.load import percentile
from milieu.bench.result import Result
from milieu.rounds.feasibility import Due, load, outlook

PEOPLE: Final = 40
HANDS: Final = 4
MINUTE: Final = timedelta(minutes=1)
LOOK: Final = timedelta(seconds=37)
GAPS: Final = (15, 15, 15, 30, 60)  # most people are on the shortest level
NOW: Final = datetime(2026, 3, 2, 2, 53, tzinfo=UTC)


class Size(NamedTuple):
    """How much is measured."""

    replans: int
    trials: int  # small units compared with every walk that there is


FULL = Size(replans=5_000, trials=5_000)
QUICK = Size(replans=1_000, trials=800)
TINY = Size(replans=20, trials=20)


def measure(*, size: Size, seed: int) -> Result:
    """Replan a unit of 40 whose state is another each time; compare small ones with brute force."""
    chance = Random(seed)  # noqa: S311
    units = [_unit(chance) for _ in range(size.replans)]
    took = [_replan(unit) for unit in units]
    trials = [_trial(chance) for _ in range(size.trials)]
    yes = sum(said for said, _ in trials)
    return Result(
        bench="feasibility",
        goals=goals_of("feasibility"),
        seed=seed,
        figures={
            "replans_per_s": len(took) / sum(took),
            "brute_force_agreement": sum(said == so for said, so in trials) / len(trials),
            "p99_ms": 1000 * percentile(took, 99),
        },
        notes=(
            f"Compared with every walk: {yes} units that can, {len(trials) - yes} that cannot.",
        ),
    )


def _unit(chance: Random) -> list[Due]:
    return [
        Due(UUID(int=number), NOW + chance.uniform(-1, gap) * MINUTE, gap * MINUTE)
        for number in range(PEOPLE)
        for gap in (chance.choice(GAPS),)
    ]


def _replan(unit: list[Due]) -> float:
    began = time.perf_counter()
    outlook(unit, hands=HANDS, look=LOOK, now=NOW)
    load(unit, LOOK)
    for number in range(HANDS):
        load(unit[number::HANDS], LOOK)
    return time.perf_counter() - began


def _trial(chance: Random) -> tuple[bool, bool]:
    """Return what we say of a small unit's next cycle, and what trying every walk says."""
    hands, look = chance.randint(1, 2), chance.randint(1, 3)
    gaps = [chance.randint(3, 8) for _ in range(chance.randint(2, 5))]
    dues = [chance.randint(1, gap) for gap in gaps]
    said = outlook(
        [
            Due(UUID(int=number), NOW + by * MINUTE, gap * MINUTE)
            for number, (by, gap) in enumerate(zip(dues, gaps, strict=True))
        ],
        hands=hands,
        look=look * MINUTE,
        now=NOW,
        horizon=min(gaps) * MINUTE,
    )
    within = [by for by in dues if by <= min(gaps)]
    return said.first is None, any(_walks(within, [0] * hands, look))


def _walks(dues: list[int], free: list[int], look: int) -> Iterator[bool]:
    """Yield, for every way to share out and order the looks, whether it misses nobody."""
    if not dues:
        yield True
    for place, by in enumerate(dues):
        for hand, at in enumerate(free):
            if at + look <= by:
                rest = dues[:place] + dues[place + 1 :]
                yield from _walks(rest, [*free[:hand], at + look, *free[hand + 1 :]], look)
