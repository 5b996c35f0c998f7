"""What comes late: a Bundle that is older than what was taken in, and one that comes again."""

from datetime import date, timedelta
from typing import Any

import pytest

from milieu.admissions.services import back, discharge, open_stay
from milieu.census.models import Facility, Patient, Standing
from milieu.census.services import find_patient
from milieu.kernel.clock import now
from milieu.kernel.ids import uuid7
from milieu.people.models import Person
from tests.fhir.bundles import MR, bundle, encounter, outcomes, patient, send
from tests.one_unit import standing, stays

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("north")]

EARLIER, LATER = "2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z"
MARRIED = [{"use": "official", "family": "Silva-Costa", "given": ["Ana"]}]
OTHER = {"system": "http://oak.example", "value": "5", "type": MR}
OWN = {"system": "http://elm.example", "value": "778899", "type": MR}


def ana() -> Patient:
    found = find_patient(Facility.objects.get(), [("http://elm.example", "778899")])
    assert found
    return found


def as_of(when: str) -> dict[str, Any]:
    return {"meta": {"lastUpdated": when}}


def end_the_stay() -> None:
    stay = open_stay(ana())
    assert stay
    discharge(entry_id=uuid7(), stay=stay, at=now(), by=Person.objects.interface())


def test_a_person_as_they_were_before_brings_nothing_old_back():
    old = patient(birthDate="1988-12-04", identifier=[OWN, OTHER], **as_of(EARLIER))

    answers = send(bundle(patient(name=MARRIED, **as_of(LATER))), bundle(old))

    assert outcomes(answers) == ["taken", "passed over"]
    assert (ana().family_name, ana().birth_date) == ("Silva-Costa", date(1988, 4, 12))
    assert ana().identifiers.count() == 1
    assert "Bundle.entry[0].resource.meta.lastUpdated is earlier" in " ".join(answers[1].notes)


def test_a_bundle_that_was_put_together_before_brings_nothing_old_back():
    answers = send(
        bundle(patient(name=MARRIED), timestamp=LATER), bundle(patient(), timestamp=EARLIER)
    )

    assert outcomes(answers) == ["taken", "passed over"]
    assert ana().family_name == "Silva-Costa"
    assert "Bundle.timestamp is earlier" in " ".join(answers[1].notes)


def test_what_was_said_by_mistake_before_is_passed_over_and_refuses_no_file():
    by_mistake = patient(deceasedBoolean=True, **as_of(EARLIER))

    assert outcomes(send(bundle(patient(**as_of(LATER))), bundle(by_mistake))) == [
        "taken",
        "passed over",
    ]


def test_a_person_is_known_to_be_older_by_any_of_their_numbers():
    newer = patient(name=MARRIED, identifier=[OWN, OTHER], **as_of(LATER))

    answers = send(bundle(newer), bundle(patient(identifier=[OTHER, OWN], **as_of(EARLIER))))

    assert outcomes(answers) == ["taken", "passed over"]


def test_the_same_bundle_brings_nothing_old_back_after_another():
    first, second = bundle(patient()), bundle(patient(name=MARRIED))

    assert outcomes(send(first, second, first)) == ["taken", "taken", "repeated"]
    assert ana().family_name == "Silva-Costa"


def test_the_same_content_in_a_later_bundle_is_news():
    first = bundle(patient(), timestamp=EARLIER)
    again = bundle(patient(), timestamp="2026-03-02T10:00:00Z")

    send(first, bundle(patient(name=MARRIED), timestamp=LATER), again)

    assert ana().family_name == "Silva"


@pytest.mark.parametrize(
    "late",
    [{}, as_of(LATER), {"meta": {"versionId": "1"}}],
    ids=["no time", "the same time", "a version that is no time"],
)
def test_where_nothing_tells_which_is_older_what_comes_later_is_taken(late):
    send(bundle(patient(name=MARRIED, **as_of(LATER))), bundle(patient(**late)))

    assert ana().family_name == "Silva"


def test_a_time_to_come_does_not_shut_out_what_comes_after_it():
    ahead = (now() + timedelta(days=400)).isoformat()
    send(bundle(patient(name=MARRIED, **as_of(ahead))), bundle(patient(**as_of(now().isoformat()))))
    assert ana().family_name == "Silva-Costa"

    send(bundle(patient(**as_of((now() + timedelta(days=1)).isoformat()))))
    assert ana().family_name == "Silva"


def test_an_encounter_as_it_was_before_it_was_called_off_admits_nobody():
    answers = send(
        bundle(patient(), encounter("cancelled", **as_of(LATER))),
        bundle(patient(gender="other"), encounter(**as_of(EARLIER))),
    )

    assert outcomes(answers) == ["taken", "taken"]
    assert "Bundle.entry[1].resource.meta.lastUpdated is earlier" in " ".join(answers[1].notes)
    assert (stays(), ana().sex) == (0, "other")


def test_an_encounter_as_it_was_before_its_end_brings_nobody_back():
    over = encounter("finished", period={"start": EARLIER, "end": LATER}, **as_of(LATER))
    send(bundle(patient(), over))
    end_the_stay()

    send(bundle(patient(), encounter(period={"start": EARLIER}, **as_of(EARLIER))))

    assert (stays(), standing().state) == (1, "discharged")


def test_an_encounter_as_it_was_during_a_leave_sends_nobody_on_leave():
    away = encounter("onleave", **as_of(EARLIER))

    answers = send(bundle(patient(), encounter(**as_of(LATER))), bundle(patient(), away))

    assert standing().state == "in"
    assert "no stay was changed" in answers[1].text


def test_what_ends_a_stay_brings_details_up_to_date_too():
    send(bundle(patient(), encounter()))
    over = encounter("finished", period={"start": "2026-03-01T09:30:00Z", "end": LATER})

    send(bundle(patient(name=MARRIED, **as_of(LATER)), over), bundle(patient(**as_of(EARLIER))))

    assert (standing().state, ana().family_name) == ("discharged", "Silva-Costa")


def test_a_new_encounter_is_acted_on_though_the_person_is_told_as_they_were_before():
    send(bundle(patient(name=MARRIED, **as_of(LATER)), encounter("planned")))

    assert outcomes(send(bundle(patient(**as_of(EARLIER)), encounter(id="stay-2")))) == ["taken"]
    assert (standing().state, ana().family_name) == ("in", "Silva-Costa")


def test_the_same_bundle_sends_nobody_on_leave_who_came_back():
    away = bundle(patient(), encounter("onleave"))
    send(away)
    stay = open_stay(ana())
    assert stay
    back(entry_id=uuid7(), stay=stay, at=now(), by=Person.objects.interface())

    assert outcomes(send(away)) == ["repeated"]
    assert standing().state == "in"


def test_an_encounter_that_is_over_here_sends_nobody_on_leave_from_the_next_stay():
    send(bundle(patient(), encounter()))
    end_the_stay()
    send(bundle(patient(), encounter(id="stay-2", period={"start": now().isoformat()})))

    send(bundle(patient(), encounter("onleave")))

    assert set(standings()) == {"discharged", "in"}


def standings() -> list[str]:
    rows = Standing.objects.as_system("counted by a test")
    return list(rows.values_list("state", flat=True))


def test_the_same_bundle_brings_nobody_back_whom_another_door_admitted_and_discharged():
    data = bundle(patient())
    send(bundle(patient(), encounter()), data)
    end_the_stay()

    assert outcomes(send(data)) == ["repeated"]
    assert standing().state == "discharged"
