"""The strip at the foot: can everyone be seen in time? The same answer until the minute turns."""

from datetime import timedelta

import pytest
from django.utils import translation

from milieu.board import rows
from milieu.board.strip import strip
from milieu.people.services import start_session
from tests.cast import NIGHT, Cast

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(db):
    cast = Cast()
    for stay in (cast.rosa, cast.john):
        cast.order(stay)
        cast.store(cast.check(stay))
    return cast


def at_work(cast, *people):
    for person in people:
        start_session(person, cast.phone, how="password", at=NIGHT - MINUTE)


def shown(cast, at=NIGHT):
    with translation.override("en"):
        return strip(rows.cards(rows.answers(cast.north.pk)), cast.north, at)


def test_it_says_how_long_everyone_can_be_held_up(cast):
    at_work(cast, cast.dana)
    found = shown(cast, NIGHT + MINUTE)
    assert (found.state, found.says) == ("yes", "Yes, 13 min to spare")
    assert found.asks == "Can everyone be seen in time?"


def test_it_stays_the_same_until_the_minute_turns(cast):
    at_work(cast, cast.dana)
    first = shown(cast, NIGHT + MINUTE)
    assert shown(cast, NIGHT + MINUTE + timedelta(seconds=59)) == first
    assert shown(cast, NIGHT + 2 * MINUTE) != first


def test_it_says_who_would_be_late_first_and_how_many_are_missing(cast):
    at_work(cast, cast.dana)
    for n in range(40):
        stay = cast.arrive(f"P{n}", "Crowd")
        cast.order(stay)
        cast.store(cast.check(stay, device_id=None))
    found = shown(cast)
    assert found.state == "no"
    assert found.says == "No, 1 person too few. First late: P.C. by 03:08"
    assert found.needs == "The list needs 21 minutes in every 15; there are 15."


def test_who_is_over_is_not_asked_about_again(cast):
    at_work(cast, cast.dana)
    at = NIGHT + timedelta(minutes=15, seconds=20)
    cast.store(cast.check(cast.john, NIGHT + 5 * MINUTE))
    found = shown(cast, at)
    assert (found.state, found.asks) == ("yes", "Can everyone else be seen in time?")


def test_it_does_not_claim_to_know_who_is_there(cast):
    assert shown(cast).state == "unknown"


def test_a_check_due_sooner_than_anyone_gets_there_is_told(cast):
    at_work(cast, cast.dana)
    cast.order(cast.rosa, "hourly", at=NIGHT)
    cast.order(cast.john, "hourly", at=NIGHT)
    zoe = cast.arrive("Zoe", "Quist")
    cast.order(zoe)
    cast.store(cast.check(zoe, NIGHT + timedelta(seconds=15)))
    found = shown(cast, NIGHT + timedelta(minutes=15, seconds=1))
    assert found.says == "Hardly: Z.Q. by 03:08 is sooner than anyone gets there"


def test_where_nothing_is_due_there_is_no_strip(db):
    assert shown(Cast()) is None


def test_what_fits_now_and_not_for_ever_is_said_beside_the_yes(cast):
    """31 people just seen one after the other: each is due in time, and then again too soon."""
    at_work(cast, cast.dana)
    for n in range(31):
        stay = cast.arrive(f"P{n}", "Crowd")
        cast.order(stay)
        cast.store(cast.check(stay, NIGHT + n * timedelta(seconds=15), device_id=None))
    cast.store(
        cast.check(cast.rosa, NIGHT + 10 * MINUTE), cast.check(cast.john, NIGHT + 10 * MINUTE)
    )
    found = shown(cast, NIGHT + MINUTE * 2)
    assert found.state == "yes"
    assert found.needs == "The list needs 17 minutes in every 15; there are 15."
