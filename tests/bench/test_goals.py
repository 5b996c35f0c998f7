"""The goals, and what a result says of them."""

import json
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from milieu.bench.goals import FILE, goals_of, met, reached
from milieu.bench.page import BEGIN, END, HOW, page, with_figures
from milieu.bench.result import Result, version

KEYS = ["bench", "figures", "goals", "met", "seed", "commit", "machine"]
BENCHES = ["board", "feasibility", "ingest", "phone", "proof", "sync-histories", "watch"]


def result(**figures: float) -> Result:
    return Result(bench="board", goals=goals_of("board"), seed=7, figures=figures)


ALL = {
    "p99_ms": 10.0,
    "renders_per_s": 900.0,
    "growth": 1.01,
    "fanout_s": 0.3,
    "kb_per_connection": 20.0,
}


def test_every_bench_has_goals_and_says_how_it_measures():
    assert sorted(tomllib.loads(FILE.read_text())) == BENCHES
    assert sorted(HOW) == BENCHES


@pytest.mark.parametrize(
    ("bench", "database"),
    [
        ("ingest", "postgres"),
        ("ingest", "sqlite"),
        ("board", ""),
        ("phone", ""),
        ("feasibility", ""),
        ("proof", ""),
        ("sync-histories", ""),
        ("watch", ""),
    ],
)
def test_every_goal_is_a_comparison_and_a_number(bench, database):
    goals = goals_of(bench, database)

    assert goals
    assert all(comparison in (">=", "<=") for comparison, _ in goals.values())
    assert all(isinstance(number, int | float) for _, number in goals.values())


def test_a_goal_is_reached_at_its_number_and_not_beyond_it():
    assert reached((">=", 5), 5)
    assert not reached((">=", 5), 4.99)
    assert reached(("<=", 5), 5)
    assert not reached(("<=", 5), 5.01)


def test_a_figure_that_could_not_be_measured_reaches_nothing():
    assert not reached(("<=", 5), None)
    assert not met(goals_of("board"), {name: ALL[name] for name in list(ALL)[1:]})


def test_a_result_meets_its_goals_only_when_each_is_reached():
    assert result(**ALL).met
    assert not result(**ALL | {"growth": 1.3}).met


def test_the_object_has_the_agreed_keys_and_can_be_read_by_any_program():
    said = json.loads(json.dumps(result(**ALL).as_object()))

    assert list(said) == KEYS
    assert said["goals"]["growth"] == ["<=", 1.2]
    assert said["met"] is True
    assert all(isinstance(figure, int | float) for figure in said["figures"].values())


def test_the_table_shows_the_goal_beside_the_figure_and_how_to_get_what_is_missing():
    found = Result(
        bench="phone",
        goals=goals_of("phone"),
        seed=7,
        figures={"app_kb": 118.0, "tap_to_saved_ms": 140.0},
        missing={"lighthouse_min": "Node comes with the test extras. Run: bin/setup test"},
    )
    shown = StringIO()

    found.print_to(Console(file=shown, width=120))

    lines = {
        line.split("│")[1].strip(): line for line in shown.getvalue().splitlines() if "│" in line
    }
    assert "118.0" in lines["app_kb"]
    assert "<= 120" in lines["app_kb"]
    assert "NOT MET" in lines["tap_to_saved_ms"]
    assert "missing" in lines["lighthouse_min"]
    assert "Run: bin/setup test" in shown.getvalue()


def test_the_database_that_was_measured_is_said_and_comes_last():
    of_board = {"bench": "board", "goals": {}, "seed": 7, "figures": {}}
    found = Result(**of_board, database="PostgreSQL 18.6")
    shown = StringIO()

    found.print_to(Console(file=shown, width=200))

    assert "milieu bench board on PostgreSQL 18.6" in shown.getvalue()
    assert found.as_object()["machine"].endswith(", PostgreSQL 18.6")
    assert ", SQLite 3." in Result(**of_board).as_object()["machine"]


def test_the_page_shows_each_database_in_a_table_of_its_own():
    one, other = (
        Result(
            bench="board",
            goals=goals_of("board"),
            seed=7,
            figures={"p99_ms": figure},
            database=version(name),
        )
        for name, figure in (("postgres", 11.0), ("sqlite", 12.0))
    )
    said = page([one.as_object(), other.as_object(), one.as_object() | {"bench": "proof"}])

    assert said.count("## board\n") == 1
    on_postgres, on_sqlite = said.partition("## proof")[0].split("### On ")[1:]
    assert on_postgres.startswith("PostgreSQL ")
    assert "| `p99_ms` | 11.0 |" in on_postgres
    assert on_sqlite.startswith("SQLite ")
    assert "| `p99_ms` | 12.0 |" in on_sqlite
    assert "### On" not in said.partition("## proof")[2]


def test_the_page_tells_what_was_not_met_and_what_was_not_measured():
    said = page([result(p99_ms=30.0, growth=1.0).as_object()])

    assert "| `p99_ms` | 30.0 | <= 25 | **not met** |" in said
    assert "| `growth` | 1.0 | <= 1.2 | met |" in said
    assert "| `fanout_s` | not measured | <= 1 | **not met** |" in said


def test_the_page_of_evidence_shows_what_it_rests_on_between_its_marks():
    results = [result(p99_ms=30.0).as_object() | {"bench": bench} for bench in ("ingest", "proof")]
    text = f"Before\n{BEGIN}\nwhat stood there\n{END}\nAfter\n"

    said = with_figures(text, results)

    assert said.startswith("Before\n")
    assert said.endswith(f"{END}\nAfter\n")
    assert "### proof" in said
    assert "### ingest" not in said
    assert "what stood there" not in said
    assert with_figures(said, results) == said


def test_the_page_of_evidence_has_its_marks():
    text = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text()
    assert [text.count(mark) for mark in (BEGIN, END)] == [1, 1]
