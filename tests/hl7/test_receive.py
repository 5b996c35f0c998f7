"""What a unit's census and record look like after messages were taken in."""

from datetime import UTC, datetime, timedelta

import pytest

from milieu.admissions.services import open_stay
from milieu.census.models import Patient, Receipt, Stay, Unit
from milieu.census.services import find_patient
from milieu.kernel.clock import now
from milieu.record.models import Entry
from tests.hl7.feed import adt, outcomes, send
from tests.one_unit import standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("north")]

NUMBER = ("ELMHOSP", "778899")
DISCHARGED = {"discharged": "20260304110000+0000"}


def ana() -> Patient:
    found = find_patient(Unit.objects.all()[0].facility, [NUMBER])
    assert found
    return found


def stored() -> tuple[int, int, int]:
    return (
        Patient.objects.as_system("counted by a test").count(),
        Stay.objects.as_system("counted by a test").count(),
        Entry.objects.as_system("counted by a test").count(),
    )


def test_a01_admits_a_person_to_the_unit_and_bed_of_pv1_3_at_the_time_of_pv1_44():
    assert outcomes(send(adt("A01"))) == ["taken"]

    here = standing()
    assert (here.state, here.unit.name, str(here.bed)) == ("in", "North", "01")
    assert here.admitted_at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert ana().legal_name == "Ana Silva"


def test_a_time_without_a_zone_is_the_units_time():
    send(adt("A01", admitted="202603010930", sent="20260301094500"))

    assert standing().admitted_at == datetime(2026, 3, 1, 14, 30, tzinfo=UTC)


def test_a04_registers_into_a_stay_too():
    send(adt("A04", **{"class": "O"}))

    assert standing().state == "in"


def test_the_unit_is_found_whatever_the_case_of_its_code(south):
    send(adt("A01", place="south"))

    assert standing().unit == south


def test_a_bed_that_the_unit_does_not_have_is_noted_and_left_out():
    (answer,) = send(adt("A01", place="NORTH^99^B"))

    assert standing().bed is None
    assert any("no bed was given" in note for note in answer.notes)


def test_a_bed_that_somebody_has_is_given_and_the_sender_is_told():
    send(adt("A01"))

    (answer,) = send(adt("A01", control="2", number="445566^^^ELMHOSP^MR", name="Berg^Sol"))

    assert str(standing().bed) == "01"
    assert any("has somebody already" in note for note in answer.notes)


def test_their_own_bed_is_nobody_elses():
    send(adt("A01"))

    (answer,) = send(adt("A02", control="2"))

    assert answer.notes == ()


def test_people_sent_elsewhere_go_to_the_only_unit_and_the_sender_is_told():
    (answer,) = send(adt("A01", place="ICU"))

    assert standing().unit.name == "North"
    assert "'ICU', not a unit's code here: North was used" in " ".join(answer.notes)


def test_with_several_units_an_unknown_point_of_care_is_refused(south):
    assert outcomes(send(adt("A01", place="ICU"))) == [(103, "PV1^1^3^1")]
    assert outcomes(send(adt("A01", place=""))) == [(101, "PV1^1^3^1")]
    assert stored() == (0, 0, 0)


def test_with_several_units_the_one_that_was_chosen_is_used(south):
    send(adt("A01", place="ICU"), unit="south")

    assert standing().unit == south


def test_a_second_a01_brings_details_up_to_date_and_makes_no_second_stay():
    send(adt("A01"), adt("A01", control="1002", name="Silva-Costa^Ana"))

    assert stored() == (1, 1, 1)
    assert ana().family_name == "Silva-Costa"


def test_an_a01_for_another_unit_than_the_one_that_someone_is_on_is_refused(south):
    answers = send(adt("A01"), adt("A01", control="1002", place="SOUTH"))

    assert outcomes(answers) == ["taken", (205, "PV1^1^3^1")]


def test_an_a01_inside_a_stay_that_has_ended_is_refused():
    late = adt("A01", control="1004", admitted="20260302080000+0000")

    answers = send(adt("A01"), adt("A03", **DISCHARGED), late)

    assert outcomes(answers) == ["taken", "taken", (205, "PV1^1^44")]


def test_an_a01_that_kept_an_earlier_visits_time_begins_when_the_event_occurred():
    late = adt("A01", control="1004", evn="EVN|A01|202603121000+0000||||202603100800+0000")

    (*_, answer) = send(adt("A01"), adt("A03", **DISCHARGED), late)

    assert standing().admitted_at == datetime(2026, 3, 10, 8, tzinfo=UTC)
    assert "EVN-6 was used" in " ".join(answer.notes)


def test_someone_who_was_discharged_can_come_again():
    again = adt("A01", control="1004", admitted="20260310080000+0000")

    send(adt("A01"), adt("A03", **DISCHARGED), again)

    assert stored()[1] == 2
    assert standing().state == "in"


def test_a02_moves_someone_to_another_unit(north, south):
    send(adt("A01"), adt("A02", place="SOUTH^02"))

    here = standing()
    assert (here.unit, str(here.bed)) == (south, "02")
    assert here.left_units == ((north.pk, datetime(2026, 3, 1, 9, 44, tzinfo=UTC)),)


def test_a02_moves_someone_to_another_bed():
    send(adt("A01"), adt("A02", place="NORTH^03"))

    assert str(standing().bed) == "03"


def test_a02_that_leads_where_someone_is_already_adds_nothing_to_the_record():
    send(adt("A01"), adt("A02"))

    assert stored() == (1, 1, 1)


def test_a02_brings_someone_onto_a_unit_from_a_ward_that_is_not_ours():
    (answer,) = send(adt("A02"))

    assert standing().state == "in"
    assert "begins with this transfer" in " ".join(answer.notes)


def test_a02_without_a_destination_is_refused():
    assert outcomes(send(adt("A01"), adt("A02", place=""))) == ["taken", (101, "PV1^1^3^1")]


def test_a02_to_a_place_that_is_not_ours_is_refused_so_that_nobody_drops_off_the_list(south):
    assert outcomes(send(adt("A01"), adt("A02", place="ICU"))) == ["taken", (103, "PV1^1^3^1")]
    assert standing().state == "in"


def test_a03_ends_the_stay_at_the_time_of_pv1_45():
    send(adt("A01"), adt("A03", **DISCHARGED))

    assert standing().state == "discharged"
    assert standing().discharged_at == datetime(2026, 3, 4, 11, tzinfo=UTC)


@pytest.mark.parametrize("event", ["A03", "A11", "A12", "A13", "A21", "A22", "A52", "A53"])
def test_a_movement_of_someone_who_is_not_known_is_refused(event):
    assert outcomes(send(adt(event))) == [(204, "PID^1^3")]
    assert stored() == (0, 0, 0)


@pytest.mark.parametrize("event", ["A03", "A11", "A12", "A21"])
def test_a_movement_of_someone_who_is_known_but_not_in_care_is_refused(event):
    assert outcomes(send(adt("A28"), adt(event))) == ["taken", (204, "PID^1^3")]


@pytest.mark.parametrize("event", ["A12", "A13", "A52", "A53"])
def test_nothing_is_cancelled_that_did_not_happen(event):
    assert outcomes(send(adt("A01"), adt(event))) == ["taken", (204, "PID^1^3")]


def test_a11_strikes_the_admission_out_and_keeps_both_entries():
    send(adt("A01"), adt("A11"))

    assert standing().state == "cancelled"
    assert open_stay(ana()) is None
    assert stored() == (1, 1, 2)


def test_a12_brings_someone_back_to_where_they_were(south):
    send(adt("A01"), adt("A02", place="SOUTH"), adt("A12"))

    assert (standing().unit.name, str(standing().bed)) == ("North", "01")


def test_a13_brings_someone_back_who_was_discharged_by_mistake():
    send(adt("A01"), adt("A03", **DISCHARGED), adt("A13"))

    assert standing().state == "in"


def test_leave_and_return_and_their_cancellations():
    leave = adt("A21", evn="EVN|A21|202603021000+0000")
    back = adt("A22", evn="EVN|A22|202603021800+0000")
    states = []
    for text in (adt("A01"), leave, back, adt("A53"), adt("A52")):
        assert outcomes(send(text)) == ["taken"]
        states.append(standing().state)

    assert states == ["in", "leave", "in", "leave", "in"]


def test_a06_begins_a_stay_for_someone_who_had_none():
    send(adt("A06"))

    assert standing().state == "in"


@pytest.mark.parametrize("event", ["A05", "A08", "A28", "A31"])
def test_details_make_someone_known_without_a_stay(event):
    send(adt(event))

    assert stored() == (1, 0, 0)


def test_a07_stores_nothing_about_someone_who_is_not_known():
    assert outcomes(send(adt("A07"))) == ["passed over"]
    assert stored() == (0, 0, 0)

    assert outcomes(send(adt("A01"), adt("A07", control="2"))) == ["taken", "taken"]


def test_a08_leaves_what_it_does_not_say_as_it_was():
    send(adt("A01"), adt("A08", name="Silva^", born="", sex=""))

    assert (ana().given_name, ana().sex) == ("Ana", "female")


def test_someone_new_needs_a_name_and_someone_known_does_not():
    assert outcomes(send(adt("A01", name=""))) == [(101, "PID^1^5")]
    assert outcomes(send(adt("A01"), adt("A03", name="", **DISCHARGED))) == ["taken", "taken"]


def test_a_number_that_belongs_to_someone_quite_different_is_refused():
    stranger = adt("A08", control="1002", name="Okoro^Ben", born="19500101")

    assert outcomes(send(adt("A01"), stranger)) == ["taken", (205, "PID^1^3")]
    assert ana().given_name == "Ana"


def test_numbers_of_two_people_in_one_message_are_refused():
    other = adt("A28", number="5^^^ELMHOSP^MR", name="Low^Kim", born="19700707")
    both = adt("A08", number="778899^^^ELMHOSP^MR~5^^^ELMHOSP^PI")

    assert outcomes(send(adt("A01"), other, both)) == ["taken", "taken", (205, "PID^1^3")]


def test_the_same_number_from_another_hospital_is_another_person():
    send(adt("A01"), adt("A01", number="778899^^^OAKHOSP^MR", name="Low^Kim", born="19700707"))

    assert stored()[0] == 2


def test_a40_joins_two_people_and_moves_nothing():
    old = adt("A01", number="112233^^^ELMHOSP^MR", control="1000")
    answers = send(adt("A28"), old, adt("A40", more="MRG|112233^^^ELMHOSP^MR"))

    assert outcomes(answers) == ["taken"] * 3
    assert stored() == (2, 1, 1)
    assert open_stay(ana()) is not None


def test_a40_with_one_known_number_makes_that_person_known_by_both():
    send(adt("A01", number="112233^^^ELMHOSP^MR"), adt("A40", more="MRG|112233^^^ELMHOSP^MR"))

    assert stored()[0] == 1
    assert open_stay(ana()) is not None


def test_a47_gives_a_number_another_name_but_never_joins_two_people():
    more = "MRG|112233^^^ELMHOSP^MR"
    send(adt("A01", number="112233^^^ELMHOSP^MR"), adt("A47", more=more))
    assert open_stay(ana()) is not None

    other = adt("A28", number="9^^^ELMHOSP^MR", name="Low^Kim", born="19700707")
    assert outcomes(send(other, adt("A47", more="MRG|9^^^ELMHOSP^MR"))) == [
        "taken",
        (205, "MRG^1^1"),
    ]


def test_the_same_message_again_changes_nothing():
    texts = [adt("A01"), adt("A08", name="Lima^Ana"), adt("A28", control="2")]
    send(*texts)
    before = stored()

    assert outcomes(send(*texts)) == ["repeated"] * 3
    assert outcomes(send(texts[1])) == ["repeated"]
    assert stored() == before
    assert ana().family_name == "Silva"


def test_the_same_message_is_known_again_with_other_line_ends_and_without_a_control_id():
    send(adt("A01", control=""))

    assert outcomes(send(adt("A01", control="", end="\r\n"))) == ["repeated"]


def test_the_same_control_id_with_other_content_is_another_message():
    send(adt("A01"))

    assert outcomes(send(adt("A03", **DISCHARGED))) == ["taken"]


def test_what_is_refused_leaves_nothing_behind_and_may_be_sent_again():
    text = adt("A03", **DISCHARGED)
    send(text)
    assert Receipt.objects.count() == 0

    assert outcomes(send(adt("A01"), text)) == ["taken", "taken"]


def test_a_movement_in_the_future_is_refused_where_the_time_stands():
    ahead = f"{now() + timedelta(days=2):%Y%m%d%H%M}+0000"

    assert outcomes(send(adt("A01", admitted=ahead))) == [(207, "PV1^1^44")]


def test_a_date_of_birth_in_the_future_is_refused():
    assert outcomes(send(adt("A01", born="29990101"))) == [(102, "PID^1^7")]


def test_a_movement_out_of_order_is_refused_and_says_so():
    early = adt("A03", discharged="20260201")

    assert outcomes(send(adt("A01"), early)) == ["taken", (207, "PV1^1^45")]


def test_a_message_that_says_no_time_is_taken_at_the_time_of_taking_in():
    (answer,) = send(adt("A01", admitted="", evn="", sent=""))

    assert now() - standing().admitted_at < timedelta(minutes=1)
    assert "the time of taking in was used" in " ".join(answer.notes)


def test_no_answer_holds_a_name_a_number_or_a_date_of_birth():
    texts = [adt("A01"), adt("A03"), adt("A01", born="19880412x"), adt("A02", place="")]

    said = " ".join(str(answer) for answer in send(*texts))

    assert not [word for word in ("Silva", "Ana", "778899", "19880412") if word in said]


def test_a_refused_message_is_acknowledged_as_an_interface_engine_expects():
    answers = send(adt("A01"), adt("A99"), adt("A02", place=""), adt("A60"))

    assert [answer.ack for answer in answers] == ["AA", "AR", "AE", "AA"]
