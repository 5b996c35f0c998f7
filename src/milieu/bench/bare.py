"""The floor: the same rows, the same number of commits, the same tables, by the bare driver.

It writes to a copy of the database, so that nothing of ours works on its rows, and it on ours.
"""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import psycopg

from milieu.bench.walks import CLOCK, ENTRY, FACT, Bare
from milieu.keeping.rules import journal_mode

Commit = Callable[[], None]
Row = tuple[Any, ...]

TABLES = (
    ("record_entry", f"seq, {ENTRY}"),
    ("rounds_safetycheck", f"entry_id, {FACT}"),
    ("rounds_clock", f"stay_id, last_id, {CLOCK}"),
)
GIVEN = ", ".join(f"{name} = EXCLUDED.{name}" for name in ("last_id", *CLOCK.split(", ")))
TAKES_ITS_PLACE = f"ON CONFLICT (stay_id) DO UPDATE SET {GIVEN}"


class Floor(Protocol):
    """A database without us."""

    def reserve(self, many: int) -> int:
        """Take so many numbers of the record for rows of this floor; return the first."""

    def client(self, batches: Sequence[Sequence[Bare]], first: int) -> list[Commit]:
        """Open a connection; return one commit on it for each batch, numbered from ``first`` on."""

    def close(self) -> None:
        """Close every connection."""


class Postgres:
    """psycopg: COPY for headers and facts, one INSERT of all clocks.

    The fastest of what was measured here with 16 connections: COPY 11,000 rows of each a second,
    ``executemany`` in a pipeline 9,000, arrays unnested 9,500, many rows in one INSERT 6,500.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._links: list[psycopg.Connection[Row]] = []

    def reserve(self, many: int) -> int:
        sequence = "nextval(pg_get_serial_sequence('record_entry', 'seq'))"
        with psycopg.connect(self._url) as link:
            row = link.execute(
                f"SELECT min({sequence}) FROM generate_series(1, %s)",  # noqa: S608
                [many],
            ).fetchone()
        assert row, "An aggregate always answers."
        return int(row[0])

    def client(self, batches: Sequence[Sequence[Bare]], first: int) -> list[Commit]:
        link = psycopg.connect(self._url)
        link.prepare_threshold = 1
        self._links.append(link)
        return [
            _postgres_commit(link, _rows(batch, first + place)) for place, batch in _placed(batches)
        ]

    def close(self) -> None:
        for link in self._links:
            link.close()
        self._links.clear()


def _postgres_commit(link: psycopg.Connection[Row], rows: list[list[Row]]) -> Commit:
    *copied, clocks = rows
    table, columns = TABLES[-1]
    row = f"({', '.join(['%s'] * len(clocks[0]))})"
    every = ", ".join([row] * len(clocks))
    replace = f"INSERT INTO {table} ({columns}) VALUES {every} {TAKES_ITS_PLACE}"  # noqa: S608
    values = [value for each in clocks for value in each]

    def commit() -> None:
        with link.cursor() as cursor:
            for (name, names), some in zip(TABLES, copied, strict=False):
                with cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
                    for each in some:
                        copy.write_row(each)
            cursor.execute(replace, values)
            link.commit()

    return commit


class Sqlite:
    """sqlite3: ``executemany``, connections that take turns, the same pragmas as the product's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = 1
        self._turn = threading.Lock()  # quicker than SQLite's own waiting, which sleeps
        self._links: list[sqlite3.Connection] = []

    def reserve(self, many: int) -> int:
        with sqlite3.connect(self._path) as link:
            (newest,) = link.execute("SELECT coalesce(max(seq), 0) FROM record_entry").fetchone()
        link.close()
        first = max(int(newest) + 1, self._next)
        self._next = first + many
        return first

    def client(self, batches: Sequence[Sequence[Bare]], first: int) -> list[Commit]:
        link = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        link.execute(f"PRAGMA journal_mode={journal_mode(sqlite3.sqlite_version_info)}")
        for pragma in ("synchronous=FULL", "mmap_size=0", "foreign_keys=ON", "cell_size_check=ON"):
            link.execute(f"PRAGMA {pragma}")
        self._links.append(link)
        return [
            self._commit(link, _rows(batch, first + place)) for place, batch in _placed(batches)
        ]

    def close(self) -> None:
        for link in self._links:
            link.close()
        self._links.clear()

    def _commit(self, link: sqlite3.Connection, rows: list[list[Row]]) -> Commit:
        endings = ("", "", TAKES_ITS_PLACE)
        statements = [
            f"INSERT INTO {name} ({names}) VALUES ({', '.join('?' * len(some[0]))}) {ending}"  # noqa: S608
            for (name, names), some, ending in zip(TABLES, rows, endings, strict=True)
        ]
        values = [[tuple(map(_as_sqlite, each)) for each in some] for some in rows]

        def commit() -> None:
            with self._turn, link:  # rolls back what does not go in, so that others are not held up
                link.execute("BEGIN IMMEDIATE")
                for statement, some in zip(statements, values, strict=True):
                    link.executemany(statement, some)

        return commit


def _placed(batches: Sequence[Sequence[Bare]]) -> list[tuple[int, Sequence[Bare]]]:
    """Return each batch with how many rows come before it."""
    found, before = [], 0
    for batch in batches:
        found.append((before, batch))
        before += len(batch)
    return found


def _rows(batch: Sequence[Bare], first: int) -> list[list[Row]]:
    """Return the rows of each of ``TABLES``, with the numbers of their entries."""
    numbered = list(enumerate(batch, first))
    return [
        [(number, *bare.entry) for number, bare in numbered],
        [(number, *bare.fact) for number, bare in numbered],
        [(bare.stay, number, *bare.clock) for number, bare in numbered],
    ]


def _as_sqlite(value: Any) -> Any:
    """Write a value as Django does."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return value
