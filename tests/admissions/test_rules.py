"""Where a stay stands is what happened, not the order in which it was heard."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from milieu.admissions.rules import FOLLOWS, Move, What, away_intervals, standing

DAY = datetime(2026, 3, 2, tzinfo=UTC)
NORTH, SOUTH = UUID(int=1), UUID(int=2)
LEADS = (What.ADMIT, What.TRANSFER)


def move(what, minute, *, unit=NORTH, seq=None):
    at = DAY + timedelta(minutes=minute)
    return Move(
        at=at, seq=minute if seq is None else seq, what=what, unit=unit if what in LEADS else None
    )


@st.composite
def any_moves(draw):
    minutes = draw(st.lists(st.integers(0, 600), max_size=8, unique=True))
    return [
        move(draw(st.sampled_from(What)), minute, unit=draw(st.sampled_from([NORTH, SOUTH])))
        for minute in minutes
    ]


@st.composite
def stays(draw):
    """A stay that people could have recorded: each movement follows from where the stay stood."""
    moves = [move(What.ADMIT, 0)]
    for minute in range(1, draw(st.integers(1, 8))):
        place = standing(moves)
        possible = sorted(FOLLOWS[place.state])
        if not possible:
            break
        moves.append(move(draw(st.sampled_from(possible)), minute, unit=SOUTH))
    return moves


@given(any_moves(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_standing(moves, random):
    heard = list(range(len(moves)))
    random.shuffle(heard)
    again = [
        Move(at=each.at, seq=seq, what=each.what, unit=each.unit)
        for each, seq in zip(moves, heard, strict=True)
    ]
    random.shuffle(again)
    assert standing(again) == standing(moves)


@given(stays())
def test_a_stay_stands_where_its_last_movement_left_it(moves):
    place, last = standing(moves), moves[-1]
    expected = {
        What.ADMIT: "in",
        What.RETURN: "in",
        What.LEAVE: "leave",
        What.ESCORT: "escort",
        What.DISCHARGE: "discharged",
    }
    assert place.admitted_at == moves[0].at
    if last.what is What.TRANSFER:
        assert place.unit == SOUTH
    else:
        assert (place.state, place.since) == (expected[last.what], last.at)
    assert (place.discharged_at is not None) == (last.what is What.DISCHARGE)


@given(any_moves())
def test_after_a_discharge_nothing_but_an_admission_changes_the_stay(moves):
    late = move(What.DISCHARGE, 700)
    after = [move(What.RETURN, 800), move(What.LEAVE, 900), move(What.TRANSFER, 950, unit=SOUTH)]
    assert standing([*moves, late, *after]) == standing([*moves, late])


@given(any_moves())
def test_a_movement_before_the_admission_says_nothing(moves):
    admission = move(What.ADMIT, 700)
    later = [
        Move(at=m.at, seq=m.seq, what=m.what, unit=m.unit) for m in moves if m.what != What.ADMIT
    ]
    assert standing([*later, admission]) == standing([admission])


@given(stays())
def test_times_away_are_apart_and_in_order_and_open_only_while_somebody_is_away(moves):
    until = DAY + timedelta(days=1)
    away = away_intervals(moves, until)
    edges = [edge for interval in away for edge in interval]
    assert edges == sorted(edges)
    gone = standing(moves).state in ("leave", "escort", "discharged")
    assert bool(away and away[-1][1] == until) == gone
