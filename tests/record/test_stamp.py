"""While a stamp stays as it is, no answer of the database can have changed."""

import random
import sqlite3
from contextlib import ExitStack

import pytest
from django.db import connection, transaction

from milieu.census.models import Unit
from milieu.record.stamp import KEPT_MAX, Unmoved, stamp
from tests.cast import Cast
from tests.databases import another_connection, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="On SQLite one writes at a time."
)
RENAME = "UPDATE census_unit SET name = %s WHERE code = %s"


@pytest.fixture
def cast(db):
    return Cast()


def names():
    """Return what a reader has to be shown now, asked without a stamp."""
    return dict(Unit.objects.values_list("code", "name"))


class Reader:
    """Somebody who asks only where the stamp has moved."""

    def __init__(self):
        self.unmoved, self.asked = Unmoved({}), 0

    def names(self, now=None):
        return self.unmoved.get("names", now or stamp(), self._ask)

    def _ask(self):
        self.asked += 1
        return names()


def rename(code, name):
    Unit.objects.filter(code=code).update(name=name)


def test_what_did_not_move_is_asked_for_once(cast):
    reader, now = Reader(), stamp()
    first = reader.names(now)
    assert reader.names(now) is first
    assert reader.asked == 1


def test_a_stamp_stands_still_while_nobody_stores_anything():
    """Of many pairs one must: PostgreSQL counts what is stored in its other databases as well."""
    assert any(stamp() == stamp() for _ in range(50_000))


def test_what_was_stored_here_or_elsewhere_is_asked_for_again(cast):
    reader = Reader()
    for act in (rename, lambda *words: elsewhere(lambda: rename(*words))):
        for name in ("One", "Two", "One"):
            act("NORTH", name)
            assert reader.names()["NORTH"] == name


def test_an_equal_answer_is_the_same_object(cast):
    reader = Reader()
    first = reader.names()
    asked = reader.asked
    rename("NORTH", first["NORTH"])
    assert reader.names() is first
    assert reader.asked == asked + 1


def test_inside_a_transaction_there_is_no_stamp_and_everything_is_asked(cast):
    reader = Reader()
    before = stamp()
    with transaction.atomic():
        rename("NORTH", "Taken back")
        assert stamp() is None
        assert reader.unmoved.get("names", before, names)["NORTH"] == "Taken back"
        transaction.set_rollback(True)
    assert reader.names()["NORTH"] == "North"


def test_what_is_kept_has_a_limit():
    unmoved, now = Unmoved({}), ("a stamp",)
    for number in range(3 * KEPT_MAX):
        unmoved.get(number, now, lambda: "an answer")
    assert len(unmoved.read) <= KEPT_MAX


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own library")
def test_sqlite_says_that_another_program_stored_something(cast):
    reader = Reader()
    reader.names()
    other = sqlite3.connect(connection.settings_dict["NAME"], uri=True)
    other.execute("UPDATE census_unit SET name = 'Elsewhere' WHERE code = 'SOUTH'")
    other.commit()
    other.close()
    assert reader.names()["SOUTH"] == "Elsewhere"


@on_postgresql
@pytest.mark.parametrize("order", ["older first", "newer first"])
@pytest.mark.parametrize("savepoints", [False, True])
def test_two_who_write_at_once_may_commit_in_either_order(cast, order, savepoints):
    reader = Reader()
    with another_connection() as one, another_connection() as two:
        for link, code in ((one, "NORTH"), (two, "SOUTH")):
            if savepoints:
                with link.transaction(), link.transaction():
                    link.execute(RENAME, ["Within", code])
                link.execute("BEGIN")
                link.execute("SAVEPOINT inner_one")
            link.execute(RENAME, ["New", code])
            if savepoints:
                link.execute("RELEASE inner_one")
            assert reader.names() == names(), "Nothing is there before it is committed."
        links = [(one, "NORTH"), (two, "SOUTH")]
        for link, code in links if order == "older first" else links[::-1]:
            link.commit()
            assert reader.names()[code] == "New"
            assert reader.names() == names()


@on_postgresql
def test_one_who_began_long_ago_and_commits_last_is_not_missed(cast):
    reader = Reader()
    with another_connection() as slow:
        slow.execute(RENAME, ["Late", "NORTH"])
        for number in range(5):
            elsewhere(lambda number=number: rename("SOUTH", f"South {number}"))
            assert reader.names() == {"NORTH": "North", "SOUTH": f"South {number}"}
        slow.commit()
        assert reader.names() == {"NORTH": "Late", "SOUTH": "South 4"}


@on_postgresql
def test_who_takes_back_what_they_wrote_is_never_seen(cast):
    reader = Reader()
    with another_connection() as link:
        link.execute(RENAME, ["Taken back", "NORTH"])
        before = reader.names()
        link.rollback()
        assert reader.names() == before == names()


@on_postgresql
def test_whatever_the_order_of_writing_and_ending_a_reader_is_never_behind(cast):
    """Four who write, each their own unit, in 600 steps of every kind; the reader asks at each."""
    chance, reader = random.Random(7), Reader()
    codes = ["NORTH", "SOUTH", *(f"U{number}" for number in range(2))]
    for code in codes[2:]:
        Unit.objects.create(facility=cast.facility, name=code, code=code, time_zone="UTC")
    with ExitStack() as stack:
        links = [stack.enter_context(another_connection()) for _ in codes]
        for step in range(600):
            number = chance.randrange(len(codes))
            link, code = links[number], codes[number]
            match chance.choice(["write", "write", "inner", "commit", "rollback", "nothing"]):
                case "write":
                    link.execute(RENAME, [f"{code} {step}", code])
                case "inner":
                    link.execute("SELECT 1")
                    with link.transaction(force_rollback=chance.random() < 0.5):
                        link.execute(RENAME, [f"{code} inner {step}", code])
                case "commit":
                    link.commit()
                case "rollback":
                    link.rollback()
            assert reader.names() == names(), step
    assert reader.asked > 50
