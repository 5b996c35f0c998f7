"""What a run found: one JSON object for programs, a table for people."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from milieu.bench import postgres
from milieu.bench.goals import Goal, met, reached

HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Result:
    """The figures of one run. What could not be measured is in ``missing``, with how to get it."""

    bench: str
    goals: Mapping[str, Goal]
    seed: int
    figures: Mapping[str, float]
    missing: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    database: str = ""  # with its version, as ``version`` gives it; empty: no other than SQLite

    @property
    def met(self) -> bool:
        """Whether every goal is reached, none left unmeasured."""
        return met(self.goals, self.figures)

    def as_object(self) -> dict[str, Any]:
        """Return what ``--json`` prints."""
        return {
            "bench": self.bench,
            "figures": {name: _short(figure) for name, figure in self.figures.items()},
            "goals": {name: list(goal) for name, goal in self.goals.items()},
            "met": self.met,
            "seed": self.seed,
            "commit": commit(),
            "machine": machine(self.database),
        }

    def print_to(self, console: Console) -> None:
        """Print a table with the goals beside the figures."""
        measured = " on ".join(filter(None, (self.bench, self.database)))
        console.print(f"milieu bench {measured}, seed {self.seed}")
        table = Table()
        for heading in ("figure", "measured", "goal", ""):
            table.add_column(heading, justify="right" if heading == "measured" else "left")
        for name in dict.fromkeys([*self.goals, *self.figures]):
            figure, goal = self.figures.get(name), self.goals.get(name)
            said = "missing" if figure is None else f"{_short(figure):,}"
            wanted = f"{goal[0]} {goal[1]:,}" if goal else ""
            verdict = ("met" if reached(goal, figure) else "NOT MET") if goal else ""
            table.add_row(name, said, wanted, verdict)
        console.print(table)
        self.say(console)
        console.print(f"Commit {commit()} on {machine(self.database)}")

    def say(self, console: Console) -> None:
        """Print what the figures alone do not tell: how they were taken, and what is missing."""
        for name, how in self.missing.items():
            console.print(f"{name} is missing: {how}")
        for note in self.notes:
            console.print(note)


def _short(figure: float) -> float:
    """Leave out digits that a second run would not repeat."""
    return round(figure) if abs(figure) >= 1000 else float(f"{figure:.4g}")


def commit() -> str:
    """Return the commit of the source that ran, with ``+`` where it was changed since."""
    asked = ["git", "-C", str(HERE), "describe", "--always", "--dirty=+", "--abbrev=12"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def version(database: str) -> str:
    """Return the database that a bench was told to measure as people know it: PostgreSQL 18.6"""
    return postgres.version() if database == "postgres" else f"SQLite {sqlite3.sqlite_version}"


def machine(database: str = "") -> str:
    """Return in a line what the figures depend on besides the source; the database comes last."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"{os.cpu_count()} x {_processor()}, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, {database or version('sqlite')}"
    )


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()
