"""What a set of vital signs says, in a sentence; and many of them, with their scores."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.census.models import Stay
from milieu.record.models import Entry
from milieu.rounds.models import Clock
from milieu.vitals.measures import TENTHS, measures, taken
from milieu.vitals.models import VitalSigns
from milieu.vitals.rules import Score, again_by, news2
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
UNITS = {"c": "°C", "f": "°F", "kg": "kg", "lb": "lb"}


def of_set(row: VitalSigns, language: str) -> str:
    """Return one set in a sentence: ``Vital signs: pulse 72 /min, blood pressure 128/76``."""
    if row.outcome == "declined":
        return _("Vital signs declined: %(why)s") % {"why": row.why}
    if row.outcome == "asleep":
        return _("Vital signs not taken: asleep, not woken")
    return _("Vital signs: %(measures)s") % {"measures": ", ".join(_parts(row, language))}


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


class Again(NamedTuple):
    """Vital signs that were not taken, and by when they are to be tried again."""

    at: datetime
    by: datetime
    late: bool
    words: str


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
    return [_line(entry, stay, language) for entry in _sets(stay, since)]


def again(stay: Stay, now: datetime, language: str) -> Again | None:
    """Return by when to try again, where the newest set was declined or slept through."""
    hours = stay.standing.unit.pack.vitals
    since = now - timedelta(hours=2 * max(hours.again_h, hours.again_raised_h))
    newest = _sets(stay, since).first()
    if newest is None or newest.vitalsigns.outcome == "taken":
        return None
    level = Clock.objects.as_system("the reader may see this stay").filter(stay=stay).first()
    raised = level is not None and level.level in hours.raised_levels
    by = again_by(newest.at, hours=hours.again_raised_h if raised else hours.again_h)
    return Again(newest.at, by, by < now, of_set(newest.vitalsigns, language))


def _sets(stay: Stay, since: datetime) -> Any:
    return (
        Entry.objects.as_system("the reader may see this stay: asked before")
        .current()
        .filter(stay=stay, kind=SET)
        .annotate(at=Coalesce("counted_at", "happened_at"))
        .filter(at__gte=since)
        .select_related("author", "vitalsigns")
        .order_by("-at", "-seq")
    )


def _line(entry: Entry, stay: Stay, language: str) -> Line:
    row: VitalSigns = entry.vitalsigns
    at: datetime = entry.counted_at or entry.happened_at
    score = news2(row.said(), born=stay.patient.birth_date, on=at.date())
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
