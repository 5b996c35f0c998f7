"""What a phone is told of who is held, and what it sends of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milieu.crisis.listed import list_laws
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from tests.cast import Cast
from tests.crisis.acts import CRITERIA, MIN, Acts, train
from tests.phone.test_push import Phone, outcomes

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def phone(db):
    return Phone(Cast())


@pytest.fixture
def acts(phone):
    return Acts(phone.cast)


@pytest.fixture
def began():
    return clock.now() - 10 * MIN


def of(phone, stay, query=""):
    (found,) = [one for one in phone.pull(query).json()["stays"] if one["id"] == str(stay.pk)]
    return found["held"]


def limit(held, what):
    return next(each for each in held["limits"] if each["what"] == what)


def test_who_is_held_comes_with_devices_criteria_observer_and_every_clock(phone, acts, began):
    train(phone.cast.dana, today=began.date())
    acts.start(began)
    held = of(phone, phone.cast.rosa)
    assert held["application"] == str(acts.id)
    assert held["began_at"] == clock.rfc3339(began)
    assert held["devices"] == [{"code": "four-limb", "since": clock.rfc3339(began)}]
    assert (held["criteria"], held["met"]) == (list(CRITERIA), [])
    assert held["observer"] == {"id": str(phone.cast.dana.pk), "name": "Dana R."}
    assert (held["untrained"], held["barred"], held["ready_at"]) == (False, [], None)
    assert held["check_s"] == 15 * 60
    assert limit(held, "check") == {
        "what": "check",
        "sort": None,
        "since": clock.rfc3339(began),
        "due_at": clock.rfc3339(began + 15 * MIN),
        "met_at": None,
        "rule": [["facility-policy", "42 CFR 482.13(e)(10)"]],
    }
    assert limit(held, "face-to-face")["due_at"] == clock.rfc3339(began + 60 * MIN)


def test_a_check_moves_its_clock_and_says_what_is_met(phone, acts, began):
    acts.start(began)
    acts.look(began + 5 * MIN, met=CRITERIA)
    held = of(phone, phone.cast.rosa)
    assert limit(held, "check")["due_at"] == clock.rfc3339(began + 20 * MIN)
    assert held["met"] == list(CRITERIA)
    assert held["ready_at"] == clock.rfc3339(began + 5 * MIN)
    assert limit(held, "release")["rule"] == [["facility", ""]]


def test_who_was_not_trained_and_what_is_barred_is_said(phone, acts, began):
    list_laws(phone.cast.facility, ["texas-415"], by=phone.cast.mona, at=began - MIN)
    acts.start(began, devices=("prone-hold",), observer=None)
    held = of(phone, phone.cast.rosa)
    assert held["untrained"] is True
    assert held["observer"] is None
    assert [each["what"] for each in held["barred"]] == ["device"]


def test_the_clocks_of_who_is_held_come_with_every_pull_until_release(phone, acts, began):
    acts.start(began)
    cursor = phone.pull().json()["cursor"]
    assert of(phone, phone.cast.rosa, f"?since={cursor}") is not None
    acts.end(began + 6 * MIN)
    assert of(phone, phone.cast.rosa, f"?since={cursor}") is None


def test_any_number_of_people_held_is_read_in_the_same_number_of_statements(phone, began):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as found:
            phone.pull()
        return len(found)

    Acts(phone.cast, phone.cast.rosa).start(began)
    phone.pull()
    one = statements()
    Acts(phone.cast, phone.cast.john).start(began)
    assert statements() == one


def test_the_pack_has_the_clocks_of_a_start_by_age_and_sort(phone):
    pack = phone.pull().json()["pack"]
    assert set(pack["held"]["laws"]) == {"cms-hospital", "facility-policy", "facility"}
    assert pack["held"]["limits"]["check"] == {
        "en": "Check in restraint",
        "es": "Control en contención",
    }
    assert [each["code"] for each in pack["held"]["looks"]][:2] == ["circulation", "breathing"]
    found = {
        (each["sort"], each["from_age"]): {one["what"]: one["after_s"] for one in each["limits"]}
        for each in pack["held"]["begins"]
    }
    assert found["mechanical", 18]["order-ends"] == 4 * 3600
    assert found["mechanical", 9]["order-ends"] == 2 * 3600
    assert found["mechanical", 0]["order-ends"] == 3600
    assert found["mechanical", None]["order-ends"] == 3600
    assert found["seclusion", 18]["check"] == 15 * 60
    assert pack["restraint"]["criteria"]
    assert pack["restraint"]["danger"]


def test_what_a_phone_writes_is_kept_and_comes_back_to_another(phone):
    entry_id = str(uuid7())
    fact = {
        "devices": ["four-limb"],
        "danger": "Hits or kicks staff",
        "criteria": list(CRITERIA),
        "applied_by": [str(phone.cast.dana.pk)],
        "basis": "emergency",
        "tried": [],
        "tried_words": "",
        "observer": None,
    }
    assert outcomes(phone.push(phone.entry(id=entry_id, kind="restraint.start", fact=fact))) == [
        "stored"
    ]
    assert of(phone, phone.cast.rosa)["application"] == entry_id
