"""Look at a copy of the database with the whole program, and come back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def on_database(name: str) -> Iterator[None]:
    """Work on another database of the same kind: a SQLite file, or a name on the same PostgreSQL.

    Only for commands that work alone in their process: every query inside goes there.
    """
    here = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = here
