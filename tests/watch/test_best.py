"""Who is told how much will move, and not which: the bound that docs/watch.md measures us by."""

from itertools import combinations

import numpy as np
import pytest

from milieu.bench.watch_best import best, symmetric
from milieu.bench.watch_trials import Cell, limit_of, oracle, smooth, still, waited

PEOPLE = 200


@pytest.mark.parametrize("moved", [1, 3, 10])
def test_all_sets_of_streams_are_weighed_alike_and_none_is_left_out(moved):
    ratios = np.random.default_rng(1).gamma(2, size=(4, 10, 5))

    found = symmetric(ratios, moved)

    each = [ratios[:, list(them)].prod(axis=1) for them in combinations(range(10), moved)]
    assert found == pytest.approx(np.mean(each, axis=0))


def test_not_knowing_which_stream_rises_nearly_doubles_the_delay_whatever_else_is_known():
    cell = Cell(30, 1.0, 1)

    def delay(way):
        limit = limit_of(way, still(PEOPLE, 3, levels=False))
        return smooth(waited(way, limit, cell, PEOPLE, 3, levels=False))

    knowing = delay(oracle(cell))

    for over in ("sum", "greatest"):
        assert 1.5 < delay(best(cell, levels=False, over=over)) / knowing < 2.5


def test_a_median_lies_within_the_shift_after_which_half_were_noticed():
    assert smooth(np.array([1, 1, 1, 1])) == 0.5
    assert smooth(np.array([1, 1, 2, 2])) == 1
    assert smooth(np.array([1, 2, 2, 2])) == pytest.approx(1 + 1 / 3)
