"""Phones, shift sessions, PINs and badges: who is speaking, and how that is shown."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.access import may, require
from milieu.people.models import Device, EnrolCode, Person, ShiftSession
from milieu.people.rules import Action

if TYPE_CHECKING:
    from milieu.census.models import Unit

Enrolled = Literal["phone", "screen"]  # what a code is good for

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look alike
CODE_LENGTH = 8  # 31^8: guessing one of them within its ten minutes is hopeless
CODE_LIFE = timedelta(minutes=10)
SHIFT_MAX = timedelta(hours=14)  # one long shift
PUSH_GRACE = timedelta(hours=72)  # an ended session still stands behind what was written in it
BEGINS_SHIFT = ("password", "passkey")  # a PIN or a badge only unlocks
PIN = re.compile(r"[0-9]{6,10}")
PIN_MISSES_MAX = 5
BADGE_MISSES_MAX = 10  # more than a worn badge and a cold hand need
BADGE_LENGTH_MIN = 6
NAME_MAX = 60  # of a phone, or a screen


def token_sha256(token: str) -> str:
    """Return what is stored of a token: its hash."""
    return sha256(token.encode()).hexdigest()


def new_enrol_code(
    unit: Unit, *, by: Person | None, at: datetime, enrols: Enrolled = "phone"
) -> str:
    """Return a code that enrols one phone or screen within ten minutes: ``7F3K-92QX``."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    EnrolCode.objects.create(
        code_sha256=token_sha256(letters),
        enrols=enrols,
        unit=unit,
        made_by=by,
        expires_at=at + CODE_LIFE,
    )
    return f"{letters[:4]}-{letters[4:]}"


@transaction.atomic
def enrol(code: str, name: str, *, at: datetime) -> tuple[Device, str]:
    """Enrol a phone by a code. Return it with its token, which is shown this once.

    Raises:
        Refusal ``code-unknown``: never given, used before, or too old.
        Refusal ``text-unusable``: the name.
    """
    found = use_code(code, enrols="phone", at=at)
    return enrol_for(found.unit, name, by=found.made_by, at=at)


def use_code(code: str, *, enrols: Enrolled, at: datetime) -> EnrolCode:
    """Return the code that was typed, which is used up with it.

    Raises:
        Refusal ``code-unknown``: never given, given for something else, used before, or too old.
    """
    letters = re.sub(r"[^0-9A-Z]", "", code.upper())
    codes = EnrolCode.objects.filter(
        code_sha256=token_sha256(letters), enrols=enrols, used_at=None, expires_at__gt=at
    )
    found = codes.select_related("unit", "made_by").first()
    if found is None or not codes.update(used_at=at):
        raise Refusal(
            "code-unknown",
            _("This code is not known, was used, or is older than ten minutes. Ask for a new one."),
            field="code",
        )
    return found


def enrol_for(unit: Unit, name: str, *, by: Person | None, at: datetime) -> tuple[Device, str]:
    """Enrol a phone for a unit without a code: what the command line does.

    Raises:
        Refusal ``text-unusable``: the name.
    """
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        unit=unit,
        name=own_name(unit.devices.all(), storable(name, field="name")[:NAME_MAX] or _("Phone")),
        token_sha256=token_sha256(token),
        enrolled_by=by,
        enrolled_at=at,
    )
    return device, token


def own_name(others: QuerySet[Any], name: str) -> str:
    """Return this name, with a number where another of a unit's phones, or screens, goes by it.

    Of two that are called alike nobody knows which one was lost. It is not refused for that:
    somebody stands there with a code, and a phone that was wiped comes back under its own name.
    """
    used = {
        each.casefold() for each in others.filter(retired_at=None).values_list("name", flat=True)
    }
    numbered = (f"{name[: NAME_MAX - 6]} ({number})" for number in count(2))
    return next(each for each in chain([name], numbered) if each.casefold() not in used)


def retire(device: Device, *, by: Person, at: datetime) -> None:
    """Stop a phone: lost, broken or sold. Its sessions end with it.

    Raises:
        Refusal ``not-allowed``: a lead or the manager of its unit does this.
    """
    require(by, Action.ENROL_PHONE, device.unit_id)
    Device.objects.filter(pk=device.pk, retired_at=None).update(retired_at=at)
    ShiftSession.objects.filter(device=device, ended_at=None).update(ended_at=at)


def phone_of(token: str) -> Device | None:
    """Return the enrolled phone that holds this token, or None."""
    return (
        Device.objects.filter(token_sha256=token_sha256(token), retired_at=None)
        .select_related("unit")
        .first()
    )


def start_session(
    person: Person, device: Device, *, how: str, at: datetime, ends_at: datetime | None = None
) -> tuple[ShiftSession, str]:
    """Begin a person's time at work on a phone. Return it with its token, which is shown this once.

    Raises:
        Refusal ``not-on-this-unit``: the person has no role where this phone belongs.
    """
    if not may(person, Action.SEE, device.unit_id):
        raise Refusal(
            "not-on-this-unit",
            _("You have no role on %(unit)s. Ask the unit manager.") % {"unit": device.unit},
        )
    token = secrets.token_urlsafe(32)
    session = ShiftSession.objects.create(
        person=person,
        device=device,
        token_sha256=token_sha256(token),
        how=how,
        started_at=at,
        ends_at=ends_at or at + SHIFT_MAX,
    )
    if how == "password":
        Person.objects.filter(pk=person.pk).update(pin_misses=0)
        Device.objects.filter(pk=device.pk).update(badge_misses=0)
    return session, token


def unlock_by_pin(
    device: Device, person_id: UUID, pin: str, *, at: datetime
) -> tuple[ShiftSession, str]:
    """Switch to a person by PIN, inside a shift that they began with a password.

    Raises:
        Refusal ``sign-in-first``: no such shift, no PIN, or five wrong PINs.
        Refusal ``pin-wrong``.
    """
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    began = _shift(device, person, at) if person else None
    if person is None or began is None or not person.pin_hash:
        raise _sign_in_first()
    # Counted before it is checked, so that many tries at once are counted too.
    left = Person.objects.filter(pk=person.pk, pin_misses__lt=PIN_MISSES_MAX)
    if not left.update(pin_misses=F("pin_misses") + 1):
        raise _sign_in_first()
    if not check_password(pin, person.pin_hash):
        raise Refusal("pin-wrong", _("This PIN is not right. Try again."), field="pin")
    Person.objects.filter(pk=person.pk).update(pin_misses=0)
    return start_session(person, device, how="pin", at=at, ends_at=began.ends_at)


def unlock_by_badge(device: Device, badge: str, *, at: datetime) -> tuple[ShiftSession, str]:
    """Switch to the person who holds this badge, inside a shift that they began with a password.

    Raises:
        Refusal ``sign-in-first``: no such badge, no such shift, or ten that were not on this phone.
            All sound the same.
    """
    phone = Device.objects.filter(pk=device.pk)
    # Counted before it is looked up, so that many tries at once are counted too. A badge that opens
    # takes its own count back and no more: with one's own, others could be guessed without end.
    counted = phone.filter(badge_misses__lt=BADGE_MISSES_MAX).update(
        badge_misses=F("badge_misses") + 1
    )
    person = Person.objects.filter(badge_sha256=_badge_sha256(badge), is_active=True).first()
    began = _shift(device, person, at) if person else None
    if not counted or person is None or began is None:
        raise _sign_in_first()
    phone.filter(badge_misses__gt=0).update(badge_misses=F("badge_misses") - 1)
    return start_session(person, device, how="badge", at=at, ends_at=began.ends_at)


def _shift(device: Device, person: Person, at: datetime) -> ShiftSession | None:
    """Return the sign-in with a password that this person's shift on this unit rests on."""
    return (
        ShiftSession.objects.filter(
            person=person,
            device__unit=device.unit_id,
            how__in=BEGINS_SHIFT,
            ended_at=None,
            ends_at__gt=at,
        )
        .order_by("-started_at")
        .first()
    )


def _sign_in_first() -> Refusal:
    return Refusal(
        "sign-in-first", _("Sign in with your user name and password to begin your shift.")
    )


def end_session(session: ShiftSession, *, at: datetime) -> None:
    """End a person's time on a phone, and the shift that it rests on, whichever phone began it.

    What a PIN or a badge opens ends when the sign-in ends by which it did: so they are known. What
    is over already ends nothing more: its token may lie about, and today's shift is another.
    """
    if session.ended_at or session.ends_at <= at:
        return
    here = Q(device=session.device_id)
    same_shift = Q(device__unit=session.device.unit_id, ends_at=session.ends_at)
    ShiftSession.objects.filter(here | same_shift, person=session.person_id, ended_at=None).update(
        ended_at=at
    )


def end_on_phones(person: Person, *, at: datetime, but_on: Iterable[Unit] = ()) -> None:
    """End every session of this person on phones, except on those of some units.

    An ended session can still send what was written in it, and nothing else.
    """
    sessions = ShiftSession.objects.filter(person=person, ended_at=None)
    sessions.exclude(device__unit__in=list(but_on)).update(ended_at=at)


def set_own_pin(session: ShiftSession, pin: str) -> None:
    """Set one's own PIN on a phone, where the password was typed.

    What a badge or a PIN opened is not enough: whoever found the one or saw the other would make
    a PIN of their own for it.

    Raises:
        Refusal ``sign-in-first``: a badge or a PIN opened this session.
        Refusal ``pin-too-simple``: as ``set_pin``.
    """
    if session.how not in BEGINS_SHIFT:
        raise _sign_in_first()
    set_pin(session.person, pin)


def set_pin(person: Person, pin: str) -> None:
    """Set the PIN that unlocks a phone inside a shift.

    Raises:
        Refusal ``pin-too-simple``: not six to ten digits, all alike, or a run.
    """
    run = "01234567890123456789"
    simple = len(set(pin)) < 3 or pin in run or pin in run[::-1]
    if not PIN.fullmatch(pin) or simple:
        raise Refusal(
            "pin-too-simple",
            _("Choose six to ten digits that are not all alike and not a run such as 123456."),
            field="pin",
        )
    Person.objects.filter(pk=person.pk).update(pin_hash=make_password(pin), pin_misses=0)


def clear_pin(person: Person) -> None:
    """Forget a person's PIN; they set a new one after signing in with the password."""
    Person.objects.filter(pk=person.pk).update(pin_hash="", pin_misses=0)


def set_badge(person: Person, badge: str) -> None:
    """Keep the hash of a badge's code; an empty code takes the badge away.

    Raises:
        Refusal ``badge-too-short``, ``badge-taken``.
    """
    badge = badge.strip()
    if not badge:
        Person.objects.filter(pk=person.pk).update(badge_sha256=None)
        return
    if len(badge) < BADGE_LENGTH_MIN:
        raise Refusal(
            "badge-too-short", _("Scan the badge again; its code was too short."), field="badge"
        )
    hashed = _badge_sha256(badge)
    if Person.objects.filter(badge_sha256=hashed).exclude(pk=person.pk).exists():
        raise Refusal("badge-taken", _("This badge belongs to someone else."), field="badge")
    Person.objects.filter(pk=person.pk).update(badge_sha256=hashed)


def _badge_sha256(badge: str) -> str:
    """Return a keyed hash: badge codes are short, and a copy of the database must not tell them."""
    return salted_hmac("milieu.people.badge", badge.strip(), algorithm="sha256").hexdigest()
