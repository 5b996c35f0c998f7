"""The database is away: phones are told so as programs read it, and the log says what it was."""

import json
import os
from contextlib import contextmanager

import psycopg
from django.db import connection
from psycopg import sql

from tests.faults.phones import acknowledged
from tests.faults.test_kill import assert_whole
from tests.running import Server

READING = [  # what SQLite goes on to do in a file that it has open, wherever that is by now
    ("GET", "/phone/pull"),
    ("GET", "/phone/after"),
    ("POST", "/phone/session"),
    ("POST", "/phone/help"),
    ("POST", "/phone/answer"),
]


@contextmanager
def database_away(server: Server):
    """Take the database away from a running server, and give it back."""
    if connection.vendor == "sqlite":
        file = server.home / "milieu.sqlite3"
        kept = file.rename(server.home / "elsewhere")
        file.mkdir()  # else the next connection would begin an empty database here
        try:
            yield
        finally:
            file.rmdir()
            kept.rename(file)
        return
    name = sql.Identifier(server.environment["MILIEU_DATABASE_URL"].rpartition("/")[2])
    with psycopg.connect(os.environ["MILIEU_DATABASE_URL"], autocommit=True) as link:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        link.execute(allow.format(name, sql.SQL("false")))
        link.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [name.as_string(link).strip('"')],
        )
        try:
            yield
        finally:
            link.execute(allow.format(name, sql.SQL("true")))


def test_without_its_database_a_phone_is_told_to_come_back_and_the_log_says_what_was(
    server, phones
):
    phone = phones[0]
    phone.write(5)
    calls = READING if connection.vendor == "postgresql" else []
    with database_away(server):
        said = [phone.ask(method, path, b"{}") for method, path in calls]
        said.append(phone.send())
    for each in said:
        assert each is not None
        assert (each.status, each.body["code"]) == (503, "busy")
        assert set(each.body) == {"code", "message", "field"}
        assert int(each.headers["retry-after"]) > 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if '"fault"' in line]
    told = [line for line in lines if line["logger"] == "milieu.phone.http"]
    assert len(told) >= len(said)
    assert {line["level"] for line in told} == {"error"}
    assert all("http.py" in "".join(line["where"]) for line in told)

    phone.send_all()
    assert_whole(server, phones)
    assert len(acknowledged(phones)) == 5
