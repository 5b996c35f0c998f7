"""How somebody is after a hard moment, on a phone: theirs alone, and never a part of a pull."""

import json
from datetime import timedelta

import pytest

from milieu.alerts.models import Alert
from milieu.kernel import clock
from milieu.wellbeing.models import Answer, CheckIn
from milieu.wellbeing.services import offer
from tests.cast import Cast
from tests.phone.test_push import Phone
from tests.wellbeing.test_wellbeing import call

HOUR = timedelta(hours=1)


@pytest.fixture
def phone(db):
    """A phone of North, an hour after Dana called for help and Lena came."""
    cast = Cast()
    call(cast, at=clock.now() - HOUR, stay=cast.rosa)
    offer(clock.now())
    return Phone(cast)


def get(phone, **headers):
    return phone.client.get("/phone/after", headers=phone.headers() | headers)


def waiting(phone):
    return get(phone).json()["waiting"]


def say(phone, check_in, words="", **answers):
    body = {"check_in": check_in, "answers": answers, "words": words}
    return phone.post("after", body)


def test_whoever_holds_the_phone_is_asked_about_their_own_moment_in_their_language(phone):
    (asked,) = waiting(phone)
    assert (asked["words"], asked["at_once"]) == ("Right now", True)
    assert [each["name"] for each in asked["questions"]] == ["hurt", "off_floor", "relief"]
    assert asked["questions"][0]["answers"][0] == {"code": "no", "text": "No"}
    spanish = get(phone, **{"Accept-Language": "es"}).json()["waiting"][0]
    assert spanish["questions"][0]["label"] == "¿Está herido o herida?"


def test_an_answer_is_kept_for_its_author_and_is_asked_no_more(phone):
    (asked,) = waiting(phone)
    given = say(phone, asked["id"], "My hands shook", hurt="no", relief="has")
    assert given.json()["waiting"] == []
    (kept,) = Answer.objects.of(phone.cast.dana)
    assert (kept.hurt, kept.relief, kept.off_floor) == ("no", "has", "")
    assert kept.words == "My hands shook"
    assert not Answer.objects.all().exists()


def test_nothing_has_to_be_answered(phone):
    (asked,) = waiting(phone)
    assert say(phone, asked["id"]).json()["waiting"] == []


def test_asked_for_relief_the_lead_hears_that_and_nothing_else(phone):
    (asked,) = waiting(phone)
    say(phone, asked["id"], "I cannot go back in", hurt="first-aid", relief="ask")
    alerts = Alert.objects.as_system("a test").filter(kind="relief")
    assert [each.words for each in alerts] == ["Dana R. asks for relief"]


def test_who_holds_the_phone_next_is_told_nothing_of_it(phone):
    (asked,) = waiting(phone)
    say(phone, asked["id"], "My hands shook")
    phone.sign_in(phone.cast.nora)
    assert waiting(phone) == []
    assert say(phone, asked["id"]).json()["code"] == "unknown-check-in"


def test_a_pull_says_nothing_of_it_since_it_stays_on_the_phone(phone):
    (asked,) = waiting(phone)
    say(phone, asked["id"], "My hands shook")
    told = json.dumps(phone.pull().json())
    assert asked["id"] not in told
    assert "My hands shook" not in told


def test_what_is_no_answer_is_refused_and_asked_again(phone):
    (asked,) = waiting(phone)
    assert say(phone, asked["id"], hurt="a lot").json()["code"] == "unknown-code"
    assert len(waiting(phone)) == 1


@pytest.mark.parametrize("answers", [{"how": "1"}, {"again": "zz"}, {"hurt": "no", "entry_id": ""}])
def test_an_answer_to_what_was_not_asked_is_refused_and_nothing_is_kept(phone, answers):
    (asked,) = waiting(phone)
    given = say(phone, asked["id"], **answers)
    assert (given.status_code, given.json()["code"]) == (422, "unknown-code")
    assert given.json()["field"] == list(answers)[-1]
    assert len(waiting(phone)) == 1


def test_what_is_asked_later_is_kept_as_it_was_answered(phone):
    CheckIn.objects.filter(step="now").update(step="day")
    (asked,) = waiting(phone)
    assert say(phone, asked["id"], hurt="no").json()["code"] == "unknown-code"
    say(phone, asked["id"], how="2", sleep="less", again="")
    (kept,) = Answer.objects.of(phone.cast.dana)
    assert (kept.how, kept.sleep, kept.again, kept.hurt) == (2, "less", "", "")


def test_words_that_cannot_be_stored_are_refused_as_what_they_are(phone):
    (asked,) = waiting(phone)
    given = say(phone, asked["id"], "My hands\x00 shook", hurt="no").json()
    assert (given["code"], given["field"]) == ("text-unusable", "words")


def test_without_somebody_signed_in_nobody_is_asked(phone):
    answer = get(phone, **{"Milieu-Session": "none"})
    assert (answer.status_code, answer.json()["code"]) == (401, "session-unknown")
