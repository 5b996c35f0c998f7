"""On a unit that chose so, the number of notices follows how many of them were useful."""

from datetime import timedelta
from itertools import cycle

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from milieu.watch.choices import A_WEEK_MOST, PEOPLE, a_week, choose
from milieu.watch.following import follow, follows, let_follow, moved, rule, step_words
from milieu.watch.models import Budget, Mark, Notice
from tests.cast import NIGHT
from tests.pages import text

HOUR = timedelta(hours=1)
LAST = rule().last


def marked(cast, useful, of=LAST, *, at=NIGHT):
    """Let Nora mark so many notices, of which so many were useful."""
    for number in range(of):
        moment = at + number * timedelta(minutes=1)
        notice = Notice.objects.as_system("test").create(
            stay=cast.rosa, unit=cast.north, at=moment, told_at=moment
        )
        said = "useful" if number < useful else "not-useful"
        Mark.objects.as_system("test").create(notice=notice, said=said, by=cast.nora, at=moment)


@pytest.fixture
def unit(cast):
    """North reads ten a week, and lets the number follow."""
    choose(cast.north, [], weekly=10, by=cast.nora, at=NIGHT - HOUR)
    let_follow(cast.north, on=True, by=cast.nora, at=NIGHT - HOUR)
    return cast.north


def test_it_is_off_until_a_unit_chooses_it(cast):
    choose(cast.north, [], weekly=10, by=cast.nora, at=NIGHT - HOUR)
    marked(cast, useful=0)
    follow(cast.north, PEOPLE, NIGHT + HOUR)
    assert not follows(cast.north)
    assert a_week(cast.north, 24) == 10


@pytest.mark.parametrize(("useful", "wanted"), [(2, 7), (10, 10), (18, 14)])
def test_few_useful_ask_for_fewer_and_most_useful_for_more(cast, unit, useful, wanted):
    marked(cast, useful)
    follow(unit, PEOPLE, NIGHT + HOUR)
    assert a_week(unit, 24) == wanted


def test_a_mark_counts_once_and_what_moved_is_kept_with_its_reason(cast, unit):
    marked(cast, useful=2)
    follow(unit, PEOPLE, NIGHT + HOUR)
    follow(unit, PEOPLE, NIGHT + 2 * HOUR)
    newest = Budget.objects.order_by("-at", "-pk")[0]
    assert Budget.objects.count() == 2
    assert (newest.a_week, newest.useful, newest.marked, newest.at) == (7, 2, LAST, NIGHT + HOUR)
    assert "it is 7 a week: 2 of the last 20 marked notices were useful." in step_words(unit)


def test_fewer_marks_than_it_looks_at_move_nothing(cast, unit):
    marked(cast, useful=0, of=LAST - 1)
    follow(unit, PEOPLE, NIGHT + HOUR)
    assert a_week(unit, 24) == 10


def test_what_a_person_chooses_holds_again(cast, unit):
    marked(cast, useful=2)
    follow(unit, PEOPLE, NIGHT + HOUR)
    choose(unit, [], weekly=12, by=cast.nora, at=NIGHT + 2 * HOUR)
    follow(unit, PEOPLE, NIGHT + 3 * HOUR)
    assert a_week(unit, 24) == 12
    assert step_words(unit) == ""


@pytest.mark.parametrize("useful", [[LAST], [0], [LAST, LAST, 0], [0, 0, LAST]])
@pytest.mark.parametrize("chosen", [None, 10, A_WEEK_MOST])
def test_over_many_weeks_it_stays_near_what_was_chosen_or_is_usual(cast, useful, chosen):
    let_follow(cast.north, on=True, by=cast.nora, at=NIGHT - HOUR)
    if chosen:
        choose(cast.north, [], weekly=chosen, by=cast.nora, at=NIGHT - HOUR)
    about = chosen or 7
    for week, marks in zip(range(12), cycle(useful), strict=False):
        at = NIGHT + week * timedelta(days=7)
        marked(cast, marks, at=at)
        follow(cast.north, PEOPLE, at + HOUR)
        now = a_week(cast.north, PEOPLE)
        assert round(about / 4) <= now <= min(2 * about, A_WEEK_MOST)


@given(st.integers(1, 70), st.lists(st.integers(0, LAST), max_size=30))
def test_it_never_leaves_its_bounds_and_moves_the_way_that_was_said(chosen, shares):
    now = chosen
    for useful in shares:
        after = moved(now, chosen, useful, rule())
        assert max(1, round(chosen / 4)) <= after <= min(2 * chosen, A_WEEK_MOST)
        if useful / LAST < rule().few:
            assert after <= now
        elif useful / LAST >= rule().many:
            assert after >= now
        else:
            assert after == now
        now = after


def test_a_nurse_chooses_it_in_the_page_and_reads_why_it_moved(cast, unit, nora):
    url = reverse("notices-settings", args=[unit.pk])
    marked(cast, useful=2)
    follow(unit, PEOPLE, NIGHT + HOUR)
    page = text(nora.get(url))
    assert "2 of the last 20 marked notices were useful" in page
    assert "When fewer than 6 of the last 20 marked notices were useful" in page
    assert nora.post(url, {"entry_id": cast.rosa.pk, "a_week": "7"}).status_code == 302
    assert not follows(unit)
