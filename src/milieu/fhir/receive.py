"""The door: one person of a Bundle in, one answer out, all of it or nothing of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from fhir.resources.R4B.encounter import Encounter

from milieu.admissions import services as admissions
from milieu.admissions.rules import What
from milieu.census import services as census
from milieu.census.destinations import Desk
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
from milieu.fhir.meaning import STRUCK, Action
from milieu.fhir.task import Task, place_of
from milieu.kernel.errors import Refusal
from milieu.record.models import Entry

SOURCE = "FHIR Bundle"
ZONES = timedelta(days=1)  # a day begins somewhere before it begins here


def people(data: bytes) -> Sequence[Coming | Unreadable]:
    """Return the people of a Bundle, to be taken in order, or what is wrong with it."""
    return bundle.people(data)


def take(coming: Coming | Unreadable, desk: Desk) -> Answer:
    """Take one person in. What is refused leaves nothing behind."""
    if isinstance(coming, Unreadable):
        return refused(0, coming.line, coming.refusal)
    task: Task | None = None
    try:
        task = Task(coming, meaning.meaning(coming), desk)
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


def _take(task: Task) -> tuple[Outcome, str]:
    facility = task.facility()
    known = identify(facility, task.details())
    task.compare(facility)
    if known and not task.again and (text := _end(task, known)):
        _details(task, facility, known)
        return "taken", text
    if not task.older:
        meaning.require_alive(task.coming.patient)
    if task.again:
        if known and (before := _began_before(task)):
            _of_own_stay(task, known, before)
        return "repeated", "This person was taken in from this Bundle before; nothing changed."
    return _stay(task, _details(task, facility, known))


def _stay(task: Task, patient: Patient) -> tuple[Outcome, str]:
    """Begin, or bring up to date, the stay of somebody whose details are as they should be."""
    if task.said.encounter is None and (task.older or task.left_out):
        if task.older:
            return "passed over", "This is older than what was taken in before; nothing changed."
        return "taken", "Details brought up to date. The encounter is older: no stay was changed."
    admits_now = task.said.action is Action.ADMIT_NOW
    if admits_now and any(map(task.admitted, (None, *task.said.ended))):
        return "repeated", "The stay that this began is in the record already; details were kept."
    if task.said.action is Action.EXPECT and task.said.encounter:
        status = task.said.encounter.resource.status
        return "taken", f"Made known, without a stay: the encounter is {status}."
    return _admit(task, patient)


def _details(task: Task, facility: Facility, known: Patient | None) -> Patient:
    """Make the person known, or bring what is known up to date, unless that is newer."""
    if known and task.older:
        return known
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
    return census.register(facility, task.details())


def _began_before(task: Task) -> Entry | None:
    """Return the admission that this door made of the encounter before, if it rests on one."""
    return task.admitted(task.said.encounter) if task.said.encounter else None


def _admit(task: Task, patient: Patient) -> tuple[Outcome, str]:
    encounter = task.said.encounter
    if before := _began_before(task):
        if left := _of_own_stay(task, patient, before):
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
        details = "" if task.older else ": details brought up to date"
        return "taken", f"Already in care on {here}{details}, no second stay."
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
    left = _leave(task, admissions.open_stay(patient))
    return "taken", left or f"Admitted to {unit}."


def _of_own_stay(task: Task, patient: Patient, began: Entry) -> str:
    """Do what an encounter says of the stay that it began. Returns empty when nothing changed."""
    stay = admissions.open_stay(patient)
    left = _leave(task, stay if stay and stay.pk == began.stay_id else None)
    _require_same_unit(task, began)
    return left


def _require_same_unit(task: Task, admitted: Entry) -> None:
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


def _elsewhere(task: Task, here: Unit) -> Refusal:
    text = f"This person is in care on {here}. Transfer or discharge them there first."
    return Refusal("already-here", text, field=place_of(task))


def _began(task: Task, unit: Unit) -> datetime:
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


def _leave(task: Task, stay: Stay | None) -> str:
    """Send on leave whom the encounter says is on leave. Returns empty when nothing changed.

    A return is not read from it: the unit may have sent someone on leave whom the sender's
    encounter still calls in-progress.
    """
    encounter = task.said.encounter
    if encounter is None or stay is None:
        return ""
    unit, away = stay.standing.unit, stay.standing.state == "leave"
    if encounter.resource.status == "onleave" and not away and not task.again:
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


def _end(task: Task, patient: Patient) -> str:
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
    task: Task, encounter: Placed[Encounter], stay: Stay | None, began: Entry | None
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


def _located(refusal: Refusal, coming: Coming, task: Task | None) -> Refusal:
    """Return the refusal with the place in the Bundle that a service's own field came from."""
    encounter = task.said.encounter if task else None
    if refusal.field in ("at", "what") and task and task.timed_by:
        where = task.timed_by
    elif refusal.field == "unit" and task:
        where = place_of(task)
    elif refusal.field in ("at", "what") and encounter:
        where = encounter.at("status")
    else:
        where = coming.patient.at("identifier")
    if refusal.code == "in-the-future":
        text = f"{where} has not come yet, by this server's clock. Correct it, or send it then."
        return Refusal(refusal.code, text, field=where)
    return Refusal(refusal.code, refusal.message, field=where)
