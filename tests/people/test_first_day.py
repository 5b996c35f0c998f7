"""A hospital begins with no demonstration: a facility, a unit, its rooms, a manager, a phone."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from milieu.census.models import Bed, Facility, Room, Unit
from milieu.people.access import may
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.people.services import phone_of

NORTH = ["--facility", "ELM", "--name", "North", "--code", "N1", "--zone", "America/New_York"]


def run(*words: str) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def refused(*words: str) -> str:
    with pytest.raises(CommandError) as fault:
        run(*words)
    assert fault.value.returncode == 2
    return str(fault.value)


@pytest.fixture
def north(db) -> Unit:
    run("unit", *NORTH, "--facility-name", "Elm Hospital", "--rooms", "12", "--beds", "2")
    return Unit.objects.get()


def test_a_unit_opens_with_its_facility_rooms_and_beds(north):
    assert (north.facility.name, north.facility.code) == ("Elm Hospital", "ELM")
    assert [room.name for room in Room.objects.all()][::11] == ["01", "12"]
    assert Bed.objects.count() == 24
    assert {bed.name for bed in Bed.objects.all()} == {"A", "B"}


def test_rooms_can_have_their_own_numbers_and_one_bed_has_no_letter(db):
    run("unit", *NORTH, "--facility-name", "Elm", "--rooms", "201-212")
    assert str(Bed.objects.first()) == "201"
    assert Bed.objects.count() == 12


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rooms", "0"], "Give 1 to 200 rooms"),
        (["--rooms", "212-201"], "Give 1 to 200 rooms"),
        (["--rooms", "many"], "Give 1 to 200 rooms"),
        (["--rooms", "4", "--beds", "9"], "Give 1 to 6 beds"),
        (["--rooms", "4", "--zone", "Elm/Street"], "is no time zone"),
        (["--rooms", "4", "--setting", "circus"], "There is no setting pack"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_whole(db, words, said):
    assert said in refused("unit", *NORTH, "--facility-name", "Elm", *words)
    assert not Facility.objects.exists()


def test_a_mistyped_facility_does_not_become_a_new_one(north):
    said = refused("unit", *["ELMM" if word == "ELM" else word for word in NORTH], "--rooms", "4")
    assert "Known: ELM" in said
    assert "--facility-name" in said


def test_the_same_unit_is_not_opened_twice(north):
    assert "already has a unit with the code N1" in refused("unit", *NORTH, "--rooms", "4")


def test_the_first_manager_gets_a_password_that_is_printed_once(north):
    said = run("person", "mona", "--name", "Mona Quist", "--role", "manager", "--unit", "n1")
    password = re.search(r"First password, shown this once: (\S+)", said)[1]
    mona = Person.objects.get(username="mona")
    assert mona.check_password(password)
    assert may(mona, Action.MANAGE_PEOPLE, north.pk)


def test_a_role_can_be_held_in_the_whole_facility(north):
    run("person", "ivan", "--name", "Ivan Dahl", "--role", "it", "--facility", "ELM")
    later = Unit.objects.create(facility=north.facility, name="South", code="S1", time_zone="UTC")
    assert may(Person.objects.get(username="ivan"), Action.MANAGE_PEOPLE, later.pk)


def test_a_password_can_be_given_on_standard_input_and_keeps_the_rules(north, monkeypatch):
    mona = ["person", "mona", "--name", "Mona Quist", "--role", "manager", "--unit", "N1"]
    monkeypatch.setattr("sys.stdin", io.StringIO("too short\n"))
    assert "15" in refused(*mona, "--password-stdin")
    monkeypatch.setattr("sys.stdin", io.StringIO("late trains to Bergen\n"))
    said = run(*mona, "--password-stdin")
    assert "Bergen" not in said
    assert Person.objects.get().check_password("late trains to Bergen")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Say where the role is held"),
        (["--unit", "X"], "No unit has the code X. Known: N1."),
        (["--facility", "X"], "No facility has the code X. Known: ELM."),
    ],
)
def test_a_person_without_a_place_is_refused(north, words, said):
    assert said in refused("person", "mona", "--name", "Mona", "--role", "manager", *words)
    assert not Person.objects.exists()


def test_units_of_two_facilities_with_one_code_are_told_apart(north):
    oak = Facility.objects.create(name="Oak", code="OAK")
    other = Unit.objects.create(facility=oak, name="North", code="N1", time_zone="UTC")
    mona = ["person", "mona", "--name", "Mona Quist", "--role", "manager", "--unit", "N1"]
    assert "Name the facility too" in refused(*mona)
    run(*mona, "--facility", "OAK")
    assert may(Person.objects.get(), Action.MANAGE_PEOPLE, other.pk)


def test_a_phone_is_enrolled_without_a_screen(north):
    said = json.loads(run("enrol", "--unit", "N1", "--name", "Phone 3"))
    device = phone_of(said["device_token"])
    assert said["device"] == {
        "id": str(device.pk),
        "name": "Phone 3",
        "unit": {"id": str(north.pk), "name": "North"},
    }
