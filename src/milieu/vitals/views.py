"""The pages on which somebody's vital signs are written down, and read over the last days."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from milieu.census.packs import LANGUAGE
from milieu.kernel import clock
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import Desk, entry_to_amend, write
from milieu.record.amending import amend as put_right
from milieu.record.pages import stay_for
from milieu.vitals.forms import VitalsForm
from milieu.vitals.said import again, lines_of, titles
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


@page
def take(request: Request, stay_id: UUID) -> HttpResponse:
    """Write down a set of vital signs, or that there was none."""
    return write(request, stay_id, ABOUT_SET)


@page
def amend(request: Request, entry_id: UUID) -> HttpResponse:
    """Put a set right, or strike it out."""
    return put_right(request, entry_to_amend(request, entry_id, SET, VitalsForm.FACT), ABOUT_SET)


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
    }
    return render(request, "vitals/days.html", context)
