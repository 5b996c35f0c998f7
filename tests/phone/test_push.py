"""The wire of docs/wire.md: what a client that nobody here wrote can rely on."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from milieu.alerts.services import unanswered
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Device
from milieu.people.services import enrol, new_enrol_code, set_pin, start_session
from milieu.record.models import Entry
from tests.cast import Cast

SEEN = {
    "outcome": "seen",
    "place": "own-room",
    "position": "lying",
    "eyes": "closed",
    "breathing": "seen",
}


class Phone:
    """A phone of North with Dana at work on it, speaking the wire and nothing else."""

    def __init__(self, cast):
        self.cast = cast
        now = clock.now()
        code = new_enrol_code(cast.north, by=cast.lena, at=now)
        self.device, self.token = enrol(code, "Phone 3", at=now)
        self.client = Client()
        self.sign_in(cast.dana)

    def sign_in(self, person):
        _, self.session = start_session(person, self.device, how="password", at=clock.now())

    def headers(self):
        return {"Authorization": f"Bearer {self.token}", "Milieu-Session": self.session}

    def post(self, path, body):
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(
            f"/phone/{path}", text, content_type="application/json", headers=self.headers()
        )

    def entry(self, **changes):
        now = clock.rfc3339(clock.now())
        given = {
            "id": str(uuid7()),
            "device_seq": 1,
            "kind": "round.check",
            "stay": str(self.cast.rosa.pk),
            "author": str(self.cast.dana.pk),
            "happened_at": now,
            "written_at": now,
            "clock": {"anchor": None, "offset_ms": 0, "age_s": 5},
            "amends": None,
            "reason": "",
            "fact": SEEN,
        }
        return given | changes

    def push(self, *entries, **changes):
        body = {
            "wire": 1,
            "device": str(self.device.pk),
            "sent_at": clock.rfc3339(clock.now()),
            "head_seen": None,
            "entries": list(entries),
        }
        return self.post("push", body | changes)

    def pull(self, query=""):
        return self.client.get(f"/phone/pull{query}", headers=self.headers())


@pytest.fixture
def phone(db):
    cast = Cast()
    cast.order(cast.rosa)
    return Phone(cast)


def outcomes(response):
    assert response.status_code == 200, response.content
    return [answer["code"] or answer["outcome"] for answer in response.json()["answers"]]


def test_each_entry_is_answered_in_order_and_one_refusal_stops_no_other(phone):
    first, strange, last = phone.entry(), phone.entry(stay=str(uuid7())), phone.entry()
    response = phone.push(first, strange, last)

    assert outcomes(response) == ["stored", "unknown-stay", "stored"]
    assert [answer["id"] for answer in response.json()["answers"]] == [
        entry["id"] for entry in (first, strange, last)
    ]


def test_an_entry_sent_again_is_repeated_and_with_other_content_refused(phone):
    entry = phone.entry()

    assert outcomes(phone.push(entry)) == ["stored"]
    assert outcomes(phone.push(entry)) == ["repeated"]
    assert outcomes(phone.push(entry | {"reason": "", "fact": SEEN | {"place": "hall"}})) == [
        "entry-id-reused"
    ]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"kind": "round.guess"}, "unknown-kind", "kind"),
        ({"kind": "stay.movement", "fact": {"what": "discharge"}}, "unknown-kind", "kind"),
        ({"kind": "round.level", "fact": {"level": "hourly"}}, "unknown-kind", "kind"),
        ({"happened_at": "yesterday"}, "wrong-shape", "happened_at"),
        ({"happened_at": "2026-03-01T02:00:00"}, "wrong-shape", "happened_at"),
        ({"fact": SEEN | {"place": "moon"}}, "unknown-code", "place"),
        ({"fact": SEEN | {"outcome": "asleep"}}, "wrong-shape", "outcome"),
        ({"fact": SEEN | {"note": "x" * 501}}, "wrong-shape", "note"),
        ({"fact": SEEN | {"mood": "sad"}}, "wrong-shape", "mood"),
        ({"fact": {"outcome": "refused"}}, "why-missing", "why"),
        ({"fact": SEEN | {"breathing": "not-seen"}}, "why-missing", "why"),
        ({"fact": SEEN | {"note": "a\x00b"}}, "text-unusable", "note"),
        ({"stay": "nobody"}, "wrong-shape", "stay"),
        ({"author": "01890000-0000-7000-8000-000000000000"}, "unknown-author", "author"),
        ({"device_seq": -1}, "wrong-shape", "device_seq"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_field(phone, change, code, field):
    (answer,) = phone.push(phone.entry(**change)).json()["answers"]

    assert (answer["outcome"], answer["code"]) == ("refused", code)
    assert field in answer["field"] or field in answer["message"]
    assert answer["message"].endswith(".")
    assert not Entry.objects.as_system("test").filter(kind="round.check").exists()


@pytest.mark.parametrize("thing", ["null", "3", "[]", '"text"', "{}", '{"id": 7}'])
def test_what_is_no_entry_at_all_is_refused_alone(phone, thing):
    good = phone.entry()
    body = phone.push(good, json.loads(thing))

    assert outcomes(body) == ["stored", "wrong-shape"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("", 400, "not-json"),
        ("<html>", 400, "not-json"),
        ("[" * 100_000, 422, "wrong-shape"),
        (b"\xff\xfe{}", 400, "not-json"),
        ('{"wire": NaN}', 400, "not-json"),
        ("[]", 422, "wrong-shape"),
        ('{"wire": 1}', 422, "wrong-shape"),
        ('"' + "x" * 1_100_000 + '"', 413, "too-large"),
    ],
)
def test_a_body_that_cannot_be_read_is_one_refusal(phone, body, status, code):
    response = phone.post("push", body)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert set(response.json()) == {"code", "message", "field"}


def test_more_than_two_hundred_entries_are_too_many(phone):
    assert phone.push(*[phone.entry() for _ in range(201)]).json()["code"] == "too-large"


def test_an_older_or_newer_wire_is_told_which_one_is_read(phone):
    assert phone.push(wire=7).json()["code"] == "wire-version"
    of_another_shape = phone.post("push", {"wire": 2, "phone": "3", "entries": {}})
    assert of_another_shape.json()["code"] == "wire-version"


def test_nobody_speaks_without_both_tokens(phone):
    strange = phone.headers() | {"Authorization": "Bearer nonsense"}
    for headers in ({}, {"Authorization": phone.headers()["Authorization"]}, strange):
        response = phone.client.post(
            "/phone/push", "{}", content_type="application/json", headers=headers
        )
        assert response.status_code == 401
        assert response.json()["code"] in ("device-unknown", "session-unknown")


def test_a_retired_phone_is_unknown(phone):
    Device.objects.filter(pk=phone.device.pk).update(retired_at=clock.now())

    assert phone.push(phone.entry()).json()["code"] == "device-unknown"


def test_what_is_sent_again_does_not_say_that_less_is_safe_than_before(phone):
    first, second = phone.entry(), phone.entry()
    phone.push(first)
    before = phone.push(second).json()["durable_upto"]

    again = phone.push(first).json()

    assert (again["answers"][0]["outcome"], again["durable_upto"]) == ("repeated", before)


def test_what_dana_wrote_stays_hers_when_lena_sends_it(phone):
    entry = phone.entry()
    phone.sign_in(phone.cast.lena)

    (answer,) = phone.push(entry).json()["answers"]
    assert Entry.objects.as_system("test").get(pk=answer["seq"]).author == phone.cast.dana


def test_an_ended_session_can_still_send_but_not_look(phone):
    phone.post("sign-out", {})

    assert outcomes(phone.push(phone.entry())) == ["stored"]
    assert phone.pull().json()["code"] == "session-ended"


def test_an_anchor_proves_that_an_entry_was_written_after_it(phone):
    anchor = phone.pull().json()["anchor"]
    entry = phone.entry(clock={"anchor": anchor, "offset_ms": 0, "age_s": 0})
    (answer,) = phone.push(entry).json()["answers"]

    kept = Entry.objects.as_system("test").get(pk=answer["seq"])
    assert abs(kept.anchor_at - kept.happened_at) < timedelta(seconds=5)


def test_an_anchor_that_is_not_ours_proves_nothing(phone):
    entry = phone.entry(clock={"anchor": "AAAA", "offset_ms": 0, "age_s": 0})
    (answer,) = phone.push(entry).json()["answers"]

    assert Entry.objects.as_system("test").get(pk=answer["seq"]).anchor_at is None


def test_labels_are_told_with_the_answer(phone):
    hour_ago = clock.rfc3339(clock.now() - timedelta(hours=1))
    (answer,) = phone.push(phone.entry(happened_at=hour_ago)).json()["answers"]

    assert answer["labels"] == ["late-entry"]


def test_what_the_nurse_should_know_is_an_alert_at_once(phone):
    phone.push(phone.entry(fact=SEEN | {"nurse_should_know": "Did not answer to her name"}))

    (alert,) = unanswered(phone.cast.nora)
    assert alert.words == "Did not answer to her name"


def test_a_pull_tells_the_unit_and_then_what_changed(phone):
    whole = phone.pull().json()
    assert whole["whole"]
    assert {stay["preferred_name"] for stay in whole["stays"]} == {"Rosa", "John"}
    assert len(whole["pack"]["tiles"]) == 24

    phone.push(phone.entry())
    changed = phone.pull(f"?since={whole['cursor']}&pack={whole['unit']['pack_version']}").json()
    rosa = next(stay for stay in changed["stays"] if stay["preferred_name"] == "Rosa")
    assert not changed["whole"]
    assert "pack" not in changed
    assert rosa["last"]["fact"]["position"] == "lying"


def test_a_pull_tells_every_phone_who_was_looked_for_in_vain_since_they_were_seen(phone):
    def rosa():
        stays = phone.pull().json()["stays"]
        return next(stay for stay in stays if stay["preferred_name"] == "Rosa")

    not_seen = {"outcome": "not-seen", "why": "not-found"}
    assert outcomes(phone.push(phone.entry(), phone.entry(fact=not_seen))) == ["stored", "stored"]
    assert rosa()["last"]["fact"]["outcome"] == "seen"
    assert rosa()["in_vain"]["fact"]["why"] == "not-found"

    phone.push(phone.entry())
    assert rosa()["in_vain"] is None


def test_what_was_stored_just_before_a_cursor_is_told_again_however_late_the_phone_asks(phone):
    """It may have been committed after the cursor was given, though its number is lower."""
    phone.push(phone.entry())
    cursor = phone.pull().json()["cursor"]
    with time_machine.travel(clock.now() + timedelta(seconds=40)):
        told = phone.pull(f"?since={cursor}").json()["stays"]
    assert "Rosa" in {stay["preferred_name"] for stay in told}


def test_a_pull_tells_who_has_somebody_for_whom_and_whom_they_ask(phone):
    cast = phone.cast
    dana, lena = ({"id": str(one.pk), "name": one.short_name} for one in (cast.dana, cast.lena))
    until = clock.rfc3339(clock.now() + timedelta(minutes=30))

    def rosa():
        stays = phone.pull().json()["stays"]
        return next(stay for stay in stays if stay["preferred_name"] == "Rosa")

    def ask(author, purpose, to, **more):
        said = {"purpose": purpose, "sharps": "out", "sharps_out": "One razor", "to": to, **more}
        return phone.entry(kind="round.offer", author=author, fact=said)

    take = phone.entry(kind="round.take", fact={})  # first: who asks has her by then
    asked = ask(dana["id"], "break", lena["id"], until=until)
    assert outcomes(phone.push(take, asked)) == ["stored", "stored"]
    phone.sign_in(cast.lena)
    assert rosa()["holder"] == dana
    assert (rosa()["offer"]["id"], rosa()["offer"]["to"]) == (asked["id"], lena)
    assert (rosa()["offer"]["until"], rosa()["offer"]["sharps_out"]) == (until, "One razor")

    fact = {"offer": asked["id"], "says": "accept"}
    phone.push(phone.entry(kind="round.reply", author=lena["id"], fact=fact))
    assert (rosa()["holder"], rosa()["offer"]) == (lena, None)
    assert rosa()["relieves"] == {**dana, "until": until}


def test_a_phone_of_another_unit_sees_nobody_of_this_one(phone):
    cast = phone.cast
    cast.arrive("Sol", "Berg", unit=cast.south)

    assert "Sol" not in {stay["preferred_name"] for stay in phone.pull().json()["stays"]}


def test_switching_by_pin_works_only_inside_a_shift(phone):
    cast = phone.cast
    set_pin(cast.lena, "482913")
    unlock = {"person": str(cast.lena.pk), "pin": "482913"}
    assert phone.post("unlock", unlock).json()["code"] == "sign-in-first"

    phone.sign_in(cast.lena)
    answer = phone.post("unlock", unlock)
    assert answer.status_code == 201
    assert UUID(answer.json()["person"]["id"]) == cast.lena.pk


def test_five_wrong_pins_lock_it_until_the_next_sign_in(phone):
    cast = phone.cast
    set_pin(cast.dana, "482913")
    for _ in range(5):
        assert (
            phone.post("unlock", {"person": str(cast.dana.pk), "pin": "000111"}).json()["code"]
            == "pin-wrong"
        )
    right = {"person": str(cast.dana.pk), "pin": "482913"}
    assert phone.post("unlock", right).json()["code"] == "sign-in-first"

    phone.sign_in(cast.dana)
    assert phone.post("unlock", right).status_code == 201


def test_a_code_enrols_one_phone_once(phone):
    code = new_enrol_code(phone.cast.north, by=phone.cast.lena, at=clock.now())
    first = phone.post("enrol", {"code": code.lower(), "name": "Phone 4"})
    second = phone.post("enrol", {"code": code, "name": "Phone 5"})

    assert first.status_code == 201
    assert second.json()["code"] == "code-unknown"


def test_the_schema_of_each_kind_is_public_and_complete(phone):
    kinds = Client().get("/phone/schema").json()["kinds"]

    assert {"round.check", "round.take", "round.give"} <= set(kinds)
    assert "nurse_should_know" in json.dumps(kinds["round.check"])


def test_a_role_that_needs_a_second_factor_begins_no_shift_without_one(phone, settings):
    phone.cast.dana.set_password("walk-softly-at-night")
    phone.cast.dana.save()
    said = {"username": "dana", "password": "walk-softly-at-night"}
    assert phone.post("session", said).status_code == 201

    settings.MFA_ROLES = ["technician"]
    assert phone.post("session", said).json()["code"] == "second-factor-missing"
