"""How a clock goes on to new looks: to what the record would make of it, whatever came before."""

from datetime import timedelta

import pytest

from milieu.admissions.services import back, leave
from milieu.keeping.projected import differing
from milieu.kernel.ids import uuid7
from milieu.rounds.models import Clock
from milieu.rounds.shape import SafetyCheck
from tests.cast import ARRIVED, NIGHT, Cast

pytestmark = pytest.mark.django_db

QUARTER = timedelta(minutes=15)
NOT_FOUND = SafetyCheck(outcome="not-seen", why="not-found")


@pytest.fixture
def cast(db):
    cast = Cast()
    cast.order(cast.rosa)
    return cast


def rosas(cast):
    clock = Clock.objects.as_system("a test").get(stay=cast.rosa)
    assert differing() == []
    return clock.last_at, clock.due_at


def tried(cast):
    assert differing() == []
    return Clock.objects.as_system("a test").get(stay=cast.rosa).tried_at


def in_vain(cast, minutes):
    return cast.check(cast.rosa, after(minutes), fact=NOT_FOUND)


def after(minutes):
    return NIGHT + timedelta(minutes=minutes)


def go(cast, act, minutes, **more):
    act(entry_id=uuid7(), stay=cast.rosa, at=after(minutes), by=cast.nora, **more)


def test_the_next_check_is_due_an_interval_after_the_newest():
    cast = Cast()
    cast.order(cast.rosa, "q30")
    cast.store(cast.check(cast.rosa))
    assert rosas(cast) == (NIGHT, after(30))


def test_in_whatever_order_a_phone_sends_them_the_newest_counts(cast):
    cast.store(*(cast.check(cast.rosa, after(minutes)) for minutes in (4, 9, 2)))
    assert rosas(cast) == (after(9), after(9) + QUARTER)


def test_what_comes_late_leaves_the_clock_as_it_is(cast):
    cast.store(cast.check(cast.rosa, after(9)))
    cast.store(cast.check(cast.rosa, after(4)), received_at=after(30))
    assert rosas(cast) == (after(9), after(9) + QUARTER)


def test_a_check_from_before_a_leave_does_not_shorten_the_time_after_the_return(cast):
    go(cast, leave, 10, back_by=None)
    go(cast, back, 60)
    cast.store(cast.check(cast.rosa, after(5)), received_at=after(61))
    assert rosas(cast) == (after(5), after(60) + QUARTER)


def test_a_check_of_somebody_on_leave_starts_no_clock(cast):
    go(cast, leave, 10, back_by=None)
    cast.store(cast.check(cast.rosa, after(5)), received_at=after(12))
    assert rosas(cast) == (after(5), None)


def test_a_check_from_before_the_newest_order_is_weighed_by_the_order_of_its_time(cast):
    cast.order(cast.rosa, "hourly", at=after(0))
    cast.order(cast.rosa, "q15", at=after(20))
    cast.store(cast.check(cast.rosa, after(10)), received_at=after(30))
    assert rosas(cast) == (after(10), after(20) + QUARTER)


def test_a_clock_that_does_not_say_since_when_one_order_counts_is_worked_out(cast):
    Clock.objects.as_system("a test").update(level_from=None)
    cast.store(cast.check(cast.rosa))
    assert rosas(cast) == (NIGHT, NIGHT + QUARTER)
    assert Clock.objects.as_system("a test").get(stay=cast.rosa).level_from == ARRIVED


def test_a_clock_that_is_not_there_is_made(cast):
    Clock.objects.as_system("a test").filter(stay=cast.rosa).delete()
    cast.store(in_vain(cast, 5))
    assert (rosas(cast), tried(cast)) == ((None, ARRIVED + QUARTER), after(5))


def test_a_look_that_saw_nobody_is_told_of_and_stops_no_clock(cast):
    cast.store(cast.check(cast.rosa), in_vain(cast, 5), in_vain(cast, 9), in_vain(cast, 7))
    assert rosas(cast) == (NIGHT, NIGHT + QUARTER)
    assert tried(cast) == after(9)


def test_whoever_was_seen_after_that_is_no_longer_said_to_have_been_looked_for(cast):
    cast.store(in_vain(cast, 5))
    cast.store(cast.check(cast.rosa, after(6)))
    assert (rosas(cast), tried(cast)) == ((after(6), after(6) + QUARTER), None)
    cast.store(in_vain(cast, 4), received_at=after(30))
    assert tried(cast) is None


def test_a_check_from_before_it_that_arrives_after_it_leaves_it_there(cast):
    cast.store(in_vain(cast, 5))
    cast.store(cast.check(cast.rosa, after(3)), received_at=after(30))
    assert (rosas(cast), tried(cast)) == ((after(3), after(3) + QUARTER), after(5))


def test_a_look_that_is_struck_out_was_none(cast):
    look = in_vain(cast, 5)
    cast.store(look)
    cast.store(
        cast.check(cast.rosa, after(5), amends=look.entry_id, reason="Another room", fact=None)
    )
    assert tried(cast) is None
