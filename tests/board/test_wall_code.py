"""The wall shows a code that is another each minute; no other board shows one."""

import pytest
import time_machine
from django.urls import reverse

from milieu.presence.codes import LETTERS, minute_of, wall_code
from tests.cast import NIGHT, Cast
from tests.pages import text


@pytest.fixture
def cast(db):
    return Cast()


def board(client, cast, query):
    return text(client.get(reverse("board", args=[cast.north.pk]) + query))


def test_the_wall_shows_the_code_of_the_minute_and_only_the_wall(client, cast):
    client.force_login(cast.nora)
    found = []
    for minute in (53, 53, 54):
        with time_machine.travel(NIGHT.replace(minute=minute, second=30), tick=False):
            code = wall_code(cast.facility.pk, cast.north.pk, NIGHT.replace(minute=minute))
            assert f"<strong>{code}</strong>" in board(client, cast, "?wall")
            assert code not in board(client, cast, "")
        found.append(code)
    assert found[0] == found[1] != found[2]


def test_a_code_is_short_without_letters_that_look_alike_and_found_again(cast):
    place = (cast.facility.pk, cast.north.pk)
    code = wall_code(*place, NIGHT)
    assert len(code) == 6
    assert set(code) <= set(LETTERS)
    assert set("01IOAEU").isdisjoint(LETTERS)
    minute = NIGHT.replace(second=0)
    assert minute_of(code, *place, first=NIGHT.replace(minute=40), last=NIGHT) == minute
    assert (
        minute_of(code, *place, first=NIGHT.replace(minute=40), last=minute.replace(minute=52))
        is None
    )
