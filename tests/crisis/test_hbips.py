"""Minutes in restraint and in seclusion as the Joint Commission's manual counts them."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milieu.crisis.hbips import (
    Band,
    Day,
    Event,
    Measure,
    Total,
    band,
    days,
    impossible,
    problems,
)

NEW_YORK = ZoneInfo("America/New_York")
RESTRAINT, SECLUSION = Measure
FIRST, SECOND = date(2026, 6, 1), date(2026, 6, 2)
NOON = datetime(2026, 6, 1, 12, tzinfo=NEW_YORK)


def event(measure, began, ended, application=""):
    def moment(value):
        if value is None or isinstance(value, datetime):
            return value and value.astimezone(UTC)
        return (NOON + timedelta(seconds=value)).astimezone(UTC)

    return Event(measure, moment(began), moment(ended), application)


def counted(*events, zone=NEW_YORK):
    return {(day.on, day.measure): day.minutes for day in days(events, zone)}


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(1, 1), (59, 1), (60, 1), (61, 2), (125, 3), (3600, 60)]
)
def test_whole_minutes_are_counted_rounded_up(seconds, minutes):
    """Data element 0148: up to 60 seconds is 1, 2 minutes 5 seconds is 3."""
    assert counted(event(RESTRAINT, 0, seconds)) == {(FIRST, RESTRAINT): minutes}


def test_an_event_that_passes_midnight_is_two():
    """Data element 0145: placed at 23:45 on 6-1, discontinued at 00:30 on 6-2."""
    began = datetime(2026, 6, 1, 23, 45, tzinfo=NEW_YORK)
    found = counted(event(RESTRAINT, began, began + timedelta(minutes=45)))
    assert found == {(FIRST, RESTRAINT): 15, (SECOND, RESTRAINT): 30}


def test_each_part_is_rounded_up_on_its_own_date():
    began = datetime(2026, 6, 1, 23, 59, 30, tzinfo=NEW_YORK)
    found = counted(event(SECLUSION, began, began + timedelta(seconds=60)))
    assert found == {(FIRST, SECLUSION): 1, (SECOND, SECLUSION): 1}


def test_the_date_is_that_of_the_units_clock():
    began = datetime(2026, 6, 2, 3, 0, tzinfo=UTC)  # 23:00 in New York
    found = counted(event(RESTRAINT, began, began + timedelta(minutes=10)))
    assert found == {(FIRST, RESTRAINT): 10}


def test_events_of_one_date_are_added_each_rounded_up():
    found = counted(event(RESTRAINT, 0, 61), event(RESTRAINT, 600, 661))
    assert found == {(FIRST, RESTRAINT): 4}


def test_two_devices_at_once_are_one_event():
    found = counted(event(RESTRAINT, 0, 90), event(RESTRAINT, 30, 150))
    assert found == {(FIRST, RESTRAINT): 3}


def test_both_at_once_count_as_restraint():
    """Data element 0148: time in physical restraints supersedes time in seclusion."""
    found = counted(event(SECLUSION, 0, 3600), event(RESTRAINT, 600, 1200))
    assert found == {(FIRST, RESTRAINT): 10, (FIRST, SECLUSION): 50}


def test_the_start_of_seclusion_stops_the_clock_of_restraint():
    found = counted(event(RESTRAINT, 0, None, "a"), event(SECLUSION, 600, 1500, "a"))
    assert found == {(FIRST, RESTRAINT): 10, (FIRST, SECLUSION): 15}


def test_a_seclusion_of_another_time_stops_nothing():
    found = counted(event(RESTRAINT, 0, None, "a"), event(SECLUSION, 600, 1500, "b"))
    assert found == {(FIRST, RESTRAINT): None, (FIRST, SECLUSION): 15}


@pytest.mark.parametrize("ends", [(0, None), (None, 0)])
def test_a_start_or_an_end_that_is_missing_makes_the_date_undetermined(ends):
    found = counted(event(RESTRAINT, *ends), event(RESTRAINT, 600, 660))
    assert found == {(FIRST, RESTRAINT): None}


def test_nothing_is_counted_of_what_has_no_time_at_all():
    assert counted(event(RESTRAINT, None, None), event(SECLUSION, 60, 60)) == {}


@pytest.mark.parametrize(("day", "minutes"), [((2026, 3, 8), 1380), ((2026, 11, 1), 1500)])
def test_a_date_of_23_or_25_hours_has_as_many_minutes_as_it_had(day, minutes):
    start = datetime(*day, tzinfo=NEW_YORK)
    end = datetime(*day[:2], day[2] + 1, tzinfo=NEW_YORK)
    assert counted(event(SECLUSION, start, end)) == {(date(*day), SECLUSION): minutes}


@pytest.mark.parametrize("zone", ["America/Goose_Bay", "America/Havana", "America/Asuncion"])
def test_a_clock_that_goes_back_at_midnight_loses_no_minute(zone):
    """In 2010 it went from 00:01 back to 23:01, from 01:00 to 00:00, and from 00:00 to 23:00."""
    clock, start = ZoneInfo(zone), datetime(2010, 1, 1, tzinfo=UTC)
    found = days([event(SECLUSION, start, start + timedelta(days=364))], clock)
    assert sum(day.minutes for day in found) == 364 * 1440
    assert len(found) in (364, 365)


SECONDS = st.integers(0, 3 * 24 * 3600)
LENGTHS = st.integers(0, 4000) | st.integers(0, 100_000)
EVENTS = st.lists(st.tuples(st.sampled_from(Measure), SECONDS, LENGTHS), max_size=4)
# A day before the clocks of New York go forward, go back, and an ordinary day.
DAYS = st.sampled_from([date(2026, 3, 7), date(2026, 10, 31), date(2026, 6, 1)])


@settings(max_examples=40)  # a second at a time takes its time
@given(EVENTS, DAYS, st.sampled_from(["America/New_York", "America/Los_Angeles", "Asia/Tokyo"]))
def test_it_is_what_counting_every_second_gives(events, day, zone):
    start, clock = datetime.combine(day, time.min, UTC), ZoneInfo(zone)
    told = [
        event(measure, start + timedelta(seconds=s), start + timedelta(seconds=s + length))
        for measure, s, length in events
    ]
    assert counted(*told, zone=clock) == second_by_second(events, start, clock)


def second_by_second(events, start, clock):
    """Count as the manual says it, one second after the other."""
    now = {}  # second: what it counts as
    for measure in (SECLUSION, RESTRAINT):  # restraint written over seclusion
        for kind, began, length in events:
            if kind is measure:
                now.update(dict.fromkeys(range(began, began + length), measure))
    pieces, last = [], None
    for second in sorted(now):
        on = (start + timedelta(seconds=second)).astimezone(clock).date()
        key = (second - 1, on, now[second])
        if last == key:
            pieces[-1][1] += 1
        else:
            pieces.append([(on, now[second]), 1])
        last = (second, on, now[second])
    found = defaultdict(int)
    for key, seconds in pieces:
        found[key] += seconds // 60 + (seconds % 60 > 0)
    return dict(found)


def test_the_rate_is_hours_per_thousand_hours_in_the_unit():
    """0.25 hours in 1,156 days come to 0.009 (Medisolv, Event Rate Results Methodology)."""
    assert round(Total(15, 1, 1156, 0).rate, 3) == 0.009


def test_leave_days_are_left_out():
    """The Joint Commission's example: 90 days of which 2 of leave; 30 and 90 minutes."""
    restraint, seclusion = Total(30, 3, 90, 2), Total(90, 3, 90, 2)
    assert restraint.census_days == 88
    assert restraint.rate == pytest.approx(0.5 / 2.112)
    assert seclusion.rate == pytest.approx(1.5 / 2.112)


def test_where_nobody_was_there_is_no_rate():
    assert Total(0, 0, 5, 5).rate is None


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, None), (1, "b"), (12, "b"), (13, "c"), (17, "c"), (18, "d"), (64, "d"), (65, "e")],
)
def test_there_are_four_bands_by_the_age_on_the_date(age, expected):
    assert band(date(2026 - age, 6, 1), FIRST) == expected
    if age:
        assert band(date(2026 - age, 6, 2), FIRST) == band(date(2027 - age, 6, 1), FIRST)


def test_a_submission_that_can_be_is_not_complained_of():
    parts = {Band.ADULT: Total(30, 2, 60, 2), Band.OLDER: Total(0, 0, 30, 0)}
    assert problems(parts, Total(30, 2, 90, 2)) == ()


@pytest.mark.parametrize(
    ("total", "codes"),
    [
        (Total(-1, 0, 10, 0), {"below-zero", "people-without-minutes"}),
        (Total(0, 0, 10, 11), {"more-leave-than-days"}),
        (Total(10 * 1440 + 1, 1, 12, 2), {"more-hours-than-days"}),
        (Total(10 * 1440, 1, 12, 2), set()),
        (Total(60, 1, 0, 0), {"more-hours-than-days"}),
        (Total(60, 0, 10, 0), {"minutes-of-nobody"}),
        (Total(0, 1, 10, 0), {"people-without-minutes"}),
        (Total(2, 3, 10, 0), {"people-without-minutes"}),
        (Total(60, 1, 500_000, 0), {"too-many-hours"}),
    ],
)
def test_a_submission_that_cannot_be_is_named(total, codes):
    found = problems({Band.ADULT: total}, total)
    assert {problem.code for problem in found} == codes
    assert {problem.of for problem in found} <= {"a", "d"}


def test_bands_that_are_together_not_all_are_named():
    parts = {Band.ADULT: Total(30, 2, 60, 2), Band.OLDER: Total(0, 0, 30, 0)}
    found = problems(parts, Total(31, 2, 91, 2))
    assert [(each.code, each.of, each.value, each.most) for each in found] == [
        ("bands-differ", "minutes", 30, 31),
        ("bands-differ", "inpatient_days", 90, 91),
    ]


def test_a_date_that_is_undetermined_or_over_1440_is_named():
    found = impossible(
        [Day(FIRST, RESTRAINT, None), Day(FIRST, SECLUSION, 1500), Day(SECOND, SECLUSION, 1440)]
    )
    assert [(each.code, each.of, each.value) for each in found] == [
        ("utd", "2026-06-01 HBIPS-2", None),
        ("over-1440", "2026-06-01 HBIPS-3", 1500),
    ]
