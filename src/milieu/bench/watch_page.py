"""The comparison of docs/watch.md, with its picture: ``python -m milieu.bench.watch_page docs``.

What stands between two marks is written anew; it takes some minutes on one core.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from milieu.bench import watch_series
from milieu.bench.result import commit, machine
from milieu.bench.watch import Size, budgets, told
from milieu.bench.watch_best import Over, best
from milieu.bench.watch_people import STREAMS, family
from milieu.bench.watch_rivals import RIVALS
from milieu.bench.watch_trials import (
    BEFORE,
    CELLS,
    Cell,
    Delays,
    Way,
    charted,
    knowing,
    limit_of,
    oracle,
    ours,
    smooth,
    still,
    waited,
)

BEGIN, END = "<!-- figures, by python -m milieu.bench.watch_page -->", "<!-- end of figures -->"
SIZE: Final = Size(people=400, units=4, steps=1)
SEED: Final = 7
Detector = Callable[[Sequence[float]], list[int]]
PICTURE: Final = "images/watch-delay.svg"
WIDTH, ROW, LEFT = 760, 22, 210
SMOOTH: Final = "The same, as if who was noticed after a shift was noticed at any moment of it:"
OVERS: Final[tuple[Over, ...]] = ("sum", "greatest")
SHOWN_MAX: Final = 20.0  # shifts; a longer bar is cut


def compared() -> dict[str, list[Delays]]:
    """Return how long everybody waits in each cell, all with the same number by chance."""
    known = family("normal", np.random.default_rng(SEED))
    any_of = [cell for cell in CELLS if cell.before == BEFORE[0]]
    found = {
        "oracle": [told(oracle, cell, SIZE, SEED, levels=False) for cell in CELLS],
        "best, knowing the person": [_best(cell, levels=False) for cell in CELLS],
        "best": [_best(cell, levels=True) for cell in CELLS],
        "best for any of the nine": _delays(best(*any_of, levels=True)),
        "ours, knowing the person": _delays(knowing(known), levels=False),
        "ours": _delays(ours(known)),
    }
    for name, make in RIVALS.items():
        found[name] = _delays(charted(known, make))
    return found


def _best(cell: Cell, *, levels: bool) -> Delays:
    """Return the delays of the better one of two ways to put beginnings together."""
    ways = [partial(best, levels=levels, over=over) for over in OVERS]
    return min((told(way, cell, SIZE, SEED, levels=levels) for way in ways), key=smooth)


def _delays(way: Way, *, levels: bool = True) -> list[Delays]:
    limit = limit_of(way, still(SIZE.people, SEED, levels=levels))
    return [waited(way, limit, cell, SIZE.people, SEED, levels=levels) for cell in CELLS]


def table(delays: Mapping[str, Sequence[Delays]], said: Callable[[Delays], str]) -> str:
    """Return a table of delays, one row for each of what may happen."""
    head = "| before | moved | by | " + " | ".join(delays) + " |"
    rows = [head, "|---" * (3 + len(delays)) + "|"]
    for number, cell in enumerate(CELLS):
        each = " | ".join(said(delay[number]) for delay in delays.values())
        rows.append(f"| {cell.before} | {cell.moved} of {STREAMS} | {cell.jump} sd | {each} |")
    return "\n".join(rows)


def _median(delays: Delays) -> str:
    return f"{np.median(delays):g}"


def _smooth(delays: Delays) -> str:
    return f"{smooth(delays):.1f}"


def picture(delays: Mapping[str, Sequence[Delays]]) -> str:
    """Return the delays of one of ten streams that rises by 1 sd after 30 shifts, as bars."""
    height = ROW * (len(delays) + 2)
    head = f'viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif" font-size="13"'
    said = "One of ten streams rises by 1 sd after 30 shifts: shifts until half are noticed"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {head}>',
        f"<title>{said}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="8" y="{ROW - 6}" fill="#222">{said}</text>',
    ]
    scale = (WIDTH - LEFT - 90) / SHOWN_MAX
    for number, (name, each) in enumerate(delays.items()):
        top = ROW * (number + 1) + 6
        middle = smooth(each[0])
        wide = min(middle, SHOWN_MAX) * scale
        colour = "#0b5c7a" if name.startswith("ours") else "#8a8f94"
        name_at, figure_at = f'x="{LEFT - 8}" text-anchor="end"', f'x="{LEFT + wide + 6:.1f}"'
        lines += [
            f'<text {name_at} y="{top + 13}" fill="#222">{name}</text>',
            f'<rect x="{LEFT}" y="{top}" width="{wide:.1f}" height="{ROW - 6}" fill="{colour}"/>',
            f'<text {figure_at} y="{top + 13}" fill="#222">{middle:.1f}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


def marked() -> str:
    """Return the table of the marked series."""
    if not watch_series.marked():
        return "The marked series were not at hand."
    ways: dict[str, Detector] = {
        "never": _never,
        "FOCuS": watch_series.focus,
        "ours": watch_series.changes,
    }
    rows = [f"Over the {len(watch_series.marked())} series at hand:", ""]
    rows += ["| told by | F1 | cover |", "|---|---|---|"]
    for name, way in ways.items():
        f1, cover = watch_series.scored(way)
        rows.append(f"| {name} | {f1:.3f} | {cover:.3f} |")
    return "\n".join(rows)


def _never(values: Sequence[float]) -> list[int]:
    return []


def write(docs: Path) -> None:
    """Write the page's figures and its picture."""
    page = docs / "watch.md"
    delays = compared()
    rates = ", ".join(f"{name} {each:.2f}" for name, each in budgets(SIZE, SEED).items())
    told = [
        BEGIN,
        "",
        f"Notices by chance over those asked for, six weeks from the first day: {rates}.",
        "",
        f"![Shifts until half of the people are noticed]({PICTURE})",
        "",
        table(delays, _median),
        "",
        SMOOTH,
        "",
        table(delays, _smooth),
        "",
        marked(),
        "",
        f"Commit {commit()}, seed {SEED}, {machine()}.",
        "",
        END,
    ]
    before, rest = page.read_text().split(BEGIN)
    (docs / PICTURE).write_text(picture(delays))
    page.write_text(before + "\n".join(told) + rest.split(END)[1])


if __name__ == "__main__":
    write(Path(sys.argv[1]))
