"""What an entry about a meal or a drink says; and many of them, by day of the unit."""

from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from milieu.census.models import Stay
from milieu.census.packs import Intake
from milieu.intake.models import Drink, Meal
from milieu.intake.services import DRINK, MEAL
from milieu.kernel.clock import wall_time
from milieu.record.models import Entry, told_at


def word(words: Intake, part: str, code: str, language: str) -> str:
    """Return a word of the pack; a code that it no longer has is shown as it was recorded."""
    found = words.words(part).get(code)
    return str(capfirst(found.said(language))) if found else code


def of_meal(row: Meal, words: Intake, language: str) -> str:
    """Return a meal in a sentence: ``Dinner: ate 25 %``."""
    meal = word(words, "meal", row.meal, language)
    if row.outcome == "eaten":
        return _("%(meal)s: ate %(share)d %%") % {"meal": meal, "share": row.share or 0}
    if row.outcome == "not-there":
        return _("%(meal)s: was not there") % {"meal": meal}
    why = word(words, "why", row.why, language).lower()
    return _("%(meal)s: declined, %(why)s") % {"meal": meal, "why": why}


def of_drink(row: Drink, words: Intake, language: str) -> str:
    """Return a drink in a sentence: ``Drank 200 ml, a glass``."""
    drunk = _("Drank %(ml)d ml") % {"ml": row.ml}
    vessel = word(words, "vessel", row.vessel, language).lower() if row.vessel else ""
    return ", ".join(filter(None, [drunk, vessel]))


class Line(NamedTuple):
    """One entry as the page of days shows it."""

    at: datetime
    clock: str
    words: str
    note: str
    by: str
    entry_id: UUID
    ml: int


class OfDay(NamedTuple):
    """A day of the unit's clock."""

    name: str
    lines: list[Line]
    ml: int


def days_of(stay: Stay, since: datetime, language: str) -> list[OfDay]:
    """Return what somebody ate and drank since then, by day, the newest first."""
    unit = stay.standing.unit
    rows = (
        Entry.objects.as_system("the reader may see this stay: asked before")
        .current()
        .filter(stay=stay, kind__in=[MEAL, DRINK])
        .annotate(at=told_at())
        .filter(at__gte=since)
        .select_related("author", "meal", "drink")
        .order_by("-at", "-seq")
    )
    lines = [_line(row, unit.pack.intake, language, unit.zone) for row in rows]
    days = groupby(lines, lambda line: line.at.astimezone(unit.zone).date())
    found = []
    for _day, of_day in days:
        some = list(of_day)
        name = date_format(some[0].at.astimezone(unit.zone), _("l, F j"))
        found.append(OfDay(name, some, sum(line.ml for line in some)))
    return found


def _line(entry: Entry, words: Intake, language: str, zone: Any) -> Line:
    at: datetime = entry.told_at
    if entry.kind == MEAL:
        told, note, ml = of_meal(entry.meal, words, language), entry.meal.note, 0
    else:
        told, note, ml = of_drink(entry.drink, words, language), entry.drink.note, entry.drink.ml
    return Line(at, wall_time(at, zone), told, note, entry.author.short_name, entry.entry_id, ml)
