"""The pages of accounts: what each shows, to whom, and what ends when sign-in is switched off."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from milieu.kernel import clock
from milieu.people.models import Grant, Person, ShiftSession
from milieu.people.rules import Role
from milieu.people.services import set_badge, set_pin, start_session, unlock_by_badge
from tests.cast import Cast
from tests.routes import BACKEND

PASSWORD = "late trains to Bergen"  # noqa: S105


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def signed_in(person: Person) -> Client:
    """Return a browser in which this person signed in as people do."""
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    return client


def proven(person: Person) -> Client:
    """Return a browser in which this person has just typed the password once more."""
    client = signed_in(person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def row_of(page: str, name: str) -> str:
    """Return what the list says about one person, without markup."""
    row = next(row for row in page.split("<tr>") if name in row)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_the_list_says_how_each_can_sign_in(cast):
    set_pin(cast.dana, "482913")
    set_badge(cast.dana, "ELM-000417")
    Person.objects.filter(pk=cast.nora.pk).update(is_active=False)
    page = as_(cast.mona).get(reverse("people")).content.decode()
    assert row_of(page, "Dana Reyes") == "Dana Reyes dana technician, North on set none set"
    assert row_of(page, "Nora Lind") == "Nora Lind nora nurse, North switched off not set none none"
    assert "Theo Banks" not in page


def test_a_lead_sees_the_list_and_changes_nothing(cast):
    page = as_(cast.lena).get(reverse("people")).content.decode()
    assert "Dana Reyes" in page
    assert reverse("account", args=[cast.dana.pk]) not in page
    assert reverse("people-add") not in page
    assert reverse("phones") in page


def test_a_name_can_be_looked_for(cast):
    page = as_(cast.mona).get(reverse("people"), {"q": "reye"}).content.decode()
    assert "Dana Reyes" in page
    assert "Nora Lind" not in page


def test_a_person_is_added_with_a_first_password_that_is_shown_once(cast):
    manager = as_(cast.mona)
    said = {
        "name": "Ana Lo",
        "username": "ana.lo",
        "role": "nurse",
        "place": f"unit:{cast.north.pk}",
    }
    answer = manager.post(reverse("people-add"), said)
    password = re.search(r"<code>([\w-]+)</code>", answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]

    ana = Person.objects.get(username="ana.lo")
    assert ana.check_password(password)
    grant = Grant.objects.get(person=ana)
    assert (grant.role, grant.unit, grant.given_by) == (Role.NURSE, cast.north, cast.mona)
    assert password not in manager.get(reverse("account", args=[ana.pk])).content.decode()


def test_what_is_typed_wrong_is_said_at_its_field_and_nobody_is_added(cast):
    said = {"name": "Ana Lo", "username": "dana", "role": "nurse", "place": f"unit:{cast.north.pk}"}
    answer = as_(cast.mona).post(reverse("people-add"), said)
    assert answer.status_code == 422
    assert "This user name is taken" in answer.content.decode()
    assert not Person.objects.filter(name="Ana Lo").exists()


def test_a_place_or_role_that_is_not_offered_is_not_taken(cast):
    for role, place in (
        ("nurse", f"unit:{cast.south.pk}"),
        ("nurse", f"facility:{cast.facility.pk}"),
        ("owner", f"unit:{cast.north.pk}"),
    ):
        url = reverse("account-role", args=[cast.dana.pk])
        assert as_(cast.mona).post(url, {"role": role, "place": place}).status_code == 422
    assert Grant.objects.filter(person=cast.dana).count() == 1


def test_the_system_administrator_is_offered_no_role_that_sees_people_in_care(cast):
    page = as_(cast.ivan).get(reverse("people-add")).content.decode()
    offered = re.findall(r'<option value="(\w*)"', page.split('name="place"')[0])
    assert offered == ["", "it"]


def test_switching_sign_in_off_ends_browsers_and_phones_within_the_request(cast):
    browser = signed_in(cast.dana)
    session, _ = start_session(cast.dana, cast.phone, how="password", at=clock.now())
    assert browser.get(reverse("me")).status_code == 200

    as_(cast.mona).post(reverse("account-sign-in", args=[cast.dana.pk]), {"on": "no"})
    assert browser.get(reverse("me")).status_code == 302
    assert ShiftSession.objects.get(pk=session.pk).ended_at is not None

    as_(cast.mona).post(reverse("account-sign-in", args=[cast.dana.pk]), {"on": "yes"})
    assert browser.get(reverse("me")).status_code == 302, "What was ended stays ended."
    assert signed_in(Person.objects.get(pk=cast.dana.pk)).get(reverse("me")).status_code == 200


def test_a_new_first_password_ends_the_old_one_and_every_session(cast):
    browser = signed_in(cast.dana)
    session, _ = start_session(cast.dana, cast.phone, how="password", at=clock.now())
    answer = as_(cast.mona).post(reverse("account-password", args=[cast.dana.pk]))
    password = re.search(r"<code>([\w-]+)</code>", answer.content.decode())[1]

    dana = Person.objects.get(pk=cast.dana.pk)
    assert dana.check_password(password)
    assert not dana.check_password(PASSWORD)
    assert browser.get(reverse("me")).status_code == 302
    assert ShiftSession.objects.get(pk=session.pk).ended_at is not None


def test_the_system_administrator_takes_away_and_sets_nothing_of_who_sees_people_in_care(cast):
    set_badge(cast.nora, "ELM-000417")
    administrator = as_(cast.ivan)
    page = administrator.get(reverse("account", args=[cast.nora.pk])).content.decode()
    assert "sees people in care, and your role does not" in page
    assert reverse("account-password", args=[cast.nora.pk]) not in page
    assert 'name="badge"' not in page
    assert "Switch sign-in off" in page

    url = reverse("account-badge", args=[cast.nora.pk])
    before = Person.objects.values().get(pk=cast.nora.pk)
    assert administrator.post(url, {"badge": "ELM-000999"}).status_code == 403
    password = reverse("account-password", args=[cast.nora.pk])
    assert administrator.post(password).status_code == 403
    assert Person.objects.values().get(pk=cast.nora.pk) == before

    assert administrator.post(url, {"forget": "yes"}).status_code == 302
    assert Person.objects.get(pk=cast.nora.pk).badge_sha256 is None
    administrator.post(reverse("account-sign-in", args=[cast.nora.pk]), {"on": "no"})
    page = administrator.get(reverse("account", args=[cast.nora.pk])).content.decode()
    assert "Switched off" in page
    assert "Let them sign in again" not in page


def test_ones_own_account_offers_nothing_to_change(cast):
    page = as_(cast.mona).get(reverse("account", args=[cast.mona.pk])).content.decode()
    main = page.split("<main")[1].split("</main")[0]
    assert "This is your own account" in main
    assert "<form" not in main


@pytest.mark.parametrize("name", ["account-sign-in", "account-password", "account-role"])
def test_ones_own_account_is_not_changed_by_asking_anyway(cast, name):
    said = {"on": "no", "role": "nurse", "place": f"unit:{cast.north.pk}"}
    manager = as_(cast.mona)
    before = Person.objects.values().get(pk=cast.mona.pk)
    answer = manager.post(reverse(name, args=[cast.mona.pk]), said)
    assert answer.status_code == 422
    assert Person.objects.values().get(pk=cast.mona.pk) == before
    assert Grant.objects.filter(person=cast.mona).count() == 1


def test_a_forgotten_pin_is_gone(cast):
    set_pin(cast.dana, "482913")
    as_(cast.mona).post(reverse("account-pin", args=[cast.dana.pk]))
    assert Person.objects.get(pk=cast.dana.pk).pin_hash == ""


def test_a_badge_is_kept_as_a_hash_and_opens_a_phone(cast):
    url = reverse("account-badge", args=[cast.dana.pk])
    as_(cast.mona).post(url, {"badge": "ELM-000417\r\n"})
    kept = str(Person.objects.values().get(pk=cast.dana.pk))
    assert "000417" not in kept

    start_session(cast.dana, cast.phone, how="password", at=clock.now())
    session, _ = unlock_by_badge(cast.phone, "ELM-000417", at=clock.now())
    assert session.person == cast.dana

    as_(cast.mona).post(url, {"forget": "yes"})
    assert Person.objects.get(pk=cast.dana.pk).badge_sha256 is None


def test_a_badge_of_someone_else_is_refused_at_its_field(cast):
    set_badge(cast.nora, "ELM-000417")
    url = reverse("account-badge", args=[cast.dana.pk])
    answer = as_(cast.mona).post(url, {"badge": "ELM-000417"})
    assert answer.status_code == 422
    assert "belongs to someone else" in answer.content.decode()


@pytest.mark.parametrize(
    ("pin", "again", "said"),
    [
        ("123456", "123456", "not a run"),
        ("111111", "111111", "not all alike"),
        ("4829", "4829", "six to ten digits"),
        ("48291a", "48291a", "six to ten digits"),
        ("482913", "482914", "The two PINs differ"),
    ],
)
def test_a_pin_that_is_not_taken_is_told_why(cast, pin, again, said):
    answer = proven(cast.dana).post(reverse("my-pin"), {"pin": pin, "again": again})
    assert answer.status_code == 422
    faults = re.findall(r'<li><a href="#id_\w+">(.*?)</a>', answer.content.decode())
    assert said in " ".join(faults)
    assert Person.objects.get(pk=cast.dana.pk).pin_hash == ""


def test_ones_own_pin_is_set_after_the_password_and_kept_as_a_hash(cast):
    said = {"pin": "482913", "again": "482913"}
    signed_in(cast.dana).post(reverse("my-pin"), said)
    assert not Person.objects.get(pk=cast.dana.pk).pin_hash
    proven(cast.dana).post(reverse("my-pin"), said)
    kept = Person.objects.get(pk=cast.dana.pk).pin_hash
    assert kept
    assert "482913" not in kept


def test_my_account_leads_to_everything_that_i_may_change(cast):
    page = as_(cast.dana).get(reverse("me")).content.decode()
    for name in ("account_change_password", "mfa_index", "my-pin", "usersessions_list"):
        assert f'href="{reverse(name)}"' in page
    assert "technician, North" in page
