"""What can be measured, and between which values nothing looks mistyped: the data of this room."""

from functools import cache
from importlib.resources import files

import msgspec

from milieu.vitals.shape import VitalSigns

TENTHS = ("temperature", "weight")  # kept in tenths, with the unit in which they were typed
POUND_KG = 0.45359237  # exactly: International Yard and Pound Agreement of 1959


class Measure(msgspec.Struct, frozen=True):
    """One measure. ``low`` and ``high`` are in ``unit``; outside them it has to be confirmed."""

    code: str
    label: dict[str, str]
    unit: str
    low: int
    high: int
    loinc: str

    def said(self, language: str) -> str:
        """Return its name, in English where this language is not known."""
        return self.label.get(language, self.label["en"])


class Measures(msgspec.Struct, frozen=True):
    """All of them, with where the bounds come from."""

    measures: tuple[Measure, ...]
    source: str
    as_of: str


@cache
def measures() -> dict[str, Measure]:
    """Return every measure, by code, in the order in which they are asked for."""
    text = files("milieu.vitals").joinpath("measures.toml").read_bytes()
    return {each.code: each for each in msgspec.toml.decode(text, type=Measures).measures}


def taken(said: VitalSigns) -> dict[str, float]:
    """Return what was measured, by code, in the units of ``measures``."""
    found: dict[str, float | None] = {
        code: getattr(said, code) for code in measures() if code not in TENTHS
    }
    found["temperature"] = celsius(said.temperature_tenths, said.temperature_unit)
    found["weight"] = kilograms(said.weight_tenths, said.weight_unit)
    return {code: float(found[code] or 0) for code in measures() if found[code] is not None}


def celsius(tenths: int | None, unit: str) -> float | None:
    """Return degrees Celsius, to a tenth, of what was typed in tenths of ``c`` or ``f``."""
    if tenths is None:
        return None
    return tenths / 10 if unit == "c" else round((tenths / 10 - 32) / 1.8, 1)


def kilograms(tenths: int | None, unit: str) -> float | None:
    """Return kilograms, to a tenth, of what was typed in tenths of ``kg`` or ``lb``."""
    if tenths is None:
        return None
    return tenths / 10 if unit == "kg" else round(tenths / 10 * POUND_KG, 1)


def mistyped(said: VitalSigns) -> list[Measure]:
    """Return the measures that look like a slip of the finger and were not confirmed."""
    found = taken(said)
    return [
        measure
        for code, measure in measures().items()
        if code in found
        and not measure.low <= found[code] <= measure.high
        and code not in said.confirmed
    ]
