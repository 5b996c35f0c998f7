"""What is known of an entry's time: what counts, what is said, what nobody is blamed for."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from milieu.record.evidence import (
    SLACK,
    Label,
    Times,
    Tolerance,
    counted_at,
    labels,
    provably_after,
    provably_before,
)

NIGHT = datetime(2026, 3, 2, 2, 53, tzinfo=UTC)
TOLERANCE = Tolerance(
    late_entry=timedelta(minutes=5), sent_late=timedelta(minutes=15), clock_off=timedelta(minutes=2)
)
NONE = timedelta()


def span(hours):
    return st.integers(0, hours * 3600).map(lambda seconds: timedelta(seconds=seconds))


faults = st.integers(-12 * 3600, 12 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def claims(draw):
    """Any claim at all, true or not. The server signed the anchor, so it is before receipt."""
    received_at = NIGHT + draw(span(24))
    anchor_at = draw(st.none() | span(24).map(lambda ago: received_at - ago))
    return Times(
        happened_at=NIGHT + draw(faults),
        written_at=NIGHT + draw(faults),
        received_at=received_at,
        offset=draw(st.none() | faults),
        anchor_at=anchor_at,
    )


@st.composite
def truths(draw, *, compared=None, on_the_spot=False):
    """What really happened, and what a phone whose clock is off by ``fault`` says of it.

    The anchor was heard before the writing. The offset was measured rightly, or never.
    """
    happened = NIGHT + draw(span(12))
    written = happened + draw(st.just(NONE) if on_the_spot else span(1))
    received = written + draw(span(12))
    anchor = draw(st.none() | span(12).map(lambda ago: written - ago))
    fault = draw(st.just(NONE) | faults)
    measured = draw(st.booleans()) if compared is None else compared
    times = Times(
        happened_at=happened + fault,
        written_at=written + fault,
        received_at=received,
        offset=fault if measured else None,
        anchor_at=anchor,
    )
    return happened, written, fault, times


@given(claims())
def test_no_time_counts_that_is_outside_of_what_is_proved(times):
    counted = counted_at(times, TOLERANCE)
    if counted is not None:
        assert counted <= times.received_at
        lag = max(times.written_at - times.happened_at, timedelta())
        assert times.anchor_at is None or counted >= times.anchor_at - lag


@given(claims())
def test_what_was_written_afterwards_never_counts(times):
    late = times.written_at - times.happened_at > TOLERANCE.late_entry
    assert counted_at(times, TOLERANCE) is None or not late
    assert (Label.LATE_ENTRY in labels(times, TOLERANCE)) == late


@given(claims())
def test_what_was_written_on_the_spot_counts_unless_nothing_at_all_is_known_of_when(times):
    on_the_spot = replace(times, happened_at=times.written_at)
    written = times.written_at - (times.offset or NONE)
    unknown = times.anchor_at is None and written > times.received_at + SLACK
    assert (counted_at(on_the_spot, TOLERANCE) is None) == unknown


@given(truths(on_the_spot=True), span(12))
def test_a_clock_that_runs_ahead_of_receipt_earns_no_time_however_long_it_was_held_back(
    truth, further
):
    happened, written, _fault, right = truth
    jump = right.received_at - written + 2 * SLACK + further + abs(right.offset or NONE)
    wrong = replace(right, happened_at=written + jump, written_at=written + jump)
    counted = counted_at(wrong, TOLERANCE)
    assert counted is None or counted <= happened


@given(claims(), span(12))
def test_nothing_counts_after_receipt_where_the_servers_own_clock_was_set_back(times, ago):
    set_back = replace(times, anchor_at=times.received_at + ago)
    counted = counted_at(set_back, TOLERANCE)
    assert counted is None or counted <= times.received_at


@given(claims())
def test_nobody_is_seen_after_it_was_written_down(times):
    counted = counted_at(times, TOLERANCE)
    written = times.written_at - (times.offset or NONE)
    if counted is not None and (times.anchor_at is None or written >= times.anchor_at):
        assert counted <= written


@given(truths(compared=True, on_the_spot=True))
def test_a_clock_that_was_compared_tells_the_true_time_however_wrong_it_is(truth):
    happened, _written, _fault, times = truth
    assert counted_at(times, TOLERANCE) == happened


@given(truths())
def test_whenever_a_wrong_clock_can_be_proved_it_is_said(truth):
    _happened, written, fault, times = truth
    assume(abs(fault) > TOLERANCE.clock_off)
    found = set(labels(times, TOLERANCE))
    claimed = written + fault
    if times.offset is not None:
        assert Label.CLOCK_OFF in found
    else:
        assert Label.CLOCK_UNKNOWN in found
        assert (Label.AHEAD in found) == (claimed > times.received_at + SLACK)
        early = times.anchor_at is not None and claimed < times.anchor_at - SLACK
        assert (Label.BEFORE_ANCHOR in found) == early


@given(truths(compared=True), faults)
def test_a_clock_that_jumped_since_it_was_compared_is_said_where_it_can_be_proved(truth, jump):
    _happened, written, _fault, right = truth
    times = Times(
        happened_at=right.happened_at + jump,
        written_at=right.written_at + jump,
        received_at=right.received_at,
        offset=right.offset,
        anchor_at=right.anchor_at,
    )
    found = set(labels(times, TOLERANCE))
    assert (Label.AHEAD in found) == (written + jump > times.received_at + SLACK)
    if times.anchor_at:
        assert (Label.BEFORE_ANCHOR in found) == (written + jump < times.anchor_at - SLACK)


@given(truths())
def test_an_honest_entry_about_a_time_in_the_stay_is_never_refused(truth):
    happened, _written, _fault, times = truth
    assert not provably_before(times, happened)
    assert not provably_after(times, happened)


@given(truths(), faults)
def test_a_clock_that_was_never_compared_blocks_nobody(truth, jump):
    happened, _written, _fault, times = truth
    wrong = Times(
        happened_at=times.happened_at + jump,
        written_at=times.written_at + jump,
        received_at=times.received_at,
        offset=None,
        anchor_at=times.anchor_at,
    )
    assert not provably_before(wrong, happened)
    assert not provably_after(wrong, happened)


@given(truths(compared=True), st.integers(3, 3600))
def test_what_a_compared_clock_puts_outside_of_the_stay_is_proved(truth, seconds):
    happened, _written, _fault, times = truth
    apart = timedelta(seconds=seconds)
    assert provably_before(times, happened + apart)
    assert provably_after(times, happened - apart)


@given(truths(compared=True), span(12))
def test_a_clock_that_is_proved_to_have_jumped_proves_nothing_else(truth, further):
    happened, written, _fault, right = truth
    jump = right.received_at - written + 2 * SLACK + further
    times = Times(
        happened_at=right.happened_at + jump,
        written_at=right.written_at + jump,
        received_at=right.received_at,
        offset=right.offset,
        anchor_at=right.anchor_at,
    )
    assert not provably_before(times, happened)
    assert not provably_after(times, happened)


@given(claims(), faults)
def test_nothing_is_both_before_and_after_one_moment(times, away):
    moment = NIGHT + away
    assert not (provably_before(times, moment) and provably_after(times, moment))


def on_the_spot(**changes):
    given = {
        "happened_at": NIGHT,
        "written_at": NIGHT,
        "received_at": NIGHT + timedelta(seconds=1),
        "offset": NONE,
    }
    return Times(**given | changes)


def test_a_check_that_is_written_and_sent_at_once_needs_no_label():
    assert labels(on_the_spot(), TOLERANCE) == []
    assert counted_at(on_the_spot(), TOLERANCE) == NIGHT


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({"written_at": NIGHT + timedelta(minutes=6)}, Label.LATE_ENTRY),
        ({"received_at": NIGHT + timedelta(minutes=16)}, Label.SENT_LATE),
        ({"written_at": NIGHT - timedelta(minutes=1)}, Label.AHEAD),
        ({"happened_at": NIGHT + timedelta(minutes=1)}, Label.AHEAD),
        ({"anchor_at": NIGHT + timedelta(minutes=1)}, Label.BEFORE_ANCHOR),
        ({"offset": None}, Label.CLOCK_UNKNOWN),
        ({"offset": timedelta(minutes=3)}, Label.CLOCK_OFF),
    ],
)
def test_each_doubt_has_its_label(changes, label):
    assert label in labels(on_the_spot(**changes), TOLERANCE)


def test_writing_a_check_before_it_happens_earns_no_later_due_time():
    ahead = on_the_spot(
        happened_at=NIGHT + timedelta(hours=1), received_at=NIGHT + timedelta(hours=2)
    )
    assert counted_at(ahead, TOLERANCE) == NIGHT


def test_a_check_counts_when_it_happened_though_the_phone_heard_the_server_before_it_was_written():
    times = Times(
        happened_at=NIGHT,
        written_at=NIGHT + timedelta(minutes=3),
        received_at=NIGHT + timedelta(minutes=4),
        offset=NONE,
        anchor_at=NIGHT + timedelta(minutes=2),
    )

    assert counted_at(times, TOLERANCE) == NIGHT
