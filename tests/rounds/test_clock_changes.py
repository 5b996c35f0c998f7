"""Nights of 23 and 25 hours: every zone that there is, every change from 2024 to 2040."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import pytest

from milieu.board.day import day_named
from milieu.kernel.clock import moments_of, wall_time
from milieu.rounds.rules import Ordered, deadline, gaps

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
LAST = datetime(2041, 1, 1, tzinfo=UTC)
STEP = timedelta(days=4)  # no two changes of a zone are as near to each other
Q15 = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
NIGHT = timedelta(hours=6)  # before and after the change


class Change(NamedTuple):
    """A moment at which the clocks of a zone are set, and by how much."""

    at: datetime
    by: timedelta
    zone: str


def zones():
    return sorted(available_timezones() - {"localtime", "Factory"})


@cache
def changes():
    """Return every change of every zone; what zones share, once."""
    found = {}
    for name in zones():
        for change in changes_of(name):
            zone = ZoneInfo(name)
            found.setdefault((change.at, change.by, change.at.astimezone(zone).utcoffset()), change)
    return list(found.values())


def changes_of(name):
    zone = ZoneInfo(name)
    at = FIRST
    while at < LAST:
        before, after = at.astimezone(zone).utcoffset(), (at + STEP).astimezone(zone).utcoffset()
        if before != after:
            yield Change(first_with(after, at, at + STEP, zone), after - before, name)
        at += STEP


def first_with(offset, low, high, zone):
    """Return the first moment, to the second, at which the zone has this offset."""
    while high - low > SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (
            (low, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, high)
        )
    return high


def test_the_changes_are_found():
    """So that the tests below are about something: New York alone has 34 of them."""
    new_york = list(changes_of("America/New_York"))
    assert len(new_york) == 2 * 17
    assert new_york[0].at == datetime(2024, 3, 10, 7, tzinfo=UTC)
    assert {abs(change.by) for change in changes()} >= {timedelta(hours=1), timedelta(minutes=30)}
    assert len(zones()) > 400
    assert len(changes()) > 300


def night_of(change):
    """Return checks at every greatest allowed gap from before the change until after it."""
    start = change.at - NIGHT - timedelta(minutes=7)
    return [start + n * Q15 for n in range(2 * NIGHT // Q15 + 2)]


def test_no_gap_is_greater_than_the_interval_because_of_a_clock_change():
    for change in changes():
        checks = night_of(change)
        q15 = [Ordered(at=checks[0], gap=Q15)]
        night = {"arrivals": [], "levels": q15, "away": [], "now": checks[-1]}
        assert gaps(checks=checks, **night) == [], change
        assert {deadline(at, q15) - at for at in checks} == {Q15}, change


def test_a_gap_over_a_clock_change_is_as_long_as_it_was():
    for change in changes():
        start, end = change.at - NIGHT, change.at + NIGHT
        night = {"arrivals": [], "levels": [Ordered(at=start, gap=Q15)], "away": [], "now": end}
        (gap,) = gaps(checks=[start, end], **night)
        assert gap.over(end) == 2 * NIGHT - Q15, change


def test_a_check_a_second_late_is_late_whatever_the_clock_on_the_wall_says():
    for change in changes():
        late = change.at + SECOND
        start = late - Q15 - SECOND
        night = {"arrivals": [], "levels": [Ordered(at=start, gap=Q15)], "away": [], "now": late}
        (gap,) = gaps(checks=[start, late], **night)
        assert gap.over(late) == SECOND, change


def test_a_due_time_that_is_shown_means_one_moment():
    """What is written on a card can be read back, in the hour that comes twice too."""
    for change in changes():
        zone = ZoneInfo(change.zone)
        shown = [wall_time(at, zone) for at in night_of(change)]
        assert len(set(shown)) == len(shown), change
        for at in night_of(change):
            local = at.astimezone(zone).replace(tzinfo=None)
            assert at in moments_of(local, zone), change


@pytest.mark.parametrize("name", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_the_day_of_a_change_has_the_length_that_it_had(name):
    zone = ZoneInfo(name)
    for change in changes_of(name):
        local = change.at.astimezone(zone)
        assert day_of(local.date(), zone).length == timedelta(hours=24) - change.by, change


def test_every_day_of_a_change_begins_where_the_day_before_ends():
    for change in changes():
        zone = ZoneInfo(change.zone)
        day = (change.at - timedelta(hours=12)).astimezone(zone).date()
        before, on, after = (day_of(day + timedelta(days=n), zone) for n in range(3))
        assert before.end == on.start, change
        assert on.end == after.start, change
        for each in (before, on, after):
            last = each.end - SECOND
            assert each.start.astimezone(zone).date() == each.named, change
            assert last.astimezone(zone).date() == each.named, change


def day_of(named: date, zone):
    return day_named(named.isoformat(), FIRST, zone)
