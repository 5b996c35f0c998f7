"""From one declaration to the rest: database checks and JSON Schema follow from a fact's shape."""

from typing import Any

import msgspec
from django.db import models
from django.db.models import Q

from milieu.record.kinds import kinds


def constraints(shape: type[msgspec.Struct], *, prefix: str) -> list[models.CheckConstraint]:
    """Return the database checks for a shape: the words that a field may hold, and its bounds."""
    found = []
    for field in msgspec.structs.fields(shape):
        described = msgspec.inspect.type_info(field.type)
        if condition := _condition(field.name, described):
            found.append(models.CheckConstraint(name=f"{prefix}_{field.name}", condition=condition))
    return found


def _condition(name: str, described: msgspec.inspect.Type) -> Q | None:
    match described:
        case msgspec.inspect.LiteralType(values=values):
            return Q(**{f"{name}__in": list(values)})
        case msgspec.inspect.IntType(ge=low, le=high) if low is not None and high is not None:
            return Q(**{f"{name}__range": (low, high)})
    return None


def json_schemas() -> dict[str, Any]:
    """Return the JSON Schema of each kind of fact, by the kind's name."""
    return {name: msgspec.json.schema(kind.shape) for name, kind in sorted(kinds().items())}
