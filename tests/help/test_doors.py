"""Calls for help at the phone's door and at a desk, and on the board."""

import json
from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from milieu.board import rows
from milieu.board.render import Wanted, board
from milieu.help.models import Call, Open, Said
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from tests.alerts.work import sign_in
from tests.cast import Cast
from tests.pages import hidden, text
from tests.phone.test_push import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(db):
    return Phone(Cast())


def called(**more):
    made = str(uuid7())
    return {"id": made, "call": made, "says": "called", "age_ms": 0, **more}


def test_a_call_on_a_phone_is_answered_with_the_calls_of_its_unit(phone):
    given = phone.post("help", called(room="02", room_by="tag", room_age_s=5))

    assert given.status_code == 200
    (call,) = given.json()["calls"]
    assert (call["caller"], call["room"], call["coming"]) == ("Dana R.", "02", [])
    assert phone.pull().json()["calls"] == given.json()["calls"]


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_feed_of_a_phone_is_of_its_own_unit(phone, signed_in):
    headers = phone.headers() if signed_in else {"Authorization": f"Bearer {phone.token}"}
    given = phone.client.get(reverse("phone-live"), headers=headers)
    assert given.json()["unit_id"] == str(phone.cast.north.pk)
    assert given.json()["phone"]
    assert phone.client.get(reverse("phone-live")).status_code == 401


def test_what_is_no_call_is_refused_with_where_and_why(phone):
    given = phone.post("help", called() | {"says": "hello"})
    assert (given.status_code, given.json()["field"]) == (422, "says")


def test_a_retired_phone_calls_nobody(phone):
    phone.cast.phone.__class__.objects.update(retired_at=clock.now())
    assert phone.post("help", called()).status_code == 401


def test_the_board_shows_the_call_with_who_is_coming(phone):
    (call,) = phone.post("help", called(room="02", room_by="tag")).json()["calls"]
    wanted = Wanted(unit_id=phone.cast.north.pk, language="en", wall=True)

    def shown():
        return board(rows.unit(phone.cast.north.pk), wanted, clock.now()).markup

    assert "data-unanswered" in shown()
    assert "room 02" in shown()
    phone.sign_in(phone.cast.lena)
    coming = {"id": str(uuid7()), "call": call["id"], "says": "coming"}
    phone.post("help", coming)
    assert "data-unanswered" not in shown()
    assert "Coming: Lena O." in shown()
    phone.post("help", coming | {"id": str(uuid7()), "says": "over", "outcome": "calm"})
    assert "Coming" not in shown()


def test_at_a_desk_help_is_called_answered_and_ended(cast, client):
    sign_in(client, cast.nora)
    page = client.get(reverse("help", args=[cast.north.pk]))
    client.post(
        reverse("help-call", args=[cast.north.pk]), {"entry_id": hidden(page), "room": "03"}
    )
    call = Call.objects.visible_to(cast.nora).get()
    assert (call.caller, call.room, call.room_by) == (cast.nora, "03", "told")

    answer = reverse("help-answer", args=[call.pk])
    for _ in range(2):  # tapped twice
        client.post(answer, {"says": "coming"})
    assert Said.objects.filter(says="coming").count() == 1
    page = client.get(reverse("help", args=[cast.north.pk]))
    assert "Nora L. is coming." in text(page)

    page = client.post(answer, {"says": "over"})
    assert page.status_code == 422
    assert Open.objects.exists()
    given = {"says": "over", "outcome": "calm", "words": "She is with us."}
    client.post(answer, {"entry_id": uuid7(), **given})
    assert not Open.objects.exists()
    assert "She is with us." in text(client.get(reverse("help", args=[cast.north.pk])))


def alone(phone, body):
    """Send with the token of the phone alone: nobody has unlocked it since."""
    headers = {"Authorization": f"Bearer {phone.token}"}
    given = phone.client.post("/phone/help", body, content_type="application/json", headers=headers)
    return given.json()


def test_a_call_kept_without_network_keeps_who_called_though_nobody_has_unlocked_it(phone):
    (call,) = alone(phone, called(by=str(phone.cast.dana.pk)))["calls"]
    assert call["caller"] == "Dana R."


def test_nobody_calls_in_the_name_of_who_never_signed_in_there(phone):
    (call,) = alone(phone, called(by=str(phone.cast.lena.pk)))["calls"]
    assert call["caller"] == ""


def test_nobody_comes_by_the_word_of_a_phone(phone):
    (call,) = alone(phone, called())["calls"]
    coming = {"id": str(uuid7()), "call": call["id"], "says": "coming"}
    assert alone(phone, coming | {"by": str(phone.cast.dana.pk)})["code"] == "sign-in-first"


def test_among_alerts_it_leads_to_where_one_says_that_one_comes(cast, client):
    sign_in(client, cast.nora)
    page = client.get(reverse("help", args=[cast.north.pk]))
    client.post(reverse("help-call", args=[cast.north.pk]), {"entry_id": hidden(page)})
    alerts = text(client.get(reverse("concerns")))
    assert "Help is called" in alerts
    assert f'href="{reverse("help", args=[cast.north.pk])}"' in alerts
    assert "<textarea" not in alerts  # an answer in words would say nothing of who comes


ODD = [
    {"room": "Day room, second corridor on the left, by the door"},
    {"room": "\u0958" * 40},  # a letter that becomes two when it is kept
    {"room": 12},
    {"room_by": "guess"},
    {"room": "02", "room_age_s": 172_800},
    {"stay": "Rosa"},
    {"stay": "\ud83d"},  # half of a sign
    {"by": {}},
    {"age_ms": -1},
    {"age_ms": 10**30},
    {"age_ms": None},
    {"words": "x" * 141},
    {"outcome": "better"},
    {"call": None},
    {"colour": "red"},  # of a newer phone
]


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_a_call_goes_out_whatever_else_is_odd(phone, odd):
    body = json.dumps(called(room="02", room_by="tag") | odd)
    for _ in range(2):  # as it is sent until it is answered
        given = phone.post("help", body)
        assert given.status_code == 200, given.json()
        (call,) = given.json()["calls"]
        assert call["caller"] == "Dana R."


def test_of_an_odd_call_what_can_be_read_is_kept(phone):
    body = called(room="B" * 41, room_by="tag", room_age_s=172_800, stay="?", age_ms=-1, colour="")
    given = phone.post("help", body).json()

    (call,) = given["calls"]
    assert (call["room"], call["room_by"], call["stay"]) == ("B" * 40, "tag", None)
    assert call["called_at"] == given["received_at"]
    told = [datetime.fromisoformat(call[name]) for name in ("called_at", "room_at")]
    assert told[0] - told[1] == timedelta(days=2)


def test_what_is_said_of_a_call_is_passed_on_with_what_a_newer_phone_adds(phone):
    (call,) = phone.post("help", called()).json()["calls"]
    coming = {"id": str(uuid7()), "call": call["id"], "says": "coming", "colour": "red"}
    assert phone.post("help", coming).status_code == 200


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"says": "called"}', '{"says": "called", "id": 1}']
)
def test_what_has_no_id_or_is_no_json_calls_nobody(phone, body):
    assert phone.post("help", body).status_code in (400, 422)
    assert not Open.objects.exists()
