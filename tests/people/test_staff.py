"""Who may give which role to whom, and whose account is whose to change."""

import pytest

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import may
from milieu.people.models import INTERFACE, Device, Grant, Person, ShiftSession
from milieu.people.rules import Action, Role
from milieu.people.services import start_session
from milieu.people.staff import (
    add_person,
    end_role,
    give_role,
    new_password,
    places,
    roles_to_give,
    staff,
    switch_sign_in,
)
from tests.cast import LONG_AGO, Cast, employ

SIGHTLESS = frozenset({Role.IT})


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


def code_of(act) -> str:
    """Return the code of the refusal that this ends in."""
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def everywhere(cast: Cast, username: str, role: Role) -> Person:
    """Return someone who holds a role in the whole facility."""
    person = employ(username, f"{username.title()} All", role)
    Grant.objects.create(person=person, role=role, facility=cast.facility, starts_at=LONG_AGO)
    return person


def give_by(giver: Person, person: Person, role: Role, place) -> Grant:
    return give_role(person, role, place, by=giver, at=clock.now())


def add(username: str, role: Role | None, place, *, by: Person) -> Person:
    return add_person(username, "Ana Lo", role=role, place=place, by=by, at=clock.now())[0]


def known_to(person: Person) -> set[str]:
    mine = places(person, Action.MANAGE_PEOPLE, at=clock.now())
    return {each.username for each in staff(mine, newcomers=True)}


def test_a_manager_gives_every_role_on_their_own_unit(cast):
    for role in Role:
        if role != Role.TECHNICIAN:
            give_by(cast.mona, cast.dana, role, cast.north)
    held = Grant.objects.filter(person=cast.dana)
    assert set(held.values_list("role", flat=True)) == set(Role)
    assert set(held.exclude(role="technician").values_list("given_by", flat=True)) == {cast.mona.pk}


@pytest.mark.parametrize("where", ["south", "facility"])
def test_a_manager_gives_no_role_on_another_unit_nor_in_the_whole_facility(cast, where):
    place = getattr(cast, where)
    assert code_of(lambda: give_by(cast.mona, cast.dana, Role.NURSE, place)) == "not-allowed"
    assert not may(cast.dana, Action.SEE, cast.south.pk)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MANAGER, Role.IT}))
def test_who_manages_nobody_gives_no_role(cast, role):
    giver = employ("giver", "Giv Er", role, cast.north)
    assert code_of(lambda: give_by(giver, cast.dana, role, cast.north)) == "not-allowed"


@pytest.mark.parametrize("role", sorted(set(Role) - SIGHTLESS))
def test_the_system_administrator_gives_no_role_that_sees_people_in_care(cast, role):
    newcomer = employ("new", "New Comer", Role.IT)
    assert code_of(lambda: give_by(cast.ivan, newcomer, role, cast.north)) == "reaches-further"


def test_the_system_administrator_adds_colleagues_of_their_own_kind(cast):
    newcomer = employ("new", "New Comer", Role.IT)
    give_by(cast.ivan, newcomer, Role.IT, cast.north)
    assert may(newcomer, Action.MANAGE_PEOPLE, cast.north.pk)
    assert not may(newcomer, Action.SEE)


def test_nobody_gives_a_role_to_themselves_or_ends_their_own(cast):
    own = Grant.objects.get(person=cast.mona)
    assert code_of(lambda: give_by(cast.mona, cast.mona, Role.NURSE, cast.north)) == "own-roles"
    assert code_of(lambda: end_role(own, by=cast.mona, at=clock.now())) == "own-roles"


def test_what_may_be_given_follows_from_what_is_held():
    assert roles_to_give(frozenset({Role.MANAGER})) == frozenset(Role)
    assert roles_to_give(frozenset({Role.MANAGER, Role.IT})) == frozenset(Role)
    assert roles_to_give(frozenset({Role.IT})) == SIGHTLESS
    for role in set(Role) - {Role.MANAGER, Role.IT}:
        assert roles_to_give(frozenset({role})) == frozenset()


def test_an_ended_role_stays_known_and_opens_nothing(cast):
    grant, at = Grant.objects.get(person=cast.dana), clock.now()
    end_role(grant, by=cast.mona, at=at)
    grant.refresh_from_db()
    assert grant.ends_at == at
    assert not may(Person.objects.get(pk=cast.dana.pk), Action.SEE, cast.north.pk)
    assert "dana" in known_to(cast.mona)


def test_ending_a_role_twice_keeps_the_first_time(cast):
    grant, at = Grant.objects.get(person=cast.dana), clock.now()
    end_role(grant, by=cast.mona, at=at)
    end_role(grant, by=cast.mona, at=clock.now())
    grant.refresh_from_db()
    assert grant.ends_at == at


def test_who_has_no_role_left_on_a_unit_is_off_its_phones_and_on_those_of_others(cast):
    give_by(cast.mona, cast.dana, Role.LEAD, cast.north)
    give_by(None, cast.dana, Role.NURSE, cast.south)
    south = Device.objects.create(
        unit=cast.south, name="Phone 2", token_sha256="2" * 64, enrolled_at=LONG_AGO
    )
    here, there = (
        start_session(cast.dana, phone, how="password", at=clock.now())[0]
        for phone in (cast.phone, south)
    )

    def ended() -> list[bool]:
        of = ShiftSession.objects.filter(pk__in=[here.pk, there.pk]).order_by("device__name")
        return [session.ended_at is not None for session in of]

    for role, left in (("technician", [False, False]), ("lead", [True, False])):
        end_role(cast.dana.grants.get(role=role), by=cast.mona, at=clock.now())
        assert ended() == left


def test_a_role_that_is_held_is_not_given_twice(cast):
    assert (
        code_of(
            lambda: give_role(cast.dana, Role.TECHNICIAN, cast.north, by=cast.mona, at=clock.now())
        )
        == "role-held"
    )


def test_a_manager_knows_those_of_their_unit_and_those_without_any_role(cast):
    employ("new", "New Comer", Role.IT)
    everywhere(cast, "vera", Role.PRIVACY)
    known = known_to(cast.mona)
    assert {"dana", "nora", "new", "vera"} <= known
    assert not {"theo", "sana"} & known


def test_the_account_of_someone_who_also_works_elsewhere_is_not_one_managers_to_change(cast):
    give_by(None, cast.dana, Role.NURSE, cast.south)
    for act in (
        lambda: new_password(cast.dana, by=cast.mona, at=clock.now()),
        lambda: switch_sign_in(cast.dana, on=False, by=cast.mona, at=clock.now()),
    ):
        assert code_of(act) == "reaches-further"
    director = everywhere(cast, "dora", Role.MANAGER)
    switch_sign_in(cast.dana, on=False, by=director, at=clock.now())
    assert not Person.objects.get(pk=cast.dana.pk).is_active


def test_a_unit_manager_does_not_take_over_an_account_that_reaches_the_whole_facility(cast):
    vera = everywhere(cast, "vera", Role.PRIVACY)
    assert code_of(lambda: new_password(vera, by=cast.mona, at=clock.now())) == "reaches-further"


@pytest.mark.parametrize("who", ["dana", "nora", "mona", "priya"])
def test_the_system_administrator_does_not_become_who_sees_people_in_care(cast, who):
    person, now = getattr(cast, who), clock.now()
    switch_sign_in(person, on=False, by=cast.ivan, at=now)
    for act in (
        lambda: new_password(person, by=cast.ivan, at=now),
        lambda: switch_sign_in(person, on=True, by=cast.ivan, at=now),
    ):
        assert code_of(act) == "reaches-further"


def test_who_saw_people_in_care_is_not_the_administrators_when_that_role_has_ended(cast):
    end_role(Grant.objects.get(person=cast.nora), by=cast.ivan, at=clock.now())
    refused = code_of(lambda: new_password(cast.nora, by=cast.ivan, at=clock.now()))
    give_by(cast.ivan, cast.nora, Role.IT, cast.north)
    assert code_of(lambda: new_password(cast.nora, by=cast.ivan, at=clock.now())) == refused
    assert refused == "reaches-further"


def test_whoever_is_locked_out_is_helped_by_somebody_who_sees_the_same_people(cast):
    ivan_too = employ("ida", "Ida Dahl", Role.IT, cast.north)
    director = everywhere(cast, "dora", Role.MANAGER)
    for person, by in ((cast.nora, cast.mona), (cast.mona, director), (ivan_too, cast.ivan)):
        password = new_password(person, by=by, at=clock.now())
        assert Person.objects.get(pk=person.pk).check_password(password)


def test_an_account_that_never_had_a_role_is_nobodys_to_change_before_its_first(cast):
    newcomer = Person.objects.create_user("new", "New Comer")  # by the hospital's own sign-in
    for by in (cast.mona, cast.ivan, everywhere(cast, "dora", Role.MANAGER)):
        for act in (
            lambda by=by: new_password(newcomer, by=by, at=clock.now()),
            lambda by=by: switch_sign_in(newcomer, on=False, by=by, at=clock.now()),
        ):
            assert code_of(act) == "no-role-yet"
    give_by(cast.mona, newcomer, Role.NURSE, cast.north)
    new_password(newcomer, by=cast.mona, at=clock.now())


def test_whose_roles_have_all_ended_belongs_where_they_were_held(cast):
    everywhere(cast, "dora", Role.MANAGER)
    manager = employ("max", "Max South", Role.MANAGER, cast.south)
    end_role(Grant.objects.get(person=cast.dana), by=cast.mona, at=clock.now())
    assert code_of(lambda: new_password(cast.dana, by=manager, at=clock.now())) == "reaches-further"
    new_password(cast.dana, by=cast.mona, at=clock.now())


def test_an_added_person_has_the_role_and_a_password_that_works(cast):
    person, password = add_person(
        "Ana.Lo", "Ana Lo", role=Role.NURSE, place=cast.north, by=cast.mona, at=clock.now()
    )
    assert person.username == "ana.lo"
    assert person.check_password(password)
    assert may(person, Action.ADMIT, cast.north.pk)


@pytest.mark.parametrize(
    ("username", "code"),
    [(each, "username-taken") for each in ("dana", "DANA", INTERFACE, INTERFACE.title())]
    + [("a", "username-unusable")]
    + [(each, "username-unusable") for each in ("", "an a", "-ana", "año", "ana\x00", "a" * 151)],
)
def test_a_user_name_is_plain_and_belongs_to_one_person(cast, username, code):
    assert code_of(lambda: add(username, None, None, by=cast.mona)) == code


def test_a_person_whose_role_may_not_be_given_is_not_added_either(cast):
    refused = code_of(lambda: add("ana", Role.NURSE, cast.south, by=cast.mona))
    assert refused == "not-allowed"
    assert not Person.objects.filter(username="ana").exists()
