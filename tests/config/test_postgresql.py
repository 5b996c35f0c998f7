"""Connections to PostgreSQL are kept; one that the server closed is noticed before it is used."""

import psycopg
import pytest
from django.db import close_old_connections, connection

pytestmark = pytest.mark.django_db(transaction=True)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number: int = cursor.fetchone()[0]
        return number


@pytest.fixture(autouse=True)
def on_postgresql(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL is asked over a connection.")


def test_the_next_request_goes_on_over_the_same_connection():
    first = backend()
    close_old_connections()
    assert backend() == first


def test_a_connection_that_the_server_ended_is_replaced_by_the_next_request():
    ended = backend()
    parameters = connection.get_connection_params()
    for ours in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(ours, None)
    with psycopg.connect(**parameters) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])

    close_old_connections()

    assert backend() != ended
