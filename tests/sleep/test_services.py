"""Who may protect somebody's sleep, what refuses it, and what it looks like while it lasts."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from milieu.admissions.services import discharge, transfer
from milieu.board.render import Wanted, board
from milieu.kernel.errors import Refusal
from milieu.kernel.ids import uuid7
from milieu.record.kinds import SERVER_CLOCK, Draft
from milieu.record.ledger import append_one
from milieu.rounds.models import Clock
from milieu.sleep.models import ProtectSleep, Sleep
from milieu.sleep.nights import nights_of
from milieu.sleep.projection import protected
from milieu.sleep.services import LOOK, PROTECT, end, protect
from milieu.sleep.shape import DoorwayLook
from milieu.sleep.shape import ProtectSleep as Said
from tests.cast import NIGHT, Cast, outcomes

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
EVENING = NIGHT - 6 * HOUR  # 20:53
CRITERIA = ("asked", "settled", "body", "doorway")


@pytest.fixture
def cast(db):
    cast = Cast()
    cast.order(cast.rosa)
    return cast


def order(cast, at=EVENING, by=None, stay=None, **changes):
    given = {"from_hour": "23:00", "to_hour": "06:00", "nights": 2, "criteria": CRITERIA}
    return protect(
        entry_id=uuid7(),
        stay=stay or cast.rosa,
        said=Said(**{**given, "why": "Sleeps badly", **changes}),
        at=at,
        written_at=at,
        by=by or cast.nora,
    )


def sleep(cast):
    return Sleep.objects.visible_to(cast.nora).filter(stay=cast.rosa).first()


def refused(cast, **changes):
    with pytest.raises(Refusal) as refusal:
        order(cast, **changes)
    return refusal.value.code


@pytest.mark.parametrize("who", ["nora", "petra"])
def test_a_nurse_or_a_prescriber_protects_sleep(cast, who):
    order(cast, by=getattr(cast, who))
    assert sleep(cast).ended_by == "nights"
    assert sleep(cast).until == NIGHT.replace(hour=6, minute=0) + 24 * HOUR


@pytest.mark.parametrize("who", ["dana", "lena", "thea", "mona", "ivan"])
def test_nobody_else_does(cast, who):
    assert refused(cast, by=getattr(cast, who)) == "not-allowed"


def test_one_criterion_that_is_not_met_refuses_it_and_is_named(cast):
    with pytest.raises(Refusal, match="Breathing can be seen from the doorway"):
        order(cast, criteria=("asked", "settled", "body"))
    assert not ProtectSleep.objects.as_system("a test").exists()


def test_what_else_refuses_it(cast):
    assert refused(cast, stay=cast.john) == "level-too-strict"  # no level at all
    assert refused(cast, to_hour="10:00") == "hours-too-long"
    assert refused(cast, to_hour="23:00") == "hours-too-long"  # a whole day
    assert refused(cast, nights=8) == "too-many-nights"
    assert refused(cast, criteria=(*CRITERIA, "moonlight")) == "unknown-code"
    cast.order(cast.rosa, "line-of-sight", at=EVENING)
    assert refused(cast, at=EVENING + MINUTE) == "level-too-strict"


def test_it_moves_no_due_time(cast):
    cast.store(cast.check(cast.rosa))
    before = Clock.objects.visible_to(cast.nora).get(stay=cast.rosa).due_at
    order(cast)
    assert Clock.objects.visible_to(cast.nora).get(stay=cast.rosa).due_at == before


def test_it_ends_at_the_moment_at_which_a_stricter_level_is_ordered(cast):
    order(cast)
    cast.order(cast.rosa, "q30", at=EVENING + HOUR)
    assert sleep(cast).ended_by == "nights"
    cast.order(cast.rosa, "q15", at=NIGHT)
    assert (sleep(cast).ended_by, sleep(cast).until) == ("level", NIGHT)
    (night,) = protected(sleep(cast), ZoneInfo("UTC"))
    assert night == (NIGHT.replace(hour=23, minute=0) - 24 * HOUR, NIGHT)


def test_an_order_of_a_level_that_arrives_late_ends_it_as_of_then(cast):
    order(cast)
    order(cast, at=NIGHT + HOUR)  # in between nobody knew of the level
    cast.order(cast.rosa, "line-of-sight", at=NIGHT)
    assert sleep(cast).since == NIGHT + HOUR
    assert sleep(cast).ended_by == "nights"  # ordered anew after that level


def test_it_ends_by_word_after_a_transfer_and_at_discharge(cast):
    order(cast)
    given = {"entry_id": uuid7(), "stay": cast.rosa, "by": cast.nora}
    end(**given, why="Asks for the light", at=NIGHT, written_at=NIGHT)
    assert (sleep(cast).ended_by, sleep(cast).until) == ("word", NIGHT)

    order(cast, at=NIGHT + MINUTE)
    assert sleep(cast).ended_by == "nights"
    discharge(entry_id=uuid7(), stay=cast.rosa, at=NIGHT + HOUR, by=cast.nora)
    assert (sleep(cast).ended_by, sleep(cast).until) == ("left", NIGHT + HOUR)


def test_another_unit_begins_without_it(cast):
    order(cast)
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=NIGHT, by=cast.nora)
    assert Sleep.objects.visible_to(cast.sana).get(stay=cast.rosa).ended_by == "moved"


def test_an_order_that_was_struck_out_protects_nothing(cast):
    wrong = order(cast)
    append_one(
        Draft(
            entry_id=uuid7(),
            kind=PROTECT,
            stay_id=cast.rosa.pk,
            author_id=cast.nora.pk,
            happened_at=EVENING,
            written_at=NIGHT,
            **SERVER_CLOCK,
            fact=None,
            amends=wrong.entry_id,
            reason="Meant for John",
        )
    )
    assert sleep(cast) is None


def look(cast, at, woken="no", breathing="seen", why=""):
    fact = DoorwayLook(breathing=breathing, woken=woken, why=why)
    return cast.check(cast.rosa, at, kind=LOOK, fact=fact)


def test_wakings_are_counted_night_by_night(cast):
    for hours in range(3):
        cast.store(look(cast, NIGHT + hours * HOUR, "yes" if hours == 1 else "no"))
    cast.store(look(cast, NIGHT + 24 * HOUR))
    found = [(each.looks, each.woken) for each in nights_of(cast.rosa, NIGHT + 30 * HOUR)]
    assert found == [(1, 0), (3, 1)]


@pytest.mark.parametrize(
    ("breathing", "why", "outcome"),
    [
        ("not-seen", "", "why-missing"),
        ("seen", "covered", "why-not-needed"),
        ("not-seen", "moon", "unknown-code"),
        ("not-seen", "covered", "stored"),
    ],
)
def test_a_look_from_the_doorway_says_breathing_or_why_not(cast, breathing, why, outcome):
    told = cast.store(look(cast, NIGHT, breathing=breathing, why=why))
    assert outcomes(told) == [outcome]


def wall(cast, now):
    return board(cast.north, Wanted(cast.north.pk, "en"), now).markup


def test_the_board_shows_it_in_the_night_and_not_by_day(cast):
    order(cast)
    assert "sleep until 06:00" in wall(cast, NIGHT)
    assert "sleep until" not in wall(cast, EVENING + MINUTE)
    assert "sleep until" not in wall(cast, NIGHT.replace(hour=6, minute=0))
    cast.order(cast.rosa, "line-of-sight", at=NIGHT + MINUTE)
    assert "sleep until" not in wall(cast, NIGHT + MINUTE)
