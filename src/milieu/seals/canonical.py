"""An entry as bytes that are the same wherever they are made: what is sealed. Plain.

JSON by RFC 8785, safe for any reader of I-JSON (RFC 7493): ids, times and hashes are strings,
whole numbers are numbers as long as every reader keeps them exactly. What a fact leaves empty is
left out, so that a column which comes later changes nothing that was sealed before.

Where names are ASCII and numbers whole, orjson with sorted names writes what RFC 8785 asks for, at
a tenth of the cost; the tests compare it with a library of that standard.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson

FORMAT: Final = "milieu-leaf-1"
SALT_BYTES: Final = 16
EXACT_MAX: Final = 2**53 - 1  # the largest whole number that every reader of JSON keeps exactly
ALIKE: Final = frozenset({str, bool, type(None), UUID})  # what orjson writes as ``plain`` does

Said = dict[str, Any]


def leaf(header: Mapping[str, Any], fact: Mapping[str, Any] | None, before: bytes | None) -> bytes:
    """Return the bytes of an entry: its header, its fact, and the last leaf about this person."""
    said = _plainly(header) | {"format": FORMAT, "before": plain(before)}
    if fact is not None:
        filled = {name: value for name, value in fact.items() if value is not None and value != ""}
        said["fact"] = _plainly(filled)
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def _plainly(values: Mapping[str, Any]) -> Said:
    return {name: value if type(value) in ALIKE else plain(value) for name, value in values.items()}


def plain(value: Any) -> Any:
    """Return a column's value as JSON says it without loss."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= EXACT_MAX else str(value)
        case datetime():
            utc = value.astimezone(UTC).replace(tzinfo=None)
            return utc.isoformat(timespec="microseconds") + "Z"
        case UUID() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return bytes(value).hex()
    raise TypeError(f"A fact holds a {type(value).__name__}, which has no agreed form yet.")
