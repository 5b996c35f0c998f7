"""What can only be doubted beside other entries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milieu.kernel.ids import uuid7
from milieu.record.doubts import LOOK_BACK, Sighting, out_of_order, two_places
from milieu.record.models import Entry
from tests.cast import NIGHT, Cast, seqs

SECONDS = timedelta(seconds=1)


@pytest.fixture
def cast(db):
    return Cast()


def stored(cast, *times):
    """Store one check for each (number on the device, seconds after midnight's start)."""
    drafts = [
        cast.check(cast.rosa, NIGHT + seconds * SECONDS, device_seq=number)
        for number, seconds in times
    ]
    numbers = seqs(cast.store(*drafts))
    entries = (
        Entry.objects.as_system("test").filter(seq__in=numbers.values()).order_by("device_seq")
    )
    return list(entries)


def backwards(cast, *times):
    entries = stored(cast, *times)
    found = out_of_order(entries)
    return [entry.device_seq for entry in entries if entry.seq in found]


def test_an_entry_written_before_one_that_its_device_numbered_earlier_is_doubted(cast):
    assert backwards(cast, (1, 0), (2, 60), (3, 30), (4, 90)) == [3]


def test_entries_that_come_late_or_mixed_up_are_not_out_of_order(cast):
    assert backwards(cast, (3, 60), (1, 0), (2, 30), (4, 60)) == []


def test_the_device_order_is_looked_at_as_far_back_as_one_push(cast):
    near, far = 1 + LOOK_BACK, 2 + LOOK_BACK
    assert backwards(cast, (1, 60), (near, 30), (far, 40)) == [near]


def test_the_earlier_entry_need_not_be_on_the_page(cast):
    first, second = stored(cast, (1, 60), (2, 30))
    assert out_of_order([second]) == {second.seq}
    assert out_of_order([first]) == set()


def test_a_page_of_any_length_is_asked_about_in_one_statement(cast):
    entries = stored(cast, *((number, number) for number in range(1, 100)))
    for page in (entries[:1], entries):
        with CaptureQueriesContext(connection) as asked:
            out_of_order(page)
        assert len(asked) == 1


DANA, EMIL, ROSA, JOHN = uuid7(), uuid7(), uuid7(), uuid7()


def sighting(seq, seconds, *, author=DANA, stay=ROSA, room="12"):
    at = NIGHT + seconds * SECONDS
    return Sighting(seq=seq, author_id=author, stay_id=stay, at=at, room=room)


@pytest.mark.parametrize(
    ("other", "doubted"),
    [
        (sighting(2, 4, stay=JOHN, room="14"), {1, 2}),
        (sighting(2, 6, stay=JOHN, room="14"), set()),  # time enough to walk
        (sighting(2, 4, stay=JOHN, room="12"), set()),  # they share a room
        (sighting(2, 4, stay=ROSA, room="hall"), set()),  # the same person, put right
        (sighting(2, 4, stay=JOHN, room="14", author=EMIL), set()),
    ],
)
def test_nobody_is_in_two_rooms_in_the_same_seconds(other, doubted):
    assert two_places([other, sighting(1, 0)], 5 * SECONDS) == doubted
