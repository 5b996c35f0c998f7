"""Ids that sort by when they were made."""

import time
from uuid import RFC_4122

from milieu.kernel.ids import uuid7


def test_ids_sort_by_the_time_they_were_made():
    made = []
    for _ in range(5):
        made.append(uuid7())
        time.sleep(0.002)
    assert made == sorted(made)
    assert sorted(map(str, made)) == list(map(str, made))


def test_no_two_ids_are_the_same():
    assert len({uuid7() for _ in range(10_000)}) == 10_000


def test_an_id_says_what_it_is_and_when_it_was_made():
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after
