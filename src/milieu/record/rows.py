"""Insert many rows of one model in one statement, on either database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

PARAMETERS_MAX = 30_000  # SQLite allows 32,766 in one statement, PostgreSQL 65,535


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model. Their keys must be set.

    Raises:
        IntegrityError: a row breaks a rule of the database; nothing is inserted.
    """
    if rows:
        _insert(rows, ending="")


def insert_new(rows: Sequence[models.Model], *, key: str) -> dict[Any, Any]:
    """Insert rows whose ``key`` is not there yet. Return, by that key, the primary keys given.

    The database numbers the rows; a row that was there already is left out of the answer.
    """
    if not rows:
        return {}
    model = type(rows[0])
    field, pk = model._meta.get_field(key), model._meta.pk
    assert isinstance(field, models.Field)
    ending = f"ON CONFLICT ({field.column}) DO NOTHING RETURNING {field.column}, {pk.column}"
    return {field.to_python(found): number for found, number in _insert(rows, ending=ending)}


def _insert(rows: Sequence[models.Model], *, ending: str) -> list[tuple[Any, ...]]:
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    fields = [field for field in fields if field.db_returning is False]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    line = "(" + ", ".join(["%s"] * len(fields)) + ")"
    found: list[tuple[Any, ...]] = []
    step = PARAMETERS_MAX // len(fields)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            sql = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES {", ".join([line] * len(some))} {ending}'
            cursor.execute(sql, [_value(field, row) for row in some for field in fields])
            if ending:
                found.extend(cursor.fetchall())
    return found


def _value(field: models.Field[Any, Any], row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)
