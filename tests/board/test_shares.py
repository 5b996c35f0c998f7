"""How presence is shown: by unit and shift. There is no way to ask it of a person."""

from datetime import timedelta
from inspect import signature

import pytest
from django.urls import get_resolver, reverse

from milieu.board import shares
from milieu.board.shares import Looked, Share
from milieu.census.models import Room
from milieu.presence import services
from milieu.presence.rules import Grade
from tests.cast import LONG_AGO, Cast, employ
from tests.pages import now, text
from tests.presence.tags import UID, Door, shown
from tests.routes import addresses

MINUTE = timedelta(minutes=1)


@pytest.fixture
def cast(db):
    """Three people make checks: one with a tap, one without, one afterwards."""
    cast = Cast()
    services.enrol(UID, Room.objects.filter(unit=cast.north)[0], by=None, at=LONG_AGO)
    door, at = Door(cast.facility), now() - 60 * MINUTE
    cast.store(
        cast.check(cast.rosa, at, fact=shown(door.tap(at))),
        cast.check(cast.rosa, at, author_id=cast.lena.pk),
        cast.check(cast.john, at, author_id=cast.lena.pk),
        cast.check(cast.john, at, author_id=cast.nora.pk, written_at=at + 30 * MINUTE),
    )
    return cast


def page(client, cast, query=""):
    return text(client.get(reverse("shares", args=[cast.north.pk]) + query))


def test_the_share_of_each_grade_of_a_unit(client, cast):
    client.force_login(cast.nora)
    said = page(client, cast)
    row = said[said.index("All shifts") :]
    percents = [part.split(" %")[0] for part in row.split('class="figures">')[2:8]]
    assert percents == ["25", "0", "0", "0", "50", "25"]


def test_of_few_people_nothing_is_shown(client, cast):
    cast.store(cast.check(cast.rosa, now() - 13 * 60 * MINUTE))
    client.force_login(cast.lena)
    assert "fewer than 3 people made checks: not shown" in page(client, cast)


@pytest.mark.parametrize("query", ["", "?author=dana", "?person=dana&order=name", "?by=staff"])
def test_the_page_names_nobody_who_works_here_whatever_is_asked(client, cast, query):
    client.force_login(employ("max", "Max Elder", "manager", cast.north))
    said = page(client, cast, query)
    for person in (cast.dana, cast.lena, cast.nora):
        assert person.short_name not in said
        assert str(person.pk) not in said


def test_there_is_no_address_at_which_shares_are_asked_of_a_person():
    """The only page of shares takes a unit and nothing else; no other view knows of them."""
    using = [each.name for each in addresses() if "shares" in each.view.__module__]
    assert using == ["shares"]
    (route,) = [each for each in addresses() if each.name == "shares"]
    assert route.pattern == "board/<uuid:unit_id>/presence/"
    assert list(signature(shares.show.__wrapped__).parameters) == ["request", "unit_id"]
    assert "GET" not in (shares.__loader__.get_source(shares.__name__) or "")
    assert get_resolver()


def test_what_is_shown_of_a_shift_holds_no_person():
    assert set(Share._fields) == {"label", "hours", "checks", "percents"}


@pytest.mark.parametrize(
    ("hour", "shift"), [(0, "Night"), (6, "Night"), (7, "Day"), (15, "Evening"), (23, "Night")]
)
def test_a_check_belongs_to_the_shift_of_its_hour(cast, hour, shift):
    at = LONG_AGO.replace(hour=hour)
    found = [Looked(at, Grade.TAP, person.pk) for person in (cast.dana, cast.lena, cast.nora)]
    counted = {share.label: share.checks for share in shares._by_shift(found, cast.north)}
    assert counted == {"Day": 0, "Evening": 0, "Night": 0} | {shift: 3}
