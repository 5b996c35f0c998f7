"""The notices that a unit will read are kept, in a short simulation; docs/watch.md has more."""

from functools import cache

import numpy as np
import pytest

from milieu.bench.watch_people import BEGIN, KINDS, SHIFT, Family, family
from milieu.bench.watch_series import FOLDER, changes, cover, f1, focus, scored
from milieu.bench.watch_trials import BUDGET, Cell, kept, ours, waited
from milieu.watch.budget import enough, enough_missing
from milieu.watch.streams import Seen, Stream, ruler
from milieu.watch.usual import NORMAL_MARKS, bent, prior


@cache
def unit(name: str) -> Family:
    """Return what a unit of this kind tells. Half a second each, and every process collects."""
    return family(name, np.random.default_rng(11))


def limit(name: str, notices_per_day: float = BUDGET) -> float:
    known = unit(name)
    return enough(known.streams, known.priors, notices_per_day, known.alike)


@pytest.mark.parametrize("name", KINDS)
def test_people_to_whom_nothing_happens_are_told_of_as_often_as_asked(name):
    rate = kept(unit(name), limit(name), people=150, seed=1)

    assert rate == pytest.approx(1, abs=0.3)  # 0.2, and what chance does to 250 notices


def test_fewer_notices_ask_for_more():
    limits = [limit("normal", notices) for notices in (1 / 10, 1 / 24, 1 / 100)]

    assert limits == sorted(limits)
    priors = unit("normal").priors
    assert enough_missing(priors, 1 / 240) < enough_missing(priors, 1 / 2400)


def test_what_all_streams_say_together_is_heard_at_once():
    way = ours(unit("normal"))
    alone, some, every = (
        np.median(waited(way, limit("normal"), Cell(30, 1.5, moved), 100, seed=2))
        for moved in (1, 3, 10)
    )

    assert every <= 1
    assert every <= some <= alone <= 6


def test_f1_and_cover_are_those_of_the_turing_benchmark():
    marks = [frozenset({50}), frozenset({50, 80})]

    assert f1(marks, [50, 80]) == 1
    assert f1(marks, []) == pytest.approx(2 * 5 / 12 / (1 + 5 / 12))
    assert cover([frozenset({50})], [50], 100) == 1
    assert cover([frozenset({50})], [], 100) == 0.5


def test_how_much_streams_go_together_is_learned_from_the_unit():
    assert unit("alike").alike == pytest.approx(0.3, abs=0.1)
    assert unit("normal").alike == pytest.approx(0, abs=0.05)


def test_how_looks_scatter_is_learned_from_the_unit_and_normal_where_little_is_known():
    counts = Stream("requests", "count", 0, 50, "higher")
    chance = np.random.default_rng(3)
    rare = [[Seen(BEGIN + n * SHIFT, float(chance.random() < 0.1)) for n in range(40)]] * 20

    known, unknown = prior(counts, rare), prior(counts, [])

    assert known.noise[-1] > -2 * known.noise[0]  # seldom, and then far
    assert unknown.noise == tuple(NORMAL_MARKS)
    assert bent(np.array([-5.0, 0.0, 5.0]), NORMAL_MARKS) == pytest.approx([-5, 0, 5])


def test_people_who_are_seldom_far_off_on_one_side_ask_for_less_than_if_they_were_on_both():
    counts = unit("overdispersed")
    even = tuple(each._replace(noise=tuple(NORMAL_MARKS)) for each in counts.priors)

    assert limit("overdispersed") < enough(counts.streams, even, BUDGET, counts.alike)


def test_streams_that_go_together_ask_for_more():
    known = unit("alike")
    assert limit("alike") > 0
    heedless = known._replace(alike=0.0)
    apart = enough(known.streams, known.priors, BUDGET, 0.0)

    assert kept(heedless, apart, people=60, seed=2) > 2


@pytest.mark.skipif(
    not FOLDER.exists(), reason="marked series lie in ../shared/data, which a clone does not have"
)
def test_series_that_people_marked_are_told_better_than_by_focus():
    ours, theirs = scored(changes), scored(focus)

    assert ours[0] >= theirs[0]
    assert ours[1] >= theirs[1]


@pytest.mark.parametrize("name", ["normal", "overdispersed", "related"])
def test_a_unit_of_eight_people_known_for_ten_shifts_keeps_its_budget_too(name):
    units = [family(name, np.random.default_rng(seed), (8, 10)) for seed in (1, 2, 3, 4)]

    rates = [
        kept(each, enough(each.streams, each.priors, BUDGET, each.alike), people=60, seed=3)
        for each in units
    ]

    assert 0.5 < np.mean(rates) < 1.4  # fewer is the safe side; few units, so chance has its part


def test_what_a_small_unit_never_saw_stands_little_beyond_what_it_saw():
    counts = Stream("requests", "count", 0, 50, "higher")
    few = ruler(counts, [0, 1, 1, 2, 2, 2, 3, 4] * 4)

    assert few.score(4) < few.score(5) <= few.score(40) < few.score(4) + 0.5
