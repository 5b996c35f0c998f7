"""The disk is full; another program holds the database. Nothing is half-written; it recovers."""

import resource
import sqlite3
import threading
import time
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import connection

from tests.faults.phones import Phone, acknowledged
from tests.faults.processes import workers
from tests.faults.test_kill import assert_whole
from tests.faults.unit import ask
from tests.running import Server

MONITOR_WAITS_S = 5  # what it looks for it waits for at most 2

ONLY_SQLITE = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL's processes are not the server's to limit"
)


@contextmanager
def full_disk(server: Server):
    """Let workers write nothing more, as on a full disk: no file may hold a byte of theirs."""
    usual = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in workers(server)}
    for pid, (_, most) in usual.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))
    try:
        yield
    finally:
        for pid, limits in usual.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def held_by_another(server: Server, table: str = "record_entry"):
    """Hold what every push needs, as a stuck program or a careless console would."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(server.home / "milieu.sqlite3", timeout=30)) as link:
            link.execute("BEGIN EXCLUSIVE")
            yield
            link.rollback()
        return
    with psycopg.connect(server.environment["MILIEU_DATABASE_URL"]) as link:
        link.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
        link.rollback()


@ONLY_SQLITE
def test_on_a_full_disk_a_push_cannot_be_saved_and_reading_goes_on(server, phones):
    phone = phones[0]
    phone.write(5)
    phone.send_all()
    phone.write(5)

    with full_disk(server):
        for _ in range(3):
            said = phone.send()
            assert said is not None
            assert (said.status, said.body["code"]) == (507, "cannot-save")
            assert int(said.headers["retry-after"]) > 0
        assert phone.ask("GET", "/phone/pull").status == 200
        time.sleep(1.1)  # the last answer about its health is given again for a second
        health = phone.ask("GET", "/healthz")
        assert health.status == 503
        assert "is full" in health.body["why"][0]
        assert set(ask(server, "look")["ids"]).isdisjoint(e["id"] for e in phone.waiting[0])

    phone.send_all()  # by itself, without a restart
    assert_whole(server, phones)
    assert len(acknowledged(phones)) == 10


def test_while_another_program_holds_the_database_a_push_waits_and_is_then_stored(server, phones):
    phone = phones[0]
    phone.write(5)
    with held_by_another(server):
        pushing = threading.Thread(target=phone.send)
        pushing.start()
        time.sleep(1.5)
        assert phone.acknowledged == {}
    pushing.join(20)

    assert phone.waiting == []
    assert_whole(server, phones)


def test_one_that_holds_it_too_long_gets_the_phone_told_to_come_back(server, phones: list[Phone]):
    phone = phones[0]
    phone.write(5)
    with held_by_another(server):
        said = phone.send()
        assert said is not None
        assert said.status == 503
        assert int(said.headers["retry-after"]) > 0
        assert said.body["code"] == "busy"

    phone.send_all()
    assert_whole(server, phones)


def test_a_monitor_hears_within_seconds_that_another_program_holds_the_database(server, phones):
    """Also where the thread that answers has no connection yet, or one that waits as phones do."""
    with held_by_another(server, "keeping_heartbeat"):
        for _ in range(2):
            time.sleep(1.1)  # the last answer is given again for a second
            begun = time.monotonic()
            health = phones[0].ask("GET", "/healthz")
            assert time.monotonic() - begun < MONITOR_WAITS_S
            assert health.status == 503
            assert "busy" in health.body["why"][0]
            assert health.body["backup_age_s"] is None
    time.sleep(1.1)
    assert phones[0].ask("GET", "/healthz").status == 200
