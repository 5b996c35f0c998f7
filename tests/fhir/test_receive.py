"""What a unit's census and record look like after a Bundle was taken in."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from milieu.admissions.services import discharge, open_stay
from milieu.census.models import Facility, Patient, Stay
from milieu.census.services import find_patient
from milieu.kernel.clock import now
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from milieu.record.models import Entry
from tests.fhir.bundles import MR, bundle, encounter, outcomes, patient, send
from tests.one_unit import standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("north")]

BEN = {"system": "http://elm.example", "value": "5"}
SSN = {"coding": [{"code": "SS"}]}


def ana() -> Patient:
    found = find_patient(Facility.objects.get(), [("http://elm.example", "778899")])
    assert found
    return found


def stored() -> tuple[int, int, int]:
    return (
        Patient.objects.as_system("counted by a test").count(),
        Stay.objects.as_system("counted by a test").count(),
        Entry.objects.as_system("counted by a test").count(),
    )


def on_leave(since: str | None = "2026-03-02T10:00:00Z") -> dict[str, Any]:
    history = [{"status": "onleave", "period": {"start": since}}] if since else None
    return encounter("onleave", statusHistory=history)


def test_an_open_inpatient_encounter_becomes_a_stay_from_its_beginning():
    assert outcomes(send(bundle(patient(), encounter()))) == ["taken"]

    assert (standing().state, standing().unit.name) == ("in", "North")
    assert standing().admitted_at == datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    assert (ana().legal_name, ana().sex, ana().birth_date) == (
        "Ana Silva",
        "female",
        date(1988, 4, 12),
    )


@pytest.mark.parametrize(
    "seen",
    [
        [],
        [encounter("finished", "AMB")],
        [encounter("in-progress", "EMER")],
        [encounter("finished")],
    ],
    ids=["no encounter", "history", "emergency", "an earlier stay"],
)
def test_someone_without_an_open_inpatient_encounter_is_admitted_now(seen):
    (answer,) = send(bundle(patient(), *seen))

    assert now() - standing().admitted_at < timedelta(minutes=1)
    assert "the stay begins now" in " ".join(answer.notes)


def test_a_planned_inpatient_encounter_makes_someone_known_without_a_stay():
    send(bundle(patient(), encounter("planned")))

    assert stored() == (1, 0, 0)


@pytest.mark.parametrize("status", ["arrived", "triaged", "in-progress"])
def test_someone_who_has_arrived_is_in_care(status):
    send(bundle(patient(), encounter(status)))

    assert standing().state == "in"


def test_someone_on_leave_is_on_leave():
    send(bundle(patient(), on_leave()))

    assert (standing().state, standing().since.hour) == ("leave", 10)


def test_leave_is_learnt_of_later_and_only_once():
    answers = send(bundle(patient(), encounter()), *[bundle(patient(), on_leave())] * 2)

    assert outcomes(answers) == ["taken", "taken", "repeated"]
    assert stored() == (1, 1, 2)


def test_an_encounter_that_has_ended_since_ends_the_stay_that_it_began():
    ended = encounter(
        "finished", period={"start": "2026-03-01T09:30:00Z", "end": "2026-03-05T11:00:00Z"}
    )

    assert outcomes(send(bundle(patient(), encounter()), bundle(patient(), ended))) == [
        "taken",
        "taken",
    ]
    assert (standing().state, standing().discharged_at) == (
        "discharged",
        datetime(2026, 3, 5, 11, tzinfo=UTC),
    )


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_an_encounter_that_was_an_oversight_strikes_its_admission_out(status):
    send(bundle(patient(), encounter()), bundle(patient(), encounter(status)))

    assert standing().state == "cancelled"


def test_the_same_bundle_again_changes_nothing():
    for data in (bundle(patient(), encounter()), bundle(patient(identifier=[BEN]))):
        send(data)
        before = stored()

        assert outcomes(send(data)) == ["repeated"]
        assert stored() == before


def test_the_same_bundle_is_known_again_however_it_is_written():
    data = bundle(patient())
    send(data)

    again = orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)

    assert outcomes(send(again)) == ["repeated"]


def test_the_same_bundle_does_not_bring_someone_back_who_was_discharged():
    send(bundle(patient()))
    stay = open_stay(ana())
    assert stay
    discharge(entry_id=uuid7(), stay=stay, at=now(), by=Person.objects.interface())

    assert outcomes(send(bundle(patient()))) == ["repeated"]
    assert open_stay(ana()) is None


def test_a_newer_bundle_about_someone_in_care_brings_details_up_to_date():
    send(bundle(patient()))
    send(bundle(patient(name=[{"use": "official", "family": "Silva-Costa", "given": ["Ana"]}])))

    assert ana().family_name == "Silva-Costa"
    assert stored() == (1, 1, 1)


def test_civil_numbers_are_never_kept():
    number = {"system": "http://elm.example", "value": "778899", "type": MR}
    ssn = {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-99-9999", "type": SSN}

    send(bundle(patient(identifier=[ssn, number])))

    assert list(ana().identifiers.values_list("value", flat=True)) == ["778899"]


def test_someone_with_no_number_but_a_url_of_their_own_is_known_by_that():
    assert outcomes(send(bundle(patient(identifier=None)))) == ["taken"]


@pytest.mark.parametrize(
    ("resource", "issue", "element"),
    [
        (patient(id="x", identifier=None), "required", "identifier"),
        (patient(name=None), "required", "name"),
        (patient(deceasedDateTime="2026-01-01"), "business-rule", "deceased[x]"),
        (patient(deceasedBoolean=True), "business-rule", "deceased[x]"),
        (patient(active=False), "business-rule", "active"),
        (patient(name=[{"family": "S" * 200}]), "too-long", "name"),
        (patient(birthDate="2999-01-01"), "value", "birthDate"),
    ],
)
def test_whom_nobody_can_admit_is_refused_with_the_place(resource, issue, element):
    assert outcomes(send(bundle(resource))) == [(issue, f"Bundle.entry[0].resource.{element}")]
    assert stored() == (0, 0, 0)


def test_a_stay_that_has_not_begun_is_refused():
    ahead = encounter(period={"start": "2999-01-01T09:30:00Z"})

    assert outcomes(send(bundle(patient(), ahead))) == [
        ("business-rule", "Bundle.entry[1].resource.period.start")
    ]


def test_a_number_that_belongs_to_someone_quite_different_is_refused():
    ben = patient(name=[{"family": "Okoro", "given": ["Ben"]}], birthDate="1950-01-01")

    answers = send(bundle(patient()), bundle(ben))

    assert outcomes(answers) == ["taken", ("conflict", "Bundle.entry[0].resource.identifier")]


def test_the_unit_is_the_one_that_the_encounters_place_names(south):
    place = {"resourceType": "Location", "id": "l", "identifier": [{"value": "south"}]}
    stay = encounter(location=[{"location": {"reference": "Location/l"}}])

    send(bundle(patient(), stay, place))

    assert standing().unit == south


def test_with_several_units_and_none_named_one_must_be_chosen(south):
    assert outcomes(send(bundle(patient(), encounter()))) == [
        ("business-rule", "Bundle.entry[1].resource.location")
    ]
    assert outcomes(send(bundle(patient(), encounter()), unit="SOUTH")) == ["taken"]


def test_no_answer_holds_a_name_or_a_number():
    answers = send(
        bundle(patient()), bundle(patient(birthDate="19880412x")), bundle(patient(name=None))
    )

    said = " ".join(str(answer) for answer in answers)

    assert not [word for word in ("Silva", "Ana", "778899", "19880412") if word in said]
