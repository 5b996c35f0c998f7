"""One day as one axis: also a day of 23 hours and one of 25."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from milieu.board.day import day_named, last_hours

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def hours_of(day):
    return [hour.words for hour in day.hours()]


@pytest.mark.parametrize(
    ("date", "hours"), [("2026-03-07", 24), ("2026-03-08", 23), ("2026-11-01", 25)]
)
def test_a_day_is_as_long_as_the_clocks_make_it(date, hours):
    assert day_named(date, NOW, NEW_YORK).length == timedelta(hours=hours)


def test_on_a_day_of_23_hours_every_moment_stands_at_its_elapsed_time():
    day = day_named("2026-03-08", NOW, NEW_YORK)  # 02:00 became 03:00
    three = datetime(2026, 3, 8, 3, tzinfo=NEW_YORK).astimezone(UTC)
    assert day.place(three) == pytest.approx(100 * 2 / 23, abs=0.01)
    assert hours_of(day) == ["00:00", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00"]


def test_on_a_day_of_25_hours_the_hour_that_comes_twice_is_marked_twice():
    day = day_named("2026-11-01", NOW, NEW_YORK)
    assert hours_of(day)[:4] == ["00:00", "01:00 EDT", "01:00 EST", "03:00"]
    assert day.place(day.start) == 0
    assert day.place(day.end) == 100


def test_without_a_date_the_day_is_the_last_24_hours():
    for text in ("", "yesterday", "2026-13-01", "9999-12-31"):
        assert day_named(text, NOW, NEW_YORK) == last_hours(NOW, NEW_YORK)


def test_what_is_outside_the_day_stands_at_its_end():
    day = last_hours(NOW, NEW_YORK)
    assert day.place(NOW + timedelta(hours=5)) == 100
    assert day.place(NOW - timedelta(days=5)) == 0
