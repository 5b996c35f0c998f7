"""What a pull tells of changes that nobody wrote an entry about, and of whom it tells nothing."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from milieu.admissions.services import transfer
from milieu.census.services import Details, register
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.record import epoch
from tests.cast import Cast
from tests.phone.test_push import Phone


@pytest.fixture
def phone(db):
    return Phone(Cast())


MINUTE = timedelta(minutes=1)


def names(told):
    return sorted(stay["preferred_name"] for stay in told["stays"])


def since(phone, cursor):
    return phone.pull(f"?since={cursor}").json()


def test_a_name_that_was_put_right_reaches_a_phone_that_knew_the_old_one(phone):
    patient = phone.cast.rosa.patient
    number = patient.identifiers.values_list("system", "value")[:1]
    begun = clock.now()
    with time_machine.travel(begun + MINUTE):
        phone.push(phone.entry(stay=str(phone.cast.john.pk)))
        cursor = phone.pull().json()["cursor"]
    with time_machine.travel(begun + 2 * MINUTE):
        assert names(since(phone, cursor)) == ["John"]

        register(patient.facility, Details(identifiers=tuple(number), preferred_name="Rosalía"))

        assert names(since(phone, cursor)) == ["John", "Rosalía"]


def test_what_a_feed_says_again_is_no_change(phone):
    patient = phone.cast.rosa.patient
    before = patient.details_at
    number = patient.identifiers.values_list("system", "value")[:1]

    again = Details(identifiers=tuple(number), given_name="Rosa", birth_date=patient.birth_date)
    assert register(patient.facility, again).details_at == before


def test_whoever_was_never_on_the_unit_is_not_named_among_those_who_left_it(phone):
    phone.push(phone.entry())
    cursor = phone.pull().json()["cursor"]

    sol = phone.cast.arrive("Sol", "Berg", unit=phone.cast.south, at=clock.now())

    assert str(sol.pk) not in since(phone, cursor)["gone"]


def test_whoever_was_moved_away_is_named_among_those_who_left(phone):
    cursor = phone.pull().json()["cursor"]
    cast = phone.cast

    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=clock.now(), by=cast.nora)

    assert since(phone, cursor)["gone"] == [str(cast.rosa.pk)]


def test_after_a_restore_a_phone_is_told_everything_whatever_it_knew_before(phone):
    phone.push(phone.entry())
    cursor = phone.pull().json()["cursor"]
    assert since(phone, cursor)["whole"] is False

    epoch.begin("Restored from a backup")

    told = since(phone, cursor)
    assert (told["whole"], names(told)) == (True, ["John", "Rosa"])


@pytest.mark.parametrize(
    "position", ["", "-1", "9" * 19, "9" * 5000, "\u0663" * 19, "1\x00"], ids=range(6)
)
def test_a_cursor_that_is_none_of_ours_is_answered_with_everything(phone, position):
    answer = phone.pull(f"?{urlencode({'since': f'{position}-{epoch.current()}'})}")

    assert answer.status_code == 200
    assert (answer.json()["whole"], names(answer.json())) == (True, ["John", "Rosa"])
