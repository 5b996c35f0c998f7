"""Alerts on a phone: who is told, and an answer that takes them off everybody's."""

from datetime import timedelta

import pytest

from milieu.alerts.ladder import climb
from milieu.alerts.models import Acknowledgement
from milieu.kernel import clock
from milieu.rounds.overdue import raise_missed
from tests.cast import Cast
from tests.phone.test_push import SEEN, Phone

WORRYING = SEEN | {"nurse_should_know": "Says her hand hurts"}


@pytest.fixture
def nurses(db) -> Phone:
    """A phone of North on which Nora is at work, after Dana told her of something."""
    cast = Cast()
    cast.order(cast.rosa)
    phone = Phone(cast)
    phone.push(phone.entry(fact=WORRYING))
    phone.sign_in(cast.nora)
    climb(clock.now())
    return phone


def test_a_nurse_is_told_what_she_should_know_and_may_answer(nurses):
    (alert,) = nurses.pull().json()["alerts"]
    assert alert["words"] == "Says her hand hurts"
    assert alert["stay"] == str(nurses.cast.rosa.pk)
    assert alert["steps"] == 1
    assert alert["may_answer"]


def test_who_is_not_told_by_the_ladder_is_not_told_on_the_phone(nurses):
    nurses.sign_in(nurses.cast.dana)
    assert nurses.pull().json()["alerts"] == []


def test_an_answer_says_what_was_done_and_takes_it_off_the_phone(nurses):
    (alert,) = nurses.pull().json()["alerts"]
    given = nurses.post("answer", {"alert": alert["id"], "words": "Looked at her hand; ice."})

    assert given.json()["alerts"] == []
    assert nurses.pull().json()["alerts"] == []
    answer = Acknowledgement.objects.get()
    assert (answer.by, answer.words) == (nurses.cast.nora, "Looked at her hand; ice.")


@pytest.mark.parametrize(
    ("who", "words", "code"),
    [("nora", " ", "words-missing"), ("dana", "Done.", "not-allowed")],
)
def test_what_is_no_answer_leaves_the_alert_waiting(nurses, who, words, code):
    (alert,) = nurses.pull().json()["alerts"]
    nurses.sign_in(getattr(nurses.cast, who))
    given = nurses.post("answer", {"alert": alert["id"], "words": words})

    assert (given.status_code, given.json()["code"]) == (422, code)
    assert not Acknowledgement.objects.exists()


def test_a_technician_is_told_who_was_not_seen_in_time_and_a_nurse_answers(nurses):
    later = clock.now() + timedelta(minutes=18)
    raise_missed(later)
    nurses.sign_in(nurses.cast.dana)
    climb(later)
    alerts = [one for one in nurses.pull().json()["alerts"] if one["kind"] == "overdue"]
    assert {one["may_answer"] for one in alerts} == {False}
