"""Lines that break, and lines that never end: to phones, and to the database."""

import socket
import threading
import time
from contextlib import ExitStack, suppress

import psycopg
import pytest
from django.db import connection

from tests.faults.phones import Phone, acknowledged
from tests.faults.test_kill import assert_whole, push_through

SLOW_LINES = 200
ANSWERED_WITHIN_S = 5
BREAKS = 4
PUSHES = 40


def half_said(server, phone: Phone, *, body: bool) -> socket.socket:
    """Return a connection on which a request was begun and is never ended."""
    line = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    head = "POST /phone/push HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    if body:
        head += f"Authorization: Bearer {phone.tokens.token}\r\nContent-Length: 100000\r\n\r\n{{"
    line.sendall(head.encode())
    return line


@pytest.mark.parametrize("body", [False, True], ids=["in the head", "in the body"])
def test_phones_are_answered_though_many_lines_are_slow(server, phones, body):
    phone = phones[0]
    with ExitStack() as lines:
        for _ in range(SLOW_LINES):
            lines.enter_context(half_said(server, phone, body=body))
        for _ in range(3):
            phone.write(5)
            begun = time.monotonic()
            phone.send_all()
            assert time.monotonic() - begun < ANSWERED_WITHIN_S
        assert phone.ask("GET", "/healthz").status == 200
    assert_whole(server, phones)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to end")
def test_nothing_acknowledged_is_lost_when_the_database_ends_every_connection(server, phones):
    for number in range(PUSHES):
        phones[number % len(phones)].write(5)
    over = threading.Event()
    pushing = [threading.Thread(target=push_through, args=(phone, over)) for phone in phones]
    for thread in pushing:
        thread.start()
    try:
        with psycopg.connect(server.environment["MILIEU_DATABASE_URL"], autocommit=True) as link:
            for _ in range(BREAKS):
                time.sleep(0.2)
                with suppress(psycopg.Error):
                    link.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
        for thread in pushing:
            thread.join(60)
    finally:
        over.set()

    assert [phone.waiting for phone in phones if phone.waiting] == []
    assert_whole(server, phones)
    assert len(acknowledged(phones)) == PUSHES * 5
