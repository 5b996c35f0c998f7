"""A person's own plan on a page: read, printed, written anew, put right; and what was tried."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from milieu.calm.forms import PlanForm, TriedForm
from milieu.calm.heard import suggestions
from milieu.calm.known import known_of, versions_of
from milieu.calm.services import PLAN, TRIED
from milieu.calm.shown import Shown, plan_shown, suggested_shown, worked_shown
from milieu.census.models import State
from milieu.census.packs import LANGUAGE
from milieu.kernel import clock
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import Desk, amend, entry_to_amend, write
from milieu.record.pages import stay_for

page = require_http_methods(["GET", "HEAD", "POST"])
ABOUT_PLAN = Desk(
    PLAN,
    PlanForm,
    "calm/write.html",
    gettext_lazy("The plan is recorded."),
    {
        "title": gettext_lazy("Their own plan for hard moments"),
        "intro": gettext_lazy(
            "Made with them, in their words. A short line for each thing. They may read all of it."
        ),
    },
    Action.CALM,
)
ABOUT_TRIED = Desk(
    TRIED,
    TriedForm,
    "record/write.html",
    gettext_lazy("What was tried is recorded."),
    {
        "title": gettext_lazy("What was tried"),
        "intro": gettext_lazy(
            "One thing, and what it did. The next shift sees what helped this person."
        ),
    },
    Action.CALM,
)


@require_safe
def plan(request: Request, stay_id: UUID) -> HttpResponse:
    """Read the plan that stands, on one page that prints; and what helped."""
    stay = stay_for(request, stay_id, Action.SEE)
    known = known_of([stay])[stay.pk]
    unit, now = stay.standing.unit, clock.now()
    writes = may(request.user, Action.CALM, unit.pk)
    context = {
        "stay": stay,
        "plan": plan_shown(known.plan, stay) if known.plan else None,
        "others": [plan_shown(each, stay, stands=False) for each in known.others],
        "suggested": suggested_shown(suggestions(stay, known.plan)),
        "worked": worked_shown(known, unit.pack, get_language() or LANGUAGE),
        "may_write": writes and stay.standing.state != State.DISCHARGED,
        "printed_at": f"{now.astimezone(unit.zone):%Y-%m-%d} {clock.wall_time(now, unit.zone)}",
    }
    return render(request, "calm/plan.html", context)


@require_safe
def versions(request: Request, stay_id: UUID) -> HttpResponse:
    """Read every plan that was ever written, who wrote it and when, and which was put right."""
    stay = stay_for(request, stay_id, Action.SEE)
    standing_plan = known_of([stay])[stay.pk].plan
    found: list[Shown] = [
        plan_shown(entry, stay, stands=entry == standing_plan) for entry in versions_of(stay)
    ]
    return render(request, "calm/versions.html", {"stay": stay, "versions": found})


@page
def write_plan(request: Request, stay_id: UUID) -> HttpResponse:
    """Write a plan, or a new version of it; with a line taken in that they said elsewhere."""
    form = partial(PlanForm, take=request.GET.get("take", ""))
    return write(request, stay_id, ABOUT_PLAN._replace(form=form))


@page
def write_tried(request: Request, stay_id: UUID) -> HttpResponse:
    """Say what was tried, and what it did."""
    return write(request, stay_id, ABOUT_TRIED)


@page
def amend_plan(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, one version of a plan."""
    wrong = entry_to_amend(request, entry_id, PLAN, PlanForm.FACT)
    return amend(request, wrong, ABOUT_PLAN)


@page
def amend_tried(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, what was tried."""
    wrong = entry_to_amend(request, entry_id, TRIED, TriedForm.FACT)
    return amend(request, wrong, ABOUT_TRIED)
