"""The database engine that ``config/storage.py`` names; Django looks for it under this name."""

import select
import time
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg.pq import Format

from milieu.config.postgresql.wire import Row, Statement, Wire

COMMIT: Final[Statement] = ("COMMIT", ())
TIMES: Final = psycopg.adapters.get_loader(psycopg.adapters.types["timestamptz"].oid, Format.TEXT)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is kept from one request to the next, and says many things in one breath.

    A question and its answer cost both sides two wakings, which is more than most answers cost to
    find. So what does not wait for an answer is not sent by itself: ``together`` sends several
    statements at once, ``leave`` keeps one until the next is sent. Whatever else uses this
    connection (a cursor, a savepoint, the commit) sends first what was left, so nobody sees a
    database without it.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._left: list[Statement] = []
        self._wire: Wire | None = None

    def is_usable(self) -> bool:
        """Return whether the server is still there, before a request begins to use it.

        A server that ended, or a failover, has closed its end: then there is something to read
        where nothing was asked. Django asks ``SELECT 1`` instead, which costs a tenth of a push.
        """
        if self.connection is None or self.connection.closed:
            return False
        readable, _, _ = select.select([self.connection.fileno()], [], [], 0)
        return not readable

    def together(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """Send statements in one piece; return the rows of each. Values come from binary.

        Each sees what those before it did, as if sent one by one.

        Raises:
            DatabaseError: the first that was refused, of these or of those that were left; what
                came after it was not done.
        """
        self.validate_thread_sharing()
        self.validate_no_broken_transaction()
        self.close_if_health_check_failed()
        self.ensure_connection()
        sent, self._left = [*self._left, *statements], []
        with self.wrap_database_errors:
            answers = self._exchange(sent)
        return answers[len(sent) - len(statements) :]

    def leave(self, statement: Statement) -> None:
        """Send a statement, whose answer nobody waits for, with the next one.

        What it may raise is raised then, within the same transaction.
        """
        if self.in_atomic_block:
            self._left.append(statement)
        else:
            self.together([statement])

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect. What was left belonged to the connection before.

        Times are read by the driver's own reader, in C: Django's, in Python, takes twelve times as
        long, 11 microseconds for each. That one is for sessions in other zones than UTC.
        """
        link = super().get_new_connection(conn_params)
        link.adapters.register_loader("timestamptz", TIMES)
        self._left, self._wire = [], Wire(link)
        return link

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor of the driver, which sees what was left."""
        if self._left:
            self.together([])
        assert name is None, "The settings say that there are no cursors on the server's side."
        assert self.connection, "It was opened to make this cursor."
        return self.connection.cursor()

    def _commit(self) -> None:
        if not self._left or self.connection is None:
            super()._commit()  # type: ignore[misc]  # (left out of its stubs)
            return
        sent, self._left = [*self._left, COMMIT], []
        with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
            self._exchange(sent)

    def _rollback(self) -> None:
        self._left = []
        super()._rollback()  # type: ignore[misc]  # (left out of its stubs)

    def _exchange(self, sent: Sequence[Statement]) -> list[list[Row]]:
        assert self._wire, "There is one for each connection."
        began = time.perf_counter()
        answers = self._wire.exchange(sent)
        if self.queries_logged:
            took_s = f"{time.perf_counter() - began:.3f}"  # of all of them
            self.queries_log.extend({"sql": sql, "time": took_s} for sql, _ in sent)
        return answers
