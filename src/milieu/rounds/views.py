"""Checks and levels from a desk: record, put right, strike out, order."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from milieu.census.models import Stay
from milieu.census.packs import LANGUAGE
from milieu.census.sentences import parts_said
from milieu.kernel import clock
from milieu.kernel.clock import wall_time
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record import amending
from milieu.record.amending import Desk, appending
from milieu.record.models import Entry
from milieu.record.pages import carry_out, show, stay_for, to_person
from milieu.rounds.forms import OUTCOMES, CheckForm, LevelForm
from milieu.rounds.models import Clock, SafetyCheck
from milieu.rounds.services import CHECK, order_level

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def check(request: Request, stay_id: UUID) -> HttpResponse:
    """Record a check at a desk computer: now, or a little earlier; later than that says so."""
    stay = stay_for(request, stay_id, Action.CHECK)
    now = clock.now()
    form = CheckForm(request.POST or None, stay=stay, now=now)

    act = appending(request, stay, CHECK, form, now)
    if request.method == "POST" and carry_out(form, act):
        late_s = stay.standing.unit.pack.limits.late_entry_s
        late = (now - form.cleaned_data["at"]).total_seconds() > late_s
        recorded = _(
            "The check is recorded as a late entry: it is shown, and does not move the due time."
        )
        return to_person(request, stay, recorded if late else _("The check is recorded."))
    context = {"stay": stay, "late_min": stay.standing.unit.pack.limits.late_entry_s // 60}
    return show(request, "rounds/check.html", form, **context)


@page
def order(request: Request, stay_id: UUID) -> HttpResponse:
    """Order an observation level."""
    stay = stay_for(request, stay_id, Action.ORDER_LEVEL)
    now = clock.now()
    form = LevelForm(request.POST or None, stay=stay, now=now)

    def act(said: dict[str, Any]) -> Entry:
        return order_level(stay=stay, written_at=now, by=request.user, **said)

    if request.method == "POST" and carry_out(form, act):
        return to_person(request, stay, _ordered(stay, form.cleaned_data["level"]))
    return show(request, "rounds/level.html", form, stay=stay, now_level=_level_now(stay))


def _clock(stay: Stay) -> Clock | None:
    clocks = Clock.objects.as_system("of a stay that this person sees")
    found: Clock | None = clocks.filter(stay=stay).first()
    return found


def _ordered(stay: Stay, code: str) -> str:
    """Say what is ordered, and when the next check is due by it."""
    unit, found = stay.standing.unit, _clock(stay)
    said = {"level": unit.pack.level(code).short}
    if found is None or found.due_at is None:
        return _("%(level)s is ordered.") % said
    said["time"] = wall_time(found.due_at, unit.zone)
    return _("%(level)s is ordered. The next check is due by %(time)s.") % said


def _level_now(stay: Stay) -> str:
    found = _clock(stay)
    if found is None or not found.level:
        return ""
    return stay.standing.unit.pack.level(found.level).meaning(get_language() or LANGUAGE)


@page
def amend(request: Request, entry_id: UUID) -> HttpResponse:
    """Put a check right, or strike it out, with a reason. The original is shown, and stays."""
    wrong = amending.entry_to_amend(request, entry_id, CHECK, CheckForm.FACT)
    said: SafetyCheck = wrong.safetycheck
    unit = stay_for(request, wrong.stay_id, Action.SEE).standing.unit
    desk = Desk(
        CHECK,
        CheckForm,
        "rounds/amend.html",
        _("The check is recorded."),
        {
            "title": _("Put an entry right"),
            "outcome": OUTCOMES[said.outcome],
            "said": parts_said(said, unit.pack_name, get_language() or LANGUAGE),
        },
    )
    return amending.amend(request, wrong, desk)
