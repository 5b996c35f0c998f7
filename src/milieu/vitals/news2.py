"""NEWS2: the score of one set of vital signs, by the published table. Plain."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

from milieu.vitals.measures import celsius
from milieu.vitals.shape import Scale, VitalSigns

OPEN: Final = -1  # an end of a span that has none
Spans = tuple[tuple[int, int, int], ...]


class Band(msgspec.Struct, frozen=True, rename={"least": "from"}):
    """What a score asks for, from ``least`` points on, or from ``one_of`` for one measure alone."""

    code: str
    least: int
    label: dict[str, str]
    asks: dict[str, str]
    one_of: int = 0


class Table(msgspec.Struct, frozen=True):
    """NEWS2 as published: points by measure, and what a score asks for."""

    source: str
    as_of: str
    adult_years: int
    points: dict[str, Spans]
    oxygen_2: dict[str, Spans]  # SpO2 scale 2, by what is breathed
    words: dict[str, dict[str, int]]
    bands: tuple[Band, ...]


class Score(msgspec.Struct, frozen=True):
    """A score, on which SpO2 scale, the points of each measure in it, and what it asks for."""

    total: int
    scale: Scale
    points: Mapping[str, int]
    band: Band


class Ordered(NamedTuple):
    """From when on somebody's oxygen is counted on which scale."""

    at: datetime
    scale: Scale


def scale_at(orders: Iterable[Ordered], at: datetime) -> Scale:
    """Return the scale that was ordered by then; 1 where none was. ``orders``: oldest first."""
    found: Scale = 1
    for order in orders:
        if order.at <= at:
            found = order.scale
    return found


@cache
def table() -> Table:
    """Return NEWS2 as ``news2.toml`` has it, with its source."""
    text = files("milieu.vitals").joinpath("news2.toml").read_bytes()
    return msgspec.toml.decode(text, type=Table)


def news2(said: VitalSigns, *, born: date | None, on: date, scale: Scale) -> Score | None:
    """Return the National Early Warning Score 2 of one set, on this SpO2 scale.

    None where one of its seven measures is not in this set, and for whom it is not made: anyone
    younger than 16, or whose date of birth is not known (RCP 2017; also not in pregnancy, which
    this record does not know).
    """
    if born is None or age(born, on) < table().adult_years:
        return None
    warmth = celsius(said.temperature_tenths, said.temperature_unit)
    numbers: dict[str, int | None] = {
        "breaths": said.breaths,
        "oxygen": said.oxygen,
        "systolic": said.systolic,
        "pulse": said.pulse,
        "temperature_tenths": None if warmth is None else round(warmth * 10),
    }
    words = {"air": said.air, "awareness": said.awareness}
    if None in numbers.values() or "" in words.values():
        return None
    spans = table().points
    if scale == 2:
        spans = spans | {"oxygen": table().oxygen_2[said.air]}
    points = {name: _points(spans[name], number or 0) for name, number in numbers.items()}
    points |= {name: table().words[name][word] for name, word in words.items()}
    total, most = sum(points.values()), max(points.values())
    band = next(
        each
        for each in table().bands
        if total >= each.least and (not each.one_of or most >= each.one_of)
    )
    return Score(total, scale, points, band)


def _points(spans: Spans, number: int) -> int:
    for low, high, points in spans:
        if (low == OPEN or low <= number) and (high == OPEN or number <= high):
            return points
    raise AssertionError(f"{number} is in no span of {spans}.")


def age(born: date, on: date) -> int:
    """Return whole years; who was born on 29 February is a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
