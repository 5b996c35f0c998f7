"""What holds of noticing whatever is seen, in whatever order, on whatever night."""

import math
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milieu.watch.rules import Seen, Stream, prior, signals, usual
from milieu.watch.streams import part_of, ruler, shift_of

ZONE = ZoneInfo("America/New_York")
BEGIN = datetime(2026, 2, 2, 13, tzinfo=UTC)
STREAMS = {
    "meals": Stream("meals", "share", 0, 100, "lower"),
    "activity": Stream("activity", "ordinal", 1, 7, "either"),
    "requests": Stream("requests", "count", 0, 50, "higher"),
    "pulse": Stream("pulse", "continuous", 20, 250, "either"),
    "group": Stream("group", "yesno", 0, 1, "lower"),
}
POSSIBLE = {
    "meals": st.sampled_from([0, 25, 50, 75, 100]),
    "activity": st.integers(1, 7),
    "requests": st.integers(0, 50),
    "pulse": st.floats(20, 250),
    "group": st.sampled_from([0, 1]),
}


def unit(code: str) -> list[list[Seen]]:
    chance = Random(code)
    stream = STREAMS[code]

    def look(level: float) -> float:
        share = min(max(level + chance.gauss(0, 0.15), 0), 1)
        value = stream.low + share * (stream.high - stream.low)
        return (
            value
            if stream.kind == "continuous"
            else 25 * round(value / 25)
            if (code == "meals")
            else float(round(value))
        )

    return [
        [Seen(BEGIN + timedelta(hours=8 * n), look(level)) for n in range(20)]
        for level in (chance.uniform(0.2, 0.9) for _ in range(12))
    ]


PRIORS = {code: prior(stream, unit(code), zone=ZONE) for code, stream in STREAMS.items()}


def told(series, streams=STREAMS):
    return signals(streams, series, PRIORS, zone=ZONE, notices_per_day=1 / 24)


@st.composite
def lives(draw) -> dict[str, list[Seen]]:
    """Looks at irregular times, some of them missing, in any order."""
    minutes = st.integers(0, 10 * 24 * 60)
    return {
        code: [
            Seen(BEGIN + timedelta(minutes=draw(minutes)), draw(st.none() | POSSIBLE[code]))
            for _ in range(draw(st.integers(0, 12)))
        ]
        for code in STREAMS
    }


@settings(max_examples=30, deadline=None)
@given(lives(), st.randoms(use_true_random=False))
def test_the_order_in_which_streams_and_looks_are_read_does_not_matter(series, chance):
    series = {
        code: list({seen.at: seen for seen in each}.values()) for code, each in series.items()
    }
    shuffled = {code: chance.sample(each, len(each)) for code, each in series.items()}
    codes = chance.sample(list(STREAMS), len(STREAMS))

    one, other = (
        told(series),
        told({code: shuffled[code] for code in codes}, {code: STREAMS[code] for code in codes}),
    )

    assert [(s.at, [c.stream for c in s.changes]) for s in one] == [
        (s.at, [c.stream for c in s.changes]) for s in other
    ]


@settings(max_examples=30, deadline=None)
@given(lives())
def test_every_signal_points_at_looks_that_were_there_and_has_numbers(series):
    for signal in told(series):
        assert signal.changes
        for change in signal.changes:
            looks = [series[change.stream][place] for place in change.seen]
            assert looks
            assert all(change.since <= look.at <= signal.at for look in looks)
            assert change.missing == sum(look.value is None for look in looks)
            assert math.isnan(change.lately) == (change.missing == len(looks))
            assert change.usual.low <= change.usual.middle <= change.usual.high


@settings(max_examples=20, deadline=None)
@given(lives())
def test_what_is_seen_later_changes_no_signal_that_was_given(series):
    until = BEGIN + timedelta(days=5)
    early = {code: [s for s in each if s.at <= until] for code, each in series.items()}

    given_then = [(s.at, len(s.changes)) for s in told(early)]

    assert given_then == [(s.at, len(s.changes)) for s in told(series) if s.at <= until]


@settings(max_examples=40, deadline=None)
@given(lives())
def test_the_band_is_there_before_every_look_and_inside_what_is_possible(series):
    for code, stream in STREAMS.items():
        bands = usual(stream, series[code], PRIORS[code], zone=ZONE)
        assert len(bands) == len(series[code])
        for band in bands:
            assert stream.low <= band.low <= band.middle <= band.high <= stream.high
            assert 0 <= band.own < 1


@settings(max_examples=40, deadline=None)
@given(lives(), st.integers(0, 8 * 30))
def test_what_was_usual_from_a_moment_on_rests_on_all_that_was_seen_before(series, hours):
    since = BEGIN + timedelta(hours=hours)
    for code, stream in STREAMS.items():
        every = usual(stream, series[code], PRIORS[code], zone=ZONE)
        later = usual(stream, series[code], PRIORS[code], zone=ZONE, since=since)
        looks = zip(series[code], every, strict=True)
        assert later == [band for look, band in looks if look.at >= since]


@pytest.mark.parametrize("code", STREAMS)
@pytest.mark.parametrize("share", [0.4, 0.6])
def test_a_stream_that_never_changes_is_never_news(code, share):
    stream = STREAMS[code]
    value = ruler_value(code, share)
    series = {code: [Seen(BEGIN + timedelta(hours=8 * n), value) for n in range(90)]}

    after = [s for s in told(series, {code: stream}) if s.at > BEGIN + timedelta(days=4)]

    assert after == []


def ruler_value(code: str, share: float) -> float:
    values = PRIORS[code].ruler.values
    return values[int(share * (len(values) - 1))]


def test_a_person_of_whom_nothing_could_be_seen_is_told_as_missing_and_not_as_changed():
    series = {"meals": [Seen(BEGIN + timedelta(hours=8 * n), None) for n in range(30)]}

    found = told(series, {"meals": STREAMS["meals"]})

    assert found
    assert all(math.isnan(change.lately) for signal in found for change in signal.changes)


def test_nobody_seen_is_no_news():
    assert told({}) == []
    assert told({code: [] for code in STREAMS}) == []
    assert usual(STREAMS["meals"], [], PRIORS["meals"], zone=ZONE) == []


def test_the_first_day_of_the_first_unit_has_a_band_and_no_news():
    for stream in STREAMS.values():
        vague = prior(stream, [])
        series = [Seen(BEGIN, (stream.low + stream.high) // 2)]
        (band,) = usual(stream, series, vague, zone=ZONE)
        assert band.low <= band.high
        assert signals(
            {stream.code: stream}, {stream.code: series}, {stream.code: vague},
            zone=ZONE, notices_per_day=1 / 24,
        ) == []  # fmt: skip


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 8, tzinfo=ZONE), datetime(2026, 11, 1, tzinfo=ZONE)]
)
def test_a_night_of_23_or_25_hours_is_one_shift(night):
    begin = (night - timedelta(hours=1)).astimezone(UTC)  # 23:00 the evening before
    end = night.replace(hour=7).astimezone(UTC)
    minutes = int((end - begin).total_seconds()) // 60

    shifts = {shift_of(begin + timedelta(minutes=m), ZONE) for m in range(minutes)}

    assert minutes in (7 * 60, 9 * 60)
    assert len(shifts) == 1
    assert shift_of(end, ZONE) == shifts.pop() + 1


def test_the_night_before_a_working_day_and_the_weekend_are_told_apart():
    friday = datetime(2026, 2, 6, 12, tzinfo=ZONE).astimezone(UTC)
    parts = [part_of(shift_of(friday + timedelta(days=n), ZONE)) for n in range(4)]

    assert parts[0] == parts[3]
    assert parts[1] == parts[2] != parts[0]


@given(st.lists(st.floats(-1e6, 1e6), max_size=200), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_ruler_never_turns_around(values, one, other):
    for kind in ("continuous", "count"):
        marks = ruler(Stream("x", kind, 0, 10, "either"), values)
        low, high = sorted((one, other))
        assert marks.score(low) <= marks.score(high)
        assert math.isfinite(marks.score(low))


def test_slow_improvement_is_followed_without_a_notice_and_a_fall_after_it_is_not():
    chance = Random(3)
    levels = [0.3 + 0.5 * n / 90 for n in range(90)] + [0.2] * 9
    series = {
        "meals": [
            Seen(BEGIN + timedelta(hours=8 * n), 25.0 * sum(chance.random() < p for _ in range(4)))
            for n, p in enumerate(levels)
        ]
    }

    found = told(series, {"meals": STREAMS["meals"]})

    fell = series["meals"][90].at
    assert len([s for s in found if s.at < fell]) <= 1
    assert any(s.at >= fell for s in found)
