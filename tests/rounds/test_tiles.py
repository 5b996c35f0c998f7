"""The sentences offered first: the unit's most usual for the hour, whichever process is asked."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from milieu.rounds.shape import SafetyCheck as Said
from milieu.rounds.tiles import usual_tiles
from tests.cast import NIGHT, Cast

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SITTING = Said(outcome="seen", place="dayroom", position="sitting", breathing="seen")


@pytest.fixture
def cast(db):
    cast = Cast()
    cast.order(cast.rosa)
    return cast


def first(unit, at):
    with time_machine.travel(at, tick=False):
        return usual_tiles(unit)[at.astimezone(unit.zone).hour][0]


def test_what_a_unit_records_most_comes_first_from_the_next_hour_on(cast):
    for minutes in range(3):
        cast.store(cast.check(cast.rosa, NIGHT + minutes * MINUTE, fact=SITTING))

    after = first(cast.north, NIGHT + HOUR)

    assert (after.place, after.position) == ("dayroom", "sitting")


def test_each_process_offers_the_same_for_the_whole_hour(cast):
    begun = (NIGHT + HOUR).replace(minute=0)
    one = first(cast.north, begun + MINUTE)
    for minutes in range(2, 9):
        cast.store(cast.check(cast.rosa, begun + minutes * MINUTE, fact=SITTING))

    cache.clear()  # what another process, or one that was started anew, remembers

    assert first(cast.north, begun + 10 * MINUTE) == one
