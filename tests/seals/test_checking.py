"""Whatever is changed in the database behind the application's back is found and named."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction

from milieu.record.guards import VERBS
from milieu.rounds.models import SafetyCheck
from milieu.seals.checking import differences
from milieu.seals.models import Head, Leaf, Node
from milieu.seals.sealing import seal
from tests.cast import NIGHT, Cast

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor == "postgresql",
        reason="the tests' role cannot take the guards away, which is as it should be",
    ),
]
TABLES = ("record_entry", "rounds_safetycheck", "seals_leaf", "seals_node", "seals_head")


@pytest.fixture
def cast(db):
    cast = Cast()
    for number in range(12):
        at = NIGHT + timedelta(minutes=10 * number)
        cast.store(cast.check(cast.rosa, at), cast.check(cast.john, at))
        if number % 4 == 0:
            seal(NIGHT)
    seal(NIGHT)
    with transaction.atomic():
        for table in TABLES:
            for verb in VERBS["sqlite"]:
                run(f"DROP TRIGGER {table}_no_{verb}")
        run("PRAGMA defer_foreign_keys = ON")  # whoever owns the database can do this
        run("PRAGMA ignore_check_constraints = ON")
        yield cast
        run("PRAGMA ignore_check_constraints = OFF")
        transaction.set_rollback(True)


def found(cast):
    return list(differences(cast.facility.pk))


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def one(table, column, chance):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} ORDER BY 1")  # noqa: S608
        return chance.choice(cursor.fetchall())[0]


def test_a_record_that_nobody_touched_is_as_it_was_sealed(cast):
    assert found(cast) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE rounds_safetycheck SET note = 'calm' WHERE entry_id = 9", "Entry 9 was changed"),
        ("UPDATE rounds_safetycheck SET place = 'dayroom' WHERE entry_id = 9", ": place."),
        ("UPDATE record_entry SET author_id = device_id WHERE seq = 9", ": author_id."),
        ("UPDATE record_entry SET happened_at = stored_at WHERE seq = 9", ": happened_at."),
        ("DELETE FROM rounds_safetycheck WHERE entry_id = 9", "Entry 9 was changed"),
        ("DELETE FROM record_entry WHERE seq = 9", "Entry 9 is missing"),
        ("DELETE FROM seals_leaf WHERE number = 5", "Leaf 5 is missing"),
        ("DELETE FROM seals_leaf WHERE number > 22", "are here"),
        ("UPDATE seals_leaf SET salt = data WHERE number = 5", "Leaf 5 (entry 6) was changed"),
        ("UPDATE seals_node SET hash = x'00' WHERE place = 2 << 56 | 1", "Node 2/1"),
        ("DELETE FROM seals_node WHERE place = 2 << 56 | 1", "Node 2/1"),
        ("UPDATE seals_head SET root = x'00' WHERE size = 26", "The head of 26 leaves"),
        ("UPDATE seals_head SET note = 'x' WHERE size = 26", "not signed by a key"),
        ("UPDATE seals_head SET size = 25 WHERE size = 26", "No head covers the last"),
    ],
)
def test_it_is_said_what_was_done(cast, statement, says):
    assert run(statement) > 0
    words = " ".join(found(cast))
    assert says in words
    assert "calm" not in words, "Only places are told, never what is written there."


def test_two_leaves_that_changed_places_are_found(cast):
    first, second = Leaf.objects.as_system("test").order_by("index")[4:6]
    run("UPDATE seals_leaf SET number = 999 WHERE entry_id = %s", first.entry_id)
    run("UPDATE seals_leaf SET number = 4 WHERE entry_id = %s", second.entry_id)
    run("UPDATE seals_leaf SET number = 5 WHERE entry_id = %s", first.entry_id)
    assert found(cast)


COLUMNS = {
    "record_entry": "kind author_id happened_at written_at stored_at reason device_seq counted_at",
    "rounds_safetycheck": "outcome place position activity eyes breathing why note",
    "seals_leaf": "salt data hash number patient_id",
    "seals_node": "place hash",
    "seals_head": "size root note",
}


def test_whatever_is_changed_at_random_is_found(cast, tamperings):
    """One row, one column, another value of the right type; or the row is gone; or there twice."""
    chance = random.Random(3)
    keys = {"record_entry": "seq", "rounds_safetycheck": "entry_id", "seals_leaf": "entry_id"}
    for number in range(tamperings):
        table = chance.choice(TABLES)
        key, column = keys.get(table, "id"), chance.choice(COLUMNS[table].split())
        row = one(table, key, chance)
        where = f'UPDATE {table} SET "{column}" = %s WHERE {key} = %s'  # noqa: S608
        with transaction.atomic():
            if chance.random() < 0.25 and table != "seals_head":
                run("PRAGMA defer_foreign_keys = ON")
                run(f"DELETE FROM {table} WHERE {key} = %s", row)  # noqa: S608
            else:
                run(where, _another(table, key, row, column, chance), row)
            assert found(cast), (number, table, column, row)
            transaction.set_rollback(True)


def _another(table, key, row, column, chance):
    """Return another value of the same type: of bytes and text with one changed bit or letter."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM {table} WHERE {key} = %s', [row])  # noqa: S608
        (value,) = cursor.fetchone()
    if column.endswith("_at"):
        return "2026-03-02 04:44:44.000001"
    match value:
        case bytes():
            changed = bytearray(value)
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
            return bytes(changed)
        case int():
            return value + chance.choice((1000, 2000))
        case str() if value:
            place = chance.randrange(len(value))
            return f"{value[:place]}{'0' if value[place] != '0' else '1'}{value[place + 1 :]}"
    return "1"


def test_there_is_something_to_tamper_with(cast):
    counts = [model._base_manager.count() for model in (Leaf, Node, Head, SafetyCheck)]
    assert counts == [26, 23, 4, 24]
