"""How well the next check can be guessed, against what is known of the chances."""

import json
import math
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.rounds.predictability import GUESSES_MIN, Regularity, regularity, together

START = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Q15 = 15 * MINUTE
MANY = 3000
NODE = Path(sys.executable).with_name("node")
SHIFT = Path(__file__).with_name("walk_by_phone.mjs")


def after(gaps):
    """Return checks that are so many minutes apart."""
    times = [START]
    for gap in gaps:
        times.append(times[-1] + gap * MINUTE)
    return times


def drawn(gap, count=MANY, seed=7):
    chance = random.Random(seed)
    return after(gap(chance) for _ in range(count))


def found(times, allowed=Q15):
    answer = regularity(times, allowed)
    assert answer
    return answer


def minutes(span):
    return span / MINUTE


def test_checks_by_the_clock_are_guessed_to_the_second():
    answer = found(after([15] * 60))
    assert (answer.off, answer.quiet, answer.verdict) == (timedelta(), Q15, "easy")


def test_a_pattern_that_repeats_every_hour_is_guessed_too():
    answer = found(after([3, 14, 9, 12, 10, 12] * 20))
    assert answer.how == "hour"
    assert minutes(answer.off) < 1


@pytest.mark.parametrize(("least", "most"), [(0, 15), (7.5, 14.25), (10, 14)])
def test_gaps_drawn_evenly_are_missed_by_a_quarter_of_what_they_are_drawn_from(least, most):
    answer = found(drawn(lambda chance: chance.uniform(least, most)))
    assert minutes(answer.off) == pytest.approx((most - least) / 4, rel=0.08)
    assert minutes(answer.quiet) == pytest.approx(least + (most - least) / 5, rel=0.08)


def test_moments_without_memory_are_missed_by_their_median():
    """Exponential gaps: the best guess is their median, missed by mean times the log of 2."""
    answer = found(drawn(lambda chance: chance.expovariate(1 / 8)), allowed=1000 * MINUTE)
    assert minutes(answer.off) == pytest.approx(8 * math.log(2), rel=0.08)
    assert minutes(answer.quiet) == pytest.approx(-8 * math.log(0.8), rel=0.1)


def test_rounds_at_the_quarter_hour_are_guessed_by_the_clock_however_unevenly_begun():
    """A minute early or late: half a minute off by the clock, more by the gap before."""
    chance = random.Random(7)
    times = [START + (15 * n + chance.uniform(-1, 1)) * MINUTE for n in range(MANY)]
    answer = found(times, allowed=20 * MINUTE)
    assert answer.how == "clock"
    assert minutes(answer.off) == pytest.approx(0.5, rel=0.1)


def test_evenly_from_all_that_is_allowed_is_called_one():
    answer = found(drawn(lambda chance: chance.uniform(0, 15)))
    assert answer.share == pytest.approx(1, rel=0.08)
    assert answer.verdict == "hard"


def test_a_late_check_is_no_merit():
    """Every fourth round forgotten: the others are as regular as before."""
    answer = found(after([10, 10, 10, 40] * 30))
    assert answer.off == timedelta()
    assert answer.quiet == 10 * MINUTE


def test_too_few_checks_say_nothing():
    assert regularity([], Q15) is None
    assert regularity(after([10] * GUESSES_MIN), Q15) is None
    assert regularity(after([10] * (GUESSES_MIN + 1)), Q15)


@given(
    st.lists(st.floats(0.5, 15), min_size=GUESSES_MIN + 1, max_size=40),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_checks_arrive_does_not_matter(gaps, chance):
    times = after(gaps)
    shuffled = list(times)
    chance.shuffle(shuffled)
    assert regularity(shuffled, Q15) == regularity(times, Q15)


@given(st.lists(st.floats(0.5, 15), min_size=GUESSES_MIN + 1, max_size=40))
def test_a_guess_is_never_worse_than_the_longest_gap_and_quiet_never_longer(gaps):
    answer = found(after(gaps))
    assert timedelta() <= answer.off <= Q15
    assert answer.quiet <= timedelta(seconds=math.ceil(max(gaps) * 60))


def test_a_unit_is_the_mean_of_its_guesses():
    steady = Regularity(30, 0 * MINUTE, 15 * MINUTE, Q15, "last")
    spread = Regularity(10, 4 * MINUTE, 3 * MINUTE, Q15, "usual")
    assert together([steady, spread]) == (40, MINUTE, 12 * MINUTE, Q15, "last")
    assert together([]) is None


def shift(people, look_s):
    """Return each person's checks when somebody follows the phone's suggestions for two days."""
    if not NODE.exists():
        pytest.skip("Node comes with the test extras. Run: bin/setup test")
    asked = [str(NODE), str(SHIFT), str(people), str(look_s), "48", "7"]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    return [[START + timedelta(seconds=at) for at in times] for times in told]


@pytest.mark.parametrize(("people", "look_s"), [(1, 30), (8, 30), (16, 30), (8, 60)])
def test_following_the_phones_suggestions_makes_checks_hard_to_guess(people, look_s):
    """A round in the same order, begun at the same minute, is guessed to the second."""
    suggested = together(found(times) for times in shift(people, look_s))
    in_order = together(found(after([14] * 200)) for _ in range(people))

    assert in_order.off == timedelta()
    assert suggested.off > 1.5 * MINUTE
    assert suggested.quiet < in_order.quiet - 3 * MINUTE
    assert suggested.verdict == "hard"


@pytest.mark.parametrize(("people", "look_s"), [(8, 30), (16, 30), (8, 60), (28, 30), (14, 60)])
def test_following_the_phones_suggestions_nobody_is_late_however_little_time_there_is(
    people, look_s
):
    gaps = [after - before for times in shift(people, look_s) for before, after in pairwise(times)]
    assert max(gaps) <= Q15 + timedelta(milliseconds=1)
