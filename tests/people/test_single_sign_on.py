"""Who comes by the hospital's sign-in alone: what would still open when the hospital shuts it."""

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from milieu.kernel import clock
from milieu.people.models import INTERFACE, Person
from milieu.people.rules import Role
from milieu.people.staff import give_role, new_password
from tests.cast import Cast
from tests.routes import BACKEND

OWN = "late trains to Bergen"


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def ana(cast) -> Person:
    """Return someone whom the hospital's sign-in brought, and who works on North since."""
    person = Person.objects.create_user("ana", "Ana Lo")
    SocialAccount.objects.create(user=person, provider="hospital", uid="4711")
    give_role(person, Role.NURSE, cast.north, by=cast.mona, at=clock.now())
    return person


def as_(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def opens(person: Person, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return whether a passkey of this person, which was read and found good, signs them in."""
    passkey = Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}}
    )
    for name, known in {
        "parse_authentication_response": None,
        "extract_user_from_response": person,
        "complete_authentication": passkey,
    }.items():
        monkeypatch.setattr(auth, name, lambda *_said, known=known: known)
    browser = Client()
    browser.post(reverse("mfa_login_webauthn"), {"credential": '{"id": 1}'})
    return browser.get(reverse("me")).status_code == 200


def test_they_give_themselves_no_password(ana):
    browser = as_(ana)
    answer = browser.post("/accounts/password/set/", {"password1": OWN, "password2": OWN})
    assert answer.status_code == 404
    assert not Person.objects.get(pk=ana.pk).has_usable_password()
    page = browser.get(reverse("me")).content.decode()
    assert "ask the unit manager for a first password" in page


def test_a_manager_gives_them_one_for_the_phones(cast, ana):
    password = new_password(ana, by=cast.mona, at=clock.now())
    browser = Client()
    browser.post(reverse("account_login"), {"login": "ana", "password": password})
    said = {"oldpassword": password, "password1": OWN, "password2": OWN}
    assert browser.post(reverse("account_change_password"), said)["Location"] == reverse("me")


def test_a_passkey_of_theirs_is_a_second_factor_and_no_other_way_in(cast, ana, monkeypatch):
    assert not opens(ana, monkeypatch)
    cast.dana.set_password(OWN)
    cast.dana.save()
    assert opens(cast.dana, monkeypatch)


@pytest.mark.parametrize("name", [INTERFACE, INTERFACE.title()])
def test_the_name_that_messages_are_stored_under_is_nobodys(db, name):
    with pytest.raises(ValidationError):
        get_adapter().clean_username(name)
