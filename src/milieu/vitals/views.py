"""The pages on which somebody's vital signs are written down, and read over the last days."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from milieu.census.packs import LANGUAGE
from milieu.kernel import clock
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import Desk, entry_to_amend, write
from milieu.record.amending import amend as put_right
from milieu.record.pages import stay_for
from milieu.vitals.again import again
from milieu.vitals.forms import ScaleForm, VitalsForm
from milieu.vitals.ordering import SCALE, orders_of
from milieu.vitals.said import SCALES, lines_of, titles
from milieu.vitals.services import SET

page = require_http_methods(["GET", "HEAD", "POST"])
SHOWN_FOR = timedelta(days=14)
ABOUT_SET = Desk(
    SET,
    VitalsForm,
    "vitals/write.html",
    gettext_lazy("Vital signs are recorded."),
    {
        "title": gettext_lazy("Vital signs"),
        "intro": gettext_lazy("Write what you measured. What you leave empty was not measured."),
    },
)

ABOUT_SCALE = Desk(
    SCALE,
    ScaleForm,
    "record/write.html",
    gettext_lazy("The SpO2 scale is ordered."),
    {
        "title": gettext_lazy("Order the SpO2 scale"),
        "intro": gettext_lazy(
            "NEWS2 of every set from then on is worked out on this scale; those before stay as"
            " they are. Without an order it is scale 1."
        ),
    },
    Action.ORDER_SCALE,
)


@page
def take(request: Request, stay_id: UUID) -> HttpResponse:
    """Write down a set of vital signs, or that there was none."""
    return write(request, stay_id, ABOUT_SET)


@page
def amend(request: Request, entry_id: UUID) -> HttpResponse:
    """Put a set right, or strike it out."""
    return put_right(request, entry_to_amend(request, entry_id, SET, VitalsForm.FACT), ABOUT_SET)


@page
def order_scale(request: Request, stay_id: UUID) -> HttpResponse:
    """Order on which SpO2 scale somebody's NEWS2 is worked out."""
    return write(request, stay_id, ABOUT_SCALE)


@page
def amend_scale(request: Request, entry_id: UUID) -> HttpResponse:
    """Put an order of a scale right, or strike it out: its author alone."""
    wrong = entry_to_amend(request, entry_id, SCALE, ScaleForm.FACT)
    stay_for(request, wrong.stay_id, Action.ORDER_SCALE)  # a lead amends much, and orders nothing
    return put_right(request, wrong, ABOUT_SCALE)


@require_safe
def days(request: Request, stay_id: UUID) -> HttpResponse:
    """Read somebody's vital signs of the last two weeks."""
    stay = stay_for(request, stay_id, Action.SEE)
    now, language = clock.now(), get_language() or LANGUAGE
    context = {
        "stay": stay,
        "titles": titles(language),
        "lines": lines_of(stay, now - SHOWN_FOR, language),
        "again": again(stay, now, language),
        "orders": [(each, SCALES[each.oxygenscale.scale]) for each in orders_of(stay.pk)][::-1],
        "may_order": may(request.user, Action.ORDER_SCALE, stay.standing.unit_id),
    }
    return render(request, "vitals/days.html", context)
