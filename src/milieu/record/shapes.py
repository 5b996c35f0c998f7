"""From one declaration to the rest: database checks, JSON Schema and forms follow from a shape."""

from typing import Any

import msgspec
from django import forms
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
        case msgspec.inspect.UnionType(types=types) if described.includes_none:
            known = [each for each in types if not isinstance(each, msgspec.inspect.NoneType)]
            within = _condition(name, known[0]) if len(known) == 1 else None
            return within and (Q(**{name: None}) | within)
    return None


def json_schemas() -> dict[str, Any]:
    """Return the JSON Schema of each kind of fact, by the kind's name."""
    return {name: msgspec.json.schema(kind.shape) for name, kind in sorted(kinds().items())}


def form_field(shape: type[msgspec.Struct], name: str, **changes: Any) -> forms.Field:
    """Return the form field for one field of a shape: its bounds, words, and whether it is needed.

    ``changes`` are what the shape does not know: label, help, widget, the unit's own words.
    """
    (field,) = (each for each in msgspec.structs.fields(shape) if each.name == name)
    options: dict[str, Any] = {"required": field.required or _length_min(field.type) > 0} | changes
    match msgspec.inspect.type_info(field.type):
        case msgspec.inspect.StrType(max_length=longest):
            return _text_field(longest, options)
        case msgspec.inspect.LiteralType(values=values):
            choices = [(value, value) for value in values if value]
            return forms.ChoiceField(**{"choices": choices} | options)
    raise AssertionError(f"No form field is known for {shape.__name__}.{name}.")


def _text_field(longest: int | None, options: dict[str, Any]) -> forms.Field:
    """Return a choice where the unit's own words are given, else text of at most ``longest``."""
    if "choices" in options:
        return forms.ChoiceField(**options)
    return forms.CharField(**{"max_length": longest} | options)


def _length_min(declared: Any) -> int:
    described = msgspec.inspect.type_info(declared)
    found = getattr(described, "min_length", None)
    return found or 0
