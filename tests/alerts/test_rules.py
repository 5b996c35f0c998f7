"""How an alert climbs, in plain times."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.alerts.rules import Rung, due_again, may_push_to, reached, retry_after

NIGHT = datetime(2026, 3, 2, 2, 53, tzinfo=UTC)
MIN = timedelta(minutes=1)
LADDER = [
    Rung(0 * MIN, "nurse"),
    Rung(5 * MIN, "lead"),
    Rung(10 * MIN, "manager"),
    Rung(15 * MIN, "prescriber"),
]


def climb(now_min, *, nobody=()):
    found = reached(LADDER, raised_at=NIGHT, now=NIGHT + now_min * MIN, nobody=nobody)
    return [(each.rung, (each.at - NIGHT) / MIN) for each in found]


@pytest.mark.parametrize(
    ("now_min", "rungs"), [(0, 1), (4.9, 1), (5, 2), (9.9, 2), (10, 3), (15, 4), (900, 4)]
)
def test_each_rung_is_reached_when_its_time_has_come(now_min, rungs):
    assert climb(now_min) == [(n, n * 5) for n in range(rungs)]


def test_where_nobody_is_on_shift_the_next_is_reached_at_once():
    assert climb(0, nobody={0}) == [(0, 0), (1, 0)]
    assert climb(5, nobody={1}) == [(0, 0), (1, 5), (2, 5)]
    assert climb(0, nobody={0, 1, 2, 3}) == [(0, 0), (1, 0), (2, 0), (3, 0)]


def test_after_one_that_found_nobody_the_others_keep_their_own_times():
    assert climb(14, nobody={0}) == [(0, 0), (1, 0), (2, 10)]


@given(
    after=st.lists(st.integers(0, 60), min_size=1, max_size=6).map(sorted),
    nobody=st.sets(st.integers(0, 5)),
    looks=st.lists(st.integers(0, 100), min_size=1, max_size=8).map(sorted),
)
def test_no_rung_is_skipped_taken_back_or_reached_before_its_time(after, nobody, looks):
    ladder = [Rung(each * MIN, "nurse") for each in after]
    before = []
    for look in looks:
        found = reached(ladder, raised_at=NIGHT, now=NIGHT + look * MIN, nobody=nobody)
        assert [each.rung for each in found] == list(range(len(found)))
        assert found[: len(before)] == before  # however late one looks, the same steps
        for each in found:
            own = NIGHT + ladder[each.rung].after
            assert each.at == own or (each.at < own and each.rung - 1 in nobody)
            assert each.at <= NIGHT + look * MIN
        assert len(found) >= sum(each <= look for each in after)
        before = found


def test_what_goes_on_long_after_an_answer_is_told_again_and_what_waits_is_not():
    def again(*answers, now_min):
        moments = [None if each is None else NIGHT + each * MIN for each in answers]
        return due_again(moments, again_after=15 * MIN, now=NIGHT + now_min * MIN)

    assert again(now_min=0)
    assert not again(None, now_min=600)
    assert not again(40, now_min=54)
    assert again(40, now_min=55)
    assert not again(40, None, now_min=600)


def test_a_message_is_tried_ever_more_seldom_and_at_least_each_minute():
    waits = [retry_after(tries).total_seconds() for tries in range(1, 10_000)]
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert waits[-1] == 60


@pytest.mark.parametrize(
    ("endpoint", "may"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("http://fcm.googleapis.com/abc", False),
        ("https://fcm.googleapis.com.evil.example/abc", False),
        ("https://evilpush.apple.com/abc", False),
        ("https://user@fcm.googleapis.com/abc", False),
        ("https://10.0.0.7/admin", False),
        ("http://127.0.0.1:8000/", False),
        ("file:///etc/passwd", False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_a_browser_cannot_make_the_server_call_any_other_machine(endpoint, may):
    hosts = ["fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com"]
    assert may_push_to(endpoint, hosts) is may
