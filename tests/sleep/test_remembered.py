"""Nights are remembered, and never told otherwise than the record tells them now."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from milieu.census.models import Standing
from milieu.rounds.shape import SafetyCheck
from milieu.sleep import remembered
from milieu.sleep.seen import nights_seen
from milieu.sleep.services import LOOK
from milieu.sleep.shape import DoorwayLook
from tests.cast import NIGHT, Cast

pytestmark = pytest.mark.django_db(transaction=True)

QUARTER = timedelta(minutes=15)
MORNING = NIGHT + timedelta(hours=6)
AWAKE = SafetyCheck(outcome="seen", place="hall", position="walking", eyes="open")


@pytest.fixture
def cast():
    remembered.forget()
    return Cast()


@pytest.fixture
def checks(cast):
    """Rosa's checks of one night, a quarter of an hour apart."""
    drafts = [cast.check(cast.rosa, NIGHT + number * QUARTER) for number in range(8)]
    cast.store(*drafts)
    return drafts


def nights(cast):
    here = Standing.objects.as_system("test").filter(unit=cast.north).select_related("unit")
    return nights_seen(here, NIGHT - timedelta(days=3), MORNING)


def statements(cast):
    with CaptureQueriesContext(connection) as asked:
        nights(cast)
    return [each["sql"] for each in asked if "safetycheck" in each["sql"]]


LATER = NIGHT + 2.5 * QUARTER
STORED_SINCE = {
    "a late check": lambda cast, checks: cast.check(cast.rosa, LATER, fact=AWAKE),
    "a check put right": lambda cast, checks: cast.check(
        cast.rosa, NIGHT, fact=AWAKE, amends=checks[0].entry_id, reason="She was up"
    ),
    "a check struck out": lambda cast, checks: cast.check(
        cast.rosa, NIGHT, fact=None, amends=checks[7].entry_id, reason="This was John"
    ),
    "a look from the doorway": lambda cast, checks: cast.check(
        cast.rosa, LATER, kind=LOOK, fact=DoorwayLook(breathing="seen", woken="yes", why="")
    ),
}


@pytest.mark.parametrize("what", STORED_SINCE)
def test_what_is_stored_later_is_in_the_night_that_it_bears_on(cast, checks, what):
    before = nights(cast)
    cast.store(STORED_SINCE[what](cast, checks))
    after = nights(cast)
    remembered.forget()
    assert after == nights(cast)
    assert after != before


def test_a_night_that_was_read_is_not_read_again_while_nothing_bears_on_it(cast, checks):
    assert statements(cast) != []
    assert statements(cast) == []
    cast.store(cast.check(cast.rosa, NIGHT + timedelta(hours=20)))
    assert statements(cast) == []


def test_what_may_be_taken_back_is_not_remembered(cast, checks):
    before = nights(cast)
    with transaction.atomic():
        cast.store(cast.check(cast.rosa, LATER, fact=AWAKE))
        assert nights(cast) != before
        transaction.set_rollback(True)
    assert nights(cast) == before
