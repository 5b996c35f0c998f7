"""Protecting somebody's sleep from a page, and the person's page while it is protected."""

from datetime import timedelta

import pytest
from django.urls import reverse

from milieu.kernel.ids import uuid7
from milieu.sleep.models import ProtectSleep
from tests.cast import Cast
from tests.pages import moment, now, text, to_mend
from tests.phone.test_push import Phone

pytestmark = [pytest.mark.django_db, pytest.mark.alike]
CRITERIA = {f"criterion-{code}": "yes" for code in ("asked", "settled", "body", "doorway")}
MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(db):
    cast = Cast()
    cast.order(cast.rosa)
    return cast


@pytest.fixture
def nora(client, cast):
    client.force_login(cast.nora)
    return client


def hours():
    """Return hours that hold now, whatever the time of day is when this is run."""
    return {
        "from_hour": f"{now() - timedelta(hours=1):%H:%M}",
        "to_hour": f"{now() + timedelta(hours=2):%H:%M}",
    }


def send(client, cast, **changes):
    given = {"entry_id": uuid7(), **CRITERIA, **hours(), "nights": "2", "why": "Sleeps badly"}
    at = now().replace(second=0, microsecond=0)
    url = reverse("sleep-protect", args=[cast.rosa.pk])
    return client.post(url, {**given, **moment(at), **changes})


def person(client, cast):
    return text(client.get(reverse("stay", args=[cast.rosa.pk])))


def test_no_criterion_is_answered_beforehand(nora, cast):
    page = text(nora.get(reverse("sleep-protect", args=[cast.rosa.pk])))
    assert "checked" not in page
    assert page.count('type="radio"') == 8


def test_a_protected_night_is_on_the_persons_page_and_can_be_ended_there(nora, cast):
    assert send(nora, cast).status_code == 302
    page = person(nora, cast)
    assert "protected sleep until" in page
    assert "Sleep is protected from" in page
    assert reverse("sleep-end", args=[cast.rosa.pk]) in page
    assert reverse("sleep-protect", args=[cast.rosa.pk]) + '"' not in page

    ended = {"entry_id": uuid7(), "why": "Asks for the light", **moment(now())}
    assert nora.post(reverse("sleep-end", args=[cast.rosa.pk]), ended).status_code == 302
    page = person(nora, cast)
    assert "protected sleep until" not in page
    assert "Sleep is no longer protected. Why: Asks for the light" in page


def test_a_no_comes_back_with_what_is_not_so(nora, cast):
    answer = send(nora, cast, **{"criterion-settled": "no"})
    assert answer.status_code == 422
    assert any("No harm to self or others" in words for words in to_mend(answer))
    assert not ProtectSleep.objects.as_system("a test").exists()


def test_a_criterion_that_is_not_answered_is_asked_for(nora, cast):
    assert send(nora, cast, **{"criterion-body": ""}).status_code == 422


def test_a_phone_hears_of_the_nights_and_sends_looks_from_the_doorway(nora, cast):
    send(nora, cast)
    phone = Phone(cast)
    (stay,) = [each for each in phone.pull().json()["stays"] if each["id"] == str(cast.rosa.pk)]
    assert len(stay["sleep"]) == 2
    fact = {"breathing": "seen", "woken": "yes"}
    (answer,) = phone.push(phone.entry(kind="sleep.look", fact=fact)).json()["answers"]
    assert answer["outcome"] == "stored"
    page = person(nora, cast)
    assert "From the doorway: breathing seen. The look woke them" in page
    assert "1 of 1" in page


def test_nights_are_shown_with_their_error_and_what_is_not_known(nora, cast):
    page = text(nora.get(reverse("nights", args=[cast.rosa.pk])))
    assert "76.5 to 81.6 %" in page
    assert "they saw more sleep than there was" in page
    assert "too little is known" in page
