"""Connections to PostgreSQL: kept, replaced where they ended, told several things at once."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import (
    DataError,
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)

from milieu.record.models import Epoch
from tests.cast import NIGHT, Cast

FIRST, SECOND = UUID(int=1), UUID(int=2)

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


TOLD = "INSERT INTO record_epoch (epoch_id, began_at, reason) VALUES (%s, now(), 'Told')"


def told(number: UUID = FIRST) -> tuple[str, tuple[UUID]]:
    return TOLD, (number,)


def store(*statements: tuple[str, tuple[object, ...]], then: type[Exception] | None = None) -> None:
    """Leave these in one transaction, and end it: well, or by a fault."""
    with transaction.atomic():
        for statement in statements:
            connection.leave(statement)
        if then:
            raise then


def reasons() -> list[str]:
    return sorted(Epoch.objects.filter(reason="Told").values_list("reason", flat=True))


def test_what_was_left_is_there_for_whatever_is_asked_next():
    with transaction.atomic():
        connection.leave(told())
        assert reasons() == ["Told"]
        connection.leave(told(SECOND))
        (rows,) = connection.together([("SELECT count(*) FROM record_epoch", ())])
        assert rows[0][0] >= 2


def test_what_was_left_is_stored_with_the_commit():
    store(told())
    assert reasons() == ["Told"]


def test_what_was_left_goes_with_the_transaction_that_left_it():
    with pytest.raises(ZeroDivisionError):
        store(told(), then=ZeroDivisionError)
    assert reasons() == []


def test_what_was_left_before_a_savepoint_outlives_it():
    with transaction.atomic():
        connection.leave(told())
        with pytest.raises(ZeroDivisionError):
            store(told(SECOND), then=ZeroDivisionError)
    assert reasons() == ["Told"]


def test_what_the_database_refuses_is_raised_by_the_commit_at_the_latest_and_nothing_is_stored():
    with pytest.raises(IntegrityError):
        store(told(), told())
    assert reasons() == []


def test_the_first_of_several_that_is_refused_is_raised_and_what_follows_is_not_done():
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.together([told(), told(), ("SELECT 1 / 0", ())])
    with pytest.raises(DataError):
        connection.together([("SELECT 1 / %s", (0,))])
    assert connection.together([("SELECT %s::text", ("100 %",))]) == [[("100 %",)]]
    assert reasons() == []


def test_statements_are_known_again_after_a_rollback():
    asked = ("SELECT count(*) FROM record_epoch WHERE reason = %s", ("Told",))
    for _ in range(3):
        Epoch.objects.filter(reason="None").count()  # the driver prepares this one
        connection.together([asked, asked])
        with pytest.raises(ZeroDivisionError):
            store(asked, then=ZeroDivisionError)
    assert connection.together([asked]) == [[(0,)]]


def walked() -> int:
    """Return how many checks this transaction read from the first to the last of them."""
    counted = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = %s"
    with connection.cursor() as cursor:
        cursor.execute(counted, ["rounds_safetycheck"])
        number: int = cursor.fetchone()[0]
        return number


def test_what_was_planned_for_an_empty_record_is_planned_anew_while_one_transaction_fills_it():
    connection.close()  # plans are made anew as often as a new connection does
    with transaction.atomic():
        cast = Cast()
        for minute in range(13):
            moments = [NIGHT + timedelta(minutes=minute, seconds=n / 4) for n in range(200)]
            cast.store(*(cast.check(cast.rosa, at) for at in moments))
        before = walked()
        cast.store(cast.check(cast.rosa, NIGHT + timedelta(hours=1)))
        assert walked() == before
        transaction.set_rollback(True)  # to delete them one by one would take long


def test_more_than_the_server_takes_at_once_is_sent_and_heard_in_pieces():
    long = "x" * 3_000_000
    asked = [("SELECT %s::text", (long,))] * 8
    assert connection.together(asked) == [[(long,)]] * 8


def test_a_connection_that_ends_between_two_statements_says_so_and_is_made_anew():
    ended = backend()
    with pytest.raises(OperationalError):
        connection.together([("SELECT pg_terminate_backend(%s)", (ended,)), ("SELECT 1", ())])
    close_old_connections()
    assert backend() != ended
