"""The pages on which vital signs are written down, and read: of one person, of a unit."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milieu.census.packs import LANGUAGE
from milieu.kernel import clock
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import StrikeForm, entry_to_amend, require_author_or_lead
from milieu.record.models import Entry
from milieu.record.pages import carry_out, show, stay_for, to_person
from milieu.vitals.forms import VitalsForm
from milieu.vitals.rules import table
from milieu.vitals.said import again, lines_of, titles
from milieu.vitals.services import SET, record

page = require_http_methods(["GET", "HEAD", "POST"])
SHOWN_FOR = timedelta(days=14)
TITLE = gettext_lazy("Vital signs")


@page
def take(request: Request, stay_id: UUID) -> HttpResponse:
    """Write down a set of vital signs, or that there was none."""
    stay = stay_for(request, stay_id, Action.CHECK)
    now = clock.now()
    form = VitalsForm(request.POST or None, stay=stay, now=now)

    def act(given: dict[str, Any]) -> Entry:
        return record(
            entry_id=given["entry_id"],
            stay=stay,
            said=form.said(),
            at=given["at"],
            written_at=now,
            by=request.user,
        )

    if request.method == "POST" and carry_out(form, act):
        return to_person(request, stay, _("Vital signs are recorded."))
    return show(request, "vitals/write.html", form, stay=stay, title=TITLE)


@page
def amend(request: Request, entry_id: UUID) -> HttpResponse:
    """Put a set right, or strike it out."""
    wrong = entry_to_amend(request, entry_id, SET, "vitalsigns")
    stay = stay_for(request, wrong.stay_id, Action.SEE)
    require_author_or_lead(request, wrong, stay, Action.CHECK)
    now = clock.now()
    striking = "strike" in request.POST
    posted = request.POST or None
    form = VitalsForm(None if striking else posted, stay=stay, now=now, wrong=wrong)
    strike = StrikeForm(posted if striking else None)

    def act(given: dict[str, Any]) -> Entry:
        return record(
            entry_id=given["entry_id"],
            stay=stay,
            said=None if striking else form.said(),
            at=wrong.happened_at if striking else given["at"],
            written_at=now,
            by=request.user,
            amends=wrong,
            reason=given["reason"],
        )

    if request.method == "POST" and carry_out(strike if striking else form, act):
        return to_person(request, stay, _("The entry is put right."))
    more = {"stay": stay, "title": TITLE, "wrong": wrong, "strike": strike, "striking": striking}
    return show(request, "vitals/write.html", form, **more)


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
        "table": table(),
    }
    return render(request, "vitals/days.html", context)
