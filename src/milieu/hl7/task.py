"""One instruction on its way: who is meant, where they go, when it was, what to tell."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from milieu.admissions import services as admissions
from milieu.census import services as census
from milieu.census.identity import identify
from milieu.census.models import Bed, Facility, Patient, Stay, Unit
from milieu.hl7 import times
from milieu.hl7.answers import missing
from milieu.hl7.desk import Desk
from milieu.hl7.meaning import Instruction, Who
from milieu.hl7.messages import Message, Place
from milieu.kernel.errors import Refusal

ZONES = timedelta(days=1)  # a day begins somewhere before it begins here


@dataclass
class Task:
    """One instruction on its way, with what was found out about it."""

    said: Instruction
    message: Message
    desk: Desk
    entry_id: UUID
    notes: list[str] = field(default_factory=list)
    stored: bool = True  # whether anything came of it
    timed_by: str = ""  # where the time that was used stands

    @property
    def who(self) -> Who:
        return self.said.who

    @property
    def source(self) -> str:
        """How the record names the sender: ``ADT^A01 from GENHOSP``."""
        return (
            f"ADT^{self.said.event} from {self.message.facility[:100] or 'a sender without a name'}"
        )

    def blame(self, name: str) -> str:
        """Return where in the message a service's own field came from."""
        return {
            "at": self.timed_by or "EVN^1^2",
            "what": "MSH^1^9^2",
            "unit": "PV1^1^3^1",
            "identifiers": f"{self.who.at}^3",
        }.get(name, self.who.at)

    def unit(self) -> Unit:
        """Return where PV1-3 sends this person.

        Raises:
            Refusal: it is none of our units, and no other was chosen for such people.
        """
        code = self.said.visit.place.point_of_care
        if found := self.desk.destinations.named(code):
            return found
        fallback = self.desk.destinations.fallback
        what = (
            "PV1-3.1 is empty" if not code else f"PV1-3.1 is {code[:60]!r}, not a unit's code here"
        )
        if fallback is None:
            raise Refusal(
                "value-unknown" if code else "field-missing",
                f"{what}. Send the code of a unit, or name one with --unit.",
                field="PV1^1^3^1",
            )
        self.notes.append(f"{what}: {fallback} was used.")
        return fallback

    def facility(self) -> Facility:
        """Return the facility whose numbers these are."""
        place = self.said.visit.place.point_of_care
        unit = self.desk.destinations.named(place) or self.desk.destinations.fallback
        facility = unit.facility if unit else self.desk.destinations.facility()
        if facility is None:
            text = "There are several facilities, and PV1-3 names none of their units. Use --unit."
            raise Refusal("value-unknown", text, field="PV1^1^3^1")
        return facility

    def at(self, unit: Unit | None) -> datetime:
        """Return when it happened; the time of taking in where the message does not say."""
        zone = times.zone_of(self.message.sent_at, unit.zone if unit else UTC)
        moment = times.first(self.said.times, zone)
        if moment is None:
            self.notes.append(
                "The message says no time exact to the day: the time of taking in was used."
            )
            return self.desk.received_at
        self.timed_by = moment.location
        if moment.digits < times.TO_THE_MINUTE:
            self.notes.append(f"{moment.location} is not exact to the minute: taken as written.")
        return moment.at

    def occurred_at(self, unit: Unit) -> datetime | None:
        """Return the time of EVN-6, when the event occurred, or None."""
        zone = times.zone_of(self.message.sent_at, unit.zone)
        moment = times.first([("EVN^1^6", self.message.occurred_at)], zone)
        return moment.at if moment else None

    def find(self) -> Patient | None:
        """Return whom these numbers mean, or None.

        Raises:
            Refusal: those of ``identify``.
        """
        return identify(self.facility(), self.details())

    def known(self) -> Patient:
        """Return whom the message means.

        Raises:
            Refusal ``key-unknown``: nobody here has this number.
        """
        if patient := self.find():
            return patient
        text = "Nobody here has the number in PID-3. Send the A01 first."
        raise Refusal("key-unknown", text, field=f"{self.who.at}^3")

    def open_stay(self) -> Stay:
        """Return the stay that this person has now.

        Raises:
            Refusal ``key-unknown``: they are not in care here.
        """
        if stay := admissions.open_stay(self.known()):
            return stay
        text = "This person is not in care on any unit here now. Send the A01 first."
        raise Refusal("key-unknown", text, field=f"{self.who.at}^3")

    def register(self, more: tuple[tuple[str, str], ...] = ()) -> Patient:
        """Make the person known, or bring what is known up to date."""
        if not (self.who.family_name or self.who.given_name) and not self.find():
            raise missing(f"{self.who.at}^5", "A person who is new here needs a name.")
        born = self.who.birth_date
        if born and born > self.desk.received_at.date() + ZONES:
            place = f"{self.who.at}^7"
            raise Refusal("data-type", f"{place} has not come yet. Correct it.", field=place)
        return census.register(self.facility(), self.details(more))

    def details(self, more: tuple[tuple[str, str], ...] = ()) -> census.Details:
        """Return what the message says of the person, with ``more`` numbers."""
        return census.Details(
            identifiers=(*self.who.numbers, *more),
            family_name=self.who.family_name,
            given_name=self.who.given_name,
            preferred_name=self.who.preferred_name,
            birth_date=self.who.birth_date,
            sex=self.who.sex,
        )


def bed_named(
    place: Place, unit: Unit, notes: list[str], *, besides: Stay | None = None
) -> Bed | None:
    """Return the bed that PV1-3 names on this unit. People may be admitted without one.

    Somebody else than ``besides``, whom the message is about, may be in it: who moves out is often
    sent after who moves in. It is noted.
    """
    if not (place.room or place.bed):
        return None
    room, name = place.room.casefold(), place.bed.casefold()
    for bed in Bed.objects.filter(room__unit=unit).select_related("room"):
        own_room, own = bed.room.name.casefold(), bed.name.casefold()
        if (own_room, own) == (room, name) or f"{own_room}{own}" == name:
            if admissions.is_taken(bed, besides=besides):
                notes.append(
                    f"Bed {bed} of {unit} has somebody already: move them, or this person."
                )
            return bed
    notes.append(f"PV1-3 names a room or bed that {unit} does not have: no bed was given.")
    return None
