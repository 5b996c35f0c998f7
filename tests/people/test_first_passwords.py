"""A password that somebody else made is good for one thing: to choose one's own."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from milieu.kernel import clock
from milieu.people.models import Person
from milieu.people.staff import add_person, new_password
from tests.cast import Cast
from tests.phone.test_push import Phone, outcomes

OWN = "late trains to Bergen"


@pytest.fixture
def phone(db) -> Phone:
    return Phone(Cast())


@pytest.fixture
def first(phone) -> str:
    """Return the password that a manager made for Dana."""
    return new_password(phone.cast.dana, by=phone.cast.mona, at=clock.now())


def browser(password: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": "dana", "password": password})
    return client


def change(client: Client, old: str, new: str):
    said = {"oldpassword": old, "password1": new, "password2": new}
    return client.post(reverse("account_change_password"), said)


def begin(phone: Phone, password: str, own: str = ""):
    return phone.post("session", {"username": "dana", "password": password, "new_password": own})


def test_at_a_desk_one_is_led_to_choose_before_anything_else(phone, first):
    client = browser(first)
    for name in ("home", "me", "concerns"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer["Location"]) == (302, reverse("account_change_password"))
    assert "was made for you" in client.get(reverse("account_change_password")).content.decode()

    assert change(client, first, OWN)["Location"] == reverse("me")
    assert client.get(reverse("me")).status_code == 200
    assert "was made for you" not in client.get(reverse("account_change_password")).content.decode()


def test_the_same_password_is_no_choice(phone, first):
    client = browser(first)
    assert "This is the one that you had" in change(client, first, first).content.decode()
    assert client.get(reverse("me")).status_code == 302
    assert begin(phone, first, first).json()["code"] == "password-is-first"


def test_on_a_phone_it_begins_no_shift_until_one_is_chosen(phone, first):
    answer = begin(phone, first)
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["field"]) == ("password-is-first", "new_password")
    assert begin(phone, first, "too short").json()["code"] == "password-unusable"
    assert begin(phone, first).json()["code"] == "password-is-first"

    assert begin(phone, first, OWN).status_code == 201
    assert begin(phone, first).json()["code"] == "not-recognised"
    assert begin(phone, OWN).status_code == 201


def test_nothing_is_chosen_without_the_first_one(phone, first):
    assert begin(phone, "a guess at it, no more", OWN).json()["code"] == "not-recognised"
    assert begin(phone, OWN).json()["code"] == "not-recognised"


def test_a_password_that_is_ones_own_is_not_changed_in_passing(phone):
    phone.cast.dana.set_password(OWN)
    phone.cast.dana.save()
    assert begin(phone, OWN, "another that nobody asked for").status_code == 201
    assert begin(phone, OWN).status_code == 201


def test_one_that_was_brought_along_is_ones_own(db):
    now = clock.now()
    add_person("ana", "Ana Lo", role=None, place=None, by=None, at=now, password=OWN)
    add_person("ben", "Ben Lo", role=None, place=None, by=None, at=now)
    held = dict(Person.objects.values_list("username", "password_is_first"))
    assert held == {"ana": False, "ben": True}


def test_a_password_that_one_chooses_ends_every_phone_as_one_that_was_made_does(phone, first):
    client = browser(first)
    change(client, first, OWN)
    assert begin(phone, OWN).status_code == 201
    phone.sign_in(phone.cast.dana)
    assert phone.pull().status_code == 200

    change(client, OWN, "four grey herons wading")

    assert phone.pull().json()["code"] == "session-ended"
    assert outcomes(phone.push(phone.entry())) == ["stored"]
    assert client.get(reverse("me")).status_code == 200


def test_one_that_is_typed_at_the_server_is_a_first_one_and_ends_what_the_old_one_opened(
    phone, first, monkeypatch
):
    client = browser(first)
    change(client, first, OWN)
    phone.sign_in(phone.cast.dana)
    typed = "four grey herons wading"
    monkeypatch.setattr("getpass.getpass", lambda prompt: typed)

    call_command("changepassword", "dana", stdout=StringIO())

    assert phone.pull().json()["code"] == "session-ended"
    assert client.get(reverse("me"))["Location"].startswith(reverse("account_login"))
    assert begin(phone, typed).json()["code"] == "password-is-first"
    assert begin(phone, typed, OWN).status_code == 201
