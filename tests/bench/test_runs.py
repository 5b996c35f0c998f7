"""Real runs, as small as they can be: a server of its own, its database, its phones."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from milieu.bench import board, feasibility, ingest, million, proof, watch
from milieu.bench.load import Measured, percentile, side_by_side
from milieu.bench.result import version
from milieu.bench.serving import Home
from milieu.seals.merkle import Frontier, Place

PROGRAM = Path(sys.executable).with_name("milieu")


def test_entries_go_in_through_the_server_and_by_the_bare_driver():
    found = ingest.measure("sqlite", size=ingest.TINY, seed=7)

    assert found.missing == {}
    assert {"entries_per_s", "floor_entries_per_s", "ratio_to_floor", "p99_ms"} <= set(
        found.figures
    )
    assert all(figure > 0 for figure in found.figures.values())
    ratio = found.figures["entries_per_s"] / found.figures["floor_entries_per_s"]
    assert found.figures["ratio_to_floor"] == pytest.approx(ratio)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_boards_are_read_kept_up_to_date_and_held_open(database):
    found = board.measure(database, size=board.TINY, seed=7)

    assert found.database == version(database)
    assert set(found.goals) <= set(found.figures)
    assert 0 < found.figures["fanout_s"] < 20


def test_proofs_are_read_and_verified_against_a_log_that_was_filled_in():
    found = proof.measure("sqlite", size=proof.TINY, seed=7)

    assert set(found.goals) <= set(found.figures)
    assert all(figure > 0 for figure in found.figures.values())


def test_the_log_that_is_filled_in_is_the_tree_that_the_sealer_would_have_made():
    levels = million.tree(300, 7)
    grown, known = Frontier(), {}
    for leaf in levels[0]:
        known |= dict(grown.add(leaf))
    filled = {
        Place(level, number): node
        for level, nodes in enumerate(levels)
        for number, node in enumerate(nodes)
    }
    assert filled == known


def test_a_unit_is_replanned_and_small_ones_are_compared_with_every_walk():
    found = feasibility.measure(size=feasibility.TINY, seed=7)

    assert set(found.goals) <= set(found.figures)
    assert found.figures["replans_per_s"] > 0
    assert found.figures["brute_force_agreement"] == 1


def test_what_notices_is_measured_and_series_that_are_not_at_hand_are_said_to_be_missing():
    found = watch.measure(size=watch.TINY, seed=7)

    assert set(found.goals) <= set(found.figures) | set(found.missing)
    assert found.figures["best_vs_oracle_30"] > 0
    assert found.figures["updates_per_s"] > 0


def test_the_command_refuses_a_bench_that_there_is_not(tmp_path):
    done = subprocess.run(
        Home(folder=tmp_path).command(str(PROGRAM), "bench", "everything"),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "'ingest', 'board', 'phone'" in done.stderr


def test_clients_side_by_side_stop_counting_when_the_first_is_through():
    slow = threading.Event()
    quick_done = [lambda: None] * 3

    found = side_by_side([quick_done, [lambda: bool(slow.wait(0.2))] * 50])

    assert found.done in (3, 4)
    assert found.took_s < 0.2


def test_what_a_client_meets_with_is_not_counted_away():
    def refused() -> None:
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError, match="refused"):
        side_by_side([[refused]])


def test_a_percentile_is_a_time_that_was_measured():
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0
    assert percentile([1.0], 0) == 1.0


def test_rounds_add_up():
    both = Measured(2.0, 10, [0.1]) + Measured(3.0, 20, [0.2])

    assert both.per_s == 6.0
    assert both.percentile_ms(99) == 200.0
