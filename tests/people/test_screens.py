"""Screens on the wall: hung by a code, showing one unit to whoever passes, until taken down."""

import re
from datetime import timedelta

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from milieu.board.render import Wanted
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import EnrolCode, Screen
from milieu.people.screens import COOKIE
from milieu.people.services import enrol
from tests.cast import Cast
from tests.people.test_pages import as_, signed_in

CODE = re.compile(r"(?<=>)[2-9A-Z]{4}-[2-9A-Z]{4}(?=<)")


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


def make_code(cast: Cast, *, unit=None, by=None) -> str:
    url = reverse("screens-enrol", args=[(unit or cast.north).pk])
    answer = as_(by or cast.lena).post(url)
    assert "no-store" in answer["Cache-Control"]
    return CODE.search(answer.content.decode())[0]


def hang(code: str, screen: Client | None = None):
    """Type a code on a screen; return the screen's browser and what it was answered."""
    screen = screen or Client()
    return screen, screen.post(reverse("wall"), {"code": code, "name": "Corridor by room 6"})


@pytest.fixture
def screen(cast) -> Client:
    browser, answer = hang(make_code(cast))
    assert answer.status_code == 302
    return browser


def feed(screen: Client) -> Wanted | int:
    answer = screen.get(reverse("wall-live"))
    if answer.status_code != 200:
        return answer.status_code
    return msgspec.json.decode(answer.content, type=Wanted)


def test_a_screen_shows_the_board_of_its_unit_and_nobody_is_signed_in(cast, screen):
    page = screen.get(reverse("wall"))
    said = page.content.decode()
    assert "<h1>North</h1>" in said
    assert "R.M." in said
    assert "Martinez" not in said
    assert "<a " not in said  # nothing to press, nowhere to go
    assert "<button" not in said
    assert not page.wsgi_request.user.is_authenticated
    assert "no-store" in page["Cache-Control"]


def test_its_feed_is_the_wall_of_its_unit_with_initials(cast, screen):
    assert feed(screen) == Wanted(unit_id=cast.north.pk, language="en", wall=True)
    by_room = screen.get(f"{reverse('wall-live')}?order=room").content
    assert msgspec.json.decode(by_room, type=Wanted).order == "room"


@pytest.mark.parametrize("names", ["board", "people", "phones", "stay", "concerns"])
def test_it_opens_no_other_page(cast, screen, names):
    of = {"board": [cast.north.pk], "stay": [cast.rosa.pk]}.get(names, [])
    answer = screen.get(reverse(names, args=of))
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")


def test_a_code_hangs_one_screen_once_and_within_ten_minutes(cast, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    code = make_code(cast)
    assert hang(code)[1].status_code == 302
    assert hang(code)[1].status_code == 422

    late = make_code(cast)
    time_machine.shift(timedelta(minutes=10, seconds=1))
    _, answer = hang(late)
    assert answer.status_code == 422
    assert "This code is not known, was used, or is older" in answer.content.decode()
    assert Screen.objects.count() == 1


def test_the_code_of_a_phone_hangs_no_screen_nor_the_other_way_round(cast):
    url = reverse("phones-enrol", args=[cast.north.pk])
    of_phone = CODE.search(as_(cast.lena).post(url).content.decode())[0]
    assert hang(of_phone)[1].status_code == 422
    with pytest.raises(Refusal) as refused:
        enrol(make_code(cast), "Phone 3", at=clock.now())
    assert refused.value.code == "code-unknown"


def test_code_and_token_are_kept_as_hashes(cast):
    code = make_code(cast)
    browser, _ = hang(code)
    kept = str([*EnrolCode.objects.values(), *Screen.objects.values()])
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert browser.cookies[COOKIE].value not in kept
    assert browser.cookies[COOKIE]["httponly"]


def test_a_screen_that_was_taken_down_shows_nothing(cast, screen):
    hung = Screen.objects.get()
    assert "Corridor by room 6" in as_(cast.lena).get(reverse("phones")).content.decode()
    as_(cast.lena).post(reverse("screens-retire", args=[hung.pk]))

    assert feed(screen) == 401
    said = screen.get(reverse("wall")).content.decode()
    assert "This screen is not set up yet" in said
    assert "North" not in said
    listed = as_(cast.lena).get(reverse("phones")).content.decode()
    assert '<th scope="row">Corridor' not in listed


def test_whoever_hung_it_is_not_signed_in_on_it(cast):
    browser = signed_in(cast.lena)
    hang(make_code(cast), browser)
    browser.get(reverse("wall"))
    assert browser.get(reverse("phones")).status_code == 302


def test_the_list_says_when_a_screen_was_last_there(cast, screen, time_machine):
    time_machine.move_to(clock.now(), tick=False)
    assert "not yet" in as_(cast.lena).get(reverse("phones")).content.decode()
    feed(screen)
    first = Screen.objects.get().seen_at
    assert first == clock.now()
    time_machine.shift(30)
    feed(screen)
    assert Screen.objects.get().seen_at == first  # to the minute: one write in a minute
    time_machine.shift(31)
    feed(screen)
    assert Screen.objects.get().seen_at == clock.now()


def test_two_screens_of_a_unit_are_never_called_alike(cast, screen):
    hang(make_code(cast))
    assert Screen.objects.filter(name="Corridor by room 6 (2)").exists()
