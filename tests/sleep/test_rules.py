"""Which nights are protected, and what ends them: by the unit's clock, to the second."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from milieu.sleep.rules import Hours, Strict, cut, evening_of, night_at, nights, over, rise
from tests.rounds.test_clock_changes import changes

HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")
LATE = Hours("23:00", "06:00")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 3, tzinfo=UTC)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_ordered_by_day_the_first_night_is_tonights():
    (first, second) = nights(LATE, since=NOON, count=2, zone=ZoneInfo("UTC"))
    assert first == (utc(2026, 3, 2, 23), utc(2026, 3, 3, 6))
    assert second == (utc(2026, 3, 3, 23), utc(2026, 3, 4, 6))


def test_ordered_in_the_night_that_night_is_the_first_from_then_on():
    (first,) = nights(LATE, since=MIDNIGHT, count=1, zone=ZoneInfo("UTC"))
    assert first == (MIDNIGHT, utc(2026, 3, 3, 6))


def test_hours_after_midnight_are_hours_of_one_day():
    (first,) = nights(Hours("00:30", "05:00"), since=NOON, count=1, zone=ZoneInfo("UTC"))
    assert first == (utc(2026, 3, 3, 0, 30), utc(2026, 3, 3, 5))


@pytest.mark.parametrize(("evening", "hours"), [((2026, 3, 7), 6), ((2026, 10, 31), 8)])
def test_a_night_in_which_the_clock_changes_is_an_hour_shorter_or_longer(evening, hours):
    since = datetime(*evening, 12, tzinfo=NEW_YORK).astimezone(UTC)
    ((start, end),) = nights(LATE, since=since, count=1, zone=NEW_YORK)
    assert end - start == hours * HOUR
    assert [at.astimezone(NEW_YORK).hour for at in (start, end)] == [23, 6]


def test_an_hour_that_comes_twice_is_protected_both_times():
    since = datetime(2026, 10, 31, 12, tzinfo=NEW_YORK).astimezone(UTC)
    ((_, end),) = nights(Hours("23:00", "01:30"), since=since, count=1, zone=NEW_YORK)
    assert end.astimezone(NEW_YORK).tzname() == "EST"


def test_an_hour_that_is_skipped_ends_when_it_would_have_come():
    since = datetime(2026, 3, 7, 12, tzinfo=NEW_YORK).astimezone(UTC)
    ((start, end),) = nights(Hours("23:00", "02:30"), since=since, count=1, zone=NEW_YORK)
    assert end - start == 3.5 * HOUR


def test_around_every_change_of_every_zone_nights_follow_each_other_and_have_their_length():
    for change in changes():
        zone = ZoneInfo(change.zone)
        found = nights(LATE, since=change.at - 30 * HOUR, count=3, zone=zone)
        for (start, end), (later, _) in pairwise(found):
            assert start < end < later, change
        for start, end in found[1:]:
            assert abs(end - start - 7 * HOUR) <= abs(change.by) + HOUR, change


def test_it_is_over_when_the_level_rises_even_back_to_what_it_was():
    q15, q30, los = 2, 3, 1
    levels = [Strict(NOON - HOUR, q15), Strict(NOON + HOUR, q30)]
    assert rise(levels, NOON) is None
    assert rise([*levels, Strict(NOON + 2 * HOUR, q15)], NOON) == NOON + 2 * HOUR
    assert rise([Strict(NOON - HOUR, q15), Strict(NOON + HOUR, los)], NOON) == NOON + HOUR
    assert rise([Strict(NOON - 2 * HOUR, q30), Strict(NOON - HOUR, q15)], NOON) is None


RISES = [Strict(NOON - HOUR, 2), Strict(NOON + HOUR, 0)]


@pytest.mark.parametrize(
    ("marks", "by"),
    [
        ({}, "nights"),
        ({"word": NOON + HOUR}, "word"),
        ({"moved": NOON + HOUR, "left": NOON + 2 * HOUR}, "moved"),
        ({"left": NOON + HOUR}, "left"),
        ({"left": NOON + 90 * HOUR}, "nights"),
        ({"word": NOON - HOUR}, "nights"),  # of an order before this one
        (
            {"levels": RISES, "left": NOON + HOUR},
            "level",
        ),
    ],
)
def test_whatever_comes_first_ends_it(marks, by):
    given = {"levels": [], "word": None, "moved": None, "left": None, **marks}
    at, found = over(NOON + 40 * HOUR, since=NOON, **given)
    assert found == by
    assert at == (NOON + 40 * HOUR if by == "nights" else NOON + HOUR)


def test_what_is_over_protects_no_night_after_it_and_cuts_the_one_it_is_in():
    found = nights(LATE, since=NOON, count=3, zone=ZoneInfo("UTC"))
    until = utc(2026, 3, 3, 2)
    assert cut(found, until) == [(utc(2026, 3, 2, 23), until)]
    assert night_at(cut(found, until), until) is None
    assert night_at(cut(found, until), until - HOUR)


def test_a_night_belongs_to_the_evening_on_which_it_began():
    zone = ZoneInfo("UTC")
    assert evening_of(MIDNIGHT + 3 * HOUR, zone) == date(2026, 3, 2)
    assert evening_of(MIDNIGHT - HOUR, zone) == date(2026, 3, 2)
    assert evening_of(MIDNIGHT + 12 * HOUR, zone) == date(2026, 3, 3)
