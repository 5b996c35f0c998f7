"""The goals, and whether a figure reaches its own. Plain."""

import operator
import tomllib
from collections.abc import Mapping
from pathlib import Path

Goal = tuple[str, float]  # comparison, number

FILE = Path(__file__).with_name("goals.toml")
COMPARISONS = {">=": operator.ge, "<=": operator.le}


def goals_of(bench: str, database: str = "") -> dict[str, Goal]:
    """Return the goals of a bench by figure; those of ``ingest`` depend on the database."""
    found = tomllib.loads(FILE.read_text())[bench]
    if database:
        found = found[database]
    return {name: (comparison, number) for name, (comparison, number) in found.items()}


def reached(goal: Goal, figure: float | None) -> bool:
    """Return whether a figure reaches its goal. One that could not be measured does not."""
    comparison, number = goal
    return figure is not None and COMPARISONS[comparison](figure, number)


def met(goals: Mapping[str, Goal], figures: Mapping[str, float]) -> bool:
    """Return whether every goal is reached."""
    return all(reached(goal, figures.get(name)) for name, goal in goals.items())
