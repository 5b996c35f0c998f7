"""Enrolling a phone, beginning a shift on it, and switching between people."""

import base64
from typing import Annotated, Any
from uuid import UUID

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from msgspec import Meta, Struct

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.access import needs_second_factor
from milieu.people.models import Device, Person, ShiftSession
from milieu.people.passwords import own_password
from milieu.people.services import (
    end_session,
    enrol,
    set_own_pin,
    start_session,
    unlock_by_badge,
    unlock_by_pin,
)
from milieu.phone.http import answer, door, read
from milieu.phone.speaker import device_of, speaker

Text = Annotated[str, Meta(max_length=200)]


class Enrolment(Struct):
    code: Text
    name: Text = ""


class SignIn(Struct):
    username: Text
    password: Annotated[str, Meta(max_length=4096)]
    otp: Text | None = None
    new_password: Annotated[str, Meta(max_length=4096)] = ""  # in the place of a first one


class Unlock(Struct):
    person: UUID | None = None
    pin: Text = ""
    badge: Text = ""


class NewPin(Struct):
    pin: Text


@door
@require_POST
def enrol_phone(request: HttpRequest) -> HttpResponse:
    """Enrol this phone by a code that a lead gave."""
    said = read(request, Enrolment)
    device, token = enrol(said.code, said.name, at=clock.now())
    return answer({"device": _device(device), "device_token": token}, 201)


@door
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a shift on this phone, with a password and, where it is set up, a second factor."""
    device = device_of(request)
    said = read(request, SignIn)
    username = storable(said.username, field="username")
    person = authenticate(request, username=username, password=said.password)
    if vars(request).pop("axes_locked_out", False):  # this door says it itself, as JSON
        raise Refusal("too-many-requests", _("Too many tries. Wait a quarter of an hour."))
    if not isinstance(person, Person):
        raise Refusal("not-recognised", _("User name or password is not right. Try again."))
    _second_factor(request, person, said.otp)
    if person.password_is_first:
        own_password(person, said.new_password, at=clock.now())
    return _begun(*start_session(person, device, how="password", at=clock.now()))


def _second_factor(request: HttpRequest, person: Person, otp: str | None) -> None:
    factor = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    if factor is None:
        # A passkey that asks at a desk is no way past it here: a phone can only ask for a code.
        if needs_second_factor(person) or is_mfa_enabled(person):
            raise Refusal(
                "second-factor-missing",
                _("Phones ask for a code of an authenticator app. Set one up in the pages first."),
            )
        return
    if not otp:
        raise Refusal("otp-missing", _("Enter the code of your authenticator app."), field="otp")
    tries = {"action": "login_failed", "key": f"mfa-auth-user-{person.pk}"}  # as the pages count
    if not ratelimit.consume(request, **tries):
        raise Refusal("too-many-requests", _("Too many tries. Wait a quarter of an hour."))
    if not factor.wrap().validate_code(otp):
        raise Refusal(
            "not-recognised", _("This code is not right. Wait for the next one."), field="otp"
        )
    ratelimit.clear(request, **tries)


@door
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Switch to a person by PIN or badge, inside their shift."""
    device = device_of(request)
    said = read(request, Unlock)
    if said.badge:
        return _begun(*unlock_by_badge(device, said.badge, at=clock.now()))
    if said.person is None:
        raise Refusal("wrong-shape", _("Give a badge, or a person and a PIN."), field="person")
    return _begun(*unlock_by_pin(device, said.person, said.pin, at=clock.now()))


@door
@require_POST
def pin(request: HttpRequest) -> HttpResponse:
    """Set one's own PIN, in a session that the password began."""
    set_own_pin(speaker(request), read(request, NewPin).pin)
    return HttpResponse(status=204)


@door
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End one's time on this phone."""
    end_session(speaker(request, ended_too=True), at=clock.now())
    return HttpResponse(status=204)


def _begun(session: ShiftSession, token: str) -> HttpResponse:
    person = session.person
    return answer(
        {
            "session": {
                "token": token,
                "starts_at": clock.rfc3339(session.started_at),
                "ends_at": clock.rfc3339(session.ends_at),
            },
            "person": {"id": person.pk, "name": person.short_name, "initials": person.initials},
            "pin_set": bool(person.pin_hash),
            "phone_key": _phone_key(session.device),
        },
        201,
    )


def _phone_key(device: Device) -> str:
    """Return the key that this phone wraps its own with.

    With it, whoever signs in can send what another wrote and left.
    """
    key = salted_hmac("milieu.phone.key", device.pk.bytes, algorithm="sha256").digest()
    return base64.b64encode(key).decode()


def _device(device: Device) -> dict[str, Any]:
    unit = {"id": device.unit_id, "name": device.unit.name}
    return {"id": device.pk, "name": device.name, "unit": unit}
