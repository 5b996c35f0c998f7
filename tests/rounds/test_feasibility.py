"""Whether all can be seen in time, against every walk that there is."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milieu.rounds.feasibility import Due, load, outlook, usual_look
from tests.rounds.every_walk import MINUTE, NOW, Small, can_be_done

CLOSE = 12  # minutes: what every walk can be tried out for


@st.composite
def units(draw, *, over=False):
    people = draw(st.integers(1, 4))
    gaps = tuple(draw(st.integers(2, 7)) for _ in range(people))
    dues = tuple(draw(st.integers(-2 if over else 1, gap)) for gap in gaps)
    return Small(dues, gaps, hands=draw(st.integers(1, 2)), look=draw(st.integers(1, 3)))


def found(unit, *, horizon=None, hands=None):
    return outlook(
        unit.as_dues(),
        hands=unit.hands if hands is None else hands,
        look=unit.look * MINUTE,
        now=NOW,
        horizon=horizon and horizon * MINUTE,
    )


@settings(max_examples=400)
@given(units(over=True))
def test_for_one_cycle_the_answer_is_that_of_trying_every_walk(unit):
    cycle = min(unit.gaps)
    answer = found(unit, horizon=cycle)
    assert (answer.first is None) == can_be_done(unit, horizon=cycle)


@settings(max_examples=300)
@given(units(over=True), st.integers(1, CLOSE))
def test_a_no_is_certain_however_far_ahead(unit, horizon):
    if found(unit, horizon=horizon).first:
        assert not can_be_done(unit, horizon=horizon)


@settings(max_examples=200)
@given(units())
def test_the_time_to_spare_is_the_longest_that_everyone_can_be_held_up(unit):
    cycle = min(unit.gaps)
    spare = found(unit, horizon=cycle).spare
    if spare is None:  # nobody falls due within the cycle
        assert min(unit.dues) > cycle
    elif spare >= timedelta():
        minutes = spare // MINUTE
        assert can_be_done(unit, horizon=cycle, held_up=minutes)
        assert not can_be_done(unit, horizon=cycle, held_up=minutes + 1)


@settings(max_examples=200)
@given(units(over=True))
def test_the_hands_needed_are_the_fewest_with_which_everyone_is_seen(unit):
    cycle = min(unit.gaps)
    needed = found(unit, horizon=cycle).needed
    near = any(0 < by < unit.look for by in unit.dues)  # no number of people is there in time
    if not near and needed:
        assert can_be_done(unit._replace(hands=needed), horizon=cycle)
        assert needed == 1 or not _some_walk(unit, needed - 1, cycle)


def _some_walk(unit, hands, cycle):
    due = [by for by in unit.dues if 0 < by <= cycle]
    return can_be_done(unit._replace(hands=hands), horizon=cycle) if due else hands > 0


@given(units(over=True), st.integers(1, CLOSE))
def test_one_more_person_never_makes_it_worse(unit, horizon):
    fewer = found(unit, horizon=horizon)
    more = found(unit, horizon=horizon, hands=unit.hands + 1)
    assert more.needed == fewer.needed
    assert fewer.spare is None or more.spare >= fewer.spare


def everyone(count, *, by=15, gap=15):
    return [Due(UUID(int=n), NOW + by * MINUTE, gap * MINUTE) for n in range(count)]


def test_eighteen_people_just_seen_leave_six_minutes_to_spare():
    answer = outlook(everyone(18), hands=1, look=MINUTE / 2, now=NOW)
    assert (answer.spare, answer.first, answer.people_short) == (6 * MINUTE, None, 0)


def test_what_cannot_be_done_is_told_in_people_and_minutes_and_who_is_first():
    answer = outlook(everyone(38), hands=1, look=MINUTE, now=NOW)
    assert answer.people_short == 2
    assert answer.spare == (15 - 38) * MINUTE
    assert answer.first == Due(UUID(int=15), NOW + 15 * MINUTE, 15 * MINUTE)


def test_an_overload_that_is_still_two_cycles_away_is_told_now():
    """Each time that all have been seen, four minutes are missing: the first cycle still fits."""
    list_of_19 = [Due(UUID(int=n), NOW + (15 + n / 2) * MINUTE, 15 * MINUTE) for n in range(19)]
    near = outlook(list_of_19, hands=1, look=MINUTE, now=NOW, horizon=15 * MINUTE)
    far = outlook(list_of_19, hands=1, look=MINUTE, now=NOW, horizon=60 * MINUTE)
    assert near.first is None
    assert far.first
    assert far.first.by > NOW + 15 * MINUTE
    assert far.people_short == 1


def test_without_hands_nobody_can_be_seen():
    answer = outlook(everyone(3), hands=0, look=MINUTE, now=NOW)
    assert (answer.spare, answer.people_short) == (None, 1)
    assert answer.first


def test_who_is_over_costs_time_and_is_not_counted_again():
    dues = [Due(UUID(int=9), NOW - MINUTE, 15 * MINUTE), *everyone(3, by=3)]
    answer = outlook(dues, hands=1, look=MINUTE, now=NOW)
    assert answer.first == dues[-1]
    assert outlook(dues[:-1], hands=1, look=MINUTE, now=NOW).first is None


def test_who_is_due_sooner_than_a_look_takes_is_told_though_no_one_is_missing():
    answer = outlook(everyone(1, by=1), hands=1, look=2 * MINUTE, now=NOW)
    assert answer.first
    assert answer.people_short == 0


def test_nobody_due_needs_nobody():
    assert outlook([], hands=0, look=MINUTE, now=NOW) == (0, 0, None, None)


def test_a_list_says_how_much_it_needs_in_every_cycle():
    """17 people every 15 minutes and 4 every 30, a minute each: 19 minutes in every 15."""
    asked = load([*everyone(17), *everyone(4, gap=30)], MINUTE)
    assert (asked.need, asked.window) == (19 * MINUTE, 15 * MINUTE)
    assert asked.needed == 2
    assert asked.over(1)
    assert not asked.over(2)
    assert load([], MINUTE) is None


@settings(max_examples=60)
@given(units())
def test_a_load_that_is_over_is_missed_sooner_or_later(unit):
    if load(unit.as_dues(), unit.look * MINUTE).over(unit.hands):
        assert found(unit, horizon=2000).first


SECOND = timedelta(seconds=1)
PRIOR = {"prior": 30 * SECOND, "least": 5 * SECOND, "longest": 180 * SECOND}


def walk(step, count):
    return [NOW + n * step * SECOND for n in range(count)]


@pytest.mark.parametrize(
    ("walks", "seconds"),
    [
        ([], 30),  # nothing recorded: what is believed before
        ([walk(50, 8)], 30),  # one walk does not outweigh it
        ([walk(50, 30)], 50),
        ([walk(50, 30), walk(600, 40)], 50),  # what is ten minutes apart is not one walk
        ([walk(1, 60)], 5),  # a dayroom at a glance: nobody is that quick all night
    ],
)
def test_the_time_of_a_look_is_learned_from_walks(walks, seconds):
    assert usual_look(walks, **PRIOR) == seconds * SECOND
