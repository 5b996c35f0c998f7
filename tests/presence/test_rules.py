"""A tag's counter is a clock that nobody can set. Honest taps never contradict each other."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from milieu.presence.rules import AGREE, Tap, contradictions
from tests.cast import NIGHT

S = timedelta(seconds=1)
TAG = "04DE5F1EACC040"
# Seconds between taps of one tag: two phones at once, or nobody for a night.
WAITS = st.lists(st.integers(0, 40_000), min_size=2, max_size=40)
ERRORS = st.lists(st.integers(-2000, 2000), min_size=40, max_size=40)  # ms, of a compared clock


def honest(waits, errors, counter=100):
    """Return taps as honest phones tell of them: each by a clock that was compared."""
    at, taps = NIGHT, []
    for n, (wait, error) in enumerate(zip(waits, errors, strict=False)):
        at += wait * S
        said = at + timedelta(milliseconds=error)
        taps.append(Tap(seq=n, origin=n, tag=TAG, counter=counter + 2 * n, at=said))
    return taps


@given(waits=WAITS, errors=ERRORS, seed=st.integers())
def test_an_honest_history_never_gets_a_label_in_whatever_order_it_arrives(waits, errors, seed):
    taps = honest(waits, errors)
    Random(seed).shuffle(taps)
    assert contradictions(taps) == {}
    for known in range(len(taps)):
        assert contradictions(taps[:known]) == {}, "Also while some are still on their way."


@given(
    waits=WAITS,
    errors=ERRORS,
    seed=st.integers(),
    later=st.integers(1, 40),
    back_ms=st.integers(1, 10**9),
)
def test_whatever_is_dated_before_an_honest_later_tap_is_labelled_and_so_is_that_tap(
    waits, errors, seed, later, back_ms
):
    """A check is written after tap ``later``, with a tap of its own, for a time before that one."""
    taps = honest(waits, errors)
    after = taps[min(later, len(taps)) - 1]
    said = after.at - AGREE - timedelta(milliseconds=back_ms)
    false = Tap(seq=999, origin=999, tag=TAG, counter=after.counter + 1, at=said)
    every = [*taps, false]
    Random(seed).shuffle(every)
    found = contradictions(every)
    assert 999 in found
    assert after.seq in found
    assert {each.other for each in found[after.seq]} == {999}
    assert found[999][0].how == "after"
    for seq, many in found.items():
        assert seq == 999 or [each.how for each in many] == ["before"]


@given(waits=WAITS, errors=ERRORS, seed=st.integers(), of=st.integers(0, 39))
def test_one_tap_written_down_twice_is_said_of_both(waits, errors, seed, of):
    taps = honest(waits, errors)
    first = taps[of % len(taps)]
    again = first._replace(seq=999, origin=999)
    every = [*taps, again]
    Random(seed).shuffle(every)
    found = contradictions(every)
    assert [(each.other, each.how) for each in found[999]] == [(first.seq, "replay")]
    assert [(each.other, each.how) for each in found[first.seq]] == [(999, "replay")]
    assert len(found) == 2


def test_an_amendment_is_about_the_same_tap():
    tap = Tap(seq=1, origin=1, tag=TAG, counter=7, at=NIGHT)
    assert contradictions([tap, tap._replace(seq=2)]) == {}


def test_the_tags_of_two_doors_know_nothing_of_each_other():
    one = Tap(seq=1, origin=1, tag=TAG, counter=7, at=NIGHT)
    other = Tap(seq=2, origin=2, tag="04AAAAAAAAAAAA", counter=5, at=NIGHT + 60 * S)
    assert contradictions([one, other]) == {}


def test_two_who_contradict_each_other_name_each_other():
    four = Tap(seq=1, origin=1, tag=TAG, counter=7, at=NIGHT + 3600 * S)
    three = Tap(seq=2, origin=2, tag=TAG, counter=8, at=NIGHT)
    found = contradictions([four, three])
    assert found == {1: [(2, "before")], 2: [(1, "after")]}
