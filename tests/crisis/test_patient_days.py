"""Inpatient days and days of leave, as the manual's data elements 0260 and 0262 count them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from milieu.admissions.rules import Move, What
from milieu.crisis.patient_days import patient_days

NEW_YORK = ZoneInfo("America/New_York")
NORTH, SOUTH = UUID(int=1), UUID(int=2)
MARCH = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]  # clocks change on the 8th
LATER = datetime(2026, 6, 1, tzinfo=UTC)
ADMIT, LEAVE, ESCORT, RETURN, DISCHARGE = (
    What.ADMIT,
    What.LEAVE,
    What.ESCORT,
    What.RETURN,
    What.DISCHARGE,
)


def moved(*moves, zone=NEW_YORK):
    """Return movements: what, on which day of March, at which hour, and to which unit."""
    return [
        Move(
            what=what,
            at=datetime(2026, 3, day, hour, 30, tzinfo=zone).astimezone(UTC),
            seq=seq,
            unit=unit[0] if unit else None,
        )
        for seq, (what, day, hour, *unit) in enumerate(moves, 1)
    ]


def counted(moves, unit=NORTH, until=LATER):
    found = list(patient_days(moves, unit, NEW_YORK, MARCH, until))
    return len(found), sum(day.leave for day in found)


def test_the_day_of_admission_counts_and_that_of_discharge_does_not():
    assert counted(moved((ADMIT, 3, 22, NORTH), (DISCHARGE, 6, 9))) == (3, 0)


def test_who_came_and_went_on_one_date_has_one_day():
    assert counted(moved((ADMIT, 3, 8, NORTH), (DISCHARGE, 3, 20))) == (1, 0)
    assert counted(moved((ADMIT, 3, 23, NORTH), (DISCHARGE, 4, 1))) == (1, 0)


def test_it_is_the_last_units_where_they_were_moved_on_that_date():
    moves = moved((ADMIT, 3, 8, NORTH), (What.TRANSFER, 3, 12, SOUTH), (DISCHARGE, 3, 20))
    assert (counted(moves), counted(moves, SOUTH)) == ((0, 0), (1, 0))


def test_a_day_of_leave_is_one_at_whose_end_they_are_away_without_staff():
    away = ((ADMIT, 3, 8, NORTH), (LEAVE, 5, 10), (RETURN, 7, 18), (DISCHARGE, 9, 9))
    assert counted(moved(*away)) == (6, 2)
    with_staff = ((ADMIT, 3, 8, NORTH), (ESCORT, 5, 10), (RETURN, 7, 18), (DISCHARGE, 9, 9))
    assert counted(moved(*with_staff)) == (6, 0)


def test_leave_that_ends_on_the_date_on_which_it_began_is_none():
    away = ((ADMIT, 3, 8, NORTH), (LEAVE, 5, 10), (RETURN, 5, 18))
    assert counted(moved(*away)) == (29, 0)


def test_a_date_that_has_not_ended_is_not_counted_yet():
    moves = moved((ADMIT, 3, 8, NORTH))
    assert counted(moves, until=datetime(2026, 3, 5, 12, tzinfo=UTC)) == (2, 0)


steps = st.lists(
    st.tuples(
        st.sampled_from([What.TRANSFER, LEAVE, ESCORT, RETURN]),
        st.integers(0, 30 * 24 - 1),
        st.sampled_from([NORTH, SOUTH]),
    ),
    max_size=8,
)


@given(st.integers(0, 29 * 24), steps, st.integers(0, 30 * 24 - 1))
def test_the_days_of_all_units_are_those_between_admission_and_discharge(came, steps, stayed):
    went = min(came + stayed, 30 * 24 + 12)
    moves = [_move(ADMIT, came, 0, NORTH)]
    for seq, (what, hour, unit) in enumerate(steps, 1):
        if came <= hour <= went:
            moves.append(_move(what, hour, seq, unit if what is What.TRANSFER else None))
    moves.append(_move(DISCHARGE, went, 99, None))
    first, last = (_hour(hour).astimezone(NEW_YORK).date() for hour in (came, went))
    every = [counted(moves, unit) for unit in (NORTH, SOUTH)]
    assert sum(days for days, _ in every) == max((last - first).days, 1)
    assert all(leave <= days for days, leave in every)


def _hour(hour: int) -> datetime:
    return datetime(2026, 3, 1, 5, tzinfo=UTC) + timedelta(hours=hour)  # midnight in New York


def _move(what, hour, seq, unit):
    return Move(what=what, at=_hour(hour), seq=seq, unit=unit)
