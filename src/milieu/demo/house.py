"""The invented hospital: two units, their rooms, and who works there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from milieu.census.models import Bed, Facility, Room, Unit
from milieu.demo.names import ENROL_CODE, PASSWORD, PIN, SOUTH_STAFF, STAFF
from milieu.people.models import Device, EnrolCode, Grant, Person, ShiftSession
from milieu.people.services import enrol_for, token_sha256

FACILITY = "Willow Creek (invented)"
ZONE = "America/New_York"
PHONES = 4
ROOMS = 12  # with two beds each
CODES_LAST = timedelta(days=365)


@dataclass(frozen=True)
class House:
    """All that a day needs."""

    north: Unit
    south: Unit
    beds: list[Bed]
    phones: list[Device]
    people: dict[str, list[Person]]  # by role, of North


def build(since: datetime) -> House:
    """Make the units, the staff with their roles from ``since`` on, and the enrolled phones."""
    facility = Facility.objects.create(name=FACILITY, code="WILLOW")
    north = Unit.objects.create(facility=facility, name="North", code="NORTH", time_zone=ZONE)
    south = Unit.objects.create(facility=facility, name="South", code="SOUTH", time_zone=ZONE)
    beds = _rooms(north, ROOMS, ("A", "B"))
    _rooms(south, 4, ("",))
    hashed, pin = make_password(PASSWORD), make_password(PIN)
    people = _employ(STAFF, north, since, password=hashed, pin=pin)
    _employ(SOUTH_STAFF, south, since, password=hashed, pin=pin)
    phones = [enrol_for(north, f"Phone {n}", by=None, at=since)[0] for n in range(1, PHONES + 1)]
    _sign_in_everywhere(people, phones, since)
    EnrolCode.objects.create(
        code_sha256=token_sha256(ENROL_CODE.replace("-", "")),
        unit=north,
        expires_at=since + CODES_LAST,
    )
    return House(north, south, beds, phones, people)


def _rooms(unit: Unit, count: int, beds: tuple[str, ...]) -> list[Bed]:
    made = []
    for number in range(1, count + 1):
        room = Room.objects.create(unit=unit, name=f"{number:02}")
        made += [Bed.objects.create(room=room, name=name) for name in beds]
    return made


def _employ(
    staff: tuple[tuple[str, str, str], ...], unit: Unit, since: datetime, *, password: str, pin: str
) -> dict[str, list[Person]]:
    by_role: dict[str, list[Person]] = {}
    for username, name, role in staff:
        person = Person.objects.create(
            username=username, name=name, password=password, pin_hash=pin
        )
        Grant.objects.create(person=person, role=role, unit=unit, starts_at=since)
        by_role.setdefault(role, []).append(person)
    return by_role


def _sign_in_everywhere(
    people: dict[str, list[Person]], phones: list[Device], since: datetime
) -> None:
    """Everyone who walks rounds has signed in on every phone once, so the phones know them."""
    ShiftSession.objects.bulk_create(
        ShiftSession(
            person=person,
            device=phone,
            token_sha256=token_sha256(f"{person.pk}{phone.pk}"),
            how="password",
            started_at=since,
            ends_at=since + timedelta(hours=8),
            ended_at=since + timedelta(hours=8),
        )
        for role in ("technician", "lead", "nurse")
        for person in people[role]
        for phone in phones
    )
