"""The board of a unit: what a nurse reads on it, and what nobody may read."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from milieu.admissions.services import escort, leave
from milieu.alerts.models import Alert
from milieu.alerts.services import acknowledge
from milieu.board import rows
from milieu.board.render import WALL_ALERTS, Wanted, board
from milieu.kernel.ids import uuid7
from milieu.rounds.handing import TAKE
from milieu.rounds.overdue import raise_missed
from milieu.rounds.services import order_level
from milieu.rounds.shape import SafetyCheck, Take
from tests.cast import LYING, NIGHT
from tests.pages import now, text

LIMPING = SafetyCheck(outcome="seen", place="hall", nurse_should_know="Limping, left foot")

pytestmark = pytest.mark.django_db


def url(cast, query=""):
    return reverse("board", args=[cast.north.pk]) + query


def markup(cast, at=NIGHT, **wanted):
    wanted = Wanted(unit_id=cast.north.pk, language="en", **wanted)
    with translation.override("en"):
        return board(rows.unit(cast.north.pk), wanted, at).markup


def seen(cast, stay, at, **changes):
    cast.order(stay)
    cast.store(cast.check(stay, at, **changes))


def test_a_card_says_by_when_what_was_seen_and_who_holds(cast):
    seen(cast, cast.rosa, NIGHT)
    page = markup(cast, NIGHT + timedelta(minutes=1))
    assert "03:08</time>" in page
    assert "Own room, lying, eyes closed, breathing seen" in page
    assert "02:53</time>" in page
    assert "Q15" in page
    assert "No one holds" in page


def test_who_is_overdue_is_told_by_order_word_shape_and_colour_together(cast):
    seen(cast, cast.john, NIGHT)
    seen(cast, cast.rosa, NIGHT - timedelta(minutes=4))
    page = markup(cast, NIGHT + timedelta(minutes=14))
    first, second = page.split('<li class="card"')[1:3]
    assert "R.M." in first
    assert "3 min over" in first
    assert 'data-state="over"' in first
    assert "triangle-alert" in first
    assert 'data-state="soon"' in second
    assert "1 over" in page


def test_a_look_that_did_not_see_them_stands_on_the_card_until_one_does(cast):
    seen(cast, cast.rosa, NIGHT)
    at = NIGHT + timedelta(minutes=14)
    cast.store(cast.check(cast.rosa, at, fact=SafetyCheck(outcome="not-seen", why="not-found")))
    page = markup(cast, NIGHT + timedelta(minutes=20))
    assert "Tried 03:07: not where expected" in page
    assert "02:53</time> Own room, lying" in page  # and when they were seen
    assert "5 min over" in page  # for looking is not seeing

    cast.store(cast.check(cast.rosa, at + timedelta(minutes=2)))
    assert "Tried" not in markup(cast, NIGHT + timedelta(minutes=20))


def test_a_late_check_that_arrives_puts_the_card_right(cast):
    seen(cast, cast.rosa, NIGHT)
    assert "5 min over" in markup(cast, NIGHT + timedelta(minutes=20))
    cast.store(cast.check(cast.rosa, NIGHT + timedelta(minutes=14)))
    assert "min over" not in markup(cast, NIGHT + timedelta(minutes=20))


def test_who_is_away_is_shown_and_not_hidden(cast):
    seen(cast, cast.rosa, NIGHT)
    seen(cast, cast.john, NIGHT)
    back = NIGHT + timedelta(hours=2)
    leave(entry_id=uuid7(), stay=cast.rosa, at=NIGHT, by=cast.nora, back_by=back)
    escort(entry_id=uuid7(), stay=cast.john, at=NIGHT, by=cast.nora, escort=cast.dana)
    page = markup(cast, NIGHT + timedelta(hours=3))
    assert "2 people" in page
    assert "1 on leave" in page
    assert "1 with escort" in page
    assert "back by Mon 04:53" in page
    assert "1 h 1 min late" in page
    assert "Off the unit with Dana R." in page
    assert 'data-state="over"' not in page


def test_a_continuous_level_names_who_keeps_watch(cast):
    order_level(
        entry_id=uuid7(),
        stay=cast.rosa,
        level="one-to-one",
        why="Asked for someone near",
        at=NIGHT,
        written_at=NIGHT,
        by=cast.nora,
        observer=cast.dana,
    )
    assert re.search("<abbr[^>]*>1:1</abbr>", markup(cast)), "As large as any other level."
    assert "No one holds Dana R. is asked" in markup(cast)
    take = cast.check(cast.rosa, NIGHT, kind=TAKE, fact=Take())
    cast.store(take)
    assert '<span class="card-holder">Dana R.</span>' in markup(cast)


def test_a_link_to_somebody_says_their_room_and_when_they_were_seen_stands_first(nora, cast):
    cast.store(cast.check(cast.rosa, NIGHT))
    page = text(nora.get(url(cast)))
    link = page.split(f'<a id="stay-{cast.rosa.pk}"')[1].split("</a>")[0]
    assert "No bed" in link
    assert "R.M." in link
    assert re.search(r'<p class="card-last"><time [^>]*>[\w ]*02:53</time> Own room, lying', page)


def test_a_wall_with_room_to_spare_says_so_to_its_styles(cast):
    assert 'class="wall-cards wall-few"' in markup(cast)


def test_a_person_without_a_level_is_said_to_have_none(cast):
    assert "No level ordered" in markup(cast)


def test_the_wall_shows_initials_until_someone_chooses_names(nora, cast):
    assert "Rosa M." not in text(nora.get(url(cast)))
    nora.post(reverse("board-names", args=[cast.north.pk]), {"names": "yes"})
    assert "Rosa M." in text(nora.get(url(cast)))
    nora.post(reverse("board-names", args=[cast.north.pk]), {"names": "no"})
    assert "Rosa M." not in text(nora.get(url(cast)))


def test_a_concern_waits_at_the_foot_with_its_owner_and_its_clock(nora, cast):
    cast.store(cast.check(cast.rosa, NIGHT, fact=LIMPING))
    page = markup(cast, NIGHT + timedelta(minutes=20))
    assert "Limping, left foot" in page
    assert "nurse by 03:08" in page
    assert "4 min over" in page
    assert "Limping" not in markup(cast, wall=True)

    (alert,) = Alert.objects.visible_to(cast.nora)
    acknowledge(alert.pk, by=cast.nora, words="Seen her, ice", at=NIGHT)
    assert "Nothing waits for an answer." in markup(cast)


def test_what_someone_typed_is_never_markup(nora, cast):
    said = SafetyCheck(outcome="seen", place="hall", nurse_should_know="<script>alert(1)</script>")
    cast.store(cast.check(cast.rosa, now(), fact=said))
    page = text(nora.get(url(cast)))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_board_of_another_unit_is_not_there(nora, cast):
    for name in ("board", "board-live"):
        assert nora.get(reverse(name, args=[cast.south.pk])).status_code == 404
    names = reverse("board-names", args=[cast.south.pk])
    assert nora.post(names, {"names": "yes"}).status_code == 404


def test_nobody_of_another_unit_is_on_the_board(cast):
    cast.arrive("Zoe", "Quist", unit=cast.south)
    assert "Z.Q." not in markup(cast)


def test_the_wall_names_a_few_of_many_who_wait_and_first_what_no_card_tells(cast):
    for number in range(10):
        seen(cast, cast.arrive("Ada", f"Late-{number}"), NIGHT - timedelta(hours=1))
    raise_missed(NIGHT)
    seen(cast, cast.john, NIGHT, fact=LIMPING)
    waiting = Alert.objects.as_system("test").count()
    wall, desk = markup(cast, wall=True), markup(cast)

    assert waiting > WALL_ALERTS
    assert wall.split('class="wall-alerts"')[1].count("<li>") == WALL_ALERTS + 1
    assert f"{waiting - WALL_ALERTS} more wait for an answer" in wall
    first = wall.split('class="wall-alerts"')[1].split("</li>")[0]
    assert "J.T." in first
    assert desk.split('class="wall-alerts"')[1].count("<li>") == waiting
    assert f"{waiting} wait for an answer" in desk


def test_the_wall_has_nothing_to_press(nora, cast):
    page = text(nora.get(url(cast, "?wall")))
    assert "<a " not in page
    assert "<button" not in page
    assert "<form" not in page


def test_the_feed_shows_what_the_page_shows(nora, cast):
    nora.post(reverse("board-names", args=[cast.north.pk]), {"names": "yes"})
    wanted = nora.get(reverse("board-live", args=[cast.north.pk]), {"order": "room", "wall": ""})
    assert wanted.json() == {
        "unit_id": str(cast.north.pk),
        "language": "en",
        "by_name": True,
        "order": "room",
        "wall": True,
        "phone": False,
    }


@time_machine.travel(now(), tick=False)  # who is on the floor is asked once a minute
def test_a_page_costs_as_many_statements_after_ten_entries_as_after_a_thousand(nora, cast):
    cast.order(cast.rosa)

    def statements():
        with CaptureQueriesContext(connection) as asked:
            nora.get(url(cast))
        return len(asked)

    cast.store(*(cast.check(cast.rosa, NIGHT + timedelta(minutes=n)) for n in range(10)))
    statements()
    few = statements()
    for batch in range(5):
        times = (NIGHT + timedelta(minutes=200 * batch + n) for n in range(200))
        cast.store(*(cast.check(cast.rosa, at) for at in times))
    assert statements() == few
    assert few <= 9


def test_a_card_that_has_not_changed_is_the_same_and_one_that_has_is_new(cast):
    seen(cast, cast.rosa, NIGHT)
    before = markup(cast, NIGHT + timedelta(minutes=1))
    assert markup(cast, NIGHT + timedelta(minutes=1)) == before
    cast.store(cast.check(cast.rosa, NIGHT + timedelta(minutes=1), fact=LYING))
    assert markup(cast, NIGHT + timedelta(minutes=1)) != before


def test_in_the_hour_that_comes_twice_the_clock_says_which(cast):
    cast.north.time_zone = "America/New_York"
    cast.north.save()
    seen(cast, cast.rosa, NIGHT.replace(month=11, day=1, hour=5, minute=20))
    assert "01:35 EDT" in markup(cast, NIGHT.replace(month=11, day=1, hour=5, minute=25))


def test_a_board_says_until_when_it_stays_true(cast):
    seen(cast, cast.rosa, NIGHT)
    wanted = Wanted(unit_id=cast.north.pk, language="en")
    at = NIGHT + timedelta(minutes=14, seconds=30)
    shown = board(rows.unit(cast.north.pk), wanted, at)
    assert shown.until == NIGHT + timedelta(minutes=15)
