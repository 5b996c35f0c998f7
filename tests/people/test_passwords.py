"""What a password may be (NIST SP 800-63B-4, 3.1.1.2), and what many wrong ones lead to."""

import string

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import assume, given
from hypothesis import strategies as st

from milieu.config import settings as product
from milieu.people.models import Person
from milieu.people.staff import LETTERS, first_password

DANA = Person(username="dana.reyes", name="Dana Reyes")
LETTER = st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc"))
ONE_KIND = st.sampled_from([string.ascii_lowercase, string.ascii_uppercase, string.digits])
GUESSED = {"password_too_common", "password_too_similar", "password_guessed_first"}
GOOD = "late trains to Bergen"


def refused(password: str, person: Person = DANA) -> set[str]:
    """Return the codes of what speaks against a password."""
    try:
        validate_password(password, person)
    except ValidationError as faults:
        return {fault.code for fault in faults.error_list}
    return set()


@given(st.text(LETTER, max_size=14))
def test_fewer_than_15_letters_are_refused_whatever_they_are(password):
    assert "password_too_short" in refused(password)


@given(st.text(LETTER, min_size=15, max_size=400))
def test_15_letters_or_more_are_enough_whatever_they_are(password):
    assume(len(set(password)) > 8)
    assert refused(password) <= GUESSED


@given(ONE_KIND.flatmap(lambda kind: st.text(kind, min_size=15, max_size=80)))
def test_no_mixture_of_kinds_of_letters_is_asked_for(password):
    assert refused(password) <= GUESSED


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiopasdfghjkl",
        "1234567890123456",
        "0987654321098765",
        "aaaaaaaaaaaaaaaa",
        "abc123abc123abc",
        "passwordpassword",
        "Password1234567!",
        "milieu-milieu-1",
        "Milieu2026!!!!!!",
    ],
)
def test_what_is_guessed_first_is_refused_however_long(password):
    assert refused(password) & GUESSED


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery staple", "my milieu has green doors"]
)
def test_a_few_words_together_are_welcome(password):
    assert refused(password) == set()


@pytest.mark.parametrize("password", ["dana.reyes12345", "Dana Reyes Dana"])
def test_ones_own_name_is_refused(password):
    assert "password_too_similar" in refused(password)


def test_a_first_password_can_be_read_out_and_keeps_the_rules():
    assert not set(LETTERS) & set("0o1li")
    for password in (first_password() for _ in range(200)):
        groups = password.split("-")
        assert [len(group) for group in groups] == [5, 5, 5, 5]
        assert set("".join(groups)) <= set(LETTERS)
        assert refused(password) == set()


def test_no_two_first_passwords_are_alike():
    assert len({first_password() for _ in range(500)}) == 500


def test_passwords_are_hashed_by_argon2(settings):
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    assert identify_hasher(make_password(GOOD)).algorithm == "argon2"


@pytest.mark.parametrize("password", [GOOD, "ж" * 64, "  spaces at both ends  ", "x1" * 100])
def test_a_long_password_opens_the_account_as_it_was_typed(db, client, password):
    Person.objects.create_user("dana", "Dana Reyes", password)
    client.post(reverse("account_login"), {"login": "dana", "password": password})
    assert client.get(reverse("me")).status_code == 200


def test_the_sign_in_page_lets_a_password_be_pasted_and_be_long(db, client):
    page = client.get(reverse("account_login")).content.decode()
    field = page[page.index('id="id_password"') :].split(">", 1)[0]
    assert "maxlength" not in field
    assert "onpaste" not in page
    assert 'autocomplete="current-password"' in field


def try_(username: str, password: str, address: str = "10.0.0.7") -> int:
    """Return the status of one sign-in from an address."""
    form = {"login": username, "password": password}
    return Client(REMOTE_ADDR=address).post(reverse("account_login"), form).status_code


@pytest.fixture
def dana(db):
    return Person.objects.create_user("dana", "Dana Reyes", GOOD)


def test_ten_wrong_passwords_lock_the_account_wherever_they_come_from(dana):
    for number in range(10):
        try_("dana", "wrong", f"10.0.0.{number}")
    assert try_("dana", GOOD, "10.0.9.9") == 429


def test_writing_the_name_in_another_way_gives_no_more_tries(dana):
    for number in range(10):
        try_("DANA" if number % 2 else "Dana", "wrong")
    assert try_("dana", GOOD) == 429


def test_a_locked_account_locks_nobody_else_on_the_same_network(dana):
    Person.objects.create_user("lena", "Lena Ott", GOOD)
    for _ in range(12):
        try_("dana", "wrong")
    assert try_("lena", GOOD) == 302


def test_many_wrong_names_from_one_address_lock_nobody(dana):
    for number in range(30):
        try_(f"nobody-{number}", "wrong")
    assert try_("dana", GOOD) == 302


def test_the_right_password_forgets_the_wrong_ones(dana):
    for _ in range(2):
        for _ in range(9):
            try_("dana", "wrong")
        assert try_("dana", GOOD) == 302


def test_a_closed_account_opens_with_no_password(dana, client):
    Person.objects.filter(pk=dana.pk).update(is_active=False)
    try_("dana", GOOD)
    client.post(reverse("account_login"), {"login": "dana", "password": GOOD})
    assert client.get(reverse("me")).status_code == 302
