"""How regular are our checks? For a unit and for each person in care, never by who made them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from milieu.board.cards import natural
from milieu.board.units import unit_seen
from milieu.census.models import Standing, State, Stay, Unit
from milieu.census.packs import Level
from milieu.kernel import clock
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.models import Entry
from milieu.record.spans import length
from milieu.rounds.predictability import Regularity, regularity, together
from milieu.rounds.services import CHECK
from milieu.rounds.workload import walked_gaps

WATCHED_FOR = timedelta(days=1)  # as long as an onlooker has been taking notes
CHECKS_MAX = 20_000
ASKED = "the reader may see people on this unit: asked before"
VERDICTS = {
    "easy": gettext_lazy("easy to guess"),
    "rough": gettext_lazy("can be guessed roughly"),
    "hard": gettext_lazy("hard to guess"),
}
HOW = {
    "last": gettext_lazy("It takes as long as the last time."),
    "usual": gettext_lazy("It takes as long as it mostly takes."),
    "clock": gettext_lazy("It is at the usual minute of the quarter of an hour."),
    "hour": gettext_lazy("It goes as it went an hour ago."),
}


class Row(NamedTuple):
    """One person in care: what an onlooker makes of the checks, or None where they are too few."""

    stay_id: UUID
    room: str
    who: str
    level: Level
    found: Regularity | None


@require_safe
def show(request: Request, unit_id: UUID) -> HttpResponse:
    """Show how well an onlooker could guess the checks of a unit, and what makes it harder."""
    unit, now = unit_seen(request, unit_id), clock.now()
    rows = _rows(unit, now)
    whole = together(row.found for row in rows if row.found)
    context = {
        "unit": unit,
        "rows": [(row, words(row.found) if row.found else None) for row in rows],
        "whole": words(whole) if whole else None,
        "hours": WATCHED_FOR // timedelta(hours=1),
        "may_see_shares": may(request.user, Action.SEE_SHARES, unit.pk),
    }
    return render(request, "board/regularity.html", context)


def words(found: Regularity) -> dict[str, Any]:
    """Return what an onlooker makes of checks as people read it."""
    return {
        "off": exact(found.off),
        "quiet": exact(found.quiet),
        "verdict": VERDICTS[found.verdict],
        "easy": found.verdict == "easy",
        "how": HOW[found.how],
        "guesses": found.guesses,
    }


def exact(span: timedelta) -> str:
    """Return a short time with its half minutes: ``1½ min``. From ten minutes on, whole ones."""
    halves = round(span / timedelta(seconds=30))
    if halves == 0:
        return _("seconds")
    whole, half = divmod(halves, 2)
    if not half or whole >= 10:
        return length(timedelta(minutes=whole))
    return _("%(minutes)s min") % {"minutes": f"{whole or ''}½"}


def of_stay(stay: Stay, now: datetime) -> dict[str, Any] | None:
    """Return what an onlooker makes of the checks of one person; None where that is not known."""
    found = _found(
        Standing.objects.as_system("of a stay or a unit that its reader may see").filter(
            stay=stay.pk
        ),
        stay.standing.unit,
        now,
    )
    return next((words(row.found) for row in found if row.found), None)


def _rows(unit: Unit, now: datetime) -> list[Row]:
    found = _found(
        Standing.objects.as_system("of a stay or a unit that its reader may see").filter(unit=unit),
        unit,
        now,
    )
    return sorted(found, key=lambda row: natural(row.room))


def _found(standings: Any, unit: Unit, now: datetime) -> list[Row]:
    """Two statements: who is on the unit at a level that is walked, and when they were seen."""
    gaps = walked_gaps(unit)
    standings = standings.filter(state=State.IN, stay__clock__level__in=list(gaps)).select_related(
        "stay__patient", "stay__clock__level_entry", "bed__room"
    )
    here = {standing.stay_id: standing for standing in standings}
    since = {
        stay: max(now - WATCHED_FOR, standing.stay.clock.level_entry.happened_at)
        for stay, standing in here.items()
    }
    seen = seen_since(here, now - WATCHED_FOR)
    return [
        Row(
            stay_id=stay,
            room=str(standing.bed or ""),
            who=standing.stay.patient.initials,
            level=unit.pack.level(standing.stay.clock.level),
            found=regularity(
                (at for at in seen[stay] if at >= since[stay]), gaps[standing.stay.clock.level]
            ),
        )
        for stay, standing in here.items()
    ]


def seen_since(stays: Iterable[UUID], since: datetime) -> dict[UUID, list[datetime]]:
    """Return when each of these was seen since then, the newest first, in one statement."""
    checks = Entry.objects.as_system(ASKED).filter(
        Q(safetycheck__outcome="seen"),
        stay__in=list(stays),
        kind=CHECK,
        counted_at__gte=since,
        amended_by=None,
    )
    times: dict[UUID, list[datetime]] = defaultdict(list)
    for stay, at in checks.order_by("-counted_at").values_list("stay_id", "counted_at")[
        :CHECKS_MAX
    ]:
        times[stay].append(at)
    return times
