"""What came in since the last look: each entry once, also one that was committed late."""

from datetime import timedelta

import pytest

from milieu.admissions.services import transfer
from milieu.kernel.ids import uuid7
from milieu.record.feed import SETTLED_S, Feed
from milieu.record.models import Entry
from tests.cast import NIGHT, Cast

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that a test moves."""

    def __init__(self):
        self.time = 0.0

    def __call__(self):
        return self.time


@pytest.fixture
def cast(db):
    return Cast()


def test_a_feed_begins_now_and_gives_each_change_once(cast):
    cast.store(cast.check(cast.rosa))
    feed = Feed()
    assert feed.units_touched() == set()
    cast.store(cast.check(cast.rosa, NIGHT + timedelta(minutes=1)))
    assert feed.units_touched() == {cast.north.pk}
    assert feed.units_touched() == set()


def insert(cast, seq, at):
    """Store an entry under a number of its own."""
    entry = Entry(
        seq=seq,
        entry_id=uuid7(),
        kind="round.take",
        stay=cast.rosa,
        author=cast.dana,
        happened_at=at,
        written_at=at,
        stored_at=at,
        content_sha256=b"",
    )
    Entry.objects.bulk_create([entry])


def test_an_entry_that_was_numbered_first_and_committed_last_is_not_missed(cast):
    clock = Clock()
    feed = Feed(clock)
    newest = max(feed.known, default=feed.mark)
    insert(cast, newest + 2, NIGHT)
    assert feed.units_touched() == {cast.north.pk}
    clock.time = SETTLED_S / 2
    insert(cast, newest + 1, NIGHT)
    assert feed.units_touched() == {cast.north.pk}
    assert feed.units_touched() == set()


def test_a_number_that_is_never_used_is_not_waited_for_longer_than_a_transaction_takes(cast):
    clock = Clock()
    feed = Feed(clock)
    newest = max(feed.known, default=feed.mark)
    insert(cast, newest + 5, NIGHT)
    feed.units_touched()
    assert feed.mark < newest + 5
    clock.time = SETTLED_S + 1
    feed.units_touched()
    assert feed.mark == newest + 5
    assert feed.known == {}


def test_a_transfer_touches_the_unit_that_someone_left_and_the_one_they_came_to(cast):
    feed = Feed()
    transfer(entry_id=uuid7(), stay=cast.rosa, unit=cast.south, at=NIGHT, by=cast.nora)
    assert feed.units_touched() == {cast.north.pk, cast.south.pk}
