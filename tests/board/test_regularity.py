"""How regular are our checks? What the page says, and of whom it says nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse

from milieu.admissions.services import leave
from milieu.board.regularity import exact
from milieu.kernel.ids import uuid7
from tests.pages import now, text

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def page(client, cast):
    return text(client.get(reverse("regularity", args=[cast.north.pk])))


def seen(cast, stay, gaps, level="q15"):
    """Order a level; have somebody seen at these gaps in minutes, the last a minute ago."""
    cast.order(stay, level)
    at = now() - (sum(gaps) + 1) * MINUTE
    times = [at := at + gap * MINUTE for gap in gaps]
    cast.store(*(cast.check(stay, each) for each in times))


def test_checks_by_the_clock_are_said_to_be_easy_to_guess(nora, cast):
    seen(cast, cast.rosa, [14] * 20)
    said = page(nora, cast)
    assert said.count('<span class="tag tag-soon">easy to guess</span>') == 2  # the unit, and Rosa
    assert "14 min" in said
    assert "It takes as long as the last time." in said


def test_uneven_checks_are_said_to_be_hard_to_guess(nora, cast):
    seen(cast, cast.rosa, [3, 14, 9, 12, 2, 13, 7, 14, 4, 11, 14, 5, 1, 12, 8])
    assert "hard to guess" in page(nora, cast)


def test_with_few_checks_it_says_that_it_cannot_say(nora, cast):
    seen(cast, cast.rosa, [14] * 3)
    said = page(nora, cast)
    assert "too few checks yet" in said
    assert "There are too few checks yet to say." in said


def test_what_was_at_an_earlier_level_does_not_count(nora, cast):
    seen(cast, cast.rosa, [14] * 20)
    cast.order(cast.rosa, "q30", at=now() - 30 * MINUTE)
    assert "easy to guess" not in page(nora, cast)


def test_nobody_who_made_the_checks_is_named(nora, cast):
    seen(cast, cast.rosa, [14] * 20)
    said = page(nora, cast)
    assert "R.M." in said
    assert "Dana" not in said


def test_who_is_away_and_whom_somebody_stays_with_are_left_out(nora, cast):
    seen(cast, cast.rosa, [14] * 20)
    seen(cast, cast.john, [14] * 20, level="line-of-sight")
    leave(entry_id=uuid7(), stay=cast.rosa, at=now(), by=cast.nora)
    said = page(nora, cast)
    assert "R.M." not in said
    assert "J.T." not in said


def test_a_persons_page_says_it_of_the_last_day_and_of_no_other(nora, cast):
    seen(cast, cast.rosa, [14] * 20)
    address = reverse("stay", args=[cast.rosa.pk])
    said = "The next check is easy to guess: a guess is off by seconds"
    assert said in text(nora.get(address))
    assert said not in text(nora.get(address, {"day": f"{now():%Y-%m-%d}"}))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(10, "seconds"), (31, "½ min"), (60, "1 min"), (95, "1½ min"), (660, "11 min")],
)
def test_short_times_are_said_in_half_minutes(seconds, words):
    assert exact(timedelta(seconds=seconds)) == words
