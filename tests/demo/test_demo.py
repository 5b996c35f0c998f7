"""The invented unit: alive, the same from the same seed, stored like any other."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from milieu.alerts.services import unanswered
from milieu.behavior.models import ShiftSeen
from milieu.census.models import Standing, State
from milieu.demo import house
from milieu.demo.history import Days
from milieu.demo.living import Life
from milieu.demo.observing import Watched
from milieu.demo.rhythm import Temper, seen
from milieu.demo.telling import tell
from milieu.instruments.models import Scored
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.people.services import start_session
from milieu.record.kinds import SERVER_CLOCK, Draft
from milieu.record.ledger import append
from milieu.record.models import Entry
from milieu.rounds.contradicted import against
from milieu.rounds.handing import TAKE
from milieu.rounds.models import Clock, Hold, Offer, SafetyCheck
from milieu.rounds.shape import Take

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def invent(days=1, seed=7, ends=NOON):
    starts = ends - timedelta(days=days)
    made = house.build(starts - timedelta(days=1))
    count = tell(
        Days(house=made, chance=Random(seed), starts=starts, ends=ends), lambda done, of: None
    )
    return made, count


def entries():
    return Entry.objects.as_system("test")


@pytest.mark.alike
def test_the_unit_is_full_and_two_people_are_on_leave():
    made, _ = invent()

    here = Standing.objects.filter(unit=made.north)
    assert here.filter(state=State.IN).count() == 22
    assert here.filter(state=State.LEAVE).count() == 2


@pytest.mark.alike
def test_everyone_has_a_level_and_a_clock_that_has_not_long_run_out():
    invent()

    clocks = Clock.objects.as_system("test").filter(stay__standing__state=State.IN)
    assert clocks.count() == 22
    assert all(each.level and each.due_at > NOON - timedelta(minutes=30) for each in clocks)


@pytest.mark.alike
def test_there_is_a_staff_of_every_role():
    invent()

    assert set(Person.objects.values_list("grants__role", flat=True)) == {
        "technician", "lead", "nurse", "prescriber", "therapist", "manager", "privacy", "it",
    }  # fmt: skip


@pytest.mark.alike
def test_days_are_as_days_are_some_late_some_put_right_and_something_for_the_nurse():
    invent(days=2)

    checks = entries().filter(kind="round.check")
    assert checks.filter(counted_at=None).exists()
    assert checks.filter(amends__isnull=False).exists()
    assert len(unanswered(Person.objects.get(username="nora"))) == 2


@pytest.mark.alike
def test_most_checks_show_presence_and_two_taps_contradict_each_other():
    invent(days=2)

    checks = SafetyCheck.objects.all()
    grades = Counter(checks.values_list("grade", flat=True))
    assert grades.keys() == {"tap", "wall", ""}
    assert grades["tap"] > 1000
    assert Counter(checks.values_list("doubt", flat=True)).keys() == {""}
    assert len(against(checks)) == 2


def test_the_same_seed_invents_the_same_look():
    looks = [
        [seen(Temper(wakeful=0.1), NOON, chance) for _ in range(50)]
        for chance in (Random(3), Random(3))
    ]

    assert looks[0] == looks[1]
    assert len(set(looks[0])) > 3


def test_it_goes_on_living():
    made, _ = invent()
    life = Life(made.north)

    assert life.turn(NOON + timedelta(seconds=1)) == 0  # everyone was seen, and is planned for
    assert life.turn(NOON + timedelta(minutes=16)) > 0
    assert entries().filter(stored_at=NOON + timedelta(minutes=16)).exists()


def test_lists_are_handed_over_and_people_have_their_breaks():
    made, _ = invent()
    offers = Offer.objects.filter(purpose__in=["shift", "break", "return", "swap"])
    assert set(offers.values_list("purpose", flat=True)) == {"shift", "break", "return", "swap"}
    here = Hold.objects.as_system("test").filter(stay__standing__state=State.IN)
    assert here.exclude(holder=None).count() == 22

    life = Life(made.north)
    for hours in range(1, 10):
        life.turn(NOON + timedelta(hours=hours))
    team = {person.pk for person in life.rota.team(NOON + timedelta(hours=9))}
    assert set(here.values_list("holder", flat=True)) <= team


def test_whoever_tries_the_demo_keeps_whom_they_have():
    made, _ = invent()
    dana = Person.objects.get(username="dana")
    start_session(dana, made.phones[0], how="password", at=NOON)
    stay = Hold.objects.as_system("test").exclude(holder=dana).first()
    told = Life(made.north)
    append(
        [
            Draft(
                entry_id=uuid7(),
                kind=TAKE,
                stay_id=stay.stay_id,
                author_id=dana.pk,
                happened_at=NOON,
                written_at=NOON,
                fact=Take(without=stay.holder_id),
                **SERVER_CLOCK,
            )
        ],
        received_at=NOON,
    )
    told.turn(NOON + timedelta(minutes=20))
    stay.refresh_from_db()
    assert stay.holder == dana


@pytest.mark.alike
def test_each_shift_is_described_and_questions_are_answered_the_same_for_the_same_seed():
    invent(days=3)
    said = ShiftSeen.objects.filter(entry__in=entries())
    assert set(said.values_list("shift", flat=True)) == {"day", "evening", "night"}
    assert said.count() > 3 * 3 * 15
    assert set(Scored.objects.values_list("instrument", flat=True)) == {"phq-9", "gad-7"}
    assert Scored.objects.filter(score__isnull=False).exists()

    twice = [[Watched(Temper(0.1), "7").shift("day", NOON) for _ in range(3)] for _ in range(2)]
    assert twice[0] == twice[1]
