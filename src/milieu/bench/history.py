"""Years of checks, filled in by the database itself: how they came in is not what is measured."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

import psycopg

from milieu.bench.house import Phone
from milieu.bench.walks import ENTRY, FACT
from milieu.rounds.services import CHECK

EVERY_MIN: Final = 15
SEEN: Final = "'seen', 'own-room', 'lying', '', 'closed', 'seen', '', '', '', '', '', '', '', ''"


class Past(Protocol):
    """A database that can be given a past."""

    def fill(self, stays: Sequence[UUID], phone: Phone, until: datetime, many: int) -> None:
        """Give each of these stays so many checks before ``until``, in the order of their times."""

    def settle(self) -> None:
        """Let the database look at what it holds now, as it does by itself in time."""


class Postgres:
    """``url`` is the superuser's: links between tables are not asked about for each row."""

    def __init__(self, url: str) -> None:
        self._url = url

    def fill(self, stays: Sequence[UUID], phone: Phone, until: datetime, many: int) -> None:
        told = f"""
            WITH told AS (
                INSERT INTO record_entry ({ENTRY})
                SELECT uuidv7(), %s, stay, %s, %s, turn, at, at, at, 0, 60, NULL, at, NULL, false,
                       '', decode(repeat('00', 32), 'hex')
                FROM generate_series(1, %s) AS turn
                CROSS JOIN unnest(%s::uuid[]) AS stay
                CROSS JOIN LATERAL (
                    SELECT %s::timestamptz
                           - make_interval(mins => {EVERY_MIN} * (%s - turn + 1)) AS at
                ) AS moment
                RETURNING seq
            )
            INSERT INTO rounds_safetycheck (entry_id, {FACT}) SELECT seq, {SEEN} FROM told
        """  # noqa: S608 (names are our own)
        given = [CHECK, phone.author, phone.device, many, list(stays), until, many]
        with psycopg.connect(self._url) as link:
            link.execute("SET session_replication_role = replica")
            link.execute(told, given)

    def settle(self) -> None:
        with psycopg.connect(self._url, autocommit=True) as link:
            link.execute("VACUUM ANALYZE")


class Sqlite:
    """One file, which nothing serves yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fill(self, stays: Sequence[UUID], phone: Phone, until: datetime, many: int) -> None:
        marks = ", ".join("?" * len(stays))
        entries = f"""
            WITH RECURSIVE turns(turn) AS (
                SELECT 1 UNION ALL SELECT turn + 1 FROM turns WHERE turn < ?
            ), moments(turn, at) AS (
                SELECT turn, datetime(?, '-' || ({EVERY_MIN} * (? - turn + 1)) || ' minutes')
                FROM turns
            )
            INSERT INTO record_entry ({ENTRY})
            SELECT lower(hex(randomblob(16))), ?, census_stay.id, ?, ?, turn, at, at, at, 0, 60,
                   NULL, at, NULL, 0, '', zeroblob(32)
            FROM moments CROSS JOIN census_stay WHERE census_stay.id IN ({marks})
        """  # noqa: S608 (names are our own)
        facts = f"""
            INSERT INTO rounds_safetycheck (entry_id, {FACT})
            SELECT seq, {SEEN} FROM record_entry WHERE seq > ?
        """  # noqa: S608 (names are our own)
        ids = [each.hex for each in (phone.author, phone.device, *stays)]
        with sqlite3.connect(self._path) as link:
            (before,) = link.execute("SELECT coalesce(max(seq), 0) FROM record_entry").fetchone()
            link.execute(entries, [many, f"{until:%Y-%m-%d %H:%M:%S}", many, CHECK, *ids])
            link.execute(facts, [before])
        link.close()

    def settle(self) -> None:
        """Do nothing: SQLite looks at what it holds only when told to, and nobody tells it."""
