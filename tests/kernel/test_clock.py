"""Moments, and what the clock on the wall makes of them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.kernel.clock import moments_of, rfc3339, wall_time

wall = datetime.fromisoformat  # without a zone: what a clock on the wall shows
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Phoenix"]
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(wall("2020-01-01"), wall("2032-01-01"), timezones=st.just(UTC))
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "01:30 EDT"),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "01:30 EST"),
        (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), "02:30"),
        (datetime(2026, 3, 8, 7, 30, tzinfo=UTC), "03:30"),  # after the hour that is left out
        (datetime(2026, 3, 2, 7, 53, tzinfo=UTC), "02:53"),
    ],
)
def test_the_letters_of_the_zone_are_said_only_where_a_time_comes_twice(moment, said):
    assert wall_time(moment, NEW_YORK) == said


@given(moments, zones)
def test_a_time_that_was_shown_is_understood_again(moment, zone):
    assert moment in moments_of(moment.astimezone(zone).replace(tzinfo=None), zone)


@given(moments, zones)
def test_whatever_is_understood_shows_that_very_time(moment, zone):
    typed = moment.replace(tzinfo=None)
    found = moments_of(typed, zone)
    assert all(at.astimezone(zone).replace(tzinfo=None, fold=0) == typed for at in found)
    assert found == sorted(set(found))
    assert len(found) <= 2


@pytest.mark.parametrize(
    ("typed", "zone", "count"),
    [
        (wall("2026-11-01 01:30"), "America/New_York", 2),
        (wall("2026-03-08 02:30"), "America/New_York", 0),
        (wall("2026-04-05 01:45"), "Australia/Lord_Howe", 2),
        (wall("2026-10-04 02:15"), "Australia/Lord_Howe", 0),
        (wall("2026-03-08 02:30"), "UTC", 1),
    ],
)
def test_a_time_may_come_twice_or_never(typed, zone, count):
    assert len(moments_of(typed, ZoneInfo(zone))) == count


@given(moments)
def test_a_written_moment_reads_back_to_the_millisecond(moment):
    text = rfc3339(moment.astimezone(NEW_YORK))
    assert text.endswith("Z")
    assert timedelta() <= moment - datetime.fromisoformat(text) < timedelta(milliseconds=1)
