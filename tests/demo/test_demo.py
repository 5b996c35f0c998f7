"""The invented unit: alive, the same from the same seed, stored like any other."""

from datetime import timedelta
from random import Random

import pytest

from milieu.census.models import Standing, State
from milieu.demo.living import Life
from milieu.demo.rhythm import Temper, seen
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.people.services import end_session, start_session
from milieu.record.kinds import SERVER_CLOCK, Draft
from milieu.record.ledger import append
from milieu.rounds.handing import TAKE
from milieu.rounds.models import Clock, Hold, Offer
from milieu.rounds.shape import Take
from tests.demo.invented import NOON, entries, moment_of, shared

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def day(django_db_setup, django_db_blocker):
    with shared(django_db_blocker, days=1) as made:
        yield made


@pytest.mark.alike
def test_the_unit_is_full_and_two_people_are_on_leave(day):
    here = Standing.objects.as_system("test").filter(unit=day.north)
    assert here.filter(state=State.IN).count() == 22
    assert here.filter(state=State.LEAVE).count() == 2


@pytest.mark.alike
def test_everyone_has_a_level_and_a_clock_that_has_not_long_run_out(day):
    clocks = Clock.objects.as_system("test").filter(stay__standing__state=State.IN)
    assert clocks.count() == 22
    assert all(each.level and each.due_at > NOON - timedelta(minutes=30) for each in clocks)


@pytest.mark.alike
def test_there_is_a_staff_of_every_role(day):
    assert set(Person.objects.values_list("grants__role", flat=True)) == {
        "technician", "lead", "nurse", "prescriber", "therapist", "manager", "privacy", "it",
    }  # fmt: skip


def test_the_same_seed_invents_the_same_look():
    looks = [
        [seen(Temper(wakeful=0.1), NOON, chance) for _ in range(50)]
        for chance in (Random(3), Random(3))
    ]

    assert looks[0] == looks[1]
    assert len(set(looks[0])) > 3


def test_it_goes_on_living(day):
    life = Life(day.north)

    assert life.turn(NOON + timedelta(seconds=1)) == 0  # everyone was seen, and is planned for
    assert life.turn(NOON + timedelta(minutes=16)) > 0
    assert entries().filter(stored_at=NOON + timedelta(minutes=16)).exists()


def test_lists_are_handed_over_and_people_have_their_breaks(day):
    offers = Offer.objects.as_system("a test").filter(
        purpose__in=["shift", "break", "return", "swap"]
    )
    assert set(offers.values_list("purpose", flat=True)) == {"shift", "break", "return", "swap"}
    here = Hold.objects.as_system("test").filter(stay__standing__state=State.IN)
    assert here.exclude(holder=None).count() == 22

    life = Life(day.north)
    for hours in range(1, 10):
        life.turn(NOON + timedelta(hours=hours))
    team = {person.pk for person in life.rota.team(NOON + timedelta(hours=9))}
    assert set(here.values_list("holder", flat=True)) <= team


def visit(day, username="dana"):
    """Sign in on a phone, as a visitor does; return whom they are and what they sign out of."""
    person = Person.objects.get(username=username)
    session, _token = start_session(person, day.phones[0], how="password", at=NOON)
    return person, session


def take(person, hold, at=NOON):
    append(
        [
            Draft(
                entry_id=uuid7(),
                kind=TAKE,
                stay_id=hold.stay_id,
                author_id=person.pk,
                happened_at=at,
                written_at=at,
                fact=Take(without=hold.holder_id),
                **SERVER_CLOCK,
            )
        ],
        received_at=at,
    )


def held_by_another(person):
    here = Hold.objects.as_system("test").filter(stay__standing__state=State.IN)
    return here.exclude(holder=person).first()


def written_by(person):
    return entries().filter(author=person, stored_at__gt=NOON).count()


def test_whoever_tries_the_demo_keeps_whom_they_have_and_is_not_spoken_for(day):
    dana, _session = visit(day)
    hold = held_by_another(dana)
    told = Life(day.north)
    take(dana, hold)
    for minutes in range(1, 41):
        told.turn(NOON + timedelta(minutes=minutes))

    hold.refresh_from_db()
    assert hold.holder == dana
    assert written_by(dana) == 0
    theirs = Clock.objects.as_system("test").get(stay=hold.stay_id)
    assert theirs.due_at < NOON + timedelta(minutes=40), "A check that is missed is to be seen."
    assert not entries().filter(stay=hold.stay_id, stored_at__gt=NOON).exists()


def test_once_they_have_signed_out_others_take_over_in_their_own_names(day):
    dana, session = visit(day)
    hold = held_by_another(dana)
    told = Life(day.north)
    take(dana, hold)
    end_session(session, at=NOON + timedelta(minutes=10))
    for minutes in range(11, 41):
        told.turn(NOON + timedelta(minutes=minutes))

    hold.refresh_from_db()
    assert hold.holder != dana
    assert hold.holder in told.rota.team(NOON + timedelta(minutes=40))
    assert entries().filter(stay=hold.stay_id, author=hold.holder, stored_at__gt=NOON).exists()
    assert written_by(dana) == 0


def test_a_visitor_at_a_desk_is_not_spoken_for_either(day):
    sam = Person.objects.get(username="sam")
    Person.objects.filter(pk=sam.pk).update(last_login=NOON)
    told = Life(day.north)
    for hours in range(1, 10):
        told.turn(NOON + timedelta(hours=hours))

    assert written_by(sam) == 0
    assert sam not in told.rota.team(NOON)
    here = Hold.objects.as_system("test").filter(stay__standing__state=State.IN)
    assert not here.filter(holder=sam).exists()


def test_where_visitors_are_everybody_nothing_is_invented(day):
    Person.objects.update(last_login=NOON)
    assert Life(day.north).turn(NOON + timedelta(hours=1)) == 0


@pytest.mark.alike
def test_where_nobody_was_here_for_long_there_was_no_hard_moment(day):
    assert moment_of(day)[1] == 0
