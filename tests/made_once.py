"""What many tests begin with: made once in a process, by the product's own services, then copied.

Two people admitted on a unit with its staff take the services 70 ms to make, and 8 to copy. What is
copied is all that the making left in the database, row by row, and what it returned. So that no
copy can be taken for another, each has ids and numbers of its own, in the same order; and what
happened while it was made happened just now.
"""

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import time_machine
from django.apps import apps
from django.db import connection, models, transaction

from milieu.kernel import clock
from milieu.kernel.ids import uuid7

# All is made in this minute, which no test names.
MADE_AT: Final = datetime(2026, 10, 31, 23, 59, tzinfo=UTC)

Values = tuple[Any, ...]
Rows = dict[type[models.Model], list[Values]]


class Made(NamedTuple):
    """What the making left in each table, and what it returned. Nobody changes either."""

    rows: Rows
    returned: dict[str, Any]
    by: datetime  # then it was done


_made: dict[str, Made] = {}


def made_once(name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Put what ``make`` makes into the database; return what it returns: rows, by any names."""
    if name not in _made:
        _made[name] = _make(make)
    made = _made[name]
    own = _Own(made)
    with transaction.atomic():  # links are looked at by its end
        for model, rows in made.rows.items():
            fields = model._meta.concrete_fields
            _insert(model, [list(map(own, fields, row)) for _key, *row in rows])
    returned = copy.deepcopy(made.returned)
    for instance in _instances(returned.values(), {}):
        for field in instance._meta.concrete_fields:
            setattr(instance, field.attname, own(field, getattr(instance, field.attname)))
    return returned


def _make(make: Callable[[], dict[str, Any]]) -> Made:
    with transaction.atomic(), time_machine.travel(MADE_AT):
        there = {model: {row[:1] for row in rows} for model, rows in _rows().items()}
        returned, by = copy.deepcopy(make()), clock.now()
        rows = {
            model: [row for row in rows if row[:1] not in there.get(model, ())]
            for model, rows in _rows().items()
        }
        transaction.set_rollback(True)
    return Made({model: new for model, new in rows.items() if new}, returned, by)


def _rows() -> Rows:
    """Return every row of the database, with its key first."""
    return {
        model: list(model._base_manager.values_list("pk", *_columns(model)).order_by("pk"))
        for model in _filled()
    }


def _filled() -> list[type[models.Model]]:
    """Return the models of which there is anything: few, and asking for each would be slow."""
    every = apps.get_models(include_auto_created=True)
    any_row = (
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {model._meta.db_table})"  # noqa: S608
        for number, model in enumerate(every)
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(any_row))
        return [every[number] for (number,) in cursor.fetchall()]


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


class _Own:
    """Turns the values of what was made into those of one copy."""

    def __init__(self, made: Made) -> None:
        values = {each for rows in made.rows.values() for row in rows for each in row}
        ids = sorted(each for each in values if isinstance(each, UUID))
        self._ids = dict(zip(ids, sorted(uuid7() for _ in ids), strict=True))
        self._numbers = {
            model: dict(zip([key for key, *_ in rows], _numbers(model, len(rows)), strict=True))
            for model, rows in made.rows.items()
            if isinstance(model._meta.pk, models.AutoField)
        }
        self._by, self._later = made.by, clock.now() - made.by

    def __call__(self, field: Any, value: Any) -> Any:
        if isinstance(value, UUID):
            return self._ids.get(value, value)
        if isinstance(value, datetime) and MADE_AT <= value <= self._by:
            return value + self._later
        if isinstance(value, int) and (field.primary_key or field.is_relation):
            while field.is_relation:
                field = field.target_field
            return self._numbers[field.model][value]
        return value


def _numbers(model: type[models.Model], many: int) -> list[int]:
    """Return as many numbers for new rows, in order, as the database would give them."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', '{column}')"
            cursor.execute(f"SELECT nextval({sequence}) FROM generate_series(1, {many})")  # noqa: S608
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        (newest,) = cursor.fetchone()
        return list(range(newest + 1, newest + 1 + many))


def _insert(model: type[models.Model], rows: list[list[Any]]) -> None:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    line = f"({', '.join(['%s'] * len(fields))})"
    values = [
        field.get_db_prep_save(value, connection)
        for row in rows
        for field, value in zip(fields, row, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({columns})"  # noqa: S608
            f" VALUES {', '.join([line] * len(rows))}",
            values,
        )


def _instances(found: Any, seen: dict[int, Any]) -> Iterator[models.Model]:
    """Yield each of these rows, and those that they hold on to."""
    for each in found:
        if isinstance(each, models.Model) and id(each) not in seen:
            seen[id(each)] = each
            yield each
            yield from _instances(each._state.fields_cache.values(), seen)
