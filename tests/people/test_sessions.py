"""A sign-in at a desk: how long it lasts, and what it is worth to a script or another site."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from milieu.kernel import clock
from milieu.people.shift import on_shift
from tests.cast import Cast

pytestmark = pytest.mark.django_db
WORDS = "four words nobody guesses"
IDLE = timedelta(minutes=settings.IDLE_MINUTES)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
BY_ITSELF = {"HX-Request": "true"}  # a part of a page that asks again


@pytest.fixture
def client(db):
    """Return Nora's browser, signed in through the form as she does it."""
    nora = Cast().nora
    nora.set_password(WORDS)
    nora.save()
    client = Client()
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": "nora", "password": WORDS})
    return client


def signed_in(client, **headers):
    return client.get(reverse("me"), headers=headers).status_code == 200


def test_who_leaves_the_pages_alone_is_signed_out(client):
    begun = clock.now()
    with time_machine.travel(begun, tick=False) as time:
        assert signed_in(client)
        time.move_to(begun + IDLE - SECOND)
        assert signed_in(client)
        time.move_to(begun + IDLE - SECOND + IDLE + SECOND)
        assert not signed_in(client)


def test_a_page_that_asks_again_by_itself_keeps_nobody_signed_in(client):
    begun = clock.now()
    with time_machine.travel(begun, tick=False) as time:
        assert signed_in(client)
        for minutes in range(1, settings.IDLE_MINUTES + 1):
            time.move_to(begun + minutes * MINUTE)
            assert signed_in(client, **BY_ITSELF)
        time.shift(MINUTE)
        assert not signed_in(client, **BY_ITSELF)


def test_a_board_that_is_left_open_keeps_nobody_signed_in_nor_at_work(client):
    nora = get_user(client)
    unit = nora.grants.get().unit
    feed = reverse("board-live", args=[unit.pk])
    begun = clock.now()
    with time_machine.travel(begun, tick=False) as time:
        assert signed_in(client)
        for minutes in range(1, settings.IDLE_MINUTES):
            time.move_to(begun + minutes * MINUTE)
            assert client.get(feed).status_code == 200
        assert nora.pk in on_shift({unit.pk}, at=clock.now())[unit.pk]
        time.shift(2 * MINUTE)
        assert on_shift({unit.pk}, at=clock.now())[unit.pk] == {}
        assert client.get(feed).status_code == 302


def test_the_session_that_a_stranger_had_is_not_the_one_after_signing_in(db):
    nora = Cast().nora
    nora.set_password(WORDS)
    nora.save()
    client = Client()
    before = client.session  # a session that somebody else may have set in this browser
    before["next"] = "/"
    before.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before.session_key
    client.post(reverse("account_login"), {"login": "nora", "password": WORDS})

    assert signed_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before.session_key
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = before.session_key
    assert not signed_in(stranger)


def test_what_was_signed_out_is_worth_nothing_any_more(client):
    kept = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(reverse("account_logout"))

    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not signed_in(thief)
    assert not get_user(thief).is_authenticated


@pytest.mark.parametrize("name", [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME])
def test_no_script_reads_the_cookies_and_no_other_site_sends_them(client, name):
    cookie = client.cookies[name]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
