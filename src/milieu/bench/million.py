"""A log of a million leaves, filled in: how its entries came in is not what is measured."""

import random
import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

import psycopg

from milieu.seals.merkle import Place

LEAF: Final = "entry_id, facility_id, number, patient_id, salt, data, hash"
NODE: Final = "facility_id, place, hash"

Levels = list[list[bytes]]


class Filled(Protocol):
    """A database that can be given a log."""

    def fill(self, facility: UUID, patient: UUID, levels: Levels) -> None:
        """Write the leaves of a tree, all about one person, and the nodes above them."""


def tree(count: int, seed: int) -> Levels:
    """Return every complete subtree's hash by level, the leaves first; two seconds for a million.

    Not by ``Frontier``, which adds one leaf at a time; a test compares the two.
    """
    chance = random.Random(seed)  # noqa: S311 (hashes to measure with)
    levels = [[chance.randbytes(32) for _ in range(count)]]
    while len(levels[-1]) > 1:
        below = iter(levels[-1])
        levels.append(
            [sha256(b"\x01" + one + two).digest() for one, two in zip(below, below, strict=False)]
        )
    return levels


def _leaves(leaves: list[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Yield entry, index and hash. No entry has these numbers, so none is taken from a real one."""
    return ((-1 - index, index, leaf) for index, leaf in enumerate(leaves))


def _nodes(levels: Levels) -> Iterator[tuple[int, bytes]]:
    """Yield place and hash."""
    return chain.from_iterable(
        ((Place(level, number).key, node) for number, node in enumerate(nodes))
        for level, nodes in enumerate(levels[1:], 1)
    )


class Postgres:
    """``url`` is the superuser's: links between tables are not asked about for each row."""

    def __init__(self, url: str) -> None:
        self._url = url

    def fill(self, facility: UUID, patient: UUID, levels: Levels) -> None:
        with psycopg.connect(self._url) as link, link.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            with cursor.copy(f"COPY seals_leaf ({LEAF}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["int8", "uuid", "int8", "uuid", "bytea", "bytea", "bytea"])
                for entry, index, leaf in _leaves(levels[0]):
                    copy.write_row((entry, facility, index, patient, b"", b"", leaf))
            with cursor.copy(f"COPY seals_node ({NODE}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["uuid", "int8", "bytea"])
                for place, node in _nodes(levels):
                    copy.write_row((facility, place, node))
        with psycopg.connect(self._url, autocommit=True) as link:
            link.execute("VACUUM ANALYZE seals_leaf, seals_node")


class Sqlite:
    """One file, which nothing serves yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fill(self, facility: UUID, patient: UUID, levels: Levels) -> None:
        whose, whom = facility.hex, patient.hex
        link = sqlite3.connect(self._path)
        with link:
            link.executemany(
                f"INSERT INTO seals_leaf ({LEAF}) VALUES (?, ?, ?, ?, x'', x'', ?)",  # noqa: S608
                ((entry, whose, index, whom, leaf) for entry, index, leaf in _leaves(levels[0])),
            )
            link.executemany(
                f"INSERT INTO seals_node ({NODE}) VALUES (?, ?, ?)",  # noqa: S608
                ((whose, place, node) for place, node in _nodes(levels)),
            )
        link.close()
