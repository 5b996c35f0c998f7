"""One instruction on its way: who is meant, where they go, when it was, what to tell."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from uuid import UUID

from milieu.admissions import services as admissions
from milieu.census import services as census
from milieu.census.destinations import Desk
from milieu.census.identity import PERHAPS_KNOWN, identify, is_perhaps_known
from milieu.census.models import Bed, Facility, Patient, Stay, Unit
from milieu.hl7 import times
from milieu.hl7.answers import missing
from milieu.hl7.meaning import Instruction, Who
from milieu.hl7.messages import Message, Place
from milieu.kernel.errors import Refusal

ZONES = timedelta(days=1)  # a day begins somewhere before it begins here
NOT_STAYING = frozenset({"E", "O", "P", "R"})  # PV1-2, table 0004: emergency, outpatient, to come
VISIT_SLACK = timedelta(hours=1)  # one visit's time of admission is told differently by less


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

    def named(self) -> Unit | None:
        """Return the unit of ours that PV1-3 names, or None."""
        place = self.said.visit.place
        return self.desk.destinations.named(place.point_of_care, place.facility)

    def came_from(self) -> Unit | None:
        """Return the unit of ours that PV1-6, the prior location, names, or None."""
        prior = self.said.visit.prior
        return self.desk.destinations.named(prior.point_of_care, prior.facility)

    def unit(self) -> Unit:
        """Return where PV1-3 sends this person.

        Raises:
            Refusal: it is none of our units, and no other was chosen for such people.
        """
        if found := self.named():
            return found
        what, code, component = self._why_not_named()
        fallback = self.desk.destinations.fallback
        other = self.desk.destinations.facility_named(self.said.visit.place.facility)
        if fallback is None or (other and other != fallback.facility):
            text = f"{what}. Send the code of a unit, or name one with --unit."
            raise Refusal(code, text, field=f"PV1^1^3^{component}")
        self.notes.append(f"{what}: {fallback} was used.")
        return fallback

    def _why_not_named(self) -> tuple[str, str, int]:
        """Return why PV1-3 names none of our units: words, a code, and the component."""
        place = self.said.visit.place
        if not self.said.visit.at:
            return "There is no PV1 segment", "field-missing", 1
        if not place.point_of_care:
            return "PV1-3.1 is empty", "field-missing", 1
        unit = f"{place.point_of_care[:60]!r}"
        if place.facility and self.desk.destinations.named(place.point_of_care):
            said = f"PV1-3.4 is {place.facility[:60]!r}, and {unit} is a unit of another facility"
            return said, "value-unknown", 4
        return f"PV1-3.1 is {unit}, not a unit's code here", "value-unknown", 1

    def facility(self) -> Facility:
        """Return the facility whose numbers these are."""
        places = self.desk.destinations
        if unit := self.named():
            return unit.facility
        facility = places.facility_named(self.said.visit.place.facility) or places.facility()
        if facility is None:
            text = "There are several facilities, and PV1-3 names none of their units. Use --unit."
            raise Refusal("value-unknown", text, field="PV1^1^3^1")
        return facility

    def zone(self, unit: Unit | None) -> tzinfo:
        """Return the zone of times that name none: the message's, else the unit's."""
        return times.zone_of(self.message.sent_at, unit.zone if unit else UTC)

    def at(self, unit: Unit | None, *, after: datetime | None = None) -> datetime:
        """Return when it happened; the time of taking in where the message does not say.

        Of the two readings of a time that the clock showed twice, the earlier one that does not lie
        before ``after``, when what it ends began.
        """
        moment = times.first(self.said.times, self.zone(unit))
        if moment is None:
            self.notes.append(
                "The message says no time exact to the day: the time of taking in was used."
            )
            return self.desk.received_at
        self.timed_by = moment.location
        if moment.digits < times.TO_THE_MINUTE:
            self.notes.append(f"{moment.location} is not exact to the minute: taken as written.")
        later = moment.again if after and moment.at < after else None
        shown = f"{moment.location} is a time that the unit's clock"
        if moment.left_out:
            self.notes.append(f"{shown} left out: taken as an hour later. Send an offset.")
        if moment.again:
            which = "second" if later else "first"
            self.notes.append(f"{shown} showed twice: the {which} was taken. Send an offset.")
        return later or moment.at

    def occurred_at(self, unit: Unit) -> datetime | None:
        """Return the time of EVN-6, when the event occurred, or None."""
        moment = times.first([("EVN^1^6", self.message.occurred_at)], self.zone(unit))
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
        """Return the stay that this person has now; the newest, where a merge left two.

        Raises:
            Refusal ``key-unknown``: they are not in care here.
        """
        stay, *others = self.open_stays()
        self.notes += [
            f"This person has another open stay, on {each.standing.unit}: it was not changed."
            for each in others
        ]
        return stay

    def open_stays(self) -> list[Stay]:
        """Return every stay that this person has now, the newest first: a merge may leave two.

        Raises:
            Refusal ``key-unknown``: they are not in care here.
        """
        stays = Stay.objects.as_system("the feed moves anyone").filter(
            patient__in=census.everyone_joined(self.known()), standing__state__in=census.HERE
        )
        found = list(stays.select_related("standing__unit", "patient").order_by("-pk"))
        if not found:
            text = (
                "This person is not in care on any unit here now. Send the A01 first, or A13 if a "
                "discharge was a mistake."
            )
            raise Refusal("key-unknown", text, field=f"{self.who.at}^3")
        return found

    def require_own_visit(self, stay: Stay) -> None:
        """Pass unless PV1 speaks of an outpatient's visit that began while the stay was going on.

        Its end, or its cancellation, says nothing about whoever is in care on the unit.
        """
        visit = self.said.visit
        here = stay.standing.unit
        began = times.first([(f"{visit.at}^44", visit.admitted_at)], self.zone(here))
        if visit.patient_class not in NOT_STAYING or began is None:
            return
        if began.at - stay.standing.admitted_at > VISIT_SLACK:
            text = (
                "PV1-2 and PV1-44 speak of another visit, which began during the stay on "
                f"{here}. Send the message about that stay."
            )
            raise Refusal("key-unknown", text, field=began.location)

    def register(self, more: tuple[tuple[str, str], ...] = ()) -> Patient:
        """Make the person known, or bring what is known up to date."""
        details = self.details(more)
        if not self.find() and not (self.who.family_name or self.who.given_name):
            raise missing(f"{self.who.at}^5", "A person who is new here needs a name.")
        born = self.who.birth_date
        if born and born > self.desk.received_at.date() + ZONES:
            place = f"{self.who.at}^7"
            raise Refusal("data-type", f"{place} has not come yet. Correct it.", field=place)
        if not census.find_patient(self.facility(), details.identifiers) and is_perhaps_known(
            self.facility(), details
        ):
            self.notes.append(PERHAPS_KNOWN)
        return census.register(self.facility(), details)

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
