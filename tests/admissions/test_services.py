"""Movements are entries: recorded, refused, struck out, and never lost."""

from datetime import timedelta

import pytest

from milieu.admissions.arrival import FirstLevel, arrive
from milieu.admissions.rules import What
from milieu.admissions.services import (
    admit,
    back,
    cancel,
    discharge,
    last_movement,
    leave,
    open_stay,
    transfer,
)
from milieu.census.models import Bed, Patient, Standing
from milieu.census.services import Details
from milieu.kernel.errors import Refusal
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from tests.cast import ARRIVED, NIGHT

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def stands(stay):
    return Standing.objects.as_system("test").get(stay=stay)


def refused(act, **given):
    with pytest.raises(Refusal) as refusal:
        act(entry_id=uuid7(), **given)
    return refusal.value.code


def strike(cast, stay, what):
    movement = last_movement(stay, what)
    cancel(entry_id=uuid7(), movement=movement, at=NIGHT, by=cast.nora, reason="Did not happen")


def test_a_struck_discharge_brings_the_stay_back(cast):
    discharge(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora)
    assert open_stay(cast.rosa.patient) is None
    strike(cast, cast.rosa, What.DISCHARGE)
    assert (stands(cast.rosa).state, stands(cast.rosa).discharged_at) == ("in", None)
    assert open_stay(cast.rosa.patient) == cast.rosa


def test_a_struck_transfer_leads_back_to_the_bed_before(cast):
    bed = Bed.objects.get(room__unit=cast.north, room__name="02")
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.north, bed=bed, at=ARRIVED, by=cast.nora)
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=NIGHT, by=cast.nora)
    assert (stands(cast.rosa).unit, stands(cast.rosa).bed) == (cast.south, None)
    movement = last_movement(cast.rosa, What.TRANSFER)
    cancel(entry_id=uuid7(), movement=movement, at=NIGHT, by=cast.sana, reason="Not moved")
    assert (stands(cast.rosa).unit, stands(cast.rosa).bed) == (cast.north, bed)


def test_a_struck_admission_leaves_a_cancelled_stay_that_stays_in_the_record(cast):
    strike(cast, cast.rosa, What.ADMIT)
    assert stands(cast.rosa).state == "cancelled"
    assert Entry.objects.visible_to(cast.nora).filter(stay=cast.rosa).count() == 2


def test_a_movement_is_struck_out_once(cast):
    movement = last_movement(cast.rosa, What.ADMIT)
    strike(cast, cast.rosa, What.ADMIT)
    code = refused(cancel, movement=movement, at=NIGHT, by=cast.nora, reason="Again")
    assert code == "already-amended"


def test_a_discharge_that_is_recorded_late_is_refused_while_something_later_stands(cast):
    leave(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora)
    assert refused(discharge, stay=cast.rosa, at=NIGHT - HOUR, by=cast.nora) == "later-movement"


def test_a_leave_that_was_forgotten_is_recorded_before_a_later_one(cast):
    leave(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora)
    assert refused(leave, stay=cast.rosa, at=NIGHT - HOUR, by=cast.nora) == "later-movement"
    bed = Bed.objects.get(room__unit=cast.north, room__name="02")
    transfer(
        entry_id=uuid7(), stay=cast.rosa, unit=cast.north, bed=bed, at=NIGHT - HOUR, by=cast.nora
    )
    assert (stands(cast.rosa).state, stands(cast.rosa).bed) == ("leave", bed)


def test_nobody_is_admitted_twice_at_once(cast):
    given = {"patient": cast.rosa.patient, "unit": cast.north, "at": NIGHT, "by": cast.nora}
    assert refused(admit, **given) == "already-here"


def test_an_id_that_admitted_someone_admits_nobody_else(cast):
    entry = last_movement(cast.rosa, What.ADMIT)
    given = {"unit": cast.north, "at": NIGHT, "by": cast.nora}
    again = admit(entry_id=entry.entry_id, patient=cast.rosa.patient, **given)
    assert again == cast.rosa
    with pytest.raises(Refusal, match="already admitted someone else"):
        admit(entry_id=entry.entry_id, patient=cast.john.patient, **given)


def test_a_bed_is_given_once_until_it_is_free_again(cast):
    bed = Bed.objects.get(room__unit=cast.north, room__name="02")
    there = {"unit": cast.north, "bed": bed, "at": NIGHT, "by": cast.nora}
    transfer(entry_id=uuid7(), stay=cast.rosa, **there)
    assert refused(transfer, stay=cast.john, **there) == "bed-taken"
    discharge(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora)
    transfer(entry_id=uuid7(), stay=cast.john, **there)
    assert stands(cast.john).bed == bed


def test_a_bed_of_another_unit_is_unknown_here(cast):
    bed = Bed.objects.get(room__unit=cast.south, room__name="02")
    given = {"stay": cast.rosa, "unit": cast.north, "bed": bed, "at": NIGHT, "by": cast.nora}
    assert refused(transfer, **given) == "unknown-bed"


@pytest.mark.parametrize("who", ["dana", "lena", "petra", "sana"])
def test_only_a_nurse_of_the_unit_moves_people(cast, who):
    code = refused(discharge, stay=cast.rosa, at=NIGHT, by=getattr(cast, who))
    assert code == "not-allowed"


def test_what_cannot_follow_is_refused(cast):
    assert refused(back, stay=cast.rosa, at=NIGHT, by=cast.nora) == "out-of-order"


def arrival(cast, **changes):
    given = {
        "entry_id": uuid7(),
        "unit": cast.north,
        "at": NIGHT,
        "by": cast.nora,
        "person": Details(identifiers=(("ELM", "77001"),), given_name="Ana"),
        "first": FirstLevel(level="q15", why="Admission"),
    }
    return given | changes


def test_an_arrival_brings_its_first_level_and_is_carried_out_once(cast):
    given = arrival(cast)
    assert arrive(**given) == arrive(**given)
    kinds = Entry.objects.visible_to(cast.nora).filter(stay__patient__given_name="Ana")
    assert sorted(kinds.values_list("kind", flat=True)) == ["round.level", "stay.movement"]


def test_somebody_new_never_takes_the_number_of_somebody_known(cast):
    details = Details(identifiers=(("ELM", "Rosa-Martinez"),), given_name="Ana")
    with pytest.raises(Refusal) as refusal:
        arrive(**arrival(cast, person=details))
    assert (refusal.value.code, refusal.value.field) == ("number-known", "number")
    assert Patient.objects.visible_to(cast.nora).get(pk=cast.rosa.patient_id).given_name == "Rosa"


def test_nobody_is_in_care_twice_at_one_time_in_the_past(cast):
    discharge(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora)
    with pytest.raises(Refusal) as refusal:
        arrive(**arrival(cast, person=cast.rosa.patient, at=NIGHT - HOUR))
    assert (refusal.value.code, refusal.value.field) == ("stay-covers", "at")


def test_a_technician_admits_nobody(cast):
    with pytest.raises(Refusal) as refusal:
        arrive(**arrival(cast, by=cast.dana))
    assert refusal.value.code == "not-allowed"
