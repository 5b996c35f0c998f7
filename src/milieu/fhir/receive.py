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
from milieu.census.identity import (
    PERHAPS_KNOWN,
    identify,
    is_perhaps_known,
    require_not_elsewhere,
    require_not_here_then,
)
from milieu.census.models import Facility, Patient, Stay, Unit
from milieu.fhir import bundle, meaning
from milieu.fhir.answers import Answer, Outcome, refused
from milieu.fhir.bundle import Coming, Placed, Unreadable
from milieu.fhir.meaning import STRUCK, Action, Meaning
from milieu.kernel.errors import Refusal
from milieu.people.models import Person
from milieu.record.models import Entry

NAMESPACE = UUID("a1b0e5a8-7c0b-5a0e-8d55-6f2f0b9f7d21")  # ours; ids below rest on it for ever
SOURCE = "FHIR Bundle"
NOT_THERE_YET = frozenset({"planned", "reserved"})  # of Encounter.location.status
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
        return refused(coming.number, coming.lines.line(located.field), located)
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
    timed_by: str = ""  # where the time that was used stands

    def entry_id(self, what: str, encounter: Placed[Encounter] | None = None) -> UUID:
        """Return the id that a movement has for ever, from whom and what it rests on."""
        return self._entry_id(what, encounter, self.said.who.numbers[0])

    def _entry_id(
        self, what: str, encounter: Placed[Encounter] | None, number: tuple[str, str]
    ) -> UUID:
        basis = _key(encounter) if encounter else _content(self.coming)
        return uuid5(NAMESPACE, "\n".join((what, *number, basis)))

    def admitted(self, encounter: Placed[Encounter] | None = None) -> Entry | None:
        """Return the admission that this door made of it before, by any of the person's numbers.

        The main one may have been another then: what sends a Bundle may list them anew.
        """
        ids = [self._entry_id("admit", encounter, number) for number in self.said.who.numbers]
        entry: Entry | None = (
            Entry.objects.as_system("the door asks whether it has brought this before")
            .filter(entry_id__in=ids)
            .first()
        )
        return entry

    def at(self, said: datetime | None, where: str, written: object, what: str) -> datetime:
        """Return a time that an encounter says, else the time of taking in; notes what is odd."""
        self.timed_by = where
        if said is None:
            why = "does not name a day" if written else "is empty"
            self.notes.append(f"{where} {why}: the {what} now.")
            return self.desk.received_at
        if not meaning.is_whole(written):
            self.notes.append(f"{where} is not exact to the minute: the day's first was taken.")
        return said

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
        """Return the unit that the encounter's last location names, or None.

        Where it says which locations are active, only those; never one that is only planned.
        """
        encounter = self.said.encounter
        said = encounter.resource.location or [] if encounter else []
        active = [place for place in said if place.status == "active"]
        past_or_now = [place for place in said if place.status not in NOT_THERE_YET]
        for place in reversed(active or past_or_now):
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
    meaning.require_alive(task.coming.patient)
    admits_now = task.said.action is Action.ADMIT_NOW
    if admits_now and task.admitted():
        return "repeated", "This person was taken in from this Bundle before; nothing changed."
    who = task.said.who
    if who.birth_date and who.birth_date > task.desk.received_at.date() + ZONES:
        where = task.coming.patient.at("birthDate")
        raise Refusal("element", f"{where} has not come yet. Correct it.", field=where)
    if not known and not (who.family_name or who.given_name):
        where = task.coming.patient.at("name")
        text = f"{where} is empty. A person who is new here needs a name."
        raise Refusal("field-missing", text, field=where)
    if not known and is_perhaps_known(facility, task.details()):
        task.notes.append(PERHAPS_KNOWN)
    patient = census.register(facility, task.details())
    if admits_now and any(task.admitted(encounter) for encounter in task.said.ended):
        return "repeated", "The stay of this encounter is over already; details were kept."
    if task.said.action is Action.EXPECT and task.said.encounter:
        status = task.said.encounter.resource.status
        return "taken", f"Made known, without a stay: the encounter is {status}."
    return _admit(task, patient)


def _admit(task: _Task, patient: Patient) -> tuple[Outcome, str]:
    encounter = task.said.encounter
    if before := task.admitted(encounter):
        left = _leave(task, patient)
        _require_same_unit(task, before)
        if left:
            return "taken", left
        return "repeated", "The stay of this encounter is already in the record; details were kept."
    if stay := admissions.open_stay(patient):
        here = stay.standing.unit
        named = task.named_unit()
        if named and named != here:
            raise _elsewhere(task, here)
        if encounter:
            task.notes.append(
                f"The stay on {here} did not begin by this encounter, and will not end by it."
            )
        return "taken", f"Already in care on {here}: details brought up to date, no second stay."
    unit = task.unit()
    require_not_elsewhere(unit.facility, task.details())
    at = _began(task, unit)
    require_not_here_then(patient, at)
    admissions.admit(
        entry_id=task.entry_id("admit", encounter),
        patient=patient,
        unit=unit,
        at=at,
        by=task.desk.by,
        note=SOURCE,
    )
    left = _leave(task, patient)
    return "taken", left or f"Admitted to {unit}."


def _require_same_unit(task: _Task, admitted: Entry) -> None:
    """Pass if the stay is on the unit that the encounter names, or was before it moved on.

    A move is not read from a Bundle, but nobody is left on a unit without a word.
    """
    standing = admitted.stay.standing
    named = task.named_unit()
    if named is None or standing.state not in census.HERE or named == standing.unit:
        return
    if named.pk not in {left.unit for left in standing.left_units}:
        raise _elsewhere(task, standing.unit)
    task.notes.append(f"The encounter names {named}; this person is in care on {standing.unit}.")


def _elsewhere(task: _Task, here: Unit) -> Refusal:
    text = f"This person is in care on {here}. Transfer or discharge them there first."
    return Refusal("already-here", text, field=_place_of(task))


def _began(task: _Task, unit: Unit) -> datetime:
    encounter = task.said.encounter
    if encounter is None:
        task.notes.append("No open inpatient encounter: the stay begins now.")
        return task.desk.received_at
    period = encounter.resource.period
    if period and period.end:
        where, status = encounter.at("period.end"), encounter.resource.status
        task.notes.append(f"{where} is given, but the encounter is {status}: the stay goes on.")
    said, where = meaning.started(encounter, unit.zone), encounter.at("period.start")
    return task.at(said, where, period.start if period else None, "stay begins")


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
        task.timed_by = encounter.at("statusHistory")
        identity = task.entry_id(f"leave {at.isoformat()}", encounter)
        admissions.leave(entry_id=identity, stay=stay, at=at, by=task.desk.by, note=SOURCE)
        return f"On leave from {unit}."
    if away and encounter.resource.status != "onleave":
        status = encounter.resource.status
        task.notes.append(
            f"The encounter is {status}; here this person is on leave from {unit}: "
            "record the return there."
        )
    return ""


def _end(task: _Task, patient: Patient) -> str:
    """End, or strike out, the stay that began by an encounter that has ended since."""
    stay = admissions.open_stay(patient)
    for encounter in task.said.ended if stay else ():
        began = task.admitted(encounter)
        if stay is None or began is None or began.stay_id != stay.pk:
            _note_another(task, encounter, stay, began)
            continue
        unit = stay.standing.unit
        if encounter.resource.status in STRUCK:
            admissions.cancel(
                entry_id=task.entry_id("cancel", encounter),
                movement=admissions.last_movement(stay, What.ADMIT) or began,
                at=task.desk.received_at,
                by=task.desk.by,
                reason=f"{SOURCE}: the encounter is {encounter.resource.status}.",
            )
            return f"The admission on {unit} was struck out; both stay visible."
        period, where = encounter.resource.period, encounter.at("period.end")
        said = meaning.ended(encounter, unit.zone)
        at = task.at(said, where, period.end if period else None, "stay ends")
        identity = task.entry_id("discharge", encounter)
        admissions.discharge(entry_id=identity, stay=stay, at=at, by=task.desk.by, note=SOURCE)
        return f"Discharged from {unit}."
    return ""


def _note_another(
    task: _Task, encounter: Placed[Encounter], stay: Stay | None, began: Entry | None
) -> None:
    """Say that an encounter ended during a stay that is not known to be its own."""
    if stay is None or began or task.said.action is Action.STAY:
        return
    at = meaning.ended(encounter, stay.standing.unit.zone)
    if at and at > stay.standing.admitted_at:
        task.notes.append(
            f"{encounter.at('period.end')} lies in the stay on {stay.standing.unit}, which did "
            "not begin by this encounter and goes on: if this person left, discharge them there."
        )


def _key(encounter: Placed[Encounter]) -> str:
    """Return what names an encounter for ever: its own number, else how others call it."""
    for each in encounter.resource.identifier or []:
        if each.value:
            return f"{each.system or ''}|{each.value}"
    if encounter.url.startswith("Bundle.entry"):  # nobody calls it anything: when it began tells
        period = encounter.resource.period
        return f"Encounter from {period.start if period else 'nobody knows when'}"
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
    if refusal.field in ("at", "what") and task and task.timed_by:
        where = task.timed_by
    elif refusal.field == "unit" and task:
        where = _place_of(task)
    elif refusal.field in ("at", "what") and encounter:
        where = encounter.at("status")
    else:
        where = coming.patient.at("identifier")
    if refusal.code == "in-the-future":
        text = f"{where} has not come yet, by this server's clock. Correct it, or send it then."
        return Refusal(refusal.code, text, field=where)
    return Refusal(refusal.code, refusal.message, field=where)
