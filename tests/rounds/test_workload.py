"""Who is on the floor, how long a look takes, and what has to be told before a check is missed."""

from datetime import timedelta

import pytest

from milieu.admissions.services import escort, leave
from milieu.kernel.ids import uuid7
from milieu.people.services import end_session, start_session
from milieu.record.kinds import Draft
from milieu.rounds.handing import TAKE
from milieu.rounds.services import order_level
from milieu.rounds.shape import Take
from milieu.rounds.workload import at_work, dues_of, look_of, overloads
from tests.cast import NIGHT, Cast

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
MINUTE = 60 * SECOND


@pytest.fixture
def cast(db):
    return Cast()


def sign_in(cast, person, at=NIGHT):
    return start_session(person, cast.phone, how="password", at=at)[0]


def hold(cast, stay, person, fact=None, at=NIGHT):
    cast.store(cast.check(stay, at, kind=TAKE, fact=fact or Take(), author_id=person.pk))


def one_to_one(cast, stay, observer=None, level="one-to-one"):
    order_level(
        entry_id=uuid7(),
        stay=stay,
        level=level,
        why="Asked for someone near",
        at=NIGHT,
        written_at=NIGHT,
        by=cast.nora,
        observer=observer,
    )


def hands(cast, at=NIGHT):
    return at_work(cast.north, at).hands


def test_whoever_is_signed_in_on_a_phone_or_holds_somebody_is_on_the_floor(cast):
    assert hands(cast) == 0
    session = sign_in(cast, cast.dana)
    hold(cast, cast.rosa, cast.lena)
    hold(cast, cast.john, cast.dana)
    assert hands(cast) == 2
    hold(cast, cast.rosa, cast.dana, Take(without=cast.lena.pk), NIGHT + MINUTE)
    assert hands(cast, NIGHT + MINUTE) == 1
    end_session(session, at=NIGHT + 2 * MINUTE)
    assert hands(cast, NIGHT + 3 * MINUTE) == 0


def test_who_went_home_with_a_list_does_not_walk_tomorrow(cast):
    hold(cast, cast.rosa, cast.dana)
    assert hands(cast, NIGHT + timedelta(hours=13)) == 1
    assert hands(cast, NIGHT + timedelta(hours=15)) == 0


def test_who_may_not_check_is_no_help(cast):
    sign_in(cast, cast.thea)
    assert hands(cast) == 0


def test_an_observer_cannot_walk_and_one_on_one_is_nobody_elses_look(cast):
    sign_in(cast, cast.dana)
    sign_in(cast, cast.lena)
    cast.order(cast.rosa)
    one_to_one(cast, cast.john, cast.dana)
    assert hands(cast) == 1
    assert [due.who for due in dues_of(cast.north)] == [cast.rosa.pk]


def test_who_is_off_the_unit_with_somebody_cannot_walk(cast):
    sign_in(cast, cast.dana)
    escort(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora, escort=cast.dana)
    assert hands(cast) == 0


def test_a_level_in_sight_binds_one_person_whoever_it_is(cast):
    sign_in(cast, cast.dana)
    sign_in(cast, cast.lena)
    for stay in (cast.rosa, cast.john):
        one_to_one(cast, stay, level="line-of-sight")
    assert hands(cast) == 1


def walk(cast, step, count, at=NIGHT):
    return [cast.check((cast.rosa, cast.john)[n % 2], at + n * step * SECOND) for n in range(count)]


def test_how_long_a_look_takes_is_learned_from_the_units_own_walks(cast):
    assert look_of(cast.south, NIGHT) == 30 * SECOND
    cast.store(*walk(cast, 50, 40))
    assert look_of(cast.north, NIGHT + timedelta(hours=1)) == 50 * SECOND


def test_times_typed_at_a_desk_teach_nothing(cast):
    cast.store(*(_at_a_desk(draft) for draft in walk(cast, 60, 40)))
    assert look_of(cast.north, NIGHT + timedelta(hours=1)) == 30 * SECOND


def _at_a_desk(draft: Draft) -> Draft:
    changed = {"device_id": None, "clock_offset_ms": 0}
    fields = {name: getattr(draft, name) for name in draft.__struct_fields__}
    return Draft(**fields | changed)


def crowd(cast, count, holder=None):
    """Admit so many on Q15, all just seen, where a look takes a minute by last evening's record."""
    cast.store(*walk(cast, 60, 80, NIGHT - timedelta(hours=3)))
    stays = [cast.arrive(f"P{n}", "Crowd") for n in range(count)]
    for stay in stays:
        cast.order(stay)
    cast.store(*(cast.check(stay) for stay in stays))
    for stay in stays if holder else ():
        hold(cast, stay, holder)
    return stays


def test_a_list_that_needs_more_than_there_is_is_told_before_anybody_is_missed(cast):
    """19 minutes in every 15, told when all have just been seen."""
    stays = crowd(cast, 19, holder=cast.dana)
    unit, listed = overloads(cast.north, NIGHT)
    assert unit.load == listed.load == (19 * MINUTE, 15 * MINUTE)
    assert (unit.people_short, unit.late) == (1, 4 * MINUTE)
    assert unit.first.who in {stay.pk for stay in stays}
    assert unit.first.by == NIGHT + 15 * MINUTE
    assert (unit.holder, listed.holder) == (None, cast.dana.pk)


def test_with_enough_people_there_is_nothing_to_tell(cast):
    crowd(cast, 6, holder=cast.dana)
    assert overloads(cast.north, NIGHT) == []


def test_where_the_record_knows_of_nobody_it_tells_nothing(cast):
    crowd(cast, 19)
    assert overloads(cast.north, NIGHT) == []


def test_whoever_is_away_asks_for_nothing(cast):
    cast.order(cast.rosa)
    cast.store(cast.check(cast.rosa))
    leave(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora)
    assert dues_of(cast.north) == []
