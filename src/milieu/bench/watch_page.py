"""The comparison of docs/watch.md, with its picture: ``python -m milieu.bench.watch_page docs``.

What stands between two marks is written anew; it takes some minutes on one core.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from milieu.bench import watch_series
from milieu.bench.result import commit, machine
from milieu.bench.watch import Size, best_delay, budgets
from milieu.bench.watch_people import STREAMS, family
from milieu.bench.watch_rivals import RIVALS
from milieu.bench.watch_trials import (
    CELLS,
    Way,
    charted,
    knowing,
    limit_of,
    median_delay,
    ours,
    still,
)

BEGIN, END = "<!-- figures, by python -m milieu.bench.watch_page -->", "<!-- end of figures -->"
SIZE: Final = Size(people=300, units=4, steps=1)
SEED: Final = 7
Detector = Callable[[Sequence[float]], list[int]]
PICTURE: Final = "images/watch-delay.svg"
WIDTH, ROW, LEFT = 760, 22, 210
SHOWN_MAX: Final = 20.0  # shifts; a longer bar is cut


def compared() -> dict[str, list[float]]:
    """Return the median delay of everybody in each cell, all with the same number by chance."""
    known = family("normal", np.random.default_rng(SEED))
    quiet = still(SIZE.people, SEED)
    found = {
        "oracle": [best_delay(cell, SIZE, SEED) for cell in CELLS],
        "ours, knowing the person": _delays(
            knowing(known), still(SIZE.people, SEED, levels=False), levels=False
        ),
        "ours": _delays(ours(known), quiet),
    }
    for name, make in RIVALS.items():
        found[name] = _delays(charted(known, make), quiet)
    return found


def _delays(
    way: Way, quiet: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", *, levels: bool = True
) -> list[float]:
    limit = limit_of(way, quiet)
    return [median_delay(way, limit, cell, SIZE.people, SEED, levels=levels) for cell in CELLS]


def table(delays: Mapping[str, Sequence[float]]) -> str:
    """Return the table of delays, one row for each of what may happen."""
    head = "| before | moved | by | " + " | ".join(delays) + " |"
    rows = [head, "|---" * (3 + len(delays)) + "|"]
    for number, cell in enumerate(CELLS):
        each = " | ".join(f"{delay[number]:g}" for delay in delays.values())
        rows.append(f"| {cell.before} | {cell.moved} of {STREAMS} | {cell.jump} sd | {each} |")
    return "\n".join(rows)


def picture(delays: Mapping[str, Sequence[float]]) -> str:
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
        wide = min(each[0], SHOWN_MAX) * scale
        colour = "#0b5c7a" if name.startswith("ours") else "#8a8f94"
        name_at, figure_at = f'x="{LEFT - 8}" text-anchor="end"', f'x="{LEFT + wide + 6:.1f}"'
        lines += [
            f'<text {name_at} y="{top + 13}" fill="#222">{name}</text>',
            f'<rect x="{LEFT}" y="{top}" width="{wide:.1f}" height="{ROW - 6}" fill="{colour}"/>',
            f'<text {figure_at} y="{top + 13}" fill="#222">{each[0]:g}</text>',
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
        table(delays),
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
