"""The door: one person of a Bundle in, one answer out, all of it or nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import orjson
from django.db import transaction
from fhir.resources.R4B.encounter import Encounter

from milieu.admissions import services as admissions
from milieu.admissions.rules import What
from milieu.census import services as census
from milieu.census.destinations import Destinations
from milieu.census.identity import identify, require_not_here_then
from milieu.census.models import Facility, Patient, Unit
from milieu.fhir import bundle, meaning
from milieu.fhir.answers import Answer, Outcome, refused
from milieu.fhir.bundle import Coming, Placed, Unreadable
from milieu.fhir.meaning import STRUCK, Action, Meaning
from milieu.kernel.errors import Refusal
from milieu.people.models import Person
from milieu.record.models import Entry

NAMESPACE = UUID("a1b0e5a8-7c0b-5a0e-8d55-6f2f0b9f7d21")  # ours; ids below rest on it for ever
SOURCE = "FHIR Bundle"
ZONES = timedelta(days=1)  # a day begins somewhere before it begins here


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Who takes people in, where they go, and when it is."""

    destinations: Destinations
    by: Person
    received_at: datetime


def people(data: bytes) -> Sequence[Coming | Unreadable]:
    """Return the people of a Bundle, to be taken in order, or what is wrong with it."""
    return bundle.people(data)


def take(coming: Coming | Unreadable, desk: Desk) -> Answer:
    """Take one person in. What is refused leaves nothing behind."""
    if isinstance(coming, Unreadable):
        return refused(0, coming.line, coming.refusal)
    task: _Task | None = None
    try:
        task = _Task(coming, meaning.meaning(coming), desk)
        with transaction.atomic():
            outcome, text = _take(task)
    except Refusal as refusal:
        located = refusal if "." in refusal.field else _located(refusal, coming, task)
        return refused(coming.number, coming.patient.line, located)
    return Answer(
        number=coming.number,
        line=coming.patient.line,
        outcome=outcome,
        text=text,
        notes=(*task.said.notes, *task.notes),
    )


@dataclass
class _Task:
    """One person on their way in, with what was found out."""

    coming: Coming
    said: Meaning
    desk: Desk
    notes: list[str] = field(default_factory=list)

    @property
    def main_number(self) -> str:
        return "\n".join(self.said.who.numbers[0])

    def entry_id(self, what: str, encounter: Placed[Encounter] | None = None) -> UUID:
        """Return the id that a movement has for ever, from whom and what it rests on."""
        basis = _key(encounter) if encounter else _content(self.coming)
        return uuid5(NAMESPACE, f"{what}\n{self.main_number}\n{basis}")

    def unit(self) -> Unit:
        """Return where this person goes: the unit that the encounter names, else the one chosen.

        Raises:
            Refusal: none was chosen, and the encounter names none of ours.
        """
        if named := self.named_unit():
            return named
        where = _place_of(self)
        fallback = self.desk.destinations.fallback
        if fallback is None:
            text = "The Bundle names none of our units as the place. Name one with --unit."
            raise Refusal("unit-unknown", text, field=where)
        self.notes.append(f"The Bundle names none of our units: {fallback} was used.")
        return fallback

    def named_unit(self) -> Unit | None:
        """Return the unit that the encounter's last location names, or None."""
        encounter = self.said.encounter
        for place in reversed(encounter.resource.location or [] if encounter else []):
            for code in _codes(place.location, self.coming):
                if unit := self.desk.destinations.named(code):
                    return unit
        return None

    def facility(self) -> Facility:
        """Return the facility whose numbers these are."""
        unit = self.named_unit()
        facility = unit.facility if unit else self.desk.destinations.facility()
        if facility is None:
            text = "There are several facilities, and the Bundle names no unit. Use --unit."
            raise Refusal("unit-unknown", text, field=_place_of(self))
        return facility

    def details(self) -> census.Details:
        """Return what the Bundle says of the person."""
        who = self.said.who
        return census.Details(
            identifiers=who.numbers,
            family_name=who.family_name,
            given_name=who.given_name,
            preferred_name=who.preferred_name,
            birth_date=who.birth_date,
            sex=who.sex,
        )


def _take(task: _Task) -> tuple[Outcome, str]:
    facility = task.facility()
    known = identify(facility, task.details())
    if known and (text := _end(task, known)):
        return "taken", text
    if task.said.action is Action.ADMIT_NOW and _stored(task.entry_id("admit")):
        return "repeated", "This person was taken in from this Bundle before; nothing changed."
    who = task.said.who
    if who.birth_date and who.birth_date > task.desk.received_at.date() + ZONES:
        where = task.coming.patient.at("birthDate")
        raise Refusal("element", f"{where} has not come yet. Correct it.", field=where)
    if not known and not (who.family_name or who.given_name):
        where = task.coming.patient.at("name")
        text = f"{where} is empty. A person who is new here needs a name."
        raise Refusal("field-missing", text, field=where)
    patient = census.register(facility, task.details())
    if task.said.action is Action.EXPECT:
        return "taken", "Made known, without a stay: the encounter is planned."
    return _admit(task, patient)


def _admit(task: _Task, patient: Patient) -> tuple[Outcome, str]:
    encounter = task.said.encounter
    entry_id = task.entry_id("admit", encounter)
    if _stored(entry_id):
        left = _leave(task, patient)
        if left:
            return "taken", left
        return "repeated", "The stay of this encounter is already in the record; details were kept."
    if stay := admissions.open_stay(patient):
        here = stay.standing.unit
        named = task.named_unit()
        if named and named != here:
            text = f"This person is in care on {here}. Transfer or discharge them there first."
            raise Refusal("already-here", text, field=_place_of(task))
        return "taken", f"Already in care on {here}: details brought up to date, no second stay."
    unit = task.unit()
    at = _began(task, unit)
    require_not_here_then(patient, at)
    admissions.admit(
        entry_id=entry_id, patient=patient, unit=unit, at=at, by=task.desk.by, note=SOURCE
    )
    left = _leave(task, patient)
    return "taken", left or f"Admitted to {unit}."


def _began(task: _Task, unit: Unit) -> datetime:
    encounter = task.said.encounter
    if encounter is None:
        task.notes.append("No open inpatient encounter: the stay begins now.")
        return task.desk.received_at
    if at := meaning.started(encounter, unit.zone):
        return at
    task.notes.append(f"{encounter.at('period.start')} is empty: the stay begins now.")
    return task.desk.received_at


def _leave(task: _Task, patient: Patient) -> str:
    """Send on leave whom the encounter says is on leave. Returns empty when nothing changed.

    A return is not read from it: the unit may have sent someone on leave whom the sender's
    encounter still calls in-progress.
    """
    encounter = task.said.encounter
    stay = admissions.open_stay(patient)
    if encounter is None or stay is None:
        return ""
    unit, away = stay.standing.unit, stay.standing.state == "leave"
    if encounter.resource.status == "onleave" and not away:
        at = meaning.left(encounter, unit.zone)
        if at is None:
            task.notes.append("statusHistory does not say since when: the leave begins now.")
            at = task.desk.received_at
        identity = task.entry_id(f"leave {at.isoformat()}", encounter)
        admissions.leave(entry_id=identity, stay=stay, at=at, by=task.desk.by, note=SOURCE)
        return f"On leave from {unit}."
    return ""


def _end(task: _Task, patient: Patient) -> str:
    """End, or strike out, the stay that began by an encounter that has ended since."""
    stay = admissions.open_stay(patient)
    for encounter in task.said.ended if stay else ():
        began = _stored(task.entry_id("admit", encounter))
        if stay is None or began is None or began.stay_id != stay.pk:
            continue
        unit = stay.standing.unit
        at = meaning.ended(encounter, unit.zone) or task.desk.received_at
        if encounter.resource.status in STRUCK:
            admissions.cancel(
                entry_id=task.entry_id("cancel", encounter),
                movement=admissions.last_movement(stay, What.ADMIT) or began,
                at=task.desk.received_at,
                by=task.desk.by,
                reason=f"{SOURCE}: the encounter is {encounter.resource.status}.",
            )
            return f"The admission on {unit} was struck out; both stay visible."
        identity = task.entry_id("discharge", encounter)
        admissions.discharge(entry_id=identity, stay=stay, at=at, by=task.desk.by, note=SOURCE)
        return f"Discharged from {unit}."
    return ""


def _stored(entry_id: UUID) -> Entry | None:
    entry: Entry | None = (
        Entry.objects.as_system("the door asks whether it has brought this before")
        .filter(entry_id=entry_id)
        .first()
    )
    return entry


def _key(encounter: Placed[Encounter]) -> str:
    """Return what names an encounter for ever: its own number, else how others call it."""
    for each in encounter.resource.identifier or []:
        if each.value:
            return f"{each.system or ''}|{each.value}"
    return encounter.url


def _content(coming: Coming) -> str:
    """Return a hash of what the Bundle says of a person, however it is written down."""
    told: list[Placed[Any]] = [coming.patient, *coming.encounters]
    said = [each.resource.model_dump(mode="json") for each in told]
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _codes(place: Any, coming: Coming) -> list[str]:
    """Return every word by which a location may name one of our units."""
    said = str(getattr(place, "reference", None) or "")
    location = coming.locations.get(said) or coming.locations.get("/".join(said.split("/")[-2:]))
    codes = [
        getattr(each, "value", None) for each in (location.identifier or [] if location else [])
    ]
    codes += [getattr(location, "name", None), getattr(place, "display", None)]
    return [str(code) for code in codes if code]


def _place_of(task: _Task) -> str:
    encounter = task.said.encounter
    return encounter.at("location") if encounter else "Bundle.entry"


def _located(refusal: Refusal, coming: Coming, task: _Task | None) -> Refusal:
    """Return the refusal with the place in the Bundle that a service's own field came from."""
    encounter = task.said.encounter if task else None
    if refusal.field == "at" and encounter:
        where = encounter.at("period")
    elif refusal.field in ("what", "unit") and encounter:
        where = encounter.at("status")
    else:
        where = coming.patient.at(refusal.field or "identifier")
        where = where.replace("identifiers", "identifier")
    return Refusal(refusal.code, refusal.message, field=where)
