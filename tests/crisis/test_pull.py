"""What a phone is told of who is held, and what it sends of it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milieu.alerts.services import unanswered
from milieu.crisis.listed import list_laws
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.record.models import Entry
from milieu.seals import witness
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


def test_any_number_of_people_held_is_read_in_the_same_number_of_statements(
    phone, began, time_machine, monkeypatch
):
    monkeypatch.setattr(witness, "TOLD_FOR_S", 60.0)  # a slow machine would look for a head again
    time_machine.move_to(clock.now(), tick=False)  # the phone's last contact is kept once a minute

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


def pushed(phone, acts, kind, at, fact, **more):
    """Send one entry about the application from the phone; return it, and what became of it."""
    when = clock.rfc3339(at)
    about = {"application": str(acts.id)} | fact if fact is not None else None
    entry = phone.entry(kind=kind, fact=about, happened_at=when, written_at=when) | more
    (outcome,) = outcomes(phone.push(entry))
    return entry, outcome


def put_right(phone, acts, wrong, fact, *, reason="Tapped by mistake"):
    """Put an entry right on the phone, now, for the time that it was about."""
    at = datetime.fromisoformat(wrong["happened_at"])
    more = {"amends": wrong["id"], "reason": reason, "written_at": clock.rfc3339(clock.now())}
    return pushed(phone, acts, wrong["kind"], at, fact, **more)[1]


def test_a_check_that_is_put_right_on_the_phone_keeps_the_time_that_it_moved(phone, acts, began):
    acts.start(began)
    checked, _ = pushed(phone, acts, "restraint.check", began + 3 * MIN, {"breathing": "good"})
    due = limit(of(phone, phone.cast.rosa), "check")["due_at"]
    met = list(CRITERIA[:1])
    right = {"breathing": "good", "skin": "concern", "met": met}
    assert put_right(phone, acts, checked, right) == "stored"
    held = of(phone, phone.cast.rosa)
    assert held["met"] == met
    assert limit(held, "check")["due_at"] == due
    assert [each.kind for each in unanswered(phone.cast.nora)] == ["concern"]


def test_a_device_is_put_right_and_one_that_was_not_so_is_struck_out(phone, acts, began):
    acts.start(began)
    off = {"what": "off", "device": "four-limb"}
    wrong, _ = pushed(phone, acts, "restraint.change", began + MIN, off)
    assert of(phone, phone.cast.rosa)["devices"] == []
    assert put_right(phone, acts, wrong, None) == "stored"
    on = {"what": "on", "device": "chair"}
    added, _ = pushed(phone, acts, "restraint.change", began + 2 * MIN, on)
    assert put_right(phone, acts, added, on | {"device": "two-limb"}) == "stored"
    codes = [each["code"] for each in of(phone, phone.cast.rosa)["devices"]]
    assert codes == ["four-limb", "two-limb"]


def test_a_release_that_was_not_so_is_struck_out_and_they_are_held_from_the_start(
    phone, acts, began
):
    acts.start(began)
    said = {"state": "calm", "injuries": "none"}
    released, _ = pushed(phone, acts, "restraint.end", began + 5 * MIN, said)
    assert of(phone, phone.cast.rosa) is None
    assert put_right(phone, acts, released, said | {"state": "tense"}) == "stored"
    assert of(phone, phone.cast.rosa) is None
    newest = Entry.objects.as_system("a test").get(amends__entry_id=released["id"])
    again = released | {"id": str(newest.entry_id)}
    assert put_right(phone, acts, again, None) == "stored"
    assert of(phone, phone.cast.rosa)["began_at"] == clock.rfc3339(began)


def test_a_colleagues_entry_is_put_right_by_them_or_a_lead(phone, acts, began):
    acts.start(began)
    checked, _ = pushed(phone, acts, "restraint.check", began + MIN, {"breathing": "good"})
    phone.sign_in(phone.cast.nora)
    mine = {"author": str(phone.cast.nora.pk)}
    entry = phone.entry(kind="restraint.check", fact=None, amends=checked["id"], reason="x") | mine
    assert outcomes(phone.push(entry)) == ["not-allowed"]


def test_a_start_that_is_put_right_keeps_its_application_and_its_checks(phone, acts, began):
    fact = {
        "devices": ["four-limb"],
        "danger": "Hits or kicks staff",
        "criteria": list(CRITERIA),
        "applied_by": [str(phone.cast.dana.pk)],
        "basis": "emergency",
    }
    when = {"happened_at": clock.rfc3339(began), "written_at": clock.rfc3339(began)}
    start = phone.entry(id=str(acts.id), kind="restraint.start", fact=fact) | when
    phone.push(start)
    pushed(phone, acts, "restraint.check", began + MIN, {"met": list(CRITERIA[:1])})
    later = {"amends": start["id"], "reason": "The chair", "id": str(uuid7())}
    amended = start | later | {"fact": fact | {"devices": ["chair"]}}
    assert outcomes(phone.push(amended)) == ["stored"]
    held = of(phone, phone.cast.rosa)
    assert (held["application"], held["met"]) == (str(acts.id), list(CRITERIA[:1]))
    assert [each["code"] for each in held["devices"]] == ["chair"]
