"""Chores are done in time, once, and one that does not succeed stops no other."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from milieu.config import logs
from milieu.keeping.chores import Chore, clear_codes, do_what_is_due, take_backup
from milieu.keeping.heartbeats import claim, last
from milieu.kernel.errors import Refusal
from milieu.people.models import EnrolCode
from milieu.people.services import new_enrol_code
from tests.cast import Cast

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Diary:
    """Two chores that write down when they were done; the first may be told to fail."""

    def __init__(self):
        self.done = []
        self.fails = None
        self.chores = [Chore("first", HOUR, self.first), Chore("second", HOUR, self.second)]

    def first(self, now):
        if self.fails:
            raise self.fails
        self.done.append(("first", now))
        return "well"

    def second(self, now):
        self.done.append(("second", now))
        return ""

    def tick(self, now):
        return do_what_is_due(now, self.chores)


def test_a_chore_is_done_at_first_and_then_when_it_is_due_again(db):
    diary = Diary()

    assert diary.tick(NOON) == ["first", "second"]
    assert diary.tick(NOON + timedelta(minutes=59)) == []
    assert diary.tick(NOON + HOUR) == ["first", "second"]
    assert last("first") == NOON + HOUR


def test_one_that_does_not_succeed_stops_no_other_and_is_tried_again_soon(db):
    diary = Diary()
    diary.fails = OSError("The disk is full.")

    assert diary.tick(NOON) == ["second"]
    assert diary.tick(NOON + timedelta(minutes=1)) == []
    diary.fails = None
    assert diary.tick(NOON + timedelta(minutes=5)) == ["first"]


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Refusal("no-room", "/mnt has 3 MB free. Make room."), "/mnt has 3 MB free. Make room."),
        (OSError("Rosa Marsh"), None),
    ],
)
def test_the_log_says_why_a_chore_was_refused_and_of_other_faults_no_words(db, fault, says):
    diary, written = Diary(), StringIO()
    diary.fails = fault
    logs.set_up(stream=written)
    try:
        diary.tick(NOON)
    finally:
        logs.set_up()
    line, *_ = [json.loads(line) for line in written.getvalue().splitlines()]
    assert (line["chore"], line["fault"]) == ("first", [type(fault).__qualname__])
    assert line.get("says") == says


def test_a_backup_that_could_not_be_written_says_where(settings, tmp_path):
    settings.BACKUPS = tmp_path / "a-file" / "below"
    (tmp_path / "a-file").touch()
    with pytest.raises(Refusal, match="a-file/below: Not a directory"):
        take_backup(NOON)


def test_of_two_servers_on_one_database_one_takes_a_chore(db):
    taken = [claim("backup", now=NOON, every=HOUR, again_after=HOUR) for _ in range(2)]
    assert taken == [True, False]


def test_a_clock_that_was_set_back_does_not_stop_the_chores(db):
    diary = Diary()
    diary.tick(NOON + timedelta(days=400))
    assert diary.tick(NOON) == ["first", "second"]


def test_codes_that_nobody_used_are_forgotten_after_a_day_and_used_ones_stay(db):
    cast = Cast()
    new_enrol_code(cast.north, by=cast.lena, at=NOON)
    new_enrol_code(cast.north, by=cast.lena, at=NOON)
    used = EnrolCode.objects.first()
    EnrolCode.objects.filter(pk=used.pk).update(used_at=NOON)

    clear_codes(NOON + timedelta(hours=2))
    assert EnrolCode.objects.count() == 2
    clear_codes(NOON + timedelta(days=2))
    assert EnrolCode.objects.get() == used
