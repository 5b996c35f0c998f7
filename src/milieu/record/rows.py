"""Insert many rows of one model in one statement, on either database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

PARAMETERS_MAX = 30_000  # SQLite allows 32,766 in one statement, PostgreSQL 65,535

Row = tuple[Any, ...]


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model. Their keys must be set.

    Raises:
        IntegrityError: a row breaks a rule of the database; nothing is inserted.
    """
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


def insert_or_replace(rows: Sequence[models.Model]) -> None:
    """Insert rows of a projection; one that is there already becomes what is given."""
    if rows:
        meta = type(rows[0])._meta
        others = [field.column for field in meta.concrete_fields if not field.primary_key]
        given = ", ".join(f"{column} = EXCLUDED.{column}" for column in others)
        _insert(rows, ending=f"ON CONFLICT ({meta.pk.column}) DO UPDATE SET {given}")


def _insert(rows: Sequence[models.Model], *, ending: str) -> list[Row]:
    if not rows:
        return []
    model = type(rows[0])
    names, head, line = _worded(model)
    adapt = _adapters(connection.vendor)
    found: list[Row] = []
    step = PARAMETERS_MAX // len(names)
    with connection.cursor() as cursor:
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            values = [row.__dict__.get(name) for row in some for name in names]
            cursor.execute(
                f"{head} {', '.join([line] * len(some))} {ending}",
                [adapt[type(value)](value) if type(value) in adapt else value for value in values],
            )
            if "RETURNING" in ending:
                found.extend(cursor.fetchall())
    return found


@cache
def _worded(model: type[models.Model]) -> tuple[list[str], str, str]:
    """Return the attributes to insert, the statement's head, and the placeholders of one row."""
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not isinstance(field, models.AutoField)]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    head = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES'
    return [field.attname for field in fields], head, f"({', '.join(['%s'] * len(fields))})"


@cache
def _adapters(_vendor: str) -> dict[type, Callable[[Any], Any]]:
    """Return how this database takes the values that its driver does not take as they are."""
    if connection.features.has_native_uuid_field:
        return {}
    return {UUID: adapted, datetime: connection.ops.adapt_datetimefield_value}


def adapted(each: UUID) -> Any:
    """Return an id as this database keeps it."""
    return each if connection.features.has_native_uuid_field else each.hex
