"""Due times and gaps, against a watch that steps through every minute and knows no formula."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.rounds.rules import Gap, Ordered, deadline, gaps

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
HORIZON = 400  # minutes that are looked at
MINUTE = timedelta(minutes=1)

minutes = st.integers(0, HORIZON // 2)
levels_in_force = st.lists(
    st.tuples(minutes, st.sampled_from([5, 15, 30, 60])), max_size=5, unique_by=lambda pair: pair[0]
).map(sorted)


def at(minute):
    return MIDNIGHT + minute * MINUTE


def orders(levels):
    return [Ordered(at=at(minute), gap=gap * MINUTE) for minute, gap in levels]


def watched_deadline(since, levels):
    """Walk minute by minute from ``since`` with the orders in the hand; stop when one is missed."""
    in_force = [gap for minute, gap in levels if minute <= since]
    gap = in_force[-1] if in_force else None
    limit = since + gap if gap else None
    for now in range(since + 1, HORIZON):
        if limit is not None and now > limit:
            return limit
        for minute, new in levels:
            if minute != now:
                continue
            if limit is None:
                limit = now + new
            elif new <= gap:
                limit = min(limit, now + new)
            else:
                limit = max(limit, since + new)
            gap = new
    return limit


@given(since=minutes, levels=levels_in_force)
def test_a_deadline_is_what_a_watch_that_steps_through_every_minute_finds(since, levels):
    expected = watched_deadline(since, levels)
    assert deadline(at(since), orders(levels)) == (None if expected is None else at(expected))


def watched_gaps(checks, arrivals, levels, away, now):
    """Walk minute by minute; a gap is open while nobody looked and the limit has passed."""
    found, since, over = [], None, False
    for minute in range(now + 1):
        if since is not None:
            limit = watched_deadline(since, levels)
            over = limit is not None and minute > limit
        left = any(start <= minute < end for start, end in away)
        if left or minute in checks | arrivals:
            if over:
                found.append((since, minute))
            since, over = (None if left else minute), False
    if over:
        found.append((since, None))
    return found


@st.composite
def nights(draw):
    checks = draw(st.sets(minutes, max_size=8))
    left = draw(st.lists(minutes, max_size=4, unique=True).map(sorted))
    away = list(zip(left[::2], left[1::2], strict=False))
    checks -= {minute for start, end in away for minute in range(start, end)}
    arrivals = {0} | {end for _, end in away}
    levels = [(0, draw(st.sampled_from([15, 30, 60]))), *draw(levels_in_force)]
    return checks, arrivals, sorted(dict(levels).items()), away, HORIZON // 2 + 60


def found_gaps(checks, arrivals, levels, away, now):
    return gaps(
        checks=[at(minute) for minute in checks],
        arrivals=[at(minute) for minute in arrivals],
        levels=orders(levels),
        away=[(at(start), at(end)) for start, end in away],
        now=at(now),
    )


def in_minutes(gap: Gap):
    def minute(moment):
        return None if moment is None else int((moment - MIDNIGHT) / MINUTE)

    return minute(gap.start), minute(gap.end)


@given(nights())
def test_the_gaps_of_a_night_are_what_the_watch_finds(night):
    assert [in_minutes(gap) for gap in found_gaps(*night)] == watched_gaps(*night)


@given(nights(), st.randoms(use_true_random=False))
def test_the_order_in_which_checks_arrive_does_not_matter(night, random):
    checks, *rest = night
    shuffled = list(checks)
    random.shuffle(shuffled)
    assert found_gaps(shuffled, *rest) == found_gaps(sorted(checks), *rest)


def total_over(found, now):
    return sum((gap.over(at(now)) for gap in found), timedelta())


@given(nights(), minutes)
def test_a_check_that_arrives_late_can_only_shorten_gaps(night, late):
    checks, arrivals, levels, away, now = night
    before = found_gaps(*night)
    after = found_gaps(checks | {late}, arrivals, levels, away, now)
    assert total_over(after, now) <= total_over(before, now)


@given(nights())
def test_nothing_is_filled_in_every_end_of_a_gap_is_something_that_happened(night):
    checks, arrivals, _levels, away, _now = night
    happened = {at(minute) for minute in checks | arrivals}
    left = {at(start) for start, _ in away}
    for gap in found_gaps(*night):
        assert gap.start in happened
        assert gap.end is None or gap.end in happened | left
        assert gap.start < gap.allowed_until < (gap.end or at(_now))


@given(nights())
def test_no_gap_runs_while_somebody_is_away(night):
    for gap in found_gaps(*night):
        start, end = in_minutes(gap)
        for left, returned in night[3]:
            assert (end or HORIZON) <= left or start >= returned


Q15, Q30, HOURLY = 15, 30, 60


@pytest.mark.parametrize(
    ("levels", "due"),
    [
        ([(0, HOURLY), (10, Q15)], 25),  # stricter: within its gap of the order
        ([(0, HOURLY), (50, Q15)], 60),  # and never later than before
        ([(0, Q15), (10, HOURLY)], 60),  # looser: its gap from the last check
        ([(0, Q15), (20, HOURLY)], 15),  # missed before it came: stays missed
        ([(5, Q15)], 20),  # the first level of all: from the order on
        ([], None),
    ],
)
def test_a_level_that_changes_between_two_checks_moves_the_due_time(levels, due):
    assert deadline(at(0), orders(levels)) == (None if due is None else at(due))


def test_a_gap_goes_when_the_check_that_fills_it_arrives():
    night = ({10, 50}, {0}, [(0, Q15)], [], 60)
    (gap,) = found_gaps(*night)
    assert (in_minutes(gap), gap.over(at(60))) == ((10, 50), 25 * MINUTE)
    (shorter,) = found_gaps({10, 24, 50}, *night[1:])
    assert (in_minutes(shorter), shorter.over(at(60))) == ((24, 50), 11 * MINUTE)
    assert found_gaps({10, 24, 37, 50}, *night[1:]) == []


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        ("America/New_York", (2026, 3, 7), 11),
        ("America/New_York", (2026, 10, 31), 13),
        ("Europe/Berlin", (2026, 3, 28), 11),
        ("Europe/Berlin", (2026, 10, 24), 13),
        ("Australia/Lord_Howe", (2026, 4, 4), 12.5),  # clocks move by half an hour
        ("America/Santiago", (2026, 9, 5), 11),
        ("UTC", (2026, 3, 28), 12),
    ],
)
def test_a_gap_is_elapsed_time_in_nights_of_any_length(zone, evening, hours):
    """From 20:00 to 08:00 by the clock on the wall, with nobody looking in."""
    start = datetime(*evening, 20, tzinfo=ZoneInfo(zone))
    end = datetime(*evening, 8, tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    quarter = timedelta(minutes=15)
    (gap,) = gaps(
        checks=[start, end],
        arrivals=[],
        levels=[Ordered(at=start, gap=quarter)],
        away=[],
        now=end,
    )
    assert gap.over(end) == timedelta(hours=hours) - quarter


@given(st.integers(0, 24 * 60), st.integers(15, 120))
def test_a_check_in_the_doubled_hour_is_due_after_real_minutes(minute, gap):
    zone = ZoneInfo("America/New_York")
    since = datetime(2026, 11, 1, tzinfo=zone).astimezone(UTC) + minute * MINUTE
    due = deadline(since, [Ordered(at=since, gap=gap * MINUTE)])
    assert due - since == gap * MINUTE
