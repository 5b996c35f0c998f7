"""How presence is shown: the share of each grade by unit and shift, never by who was there."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from milieu.board.shown import GRADES
from milieu.board.units import unit_seen
from milieu.census.models import Standing, Unit
from milieu.census.packs import LANGUAGE
from milieu.kernel import clock
from milieu.people.access import require
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.presence.rules import Grade
from milieu.record.models import Entry, told_at
from milieu.rounds.services import CHECK

DAYS: Final = 7
CHECKS_MAX: Final = 100_000


class Looked(NamedTuple):
    """One check, as far as shares go. ``author`` only tells how many people there were."""

    at: datetime
    grade: Grade
    author: UUID


class Share(NamedTuple):
    """The shares of one shift, in percent by grade; none where too few people made the checks."""

    label: str
    hours: str
    checks: int
    percents: list[tuple[str, int]]


@require_safe
def show(request: Request, unit_id: UUID) -> HttpResponse:
    """Show how presence was shown on a unit in the last days, by shift."""
    unit = unit_seen(request, unit_id)
    require(request.user, Action.SEE_SHARES, unit.pk)
    found = list(_looked(unit, clock.now()))
    context = {
        "unit": unit,
        "days": DAYS,
        "grades": GRADES.values(),
        "shares": [*_by_shift(found, unit), _share(_("All shifts"), "", found, unit)],
        "least": unit.pack.limits.shares_people_least,
    }
    return render(request, "board/shares.html", context)


def _by_shift(found: Iterable[Looked], unit: Unit) -> list[Share]:
    shifts = unit.pack.shifts
    groups: dict[int, list[Looked]] = defaultdict(list)
    for looked in found:
        hour = looked.at.astimezone(unit.zone).hour
        # Before the first begins, the last of the day before still goes on.
        groups[sum(hour >= shift.begins_h for shift in shifts) - 1].append(looked)
    groups[len(shifts) - 1] += groups.pop(-1, [])
    language = get_language() or LANGUAGE
    ends = [*(shift.begins_h for shift in shifts[1:]), shifts[0].begins_h]
    return [
        _share(shift.said(language), f"{shift.begins_h:02}-{end:02}", groups[place], unit)
        for place, (shift, end) in enumerate(zip(shifts, ends, strict=True))
    ]


def _share(label: str, hours: str, found: list[Looked], unit: Unit) -> Share:
    counts = Counter(looked.grade for looked in found)
    enough = len({looked.author for looked in found}) >= unit.pack.limits.shares_people_least
    percents = [
        (str(words), round(100 * counts[grade] / len(found)))
        for grade, (_icon, words) in GRADES.items()
        if enough
    ]
    return Share(label, hours, len(found), percents)


def _looked(unit: Unit, now: datetime) -> Iterable[Looked]:
    """Yield the checks of a unit that stand, of the last days. Two statements."""
    start = now - timedelta(days=DAYS)
    late = timedelta(seconds=unit.pack.limits.late_entry_s)
    here = Standing.objects.as_system("shares of a unit, and of nobody in it").filter(
        Q(discharged_at=None) | Q(discharged_at__gte=start), unit=unit
    )
    entries = Entry.objects.as_system("only counts of grades are shown").filter(
        Q(counted_at__gte=start) | Q(counted_at=None, happened_at__gte=start),
        stay__in=list(here.values_list("stay_id", flat=True)),
        kind=CHECK,
        amended_by=None,
        struck=False,
    )
    rows: Any = entries.annotate(at=told_at()).values_list(
        "at", "happened_at", "written_at", "author_id", "safetycheck__grade"
    )
    for at, happened_at, written_at, author, grade in rows[:CHECKS_MAX]:
        shown = Grade.LATE if written_at - happened_at > late else Grade(grade or Grade.ATTESTED)
        yield Looked(at, shown, author)
