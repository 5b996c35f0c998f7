"""What a set of vital signs says, in a sentence; and many of them, with their scores."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.census.models import Stay
from milieu.record.models import Entry, told_at
from milieu.vitals.measures import TENTHS, measures, taken
from milieu.vitals.models import OxygenScale, VitalSigns
from milieu.vitals.news2 import Ordered, Score, news2, scale_at
from milieu.vitals.ordering import ordered, orders_of
from milieu.vitals.services import SET

AWARENESS = {
    "alert": gettext_lazy("alert"),
    "confused": gettext_lazy("newly confused"),
    "voice": gettext_lazy("answers when spoken to"),
    "pain": gettext_lazy("answers to touch that hurts"),
    "unresponsive": gettext_lazy("does not answer"),
}
POSITIONS = {
    "lying": gettext_lazy("lying"),
    "sitting": gettext_lazy("sitting"),
    "standing": gettext_lazy("standing"),
}
AIR = {"air": gettext_lazy("breathing air"), "oxygen": gettext_lazy("breathing oxygen")}
SCALES = {
    1: gettext_lazy("SpO2 scale 1"),
    2: gettext_lazy("SpO2 scale 2, oxygen target 88 to 92 %"),
}
UNITS = {"c": "°C", "f": "°F", "kg": "kg", "lb": "lb"}


def of_set(row: VitalSigns, language: str) -> str:
    """Return one set in a sentence: ``Vital signs: pulse 72 /min, blood pressure 128/76``."""
    if row.outcome == "declined":
        return _("Vital signs declined: %(why)s") % {"why": row.why}
    if row.outcome == "asleep":
        return _("Vital signs not taken: asleep, not woken")
    return _("Vital signs: %(measures)s") % {"measures": ", ".join(_parts(row, language))}


def of_scale(row: OxygenScale) -> str:
    """Return an order in a sentence: ``NEWS2 on SpO2 scale 1. Why: the diagnosis was wrong``."""
    return _("NEWS2 on %(scale)s. Why: %(why)s") % {"scale": SCALES[row.scale], "why": row.why}


def _parts(row: VitalSigns, language: str) -> Iterator[str]:
    names = {code: each.said(language).lower() for code, each in measures().items()}
    told = {
        "temperature": f"{names['temperature']} %s",
        "pulse": f"{names['pulse']} %s /min",
        "breaths": f"{names['breaths']} %s /min",
        "oxygen": f"{names['oxygen']} %s",
        "pressure": _("blood pressure %s"),
        "awareness": "%s",
        "pain": _("pain %s of 10"),
        "weight": f"{names['weight']} %s",
    }
    for code, cell in zip(COLUMNS, _cells(row), strict=True):
        if cell:
            yield told[code] % (cell.lower() if code == "awareness" else cell)


def typed(row: VitalSigns, code: str) -> str:
    """Return a measure that is kept in tenths as it was typed: ``98.6 °F``. Empty: not measured."""
    tenths: int | None = getattr(row, f"{code}_tenths")
    if tenths is None:
        return ""
    return f"{tenths / 10:g} {UNITS[getattr(row, f'{code}_unit')]}"


class Line(NamedTuple):
    """One set as a page shows it."""

    at: datetime
    words: str
    cells: tuple[tuple[str, str], ...]  # each measure with its heading; empty: not measured
    score: Score | None
    band: str
    note: str
    by: str
    entry_id: UUID


COLUMNS = ("temperature", "pulse", "breaths", "pressure", "oxygen", "awareness", "pain", "weight")
TITLES = {"pressure": gettext_lazy("Blood pressure"), "awareness": gettext_lazy("Awareness")}


def titles(language: str) -> list[str]:
    """Return the headings of the table of sets."""
    return [
        str(TITLES[code]) if code in TITLES else measures()[code].said(language).split(",")[0]
        for code in COLUMNS
    ]


def lines_of(stay: Stay, since: datetime, language: str) -> list[Line]:
    """Return the sets of somebody since then, the newest first."""
    orders = ordered(orders_of(stay.pk))
    return [_line(entry, stay, language, orders) for entry in _sets(stay, since)]


def _sets(stay: Stay, since: datetime) -> Any:
    return (
        Entry.objects.as_system("the reader may see this stay: asked before")
        .current()
        .filter(stay=stay, kind=SET)
        .annotate(at=told_at())
        .filter(at__gte=since)
        .select_related("author", "vitalsigns")
        .order_by("-at", "-seq")
    )


def _line(entry: Entry, stay: Stay, language: str, orders: Sequence[Ordered]) -> Line:
    row: VitalSigns = entry.vitalsigns
    at: datetime = entry.told_at
    born, scale = stay.patient.birth_date, scale_at(orders, at)
    on = at.astimezone(stay.standing.unit.zone).date()
    score = news2(row.said(), born=born, on=on, scale=scale)
    return Line(
        at=at,
        words=of_set(row, language),
        cells=tuple(zip(titles(language), _cells(row), strict=True))
        if row.outcome == "taken"
        else (),
        score=score,
        band=score.band.label.get(language, score.band.label["en"]) if score else "",
        note=row.note,
        by=entry.author.short_name,
        entry_id=entry.entry_id,
    )


def _cells(row: VitalSigns) -> tuple[str, ...]:
    """Return what was measured as it was typed, in the order of ``COLUMNS``."""
    found = {code: f"{value:g}" for code, value in taken(row.said()).items()}
    for code in TENTHS:
        found[code] = typed(row, code)
    if row.systolic is not None:
        position = str(POSITIONS.get(row.position, ""))
        found["pressure"] = f"{row.systolic}/{row.diastolic} {position}".strip()
    if row.oxygen is not None:
        found["oxygen"] = f"{row.oxygen} % {AIR.get(row.air, '')}".strip()
    if row.awareness:
        found["awareness"] = str(capfirst(AWARENESS[row.awareness]))
    return tuple(found.get(code, "") for code in COLUMNS)
