"""Whether anything at all was stored since something was read. Both databases can say so.

SQLite counts, for each connection, what others have committed (``PRAGMA data_version``) and what
it has changed itself. PostgreSQL says which transactions can be seen (``pg_current_snapshot``):
all before a first number and none from a last one on, except of those between the ones it names.
Whoever writes has a number, and a row is seen or not by these numbers alone: where the same
transactions are seen, in whatever order they ended, the same rows are. While the stamp is as it
was, whatever was read would be read again.
"""

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final, TypeVar

from django.db import connection, models
from django.db.models import Func

from milieu.record.prepared import Prepared
from milieu.record.statements import Row

T = TypeVar("T")
Stamp = tuple[Any, ...]

READING: Final = ("GET", "HEAD")
KEPT: Final = "stamp"  # on the request
KEPT_MAX: Final = 1024  # answers of a process, or of a thread
# The second tells a server from one that took over from it and counts on by itself. One that still
# follows another (the last) does not name in its snapshots who is at work: it has no stamp.
FUNCTIONS: Final = ("pg_current_snapshot", "pg_postmaster_start_time", "pg_is_in_recovery")
SEEN: Final = f"SELECT {', '.join(f'{name}()' for name in FUNCTIONS)}"
WIDE: Final = len(FUNCTIONS)


def stamp() -> Stamp | None:
    """Return the stamp of now. None inside a transaction: what is taken back does not move it."""
    if connection.in_atomic_block:
        return None
    return _of_sqlite() if connection.vendor == "sqlite" else _of_postgresql()


def columns() -> list[Func]:
    """Return what a question asks besides, so that ``stamped`` finds a stamp in its answer."""
    if connection.vendor == "sqlite":
        return []
    return [Func(function=name, output_field=models.TextField()) for name in FUNCTIONS]


def stamped(question: Prepared, keys: Sequence[Any]) -> tuple[Stamp | None, list[Row]]:
    """Ask a question that ends with ``columns()``. Return a stamp that is not newer, and the rows.

    PostgreSQL says both in one answer, and about the same moment.
    """
    if connection.vendor == "sqlite":
        return stamp(), question.rows(keys)
    rows = question.rows(keys)
    if not rows or connection.in_atomic_block:
        return None, [row[:-WIDE] for row in rows]
    return _told(rows[0][-WIDE:]), [row[:-WIDE] for row in rows]


def keep(request: Any, found: Stamp | None) -> None:
    """Keep a stamp for the rest of a request that only reads."""
    vars(request)[KEPT] = found if request.method in READING else None


def kept(request: Any) -> Stamp | None:
    """Return the stamp of this request's beginning. None: what is needed is asked."""
    found: Stamp | None = vars(request).get(KEPT)
    return found


class Unmoved(threading.local):
    """What was read, by what it is about, each with the stamp from before it was read.

    A stamp of SQLite means something on its own connection only, and so to its own thread; one of
    PostgreSQL means the same to all threads of a process, which share what they read.
    """

    def __init__(self, shared: dict[Hashable, tuple[Stamp, Any]]) -> None:
        self.read = {} if connection.vendor == "sqlite" else shared

    def get(self, about: Hashable, now: Stamp | None, ask: Callable[[], T]) -> T:
        """Return what ``ask`` answers now; where nothing moved, what it answered before.

        What is equal to what was read before is the same object, which is quick to compare.
        """
        if now is None or connection.in_atomic_block:
            return ask()
        before, known = self.read.get(about, ((), None))
        if before != now:
            fresh = ask()
            known = known if fresh == known else fresh
            if len(self.read) >= KEPT_MAX:
                self.read.clear()
            self.read[about] = now, known
        answer: T = known
        return answer


def _of_sqlite() -> Stamp:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        (others,) = cursor.fetchone()
    return connection.connection, others, connection.connection.total_changes


def _of_postgresql() -> Stamp | None:
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
        return _told(cursor.fetchone())


def _told(answer: Row) -> Stamp | None:
    *seen, follows = answer
    return None if follows else tuple(seen)
