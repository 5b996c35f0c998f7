"""Whether anything at all was stored since this thread last asked. SQLite only, which can say so.

SQLite counts, for each connection, what others have committed (``PRAGMA data_version``) and what
it has changed itself. While neither number moves, whatever was read before would be read again.
Asking for the two costs a tenth of asking for a board's rows.
"""

import threading
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

T = TypeVar("T")


class Unmoved(threading.local):
    """What was read since the database last moved. One for each thread, as its connection is."""

    stamp: tuple[Any, ...] | None = None

    def __init__(self) -> None:
        self.read: dict[UUID, Any] = {}

    def get(self, unit_id: UUID, ask: Callable[[UUID], T]) -> T:
        """Return what ``ask`` answers now; where nothing moved, what it answered before.

        Inside a transaction it is always asked: what is taken back moves neither number.
        """
        if connection.in_atomic_block:
            return ask(unit_id)
        stamp = _stamp()  # before asking: what is stored in between is asked for next time
        if stamp != self.stamp:
            self.stamp, self.read = stamp, {}
        if unit_id not in self.read:
            self.read[unit_id] = ask(unit_id)
        found: T = self.read[unit_id]
        return found


def _stamp() -> tuple[Any, int, int]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        (others,) = cursor.fetchone()
    return connection.connection, others, connection.connection.total_changes
