"""What a Bundle says of somebody who is, or was, in care here already; and what cannot be true."""

from datetime import UTC, datetime
from typing import Any

import pytest

from milieu.admissions.services import discharge, leave, open_stay, transfer
from milieu.census.models import Facility, Patient, Stay
from milieu.census.services import find_patient
from milieu.fhir.answers import Answer
from milieu.kernel.clock import now
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from tests.cast import unit_named
from tests.fhir.bundles import MR, bundle, encounter, outcomes, patient, send
from tests.one_unit import standing, stays

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("north")]

BEGAN = "2026-03-01T09:30:00Z"


def here() -> Stay:
    found: Patient | None = find_patient(Facility.objects.get(), [("http://elm.example", "778899")])
    stay = open_stay(found) if found else None
    assert stay
    return stay


def over(end: str | None = "2026-03-05T11:00:00Z", **changes: Any) -> dict[str, Any]:
    period = {"start": BEGAN} | ({"end": end} if end else {})
    return encounter("finished", **({"period": period} | changes))


def said(answer: Answer) -> str:
    return " ".join((answer.text, *answer.notes))


def at(code: str, status: str | None = None) -> dict[str, Any]:
    return {"location": {"display": code}} | ({"status": status} if status else {})


def test_the_news_that_a_stay_is_over_brings_nobody_back_when_it_is_sent_again():
    ended = bundle(patient(), over())

    answers = send(bundle(patient(), encounter()), ended, ended)

    assert outcomes(answers) == ["taken", "taken", "repeated"]
    assert (stays(), standing().state) == (1, "discharged")


def test_the_news_that_a_stay_is_over_brings_nobody_back_who_was_discharged_here_before():
    send(bundle(patient(), encounter()))
    discharge(entry_id=uuid7(), stay=here(), at=now(), by=Person.objects.interface())

    assert outcomes(send(bundle(patient(), over()))) == ["repeated"]
    assert (stays(), standing().state) == (1, "discharged")


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_nobody_is_admitted_on_the_word_of_an_encounter_that_was_called_off(status):
    (answer,) = send(bundle(patient(), encounter(status)))

    assert "without a stay" in answer.text
    assert stays() == 0


def test_the_stay_of_someone_who_died_ends_and_nobody_who_died_is_admitted():
    dead = patient(deceasedDateTime="2026-03-05")
    send(bundle(patient(), encounter()))

    assert outcomes(send(bundle(dead, over()))) == ["taken"]
    assert standing().state == "discharged"
    assert outcomes(send(bundle(dead, over()))) == [
        ("business-rule", "Bundle.entry[0].resource.deceased[x]")
    ]
    assert stays() == 1


def test_a_stay_is_known_again_when_the_numbers_come_in_another_order():
    other = {"system": "http://oak.example", "value": "5", "type": MR}
    own = {"system": "http://elm.example", "value": "778899", "type": MR}
    send(bundle(patient(identifier=[own, other]), encounter()))

    send(bundle(patient(identifier=[other, own]), over()))

    assert (stays(), standing().state) == (1, "discharged")


def test_an_encounter_that_nobody_can_name_is_told_from_the_next_one():
    first, second = encounter(id=None), encounter(id=None, period={"start": "2026-04-01T09:30:00Z"})
    send(bundle(patient(), first), bundle(patient(), over(id=None)))

    send(bundle(patient(), second))

    assert (stays(), standing().state) == (2, "in")


def test_an_end_that_nobody_wrote_down_is_now_and_the_sender_is_told():
    send(bundle(patient(), encounter()))

    (answer,) = send(bundle(patient(), over(end=None)))

    assert standing().state == "discharged"
    assert "Bundle.entry[1].resource.period.end is empty: the stay ends now." in answer.notes


def test_a_time_that_is_only_a_day_or_a_month_is_told():
    (day,) = send(bundle(patient(), encounter(period={"start": "2026-03-01"})))
    assert "period.start is not exact to the minute: the day's first was taken" in said(day)

    other = patient(identifier=[{"system": "http://elm.example", "value": "5", "type": MR}])
    (month,) = send(bundle(other, encounter(period={"start": "2026-03"})))
    assert "period.start does not name a day: the stay begins now" in said(month)


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        ("2026-02-05T11:00:00Z", ("value", "Bundle.entry[1].resource.period.end")),
        ("2026-02", ("value", "Bundle.entry[1].resource.period.end")),
        ("2026-03-01T09:29:00Z", ("value", "Bundle.entry[1].resource.period.end")),
        ("2026-03-01T11:00:00+02:00", ("value", "Bundle.entry[1].resource.period.end")),
        ("2026-03-01T09:30:00Z", "taken"),
        ("2026-03", "taken"),
    ],
)
def test_an_encounter_that_ends_before_it_begins_is_refused(end, outcome):
    assert outcomes(send(bundle(patient(), over(end)))) == [outcome]


def test_an_end_that_has_not_come_yet_is_refused_where_it_stands():
    send(bundle(patient(), encounter()))
    data = bundle(patient(), over("2999-03-05T11:00:00Z"))

    (answer,) = send(data)

    assert answer.location == "Bundle.entry[1].resource.period.end"
    assert b"2999" in data.splitlines()[answer.line - 1]
    assert "has not come yet" in answer.text


@pytest.mark.parametrize("element", ["gender", "status"])
def test_a_code_that_r4_does_not_have_is_refused_with_its_element(element):
    resources = {
        "gender": (patient(gender="x"), encounter()),
        "status": (patient(), encounter("in_progress")),
    }[element]

    (answer,) = send(bundle(*resources))

    assert (answer.issue, answer.location.rsplit(".", 1)[1]) == ("value", element)
    assert stays() == 0


def test_an_open_encounter_with_an_end_is_told():
    open_ended = encounter(period={"start": BEGAN, "end": "2026-03-05T11:00:00Z"})

    (answer,) = send(bundle(patient(), open_ended))

    assert "period.end is given, but the encounter is in-progress" in said(answer)


def test_a_place_that_is_only_planned_is_not_where_somebody_is(south):
    send(bundle(patient(), encounter(location=[at("NORTH", "active"), at("SOUTH", "planned")])))

    assert standing().unit.name == "North"


def test_a_place_that_somebody_left_is_not_where_they_are(south):
    moved = encounter(location=[at("ICU", "active"), at("SOUTH", "completed")])

    assert outcomes(send(bundle(patient(), moved))) == [
        ("business-rule", "Bundle.entry[1].resource.location")
    ]


def test_nobody_is_left_on_a_unit_without_a_word_when_the_encounter_moves_on(south):
    send(bundle(patient(), encounter(location=[at("NORTH")])))
    moved = bundle(patient(), encounter(location=[at("NORTH", "completed"), at("SOUTH", "active")]))

    assert outcomes(send(moved)) == [("duplicate", "Bundle.entry[1].resource.location")]


def test_the_same_bundle_after_a_move_on_the_unit_changes_nothing_and_says_so(south):
    data = bundle(patient(), encounter(location=[at("NORTH")]))
    send(data)
    transfer(entry_id=uuid7(), stay=here(), unit=south, at=now(), by=Person.objects.interface())

    (answer,) = send(data)

    assert answer.outcome == "repeated"
    assert "The encounter names North; this person is in care on South." in answer.notes
    assert standing().unit == south


def test_someone_on_leave_whom_the_encounter_calls_here_is_told():
    send(bundle(patient(), encounter()))
    leave(entry_id=uuid7(), stay=here(), at=now(), by=Person.objects.interface())

    (answer,) = send(bundle(patient(), encounter()))

    assert "record the return there" in said(answer)
    assert standing().state == "leave"


def test_an_end_of_a_stay_that_began_by_something_else_is_told():
    send(bundle(patient()))
    later = {"start": now().isoformat(), "end": datetime(2999, 1, 1, tzinfo=UTC).isoformat()}
    (answer,) = send(bundle(patient(), encounter()))
    assert "did not begin by this encounter, and will not end by it" in said(answer)

    (answer,) = send(bundle(patient(), encounter("finished", period=later)))

    assert standing().state == "in"
    assert "if this person left, discharge them there" in said(answer)


def test_nobody_is_admitted_who_is_in_care_in_another_facility_by_the_same_number():
    unit_named(Facility.objects.create(name="Oak", code="OAK"), "West")
    data = bundle(patient(), encounter(location=[at("NORTH")]))

    answers = send(data, bundle(patient(), encounter(id="stay-2", location=[at("WEST")])))

    assert outcomes(answers) == ["taken", ("duplicate", "Bundle.entry[1].resource.location")]
