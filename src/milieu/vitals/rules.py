"""What goes together in a set of vital signs, its NEWS2, and when to try again. Plain."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from milieu.kernel.errors import Refusal
from milieu.kernel.text import gettext_noop
from milieu.vitals.measures import celsius
from milieu.vitals.shape import VitalSigns

OPEN: Final = -1  # an end of a span that has none
MEASURED: Final = (
    *("temperature_tenths", "pulse", "breaths", "systolic", "diastolic", "oxygen"),
    *("awareness", "pain", "weight_tenths"),
)
BESIDE: Final = ("temperature_unit", "position", "air", "weight_unit")  # what says more of those


def agree(said: VitalSigns) -> None:
    """Pass if the parts of a set go together.

    Raises:
        Refusal ``why-missing``, ``not-taken-says-more``, ``why-not-needed``, ``nothing-said``,
        ``unit-missing``, ``pressure-halved``, ``pressure-reversed``.
    """
    noted = [name for name in (*MEASURED, *BESIDE) if getattr(said, name) not in ("", None)]
    if said.outcome != "taken":
        _not_taken(said, noted)
        return
    if said.why:
        text = gettext_noop("They were taken: leave the reason out.")
        raise Refusal("why-not-needed", text, field="why")
    if not any(getattr(said, name) not in ("", None) for name in MEASURED):
        raise Refusal("nothing-said", gettext_noop("Write at least one measure."))
    for name in ("temperature", "weight"):
        if getattr(said, f"{name}_tenths") is not None and not getattr(said, f"{name}_unit"):
            text = gettext_noop("Say in which unit it was measured.")
            raise Refusal("unit-missing", text, field=f"{name}_unit")
    _pressure(said)


def _not_taken(said: VitalSigns, noted: list[str]) -> None:
    if said.outcome == "declined" and not said.why.strip():
        text = gettext_noop("Say in a few words why they declined.")
        raise Refusal("why-missing", text, field="why")
    if noted:
        text = gettext_noop("Nothing was taken, so nothing was measured. Leave the measures out.")
        raise Refusal("not-taken-says-more", text, field=noted[0])


def _pressure(said: VitalSigns) -> None:
    upper, lower = said.systolic, said.diastolic
    if (upper is None) != (lower is None):
        text = gettext_noop("Blood pressure has two numbers. Write both.")
        raise Refusal("pressure-halved", text, field="systolic" if upper is None else "diastolic")
    if upper is not None and lower is not None and upper <= lower:
        text = gettext_noop("The upper number of a blood pressure is the larger one.")
        raise Refusal("pressure-reversed", text, field="systolic")


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
    points: dict[str, tuple[tuple[int, int, int], ...]]
    words: dict[str, dict[str, int]]
    bands: tuple[Band, ...]


class Score(msgspec.Struct, frozen=True):
    """A score, the points of each measure in it, and what it asks for."""

    total: int
    points: Mapping[str, int]
    band: Band


@cache
def table() -> Table:
    """Return NEWS2 as ``news2.toml`` has it, with its source."""
    text = files("milieu.vitals").joinpath("news2.toml").read_bytes()
    return msgspec.toml.decode(text, type=Table)


def news2(said: VitalSigns, *, born: date | None, on: date) -> Score | None:
    """Return the National Early Warning Score 2 of one set, on SpO2 scale 1.

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
    points = {name: _points(table().points[name], number or 0) for name, number in numbers.items()}
    points |= {name: table().words[name][word] for name, word in words.items()}
    total, most = sum(points.values()), max(points.values())
    band = next(
        each
        for each in table().bands
        if total >= each.least and (not each.one_of or most >= each.one_of)
    )
    return Score(total, points, band)


def _points(spans: Sequence[tuple[int, int, int]], number: int) -> int:
    for low, high, points in spans:
        if (low == OPEN or low <= number) and (high == OPEN or number <= high):
            return points
    raise AssertionError(f"{number} is in no span of {spans}.")


def age(born: date, on: date) -> int:
    """Return whole years; who was born on 29 February is a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def again_by(at: datetime, *, hours: int) -> datetime:
    """Return by when vital signs that were not taken at ``at`` are to be tried again."""
    return at + timedelta(hours=hours)
