"""Statements to the database: several at once, where it can take them so."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

Row = tuple[Any, ...]
Statement = tuple[str, Sequence[Any]]  # its words, and what goes into its places


def ask(statements: Sequence[Statement]) -> list[list[Row]]:
    """Return the rows of each of these statements, as the driver gives them.

    Each sees what those before it did. PostgreSQL is sent all in one piece.
    """
    if connection.vendor == "postgresql":
        link: Any = connection  # our own engine: config/postgresql
        answers: list[list[Row]] = link.together(statements)
        return answers
    return [_alone(statement) for statement in statements]


def tell(statement: Statement) -> None:
    """Have a statement done that has no answer. Inside a transaction, it may go with the next.

    What the database has against it is then raised by the next, or by the end of the transaction.
    """
    if connection.vendor == "postgresql":
        link: Any = connection
        link.leave(statement)
    else:
        _alone(statement)


def _alone(statement: Statement) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return cursor.fetchall() if cursor.description else []
