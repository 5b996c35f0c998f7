"""Beginning a shift on a phone with a second factor, and what tries without end come to."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.hashers import check_password

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people import services
from milieu.people.models import Person, ShiftSession
from milieu.people.services import BADGE_MISSES_MAX, new_enrol_code, set_badge, set_pin
from tests.cast import Cast
from tests.phone.test_push import Phone

PASSWORD = "walk-softly-at-night"  # noqa: S105 (of nobody)
PIN = "482913"
TRIES = 20  # in a quarter of an hour, as config/settings.py says


@pytest.fixture
def phone(db):
    return Phone(Cast())


def code_now(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def wrong(secret):
    known = {
        totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + n))
        for n in range(-3, 4)
    }
    return next(code for code in ("111111", "222222", "333333", "444444") if code not in known)


def begin(phone, otp=None):
    said = {"username": phone.cast.dana.username, "password": PASSWORD}
    return phone.post("session", said | ({"otp": otp} if otp else {}))


@pytest.fixture
def secret(phone):
    phone.cast.dana.set_password(PASSWORD)
    phone.cast.dana.save()
    made = totp.generate_totp_secret()
    totp.TOTP.activate(phone.cast.dana, made)
    return made


def test_a_second_factor_that_was_set_up_is_asked_for_and_opens_the_shift(phone, secret):
    assert begin(phone).json()["code"] == "otp-missing"
    assert begin(phone, wrong(secret)).json()["code"] == "not-recognised"
    assert begin(phone, code_now(secret)).status_code == 201


def test_who_has_a_passkey_alone_begins_no_shift_by_the_password_alone(phone):
    phone.cast.dana.set_password(PASSWORD)
    phone.cast.dana.save()
    assert begin(phone).status_code == 201

    Authenticator.objects.create(user=phone.cast.dana, type=Authenticator.Type.WEBAUTHN, data={})

    assert begin(phone).json()["code"] == "second-factor-missing"


def test_after_twenty_wrong_codes_of_a_second_factor_the_right_one_waits_too(phone, secret):
    for _ in range(TRIES):
        assert begin(phone, wrong(secret)).json()["code"] == "not-recognised"
    assert begin(phone, code_now(secret)).json()["code"] == "too-many-requests"


def test_after_ten_wrong_passwords_the_phone_is_told_to_wait_as_a_program_reads_it(phone):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = begin(phone)

    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    assert "quarter of an hour" in answer.json()["message"]
    assert answer["Retry-After"] == str(15 * 60)


def test_of_many_wrong_pins_at_once_no_more_than_five_are_looked_at(phone, monkeypatch):
    dana, device = phone.cast.dana, phone.device
    set_pin(dana, PIN)
    meanwhile, said, shift = iter(range(11)), [], services._shift

    def unlock():
        with pytest.raises(Refusal) as refusal:
            services.unlock_by_pin(device, dana.pk, "000111", at=clock.now())
        said.append(refusal.value.code)

    def another_comes_meanwhile(*about):
        if next(meanwhile, None) is not None:
            unlock()
        return shift(*about)

    monkeypatch.setattr(services, "_shift", another_comes_meanwhile)
    unlock()

    assert (said.count("pin-wrong"), said.count("sign-in-first")) == (5, 7)


def test_who_signs_out_is_out_on_every_phone_that_the_same_sign_in_opened(phone):
    first, second = phone, Phone(phone.cast)
    ShiftSession.objects.filter(device=second.device).delete()
    set_pin(phone.cast.dana, PIN)
    unlock = {"person": str(phone.cast.dana.pk), "pin": PIN}
    begun = second.post("unlock", unlock).json()
    second.session = begun["session"]["token"]
    assert second.pull().status_code == 200

    assert second.post("sign-out", {}).status_code == 204

    assert first.pull().json()["code"] == "session-ended"
    assert second.post("unlock", unlock).json()["code"] == "sign-in-first"


def test_after_ten_badges_that_are_none_a_phone_takes_no_badge_until_someone_signs_in(phone):
    set_badge(phone.cast.dana, "ELM-000417")
    for number in range(BADGE_MISSES_MAX):
        assert (
            phone.post("unlock", {"badge": f"ELM-00{number}999"}).json()["code"] == "sign-in-first"
        )
    assert phone.post("unlock", {"badge": "ELM-000417"}).json()["code"] == "sign-in-first"

    phone.sign_in(phone.cast.dana)

    assert phone.post("unlock", {"badge": "ELM-000417"}).status_code == 201


@pytest.mark.parametrize("text", ["\x00", "da\x00na"])
@pytest.mark.parametrize("field", ["username", "password", "otp", "new_password"])
def test_a_sign_in_with_what_no_database_keeps_is_one_refusal(phone, field, text):
    said = {"username": "dana", "password": PASSWORD} | {field: text}
    answer = phone.post("session", said)
    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"code", "message", "field"}


@pytest.mark.parametrize("text", ["\x00", "7F3K\x0092QX"])
@pytest.mark.parametrize("field", ["code", "name", "pin", "badge"])
def test_whatever_else_is_typed_at_the_lock_is_one_refusal(phone, field, text):
    code = new_enrol_code(phone.cast.north, by=phone.cast.lena, at=clock.now())
    enrolment = {"code": code, "name": "Phone 4", field: text}
    unlocking = {"person": str(phone.cast.dana.pk), field: text}
    door, said = ("enrol", enrolment) if field in ("code", "name") else ("unlock", unlocking)
    answer = phone.post(door, said)
    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"code", "message", "field"}


@pytest.mark.parametrize("secret_of", ["badge", "pin"])
def test_a_pin_is_set_where_the_password_was_typed_and_by_no_badge_or_pin(phone, secret_of):
    dana = phone.cast.dana
    set_badge(dana, "ELM-000417")
    set_pin(dana, PIN)
    kept = {"badge": {"badge": "ELM-000417"}, "pin": {"person": str(dana.pk), "pin": PIN}}
    by_password = phone.session
    phone.session = phone.post("unlock", kept[secret_of]).json()["session"]["token"]

    assert phone.post("pin", {"pin": "739154"}).json()["code"] == "sign-in-first"
    assert check_password(PIN, Person.objects.get(pk=dana.pk).pin_hash)

    phone.session = by_password
    assert phone.post("pin", {"pin": "739154"}).status_code == 204


def test_a_badge_that_opens_a_phone_forgets_no_miss_and_is_none(phone):
    set_badge(phone.cast.dana, "ELM-000417")
    for number in range(BADGE_MISSES_MAX - 1):
        assert phone.post("unlock", {"badge": "ELM-000417"}).status_code == 201
        phone.post("unlock", {"badge": f"ELM-00{number}999"})
    for _ in range(3):
        assert phone.post("unlock", {"badge": "ELM-000417"}).status_code == 201

    phone.post("unlock", {"badge": "ELM-009999"})

    assert phone.post("unlock", {"badge": "ELM-000417"}).json()["code"] == "sign-in-first"


def test_a_token_of_a_shift_that_is_over_signs_nobody_out_of_the_next(phone):
    over = phone.session
    phone.post("sign-out", {})
    phone.sign_in(phone.cast.dana)
    today, phone.session = phone.session, over

    assert phone.post("sign-out", {}).status_code == 204

    phone.session = today
    assert phone.pull().status_code == 200
