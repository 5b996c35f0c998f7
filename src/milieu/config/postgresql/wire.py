"""Several statements to PostgreSQL in one piece, and all their answers in one (pipeline mode).

psycopg's own pipeline sends each statement as it is given, and wakes the server for each. Here
libpq gathers them, as it does by itself up to 64 kB: of a push with twelve statements, the server
is woken five times. https://www.postgresql.org/docs/current/libpq-pipeline-mode.html
"""

import select
from collections.abc import Sequence
from functools import cache
from itertools import count
from typing import Any, Final, NamedTuple

import psycopg
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Any]]  # in Django's words, with %s; and what goes into its places

REFUSED: Final = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)
BEGIN: Final[Statement] = ("BEGIN", ())
PLAN_ANEW: Final[Statement] = ("DISCARD PLANS", ())
IN, OUT = select.POLLIN, select.POLLOUT


class Dumped(NamedTuple):
    """A statement as it goes over the wire."""

    sql: str
    values: Sequence[Any]
    types: tuple[int, ...]
    formats: Sequence[Format]


Names = dict[tuple[str, tuple[int, ...]], bytes]  # by a statement and the types of its values


class Wire:
    """One connection of psycopg, spoken to without a cursor. Statements stay prepared on it.

    psycopg prepares nothing itself here: what it did prepare, it would let go of at a rollback,
    and ours with it.

    How a statement is best answered changes while tables fill. PostgreSQL plans anew what it
    prepared when it has looked at a table again, which takes it minutes, and does not see what a
    transaction has stored so far. So all is planned anew after 1, 2, 4, 8 … exchanges too.
    """

    def __init__(self, link: psycopg.Connection[Any]) -> None:
        self.link, self.libpq = link, link.pgconn
        self._transformer = Transformer(link)
        self._names: Names = {}
        self._numbers = count()
        self._exchanges = 0
        link.prepare_threshold = None
        self._poll = select.poll()
        self._poll.register(self.libpq.socket, IN)

    def exchange(self, statements: Sequence[Statement]) -> list[list[Row]]:
        """Send all of these, in a transaction where the connection wants one; return their rows.

        Raises:
            psycopg.Error: the first that was refused. Those after it were not done.
        """
        begins = (
            not self.link.autocommit and self.libpq.transaction_status == TransactionStatus.IDLE
        )
        self._exchanges += 1
        before = [BEGIN] if begins else []
        if self._exchanges.bit_count() == 1:
            before.append(PLAN_ANEW)
        dumped = [self._dump(*each) for each in (*before, *statements)]
        self.libpq.enter_pipeline_mode()
        try:
            new = self._send(dumped)
            results = self._results()
            self.libpq.exit_pipeline_mode()
        except BaseException:
            self.link.close()  # nobody knows what is still on its way
            raise
        answers: list[list[Row]] = []
        places = iter(results)
        for each in dumped:
            if (name := new.pop((each.sql, each.types), None)) is not None:
                _accept(next(places))
                self._names[each.sql, each.types] = name
            answers.append(self._rows(next(places)))
        return answers[len(before) :]

    def _dump(self, sql: str, given: Sequence[Any]) -> Dumped:
        if not given:
            return Dumped(sql, (), (), ())
        values = self._transformer.dump_sequence(given, _auto(len(given)))
        return Dumped(
            sql, values, tuple(self._transformer.types or ()), self._transformer.formats or ()
        )

    def _send(self, dumped: Sequence[Dumped]) -> Names:
        """Send all; return the names of what was not prepared on this connection before."""
        new: Names = {}
        for sql, values, types, formats in dumped:
            key = (sql, types)
            name = self._names.get(key) or new.get(key)
            if name is None:
                name = new[key] = b"together-%d" % next(self._numbers)
                self.libpq.send_prepare(name, _with_numbers(sql, len(types)), types)
            self.libpq.send_query_prepared(name, values, formats, result_format=Format.BINARY)
        self.libpq.pipeline_sync()
        return new

    def _results(self) -> list[PGresult]:
        """Return what the server answered to each thing that was sent, in order."""
        while self.libpq.flush():  # the server may have to be heard before it takes more
            self._poll.modify(self.libpq.socket, IN | OUT)
            if any(ready & ~OUT for _, ready in self._poll.poll()):
                self.libpq.consume_input()
            self._poll.modify(self.libpq.socket, IN)
        found: list[PGresult] = []
        while True:
            while self.libpq.is_busy():
                self._poll.poll()
                self.libpq.consume_input()
            result = self.libpq.get_result()
            if result is None:  # between the answers of one and of the next
                continue
            if result.status == ExecStatus.PIPELINE_SYNC:
                return found
            found.append(result)

    def _rows(self, result: PGresult) -> list[Row]:
        _accept(result)
        if not result.ntuples:
            return []
        self._transformer.set_pgresult(result)
        return self._transformer.load_rows(0, result.ntuples, tuple)


def _accept(result: PGresult) -> None:
    if result.status in REFUSED:
        raise error_from_result(result)


@cache
def _auto(many: int) -> list[PyFormat]:
    return [PyFormat.AUTO] * many


def _with_numbers(sql: str, many: int) -> bytes:
    """Return a statement with ``$1``, ``$2`` … in its places, as PostgreSQL has it."""
    first, *rest = sql.split("%s")
    assert len(rest) == many, f"{many} values for {len(rest)} places."
    numbered = "".join(f"${number}{part}" for number, part in enumerate(rest, 1))
    return (first + numbered).replace("%%", "%").encode()
