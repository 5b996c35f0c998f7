"""A small cast, always the same: a unit at night, who works there, and who is in care.

Dana is a technician, Lena leads, Nora is the nurse, Petra prescribes, Thea is the therapist, Mona
manages, Priya keeps privacy, Ivan keeps the system; Theo and Sana work on another unit.
Rosa and John are in care on North.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from milieu.admissions.services import admit
from milieu.census.models import Bed, Facility, Room, Stay, Unit
from milieu.census.services import Details, register
from milieu.kernel.ids import uuid7
from milieu.people.models import Device, Grant, Person
from milieu.people.rules import Role
from milieu.record.kinds import Draft
from milieu.record.ledger import Answer, append
from milieu.rounds.services import CHECK, order_level
from milieu.rounds.shape import SafetyCheck
from tests.made_once import made_once

ARRIVED = datetime(2026, 3, 1, 14, 10, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 2, 53, tzinfo=UTC)

LYING = SafetyCheck(
    outcome="seen", place="own-room", position="lying", eyes="closed", breathing="seen"
)


def employ(username: str, name: str, role: Role, *units: Unit) -> Person:
    """Return a person who works on these units, without a password."""
    person = Person.objects.create(username=username, name=name)
    for unit in units:
        Grant.objects.create(person=person, role=role, unit=unit, starts_at=LONG_AGO)
    return person


def unit_named(facility: Facility, name: str, *, zone: str = "UTC", rooms: int = 4) -> Unit:
    """Return a new unit with single rooms named 01, 02, …"""
    unit = Unit.objects.create(facility=facility, name=name, code=name.upper(), time_zone=zone)
    for number in range(1, rooms + 1):
        Bed.objects.create(room=Room.objects.create(unit=unit, name=f"{number:02}"))
    return unit


class Cast:
    """Everyone, in the test's own database."""

    facility: Facility
    north: Unit
    south: Unit
    dana: Person
    lena: Person
    nora: Person
    petra: Person
    thea: Person
    mona: Person
    priya: Person
    ivan: Person
    theo: Person
    sana: Person
    phone: Device
    rosa: Stay
    john: Stay

    def __init__(self) -> None:
        vars(self).update(made_once("cast", self._make))

    def _make(self) -> dict[str, Any]:
        self.facility = Facility.objects.create(name="Elm", code="ELM")
        self.north = unit_named(self.facility, "North")
        self.south = unit_named(self.facility, "South")
        self.dana = employ("dana", "Dana Reyes", Role.TECHNICIAN, self.north)
        self.lena = employ("lena", "Lena Ott", Role.LEAD, self.north)
        self.nora = employ("nora", "Nora Lind", Role.NURSE, self.north)
        self.petra = employ("petra", "Petra Holm", Role.PRESCRIBER, self.north)
        self.thea = employ("thea", "Thea Voss", Role.THERAPIST, self.north)
        self.mona = employ("mona", "Mona Quist", Role.MANAGER, self.north)
        self.priya = employ("priya", "Priya Nair", Role.PRIVACY, self.north)
        self.ivan = employ("ivan", "Ivan Dahl", Role.IT, self.north)
        self.theo = employ("theo", "Theo Banks", Role.TECHNICIAN, self.south)
        self.sana = employ("sana", "Sana Amin", Role.NURSE, self.south)
        self.phone = Device.objects.create(
            unit=self.north, name="Phone 1", token_sha256="1" * 64, enrolled_at=LONG_AGO
        )
        self.rosa = self.arrive("Rosa", "Martinez")
        self.john = self.arrive("John", "Tate")
        return vars(self)

    def arrive(
        self, given: str, family: str, *, at: datetime = ARRIVED, unit: Unit | None = None
    ) -> Stay:
        """Admit someone; on South, by its nurse."""
        unit = unit or self.north
        patient = register(
            self.facility,
            Details(
                identifiers=(("MRN", f"{given}-{family}"),),
                given_name=given,
                family_name=family,
                birth_date=date(1990, 5, 17),
            ),
        )
        nurse = self.nora if unit == self.north else self.sana
        return admit(entry_id=uuid7(), patient=patient, unit=unit, at=at, by=nurse)

    def order(self, stay: Stay, level: str = "q15", *, at: datetime = ARRIVED) -> None:
        """Order a level by the nurse of North."""
        order_level(
            entry_id=uuid7(),
            stay=stay,
            level=level,
            why="Admission",
            at=at,
            written_at=at,
            by=self.nora,
        )

    def check(self, stay: Stay, at: datetime = NIGHT, **changes: Any) -> Draft:
        """Return a check of Dana's, on the phone, on the spot. A test names what it is about."""
        given: dict[str, Any] = {
            "entry_id": uuid7(),
            "kind": CHECK,
            "stay_id": stay.pk,
            "author_id": self.dana.pk,
            "device_id": self.phone.pk,
            "happened_at": at,
            "written_at": at,
            "clock_offset_ms": 0,
            "clock_age_s": 60,
            "fact": LYING,
        }
        return Draft(**given | changes)

    def store(self, *drafts: Draft, received_at: datetime | None = None) -> list[Answer]:
        """Append a batch; received when the last of it was written, unless said otherwise."""
        late = max(draft.written_at for draft in drafts) + timedelta(seconds=1)
        return append(drafts, received_at=received_at or late)


def outcomes(answers: list[Answer]) -> list[str]:
    """Return what became of each: its code when it was refused, else its outcome."""
    return [answer.code or answer.outcome for answer in answers]


def seqs(answers: list[Answer]) -> dict[UUID, int | None]:
    """Return the place in the record that each got."""
    return {answer.id: answer.seq for answer in answers}
