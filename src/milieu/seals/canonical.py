"""An entry as bytes that are the same wherever they are made: what is sealed. Plain.

JSON by RFC 8785, safe for any reader of I-JSON (RFC 7493): ids, times and hashes are strings,
whole numbers are numbers as long as every reader keeps them exactly. What a fact leaves empty is
left out, so that a column which comes later changes nothing that was sealed before.

Where names are ASCII and numbers whole, orjson with sorted names writes what RFC 8785 asks for, at
a tenth of the cost; the tests compare it with a library of that standard.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson

FORMAT: Final = "milieu-leaf-1"
SALT_BYTES: Final = 16
EXACT_MAX: Final = 2**53 - 1  # the largest whole number that every reader of JSON keeps exactly
AS_IT_IS: Final = frozenset({str, bool, type(None), UUID})  # orjson writes them as is agreed
OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z

Said = dict[str, Any]


def leaf(header: Mapping[str, Any], fact: Mapping[str, Any] | None, before: bytes | None) -> bytes:
    """Return the bytes of an entry: its header, its fact, and the last leaf about this person.

    Raises:
        TypeError: a column holds what has no agreed form.
    """
    said = _plainly({**header, "format": FORMAT, "before": before})
    if fact is not None:
        filled = {name: value for name, value in fact.items() if value is not None and value != ""}
        said["fact"] = _plainly(filled)
    return orjson.dumps(said, option=OPTIONS)


def _plainly(values: Mapping[str, Any]) -> Said:
    return {name: plain(value) for name, value in values.items()}


def plain(value: Any) -> Any:
    """Return a column's value as orjson is to write it, so that JSON says it without loss.

    Raises:
        TypeError: it has no agreed form.
    """
    if type(value) in AS_IT_IS:
        return value
    write = FORMS.get(type(value))
    if write is None:
        raise TypeError(f"A fact holds a {type(value).__name__}, which has no agreed form yet.")
    return write(value)


def _whole(number: int) -> int | str:
    return number if -EXACT_MAX <= number <= EXACT_MAX else str(number)


def _time(at: datetime) -> datetime | str:
    """Write a time in UTC to the microsecond. orjson does, unless there are none."""
    if at.microsecond and at.tzinfo is UTC:
        return at
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


FORMS: Final[Mapping[type, Callable[[Any], Any]]] = {
    int: _whole,
    datetime: _time,
    date: date.isoformat,
    Decimal: str,
    bytes: bytes.hex,
    memoryview: memoryview.hex,
}
