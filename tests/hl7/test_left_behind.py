"""What would put somebody on a unit where they are not, or leave them on one that they left."""

from datetime import UTC, datetime

import pytest

from milieu.admissions.services import open_stay
from milieu.census.models import Facility, Patient, Standing, Unit
from milieu.census.services import find_patient
from tests.cast import unit_named
from tests.hl7.feed import adt, outcomes, send
from tests.one_unit import standing, stays

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("north")]

DISCHARGED = {"discharged": "20260304110000+0000"}
BEN = {"number": "112233^^^ELMHOSP^MR", "name": "Silva^A"}
MERGE = "MRG|112233^^^ELMHOSP^MR"


@pytest.fixture
def other_north() -> Unit:
    """A unit of the same code in another facility."""
    return unit_named(Facility.objects.create(name="Oak", code="OAK"), "North")


def moved(to: str, control: str, hour: int, came_from: str = "", unit: str = "NORTH") -> str:
    """Return an A02 of 2 March 2026 at this hour."""
    text = adt("A02", control=control, place=to, evn=f"EVN|A02|202603021800||||20260302{hour:02}00")
    fields = text.split("PV1|")[1].split("|")
    fields[5] = came_from
    return text.split("PV1|")[0] + "PV1|" + "|".join(fields)


def test_two_people_in_one_message_are_refused_instead_of_one_being_dropped():
    second = "PV1|1|I|NORTH^01\rPID|2||5^^^ELMHOSP^MR||Low^Kim"

    assert outcomes(send(adt("A01", more=second))) == [(100, "PID^2")]
    assert stays() == 0


@pytest.mark.parametrize("segment", ["PV1|1|I|SOUTH^02", "MRG|5^^^ELMHOSP^MR\rMRG|6^^^ELMHOSP^MR"])
def test_a_segment_that_comes_twice_about_one_person_is_refused(segment):
    (answer,) = send(adt("A40" if "MRG" in segment else "A01", more=segment))

    assert (answer.condition, answer.location) == (100, f"{segment[:3]}^2")


def test_a_unit_of_another_facility_is_not_ours_though_it_has_the_same_code(other_north):
    assert outcomes(send(adt("A01", place="NORTH^01^^ELM"))) == ["taken"]
    assert standing().unit.facility.code == "ELM"

    (answer,) = send(adt("A01", place="NORTH^01^^ASHHOSP", control="2", **BEN))
    assert (answer.condition, answer.location) == (103, "PV1^1^3^1")
    assert stays() == 1


def test_a_facility_tells_apart_units_of_one_code(other_north):
    send(adt("A01", place="NORTH^01^^oak"))

    assert standing().unit == other_north


def test_a_unit_of_another_facility_is_refused_where_several_units_are_ours(south):
    (answer,) = send(adt("A01", place="SOUTH^01^^GENHOS"))

    assert (answer.condition, answer.location) == (103, "PV1^1^3^4")
    assert "PV1-3.4 is 'GENHOS', and 'SOUTH' is a unit of another facility" in answer.text
    assert stays() == 0


def test_the_only_unit_takes_in_another_facilitys_people_as_anyone_else_and_says_so():
    (answer,) = send(adt("A01", place="NORTH^01^^GENHOS"))

    assert answer.outcome == "taken"
    assert "'NORTH' is a unit of another facility: North was used." in " ".join(answer.notes)


def test_nobody_of_one_facility_is_put_on_the_unit_of_another(other_north):
    text = adt("A01", place="ICU^^^OAK")

    assert outcomes(send(text, unit=None)) == [(103, "PV1^1^3^1")]


def test_a_message_without_pv1_says_so():
    text = adt("A01").split("PV1|")[0]

    (answer,) = send(text)

    assert "There is no PV1 segment: North was used." in answer.notes


@pytest.mark.parametrize("before", [[adt("A01")], []], ids=["here", "not here"])
def test_someone_who_left_one_of_our_units_for_another_ward_is_not_put_back_on_one(before):
    send(*before)

    assert outcomes(send(moved("ICU", "2", 9, "NORTH"))) == [(103, "PV1^1^3^1")]
    assert stays() == len(before)


def test_moves_that_arrive_the_wrong_way_round_end_where_the_last_one_leads(south):
    send(adt("A01"), moved("NORTH^03", "3", 12, "SOUTH"), moved("SOUTH^02", "2", 9, "NORTH"))

    assert standing().unit.name == "North"


def test_a_move_that_a_later_one_has_overtaken_is_taken_and_told(south):
    east = unit_named(south.facility, "East")
    send(adt("A01"), moved("SOUTH", "3", 12, "NORTH"))

    (answer,) = send(moved("EAST", "2", 9, "NORTH"))

    assert standing().unit == south
    assert f"they are on {south} now" in " ".join(answer.notes)
    assert east.code == "EAST"


def test_a_transfer_is_only_struck_out_if_that_leads_where_the_message_says(south):
    send(adt("A01"), moved("SOUTH", "2", 9))

    assert outcomes(send(adt("A12", control="3", place="SOUTH"))) == [(204, "PV1^1^3^1")]
    assert standing().unit == south
    assert outcomes(send(adt("A12", control="4", place="NORTH"))) == ["taken"]
    assert standing().unit.name == "North"


@pytest.mark.parametrize("event", ["A03", "A11"])
def test_an_outpatients_visit_during_a_stay_ends_nothing(event):
    visit = {"class": "O", "place": "CLINIC", "admitted": "20260302140000+0000"}
    send(adt("A01"), adt("A04", control="2", **visit))

    assert outcomes(send(adt(event, control="3", **visit))) == [(204, "PV1^1^44")]
    assert standing().state == "in"


def test_the_stay_of_an_outpatient_ends_as_any_other():
    send(adt("A04", **{"class": "O"}))

    assert outcomes(send(adt("A03", **({"class": "O"} | DISCHARGED)))) == ["taken"]
    assert standing().state == "discharged"


def test_a_second_admission_in_a_stay_that_goes_on_is_told():
    (_, answer) = send(adt("A01"), adt("A01", control="2", admitted="20260310080000+0000"))

    assert "its A03 is missing" in " ".join(answer.notes)


def test_an_a08_that_tells_of_a_move_or_an_end_moves_nobody_and_says_so(south):
    (_, answer) = send(adt("A01"), adt("A08", place="SOUTH", **DISCHARGED))

    assert "PV1-3 names South; this person is on North here: send A02" in " ".join(answer.notes)
    assert "the stay on North goes on until an A03" in " ".join(answer.notes)
    assert standing().unit.name == "North"


def test_one_discharge_ends_both_stays_of_somebody_who_was_here_by_two_numbers(south):
    send(adt("A01"), adt("A01", control="2", place="SOUTH", **BEN))
    (joined, moves, ended) = send(
        adt("A40", control="3", more=MERGE),
        adt("A02", control="4", place="SOUTH^03"),
        adt("A03", **DISCHARGED),
    )

    assert "another open stay, on North: it was not changed." in " ".join(moves.notes)
    assert "Both had an open stay" in " ".join(joined.notes)
    assert (ended.outcome, ended.text) == ("taken", "Discharged from South and North.")
    states = Standing.objects.as_system("test").values_list("state", flat=True)
    assert list(states) == ["discharged", "discharged"]


def test_a_stay_is_found_through_a_merge_of_merges():
    send(
        adt("A01", **BEN),
        adt("A28", number="5^^^ELMHOSP^MR", control="2", name="Silva^A"),
        adt("A40", number="5^^^ELMHOSP^MR", control="3", name="Silva^A", more=MERGE),
        adt("A28", control="4"),
        adt("A40", control="5", more="MRG|5^^^ELMHOSP^MR"),
    )
    ana: Patient | None = find_patient(Facility.objects.get(), [("ELMHOSP", "778899")])
    assert ana
    assert open_stay(ana)

    assert outcomes(send(adt("A03", control="6", **DISCHARGED))) == ["taken"]
    assert standing().state == "discharged"


def test_a_merge_with_somebody_quite_different_is_refused():
    stranger = adt(
        "A01", control="2", number="112233^^^ELMHOSP^MR", name="Low^Kim", born="1950010100"
    )

    answers = send(adt("A01"), stranger, adt("A40", control="3", more=MERGE))

    assert outcomes(answers)[2] == (205, "MRG^1^1")


def test_a_bed_that_was_given_away_since_is_told_when_a_discharge_is_cancelled():
    send(adt("A01"), adt("A03", **DISCHARGED), adt("A01", control="3", **BEN))

    (answer,) = send(adt("A13", control="4"))

    assert "Bed 01 has somebody else by now" in " ".join(answer.notes)


def test_the_same_messages_again_change_nothing_even_those_that_found_nobody():
    """Old details would come back: nobody was known when the A07 came first."""
    texts = [adt("A07", name="Old^Ana"), adt("A01", control="2")]
    send(*texts)

    assert outcomes(send(*texts)) == ["repeated", "repeated"]
    found = find_patient(Facility.objects.get(), [("ELMHOSP", "778899")])
    assert found
    assert found.family_name == "Silva"


def test_a_time_that_the_clock_showed_twice_is_told_and_read_after_what_it_ends():
    """In New York the clock went back on 2 November 2025 at 02:00, to 01:00."""
    first = {"sent": "", "admitted": "202511020150", "evn": ""}
    (came,) = send(adt("A01", **first))
    assert standing().admitted_at == datetime(2025, 11, 2, 5, 50, tzinfo=UTC)
    assert "PV1^1^44 is a time that the unit's clock showed twice: the first" in came.notes[0]

    (left,) = send(adt("A03", **(first | {"discharged": "202511020110"})))
    assert standing().discharged_at == datetime(2025, 11, 2, 6, 10, tzinfo=UTC)
    assert "showed twice: the second was taken" in left.notes[0]


def test_a_time_that_the_clock_left_out_is_told():
    """In New York it went forward on 9 March 2025 at 02:00, to 03:00."""
    (answer,) = send(adt("A01", sent="", evn="", admitted="202503090230"))

    assert standing().admitted_at == datetime(2025, 3, 9, 7, 30, tzinfo=UTC)
    assert "left out: taken as an hour later" in answer.notes[0]


def test_a_time_with_an_offset_is_told_of_nothing():
    (answer,) = send(adt("A01", admitted="202511020150-0500"))

    assert answer.notes == ()


def test_a_time_to_come_is_refused_in_words_of_the_message():
    (answer,) = send(adt("A01", admitted="29990101"))

    assert answer.text.startswith("PV1^1^44 has not come yet, by this server's clock.")


def test_an_old_admission_that_comes_after_a_whole_later_stay_brings_nobody_back():
    old = adt("A01", control="3", admitted="20260201110000+0000")

    answers = send(adt("A01"), adt("A03", **DISCHARGED), old)

    assert outcomes(answers)[2] == (205, "PV1^1^44")
    assert "After that time this person was in care on North, and left." in answers[2].text
    assert (stays(), standing().state) == (1, "discharged")


def test_a_discharge_that_names_a_unit_where_they_were_not_is_told(south):
    (_, answer) = send(adt("A01"), adt("A03", place="SOUTH", **DISCHARGED))

    assert answer.text == "Discharged from North."
    assert "PV1-3 names South, where this person was not." in answer.notes


def test_someone_who_is_said_to_have_died_is_told():
    text = adt("A08").replace("19880412|F", "19880412|F" + "|" * 21 + "20260301|Y")

    (_, answer) = send(adt("A01"), text)

    assert answer.notes == (
        "PID^1^30 says that this person has died: taken as sent. A stay goes on until A03.",
    )


def test_nobody_is_left_on_the_list_of_another_facility_that_they_came_from(other_north):
    send(adt("A01", place="NORTH^01^^ELM"))

    answers = send(adt("A02", place="NORTH^01^^OAK"), adt("A01", control="2", place="NORTH^^^OAK"))

    assert outcomes(answers) == [(205, "PV1^1^3^1")] * 2
    assert "This person is in care on North of Elm, known by the same number." in answers[0].text
    send(adt("A03", place="NORTH^01^^ELM", **DISCHARGED))
    again = adt("A01", control="3", place="NORTH^^^OAK", admitted="20260305080000+0000")
    assert outcomes(send(again)) == ["taken"]


def test_the_same_number_of_somebody_quite_different_elsewhere_keeps_nobody_out(other_north):
    send(adt("A01", place="NORTH^01^^ELM"))
    low = adt("A01", control="2", place="NORTH^^^OAK", name="Low^Kim", born="19500101")

    assert outcomes(send(low)) == ["taken"]


def test_an_admission_that_tells_of_its_own_end_is_told():
    (answer,) = send(adt("A01", **DISCHARGED))

    assert "PV1^1^45 says when they left; the stay on North goes on until an A03." in answer.notes
