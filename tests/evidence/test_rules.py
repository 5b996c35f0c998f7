"""Who held a person: every moment of the window has one answer."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from milieu.evidence.rules import Held, Turn, held

T0 = datetime(2026, 3, 1, tzinfo=UTC)


def at(minutes):
    return T0 + timedelta(minutes=minutes)


def test_who_held_before_the_window_holds_at_its_start():
    turns = [Turn(at(-30), "Dana"), Turn(at(20), None), Turn(at(25), "Lena")]
    assert held(turns, at(0), at(60)) == [
        Held(at(0), at(20), "Dana"),
        Held(at(20), at(25), None),
        Held(at(25), at(60), "Lena"),
    ]


def test_without_a_word_nobody_held():
    assert held([], at(0), at(60)) == [Held(at(0), at(60), None)]


TURNS = st.lists(
    st.builds(Turn, st.integers(-50, 150).map(at), st.sampled_from([None, "Dana", "Lena"]))
)


@given(TURNS)
def test_every_minute_has_the_answer_of_the_newest_turn_before_it(turns):
    found = held(turns, at(0), at(100))
    assert found[0].start == at(0)
    assert found[-1].end == at(100)
    assert all(one.end == other.start for one, other in pairwise(found))
    for minute in range(100):
        (now,) = [each for each in found if each.start <= at(minute) < each.end]
        said = [turn for turn in sorted(turns, key=lambda turn: turn.at) if turn.at <= at(minute)]
        assert now.name == (said[-1].name if said else None)
