"""HBIPS-2 and HBIPS-3 of a unit and a month: hours of restraint and of seclusion, by age."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milieu.admissions.models import Movement
from milieu.admissions.rules import Move
from milieu.admissions.services import moves_of
from milieu.census.models import Stay, Unit
from milieu.census.packs import LANGUAGE
from milieu.crisis.hbips import (
    Band,
    Day,
    Event,
    Measure,
    Problem,
    Total,
    band,
    days,
    impossible,
    manual,
)
from milieu.crisis.hbips import problems as wrong_in
from milieu.crisis.law import Sort
from milieu.crisis.patient_days import on_unit, patient_days
from milieu.crisis.reading import Whole, by_stay, of_stays, sorts_of
from milieu.kernel import clock
from milieu.kernel.clock import YEARS, midnight
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.pages import unit_for

WHY = "hours of a unit are counted over everybody who was there; nobody is named"
DAY = timedelta(days=1)
PROBLEMS: Final = {
    "below-zero": gettext_lazy("A number is below zero"),
    "more-leave-than-days": gettext_lazy("More days of leave than days in the unit"),
    "more-hours-than-days": gettext_lazy("More hours in it than hours in the unit"),
    "too-many-hours": gettext_lazy("More hours in the unit than can be submitted"),
    "minutes-of-nobody": gettext_lazy("Minutes, and nobody who had them"),
    "people-without-minutes": gettext_lazy("People, and not one minute for each"),
    "bands-differ": gettext_lazy("The ages together are not all: somebody's age is not known"),
    "utd": gettext_lazy("A time that nobody wrote down"),
    "over-1440": gettext_lazy("More than 1440 minutes on one date"),
}


class Month(NamedTuple):
    """A month by the unit's clock."""

    first: date
    after: date

    @property
    def dates(self) -> list[date]:
        return [self.first + n * DAY for n in range((self.after - self.first).days)]


class Person(NamedTuple):
    """One stay as it is counted."""

    stay: Stay
    moves: Sequence[Move]


def month_named(text: str, today: date) -> Month:
    """Return the month asked for as ``2026-11``; the last whole one where none is that began."""
    last = (today.replace(day=1) - DAY).replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = last
    if first.year not in YEARS or first > today:
        first = last
    return Month(first, (first + 31 * DAY).replace(day=1))


def counted(unit: Unit, month: Month, now: datetime) -> dict[str, Any]:
    """Return the totals of a month, by measure and age, and what is wrong with them."""
    people = _people(unit, month)
    census = _census(people, unit, month, now)
    wholes = by_stay(of_stays([each.stay.pk for each in people]))
    found: dict[Measure, dict[Band | None, dict[UUID, int]]] = {
        measure: defaultdict(lambda: defaultdict(int)) for measure in Measure
    }
    faults: list[Problem] = []
    for each in people:
        told = _days(each, wholes.get(each.stay.pk, ()), unit, now)
        inside = [day for day in told if month.first <= day.on < month.after]
        faults += impossible(inside)
        for day in inside:
            patient = each.stay.patient
            age = band(patient.birth_date, day.on) if patient.birth_date else None
            found[day.measure][age][patient.pk] += day.minutes or 0
    return {
        "measures": [_measure(measure, found[measure], census) for measure in Measure],
        "faults": faults,
    }


def _people(unit: Unit, month: Month) -> list[Person]:
    """Return every stay that was ever moved to this unit before the month was over."""
    end = midnight(month.after, unit.zone)
    moved = Movement.objects.as_system(WHY).filter(
        unit=unit, entry__happened_at__lt=end, entry__amended_by=None
    )
    stays = Stay.objects.as_system(WHY).filter(pk__in=moved.values("entry__stay"))
    start = midnight(month.first, unit.zone)
    stays = stays.exclude(standing__discharged_at__lt=start).select_related("patient")
    moves = moves_of([stay.pk for stay in stays])
    return [Person(stay, moves[stay.pk]) for stay in stays]


def _census(
    people: Iterable[Person], unit: Unit, month: Month, now: datetime
) -> Mapping[Band | None, list[int]]:
    """Return inpatient days and leave days by age on each date."""
    found: dict[Band | None, list[int]] = defaultdict(lambda: [0, 0])
    for each in people:
        born = each.stay.patient.birth_date
        for day in patient_days(each.moves, unit.pk, unit.zone, month.dates, now):
            days_of = found[band(born, day.on) if born else None]
            days_of[0] += 1
            days_of[1] += day.leave
    return found


def _days(each: Person, wholes: Iterable[Whole], unit: Unit, now: datetime) -> Sequence[Day]:
    """Return somebody's minutes by date, of what began on this unit."""
    events = [
        Event(_measured(device, unit), on, off or now, str(whole.id))
        for whole in wholes
        for device, on, off in whole.spells
        if on_unit(each.moves, unit.pk, on)
    ]
    return days(events, unit.zone)


def _measured(device: str, unit: Unit) -> Measure:
    (sort,) = sorts_of([device], unit.pack_name)
    return Measure.SECLUSION if sort is Sort.SECLUSION else Measure.RESTRAINT


class Row(NamedTuple):
    """One line of the table."""

    code: str
    label: Any
    total: Total


def _measure(
    measure: Measure,
    minutes: Mapping[Band | None, Mapping[UUID, int]],
    census: Mapping[Band | None, Sequence[int]],
) -> dict[str, Any]:
    totals = {each: _total([each], minutes, census) for each in Band}
    every: list[Band | None] = [*Band, None]
    overall = _total(every, minutes, census)
    rows = [Row("a", gettext_lazy("All"), overall)]
    language = get_language() or LANGUAGE
    rows += [
        Row(each.value, ages.called(language), totals[each])
        for each, ages in manual().bands.items()
    ]
    return {"measure": measure, "rows": rows, "problems": wrong_in(totals, overall)}


def _total(
    bands: Iterable[Band | None],
    minutes: Mapping[Band | None, Mapping[UUID, int]],
    census: Mapping[Band | None, Sequence[int]],
) -> Total:
    bands = list(bands)
    people = {who for each in bands for who in minutes.get(each, {})}
    return Total(
        minutes=sum(sum(minutes.get(each, {}).values()) for each in bands),
        patients=len(people),
        inpatient_days=sum(census[each][0] for each in bands if each in census),
        leave_days=sum(census[each][1] for each in bands if each in census),
    )


@require_safe
def hours(request: Request, unit_id: UUID) -> HttpResponse:
    """Show a month's hours of restraint and seclusion, by age; ``csv`` gives them as a file."""
    unit, now = unit_for(request, unit_id, Action.MEASURE), clock.now()
    today = now.astimezone(unit.zone).date()
    month = month_named(request.GET.get("month", ""), today)
    found = counted(unit, month, now)
    if "csv" in request.GET:
        return _csv(unit, month, found)
    context = {
        "unit": unit,
        "month": f"{month.first:%Y-%m}",
        "title": date_format(month.first, "F Y"),
        "before": f"{month.first - DAY:%Y-%m}",
        "after": f"{month.after:%Y-%m}" if month.after <= today else "",
        "unfinished": month.after > today,
        "measures": [
            each | {"problems": list(_said(each["problems"]))} for each in found["measures"]
        ],
        "faults": list(_said(found["faults"])),
    }
    return render(request, "crisis/hours.html", context)


def _said(problems: Iterable[Problem]) -> Iterator[str]:
    for each in problems:
        words = f"{PROBLEMS.get(each.code, each.code)} ({each.of})"
        most = _("%(value)s, at most %(most)s") % {"value": each.value, "most": each.most}
        yield f"{words}: {most}" if each.most is not None else words


def _csv(unit: Unit, month: Month, found: Mapping[str, Any]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"hours-{unit.code.lower()}-{month.first:%Y-%m}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    write = csv.writer(answer).writerow
    columns = (
        *("minutes", "people", "inpatient_days", "leave_days"),
        *("hours_in_the_unit", "hours_per_1000"),
    )
    write(["measure", "band", "ages", *columns])
    for each in found["measures"]:
        for code, label, total in each["rows"]:
            rate = "" if total.rate is None else f"{total.rate:.4f}"
            numbers = (total.minutes, total.patients, total.inpatient_days, total.leave_days)
            in_unit = total.census_days * 24  # the denominator is submitted in hours
            write([each["measure"].value, code, str(label), *numbers, in_unit, rate])
    return answer
