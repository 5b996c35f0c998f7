"""Instructions into the census and the record: who is known, who is where."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from milieu.admissions import services as admissions
from milieu.admissions.rules import What
from milieu.census import services as census
from milieu.census.destinations import Desk
from milieu.census.identity import (
    is_someone_else,
    require_not_elsewhere,
    require_not_here_then,
)
from milieu.census.models import Patient, Standing, State, Stay, Unit
from milieu.hl7 import times
from milieu.hl7.answers import missing
from milieu.hl7.events import Action
from milieu.hl7.meaning import Instruction
from milieu.hl7.messages import Message
from milieu.hl7.task import VISIT_SLACK, Task, bed_named
from milieu.kernel.errors import Refusal


@dataclass(frozen=True)
class Done:
    """What was done, in words, and what the sender should know besides."""

    text: str
    notes: tuple[str, ...] = ()
    stored: bool = True


def carry_out(instruction: Instruction, message: Message, desk: Desk, entry_id: UUID) -> Done:
    """Do what one instruction says.

    Raises:
        Refusal: it cannot be done; ``field`` says where in the message the reason stands.
    """
    task = Task(instruction, message, desk, entry_id)
    try:
        text = STEPS[instruction.action](task)
    except Refusal as refusal:
        if "^" in refusal.field:
            raise
        where, text = task.blame(refusal.field), refusal.message
        if refusal.code == "in-the-future":
            text = f"{where} has not come yet, by this server's clock. Correct it, or send it then."
        raise Refusal(refusal.code, text, field=where) from None
    return Done(text, tuple(task.notes), task.stored)


def _admit(task: Task) -> str:
    patient = task.find()
    stay = admissions.open_stay(patient) if patient else None
    if stay:
        return _already_here(task, stay)
    unit = task.unit()
    require_not_elsewhere(unit.facility, task.details())
    patient = task.register()
    at = _came_at(task, unit, patient)
    _note_left(task, unit, at)
    bed = bed_named(task.said.visit.place, unit, task.notes)
    admissions.admit(
        entry_id=task.entry_id,
        patient=patient,
        unit=unit,
        bed=bed,
        at=at,
        by=task.desk.by,
        note=task.source,
    )
    return f"Admitted to {unit}."


def _came_at(task: Task, unit: Unit, patient: Patient) -> datetime:
    """Return when a stay began. Some senders leave the earlier visit's time in PV1-44.

    Then EVN-6, when the event occurred, is believed. EVN-2 is not: an old message that is sent
    again carries a new one, and would bring someone back who left.
    """
    at = task.at(unit)
    try:
        require_not_here_then(patient, at)
    except Refusal:
        occurred = task.occurred_at(unit)
        if occurred is None:
            raise
        require_not_here_then(patient, occurred)
        task.notes.append("PV1-44 lies in an earlier stay that has ended: EVN-6 was used.")
        return occurred
    return at


def _already_here(task: Task, stay: Stay) -> str:
    here, visit = stay.standing.unit, task.said.visit
    named = task.named()
    if named and named != here:
        text = f"This person is in care on {here}. Send A02 to move them, or A03 first."
        raise Refusal("key-duplicate", text, field="PV1^1^3^1")
    began = times.first([(f"{visit.at}^44", visit.admitted_at)], task.zone(here))
    if began and began.at - stay.standing.admitted_at > VISIT_SLACK:
        task.notes.append(
            f"{began.location} lies in the stay on {here}: if that had ended, its A03 is missing."
        )
    task.register()
    return f"Already in care on {here}: details brought up to date, no second stay."


def _transfer(task: Task) -> str:
    place = task.said.visit.place
    if not place.point_of_care:
        raise missing("PV1^1^3^1", "Say where the person is transferred to.")
    came_from = task.came_from()
    if came_from and not task.named():
        text = (
            f"PV1-3 names none of our units, and PV1-6 says that this person leaves {came_from}. "
            "Send A03 if they left us."
        )
        raise Refusal("value-unknown", text, field="PV1^1^3^1")
    patient = task.find()
    stay = admissions.open_stay(patient) if patient else None
    if stay is None:
        task.notes.append(
            "Not in care on any unit here until now: the stay begins with this transfer."
        )
        return _admit(task)
    unit, stay = task.unit(), task.open_stay()
    task.register()
    bed = bed_named(place, unit, task.notes, besides=stay)
    moved = came_from not in (None, unit) or unit != stay.standing.unit
    if not moved and bed in (None, stay.standing.bed):
        return f"Already on {unit}: details brought up to date."
    admissions.transfer(
        entry_id=task.entry_id,
        stay=stay,
        unit=unit,
        bed=bed,
        at=task.at(unit, after=stay.standing.since),
        by=task.desk.by,
        note=task.source,
    )
    if (now := unit_now(stay)) != unit:
        task.notes.append(f"A later movement is in the record already: they are on {now} now.")
    return f"Transferred to {unit}."


def _discharge(task: Task) -> str:
    """End every stay: whoever was joined from two numbers may have two."""
    stays, named = task.open_stays(), task.named()
    if named and named not in [stay.standing.unit for stay in stays]:
        task.notes.append(f"PV1-3 names {named}, where this person was not.")
    for number, stay in enumerate(stays):
        task.require_own_visit(stay)
        admissions.discharge(
            entry_id=uuid5(task.entry_id, str(number)) if number else task.entry_id,
            stay=stay,
            at=task.at(stay.standing.unit, after=stay.standing.since),
            by=task.desk.by,
            note=task.source,
        )
    task.register()
    return f"Discharged from {' and '.join(str(stay.standing.unit) for stay in stays)}."


def _leave(task: Task) -> str:
    stay = task.open_stay()
    unit = stay.standing.unit
    back = times.first([("PV2^1^47", task.said.visit.back_by)], task.zone(unit))
    admissions.leave(
        entry_id=task.entry_id,
        stay=stay,
        at=task.at(unit, after=stay.standing.since),
        by=task.desk.by,
        back_by=back.at if back else None,
        note=task.source,
    )
    return f"On leave from {unit}."


def _return(task: Task) -> str:
    stay = task.open_stay()
    unit = stay.standing.unit
    at = task.at(unit, after=stay.standing.since)
    admissions.back(entry_id=task.entry_id, stay=stay, at=at, by=task.desk.by)
    return f"Back on {unit}."


def _cancel_admit(task: Task) -> str:
    stay = task.open_stay()
    task.require_own_visit(stay)
    return _strike(task, stay, What.ADMIT, "admission")


def _cancel_transfer(task: Task) -> str:
    """Strike out the last transfer, if that leads back to where PV1-3 says that they are."""
    stay, named = task.open_stay(), task.named()
    text = _strike(task, stay, What.TRANSFER, "transfer")
    if named and (back := unit_now(stay)) != named:
        why = f"PV1-3 names {named}; without the last transfer here they would be on {back}."
        raise Refusal(
            "key-unknown", f"{why} Send A02 to where they are.", field=f"{task.said.visit.at}^3^1"
        )
    return text


def _cancel_leave(task: Task) -> str:
    return _strike(task, task.open_stay(), What.LEAVE, "leave")


def _cancel_return(task: Task) -> str:
    return _strike(task, task.open_stay(), What.RETURN, "return")


def _cancel_discharge(task: Task) -> str:
    patient = task.known()
    if here := admissions.open_stay(patient):
        text = f"This person is in care on {here.standing.unit}; there is no discharge to cancel."
        raise Refusal("key-unknown", text, field=f"{task.who.at}^3")
    stay = (
        Stay.objects.as_system("the feed cancels the discharge of anyone")
        .filter(patient__in=census.everyone_joined(patient))
        .filter(standing__state=State.DISCHARGED)
        .select_related("standing__unit")
        .order_by("-standing__discharged_at")
        .first()
    )
    if stay is None:
        text = "This person was not discharged from any unit here; there is no discharge to cancel."
        raise Refusal("key-unknown", text, field=f"{task.who.at}^3")
    text = _strike(task, stay, What.DISCHARGE, "discharge")
    bed = Standing.objects.as_system("the bed that they come back to").get(stay=stay).bed
    if bed and admissions.is_taken(bed, besides=stay):
        task.notes.append(f"Bed {bed} has somebody else by now: move them, or this person.")
    return text


def _strike(task: Task, stay: Stay, what: What, word: str) -> str:
    unit = stay.standing.unit
    movement = admissions.last_movement(stay, what)
    if movement is None:
        text = f"The record holds no {word} of this person that could be cancelled."
        raise Refusal("key-unknown", text, field=f"{task.who.at}^3")
    admissions.cancel(
        entry_id=task.entry_id,
        movement=movement,
        at=task.at(unit),
        by=task.desk.by,
        reason=f"{task.source}: the {word} was cancelled.",
    )
    return f"The {word} on {unit} was struck out; both stay visible."


def _keep_details(task: Task) -> str:
    known = task.find()
    patient = task.register()
    if known is None:
        return "Made known, without a stay: nobody is on a unit until an A01, A02 or A04."
    here = admissions.open_stay(patient)
    if here and task.said.event == "A08":
        _note_moved(task, here.standing)
    return f"Details brought up to date{f' (on {here.standing.unit})' if here else ''}."


def _note_moved(task: Task, standing: Standing) -> None:
    """Say what an A08 tells in passing about where somebody is: nobody is moved by it."""
    named = task.named()
    if named and named != standing.unit:
        task.notes.append(
            f"PV1-3 names {named}; this person is on {standing.unit} here: send A02 to move them."
        )
    _note_left(task, standing.unit, standing.admitted_at)


def _note_left(task: Task, unit: Unit, came_at: datetime) -> None:
    """Say that a message which ends nothing tells when somebody left."""
    visit = task.said.visit
    left = times.first([(f"{visit.at}^45", visit.discharged_at)], task.zone(unit))
    if left and left.at > came_at:
        task.notes.append(
            f"{left.location} says when they left; the stay on {unit} goes on until an A03."
        )


def _update_details(task: Task) -> str:
    if task.find() is None:
        task.stored = False
        return "Nobody here has the number in PID-3. Nothing was stored."
    task.register()
    return "Details brought up to date. The stay, if there is one, goes on until an A03."


def _join(task: Task) -> str:
    """Join two numbers. Where only one is known here, that person is known by both from now on."""
    survivor = task.find()
    old = census.find_patient(task.facility(), task.said.merged)
    if old and old != survivor and is_someone_else(old, task.details()):
        text = "The number in MRG-1 belongs here to someone with another name and date of birth."
        raise Refusal("key-duplicate", text, field="MRG^1^1")
    if survivor is None or old is None or survivor == old:
        if not old and not survivor:
            task.register(task.said.merged)
            return "Neither number was known here: made known by both, without a stay."
        task.register(task.said.merged)
        return "One person here: known by both numbers from now on."
    if task.said.action is Action.RENUMBER:
        text = "Both numbers are in use here, for two people. Send A40 if they are one person."
        raise Refusal("key-duplicate", text, field="MRG^1^1")
    if admissions.open_stay(old) and admissions.open_stay(survivor):
        task.notes.append("Both had an open stay; one of them must be discharged or struck out.")
    at = task.at(None)
    task.register()
    census.merge(survivor, old, at=at, by=task.desk.by)
    return "Two people of the census are one from now on; both records stay as they are."


def unit_now(stay: Stay) -> Unit:
    """Return the unit that a stay is on, as its movements have it by now."""
    standing = Standing.objects.as_system("where the feed has put somebody").select_related("unit")
    now: Unit = standing.get(stay=stay).unit
    return now


STEPS = {
    Action.ADMIT: _admit,
    Action.TRANSFER: _transfer,
    Action.DISCHARGE: _discharge,
    Action.LEAVE: _leave,
    Action.RETURN: _return,
    Action.CANCEL_ADMIT: _cancel_admit,
    Action.CANCEL_TRANSFER: _cancel_transfer,
    Action.CANCEL_DISCHARGE: _cancel_discharge,
    Action.CANCEL_LEAVE: _cancel_leave,
    Action.CANCEL_RETURN: _cancel_return,
    Action.KEEP_DETAILS: _keep_details,
    Action.UPDATE_DETAILS: _update_details,
    Action.MERGE: _join,
    Action.RENUMBER: _join,
}
