"""An invented hospital to measure: units full of people, phones signed in, a reader of boards."""

import secrets
import sys
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import transaction
from msgspec import Struct

from milieu.admissions.services import admit
from milieu.census.models import Facility, Stay, Unit
from milieu.census.places import open_unit
from milieu.census.services import Details, register
from milieu.demo.names import FAMILY, GIVEN
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Grant, Person
from milieu.people.rules import Role
from milieu.people.services import enrol_for, start_session
from milieu.record import anchors
from milieu.rounds.services import order_level

STAYED = timedelta(days=1100)  # since admission: room for 100,000 checks, 15 minutes apart
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Phone(Struct, frozen=True):
    """An enrolled phone with a technician at work on it."""

    device: UUID
    author: UUID
    device_token: str
    session_token: str
    anchor: str  # signed when this house was made


class Ward(Struct, frozen=True):
    """A unit, who is in care there, its phones, and the cookie of a nurse who sees its board."""

    unit: UUID
    stays: list[UUID]
    phones: list[Phone]
    cookie: str


class Asked(Struct, frozen=True):
    """How large: so many units of so many people, each with so many phones."""

    units: int
    people: int
    phones: int


class House(Struct, frozen=True):
    """What the load generator needs to know."""

    made_at: datetime
    wards: list[Ward]


def main(asked: str) -> None:
    """Make the tables and the hospital; print the house as JSON."""
    call_command("migrate", verbosity=0)
    sys.stdout.buffer.write(msgspec.json.encode(build(msgspec.json.decode(asked, type=Asked))))


@transaction.atomic
def build(asked: Asked) -> House:
    """Make the hospital in an empty database."""
    now = clock.now()
    facility = Facility.objects.create(name="Measured (invented)", code="BENCH")
    wards = [_ward(facility, number, asked, now) for number in range(1, asked.units + 1)]
    return House(made_at=now, wards=wards)


def _ward(facility: Facility, number: int, asked: Asked, now: datetime) -> Ward:
    unit = open_unit(
        facility,
        name=f"Unit {number}",
        code=f"U{number}",
        time_zone="America/New_York",
        pack_name="inpatient",
        rooms=[f"{room:02}" for room in range(1, asked.people + 1)],
        beds=1,
    )
    nurse = _employ(f"nurse-{number}", "Nora Lind", Role.NURSE, unit, now)
    phones = [_phone(unit, number, place, now) for place in range(1, asked.phones + 1)]
    stays = [_in_care(unit, place, nurse, now) for place in range(asked.people)]
    return Ward(
        unit=unit.pk, stays=sorted(stay.pk for stay in stays), phones=phones, cookie=_cookie(nurse)
    )


def _employ(username: str, name: str, role: Role, unit: Unit, now: datetime) -> Person:
    person = Person.objects.create(username=username, name=name)
    Grant.objects.create(person=person, role=role, unit=unit, starts_at=now - STAYED)
    return person


def _phone(unit: Unit, number: int, place: int, now: datetime) -> Phone:
    author = _employ(f"technician-{number}-{place}", "Dana Reyes", Role.TECHNICIAN, unit, now)
    device, device_token = enrol_for(unit, f"Phone {place}", by=None, at=now - STAYED)
    _, session_token = start_session(author, device, how="password", at=now)
    return Phone(
        device=device.pk,
        author=author.pk,
        device_token=device_token,
        session_token=session_token,
        anchor=anchors.issue(device.pk, now),
    )


def _in_care(unit: Unit, place: int, nurse: Person, now: datetime) -> Stay:
    at = now - STAYED
    patient = register(
        unit.facility,
        Details(
            identifiers=(("MRN", secrets.token_hex(8)),),
            given_name=GIVEN[place % len(GIVEN)],
            family_name=FAMILY[(place * 7) % len(FAMILY)],
            birth_date=date(1960 + place % 40, 5, 17),
        ),
    )
    stay = admit(entry_id=uuid7(), patient=patient, unit=unit, at=at, by=nurse)
    order_level(
        entry_id=uuid7(), stay=stay, level="q15", why="Admission", at=at, written_at=at, by=nurse
    )
    return stay


def _cookie(person: Person) -> str:
    """Sign this person in to the pages; return the key of their session."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    assert session.session_key, "A session that was made has a key."
    return session.session_key
