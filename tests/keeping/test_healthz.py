"""Ready, or why not, in words; and nothing about anyone."""

import json
from datetime import timedelta

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from milieu.keeping import views
from milieu.keeping.heartbeats import beat, last
from milieu.keeping.readiness import look
from milieu.kernel import clock
from tests.cast import NIGHT, Cast


def test_a_server_that_can_work_says_so_without_a_sign_in(db, monkeypatch):
    monkeypatch.setattr(views, "_kept", (float("-inf"), {}))
    answer = Client().get("/healthz")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert "no-store" in answer["Cache-Control"]
    found = answer.json()
    assert found["ready"] is True
    assert found["why"] == []
    assert found["disk_free_bytes"] > 0


def test_it_proves_that_the_database_can_be_written(db):
    now = clock.now()
    look(now)
    assert last("pages") == now


def test_it_tells_how_far_the_record_goes_and_nothing_of_anyone(db):
    cast = Cast()
    (stored,) = cast.store(cast.check(cast.rosa))

    found = look(clock.now())

    assert found["log_position"] == stored.seq
    assert not {"Rosa", "Martinez", "Dana"} & set(json.dumps(found).split())


def test_a_record_that_has_yet_to_be_sealed_is_told_of_and_stops_nothing(db):
    cast = Cast()
    cast.store(cast.check(cast.rosa))

    found = look(NIGHT + timedelta(hours=3))

    assert found["ready"] is True
    assert any("waited for its seal" in note for note in found["notes"])


def test_tables_of_an_older_version_are_not_ready(db):
    MigrationRecorder(connection).record_unapplied("keeping", "0001_initial")

    found = look(clock.now())

    assert found["ready"] is False
    assert "milieu migrate" in found["why"][0]


def test_a_database_that_refuses_writing_is_not_ready(transactional_db):
    switch = {
        "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        "postgresql": (
            "SET default_transaction_read_only = on",
            "RESET default_transaction_read_only",
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(switch[0])
        try:
            found = look(clock.now())
        finally:
            cursor.execute(switch[1])

    assert found["ready"] is False
    assert "can be read but not written" in found["why"][0]


def test_a_late_backup_is_noted_and_stops_nobody_from_working(db):
    now = clock.now()
    beat("backup", at=now - timedelta(hours=30))

    found = look(now)

    assert found["ready"] is True
    assert found["backup_age_s"] == 30 * 3600
    assert any("30 h old" in note for note in found["notes"])


def test_many_who_ask_at_once_make_it_look_once(db, monkeypatch):
    monkeypatch.setattr(views, "_kept", (float("-inf"), {}))
    first, second = (Client().get("/healthz").json()["at"] for _ in range(2))
    assert first == second
