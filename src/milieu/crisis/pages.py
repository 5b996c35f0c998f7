"""The pages on which restraint and seclusion are read: one application, a unit now, the record."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from milieu.census.packs import LANGUAGE
from milieu.crisis.kept import clocks
from milieu.crisis.models import Application
from milieu.crisis.reading import of_stays
from milieu.crisis.shown import told
from milieu.crisis.views import application_for
from milieu.kernel import clock
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.pages import unit_for

LISTED_FOR = timedelta(days=30)  # on the page of a unit


@require_safe
def application(request: Request, application_id: UUID) -> HttpResponse:
    """Show one application: its clocks, what is on, the criteria, all that was written down."""
    stay, whole = application_for(request, application_id, Action.SEE)
    now, unit = clock.now(), stay.standing.unit
    found = clocks([whole], now)[whole.id]
    can = {
        action.name.lower(): may(request.user, action, unit.pk)
        for action in (Action.RESTRAIN, Action.ORDER_RESTRAINT, Action.EVALUATE, Action.DEBRIEF)
    }
    context = {"stay": stay, "unit": unit, "can": can, **told(found, now, _language())}
    return render(request, "crisis/application.html", context)


@require_safe
def now(request: Request, unit_id: UUID) -> HttpResponse:
    """Show who is restrained or secluded on a unit now, and who was in the last days."""
    unit, moment = unit_for(request, unit_id, Action.SEE), clock.now()
    rows = (
        Application.objects.visible_to(request.user)
        .filter(stay__standing__unit=unit)
        .select_related("stay__patient", "stay__standing__bed__room")
    )
    running = list(rows.filter(ended=None).order_by("began"))
    wholes = of_stays({row.stay_id for row in running})
    found = clocks([wholes[row.pk] for row in running], moment)
    context = {
        "unit": unit,
        "running": [told(each, moment, _language()) for each in found.values()],
        "past": rows.filter(ended__gt=moment - LISTED_FOR).order_by("-ended"),
        "laws_may": may(request.user, Action.SET_LAWS, unit.pk),
        "trained_may": may(request.user, Action.KEEP_TRAINING, unit.pk),
        "measure_may": may(request.user, Action.MEASURE, unit.pk),
        "report_may": may(request.user, Action.REPORT, unit.pk),
    }
    return render(request, "crisis/now.html", context)


def _language() -> str:
    return get_language() or LANGUAGE
