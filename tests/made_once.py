"""What many tests begin with: made once in a process, by the product's own services, then copied.

Two people admitted on a unit with its staff take the services 70 ms to make, and 8 to copy. What is
copied is all that the making left in the database, row by row, and what it returned. So that no
copy can be taken for another, each has ids of its own, in the same order; and what happened while
it was made happened now.
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

# No test names this moment.
MADE_AT: Final = datetime(2026, 10, 31, 23, 59, 59, 123_457, tzinfo=UTC)

Values = tuple[Any, ...]
Rows = dict[type[models.Model], list[Values]]


class Made(NamedTuple):
    """What the making left in each table, and what it returned. Nobody changes either."""

    rows: Rows
    returned: dict[str, Any]


_made: dict[str, Made] = {}


def made_once(name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Put what ``make`` makes into the database; return what it returns: rows, by any names."""
    if name not in _made:
        _made[name] = _make(make)
    made = _made[name]
    own = _Own(made.rows)
    with transaction.atomic():  # links are looked at by its end
        for model, rows in made.rows.items():
            _insert(model, [tuple(map(own, row)) for row in rows])
    returned = copy.deepcopy(made.returned)
    for instance in _instances(returned.values(), {}):
        for field in instance._meta.concrete_fields:
            setattr(instance, field.attname, own(getattr(instance, field.attname)))
    return returned


def _make(make: Callable[[], dict[str, Any]]) -> Made:
    with transaction.atomic(), time_machine.travel(MADE_AT, tick=False):
        there = {model: {row[:1] for row in rows} for model, rows in _rows().items()}
        returned = copy.deepcopy(make())
        rows = {
            model: [row for row in rows if row[:1] not in there.get(model, ())]
            for model, rows in _rows().items()
        }
        transaction.set_rollback(True)
    return Made({model: new for model, new in rows.items() if new}, returned)


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

    def __init__(self, rows: Rows) -> None:
        known = {each for some in rows.values() for row in some for each in row}
        self._ids = {each: uuid7() for each in sorted(filter(_is_id, known))}
        self._now = clock.now()

    def __call__(self, value: Any) -> Any:
        if isinstance(value, UUID):
            return self._ids.get(value, value)
        return self._now if value == MADE_AT else value


def _is_id(value: Any) -> bool:
    return isinstance(value, UUID)


def _insert(model: type[models.Model], rows: list[Values]) -> None:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    line = f"({', '.join(['%s'] * len(fields))})"
    values = [
        field.get_db_prep_save(value, connection)
        for _key, *row in rows
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
