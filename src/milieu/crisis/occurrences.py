"""The pages of what has to be reported outside, and the hospital's own log of deaths."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milieu.census.models import Stay
from milieu.census.packs import LANGUAGE
from milieu.crisis import forms, kinds, ordering_forms, wording
from milieu.crisis.outside import Duty, Occurred, occurred
from milieu.crisis.shown import rule_said
from milieu.kernel import clock
from milieu.kernel.clock import wall_time
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import appending
from milieu.record.models import Entry
from milieu.record.pages import carry_out, show, stay_for, unit_for
from milieu.record.spans import length

page = require_http_methods(["GET", "HEAD", "POST"])


class Line(NamedTuple):
    """One report that a law asks for, in words."""

    to: str
    due: datetime
    state: str
    word: str
    made: str
    rule: str
    how: str


@page
def known(request: Request, stay_id: UUID) -> HttpResponse:
    """Write down that something occurred that has to be reported."""
    stay = stay_for(request, stay_id, Action.REPORT)
    form = ordering_forms.OccurrenceForm(
        request.POST or None, stay=stay, reader=request.user, now=clock.now()
    )
    title = _("Something to be reported outside")
    return _write(request, stay, form, kinds.OCCURRENCE, title)


@page
def report(request: Request, entry_id: UUID) -> HttpResponse:
    """Write down that a report was made: to whom, when, by which number."""
    entry = get_object_or_404(
        Entry.objects.visible_to(request.user).filter(kind=kinds.OCCURRENCE), entry_id=entry_id
    )
    stay = stay_for(request, entry.stay_id, Action.REPORT)
    found = next((each for each in occurred([stay.pk]) if each.id == entry_id), None)
    if found is None:
        raise Http404
    form = ordering_forms.ReportForm(
        request.POST or None, stay=stay, reader=request.user, now=clock.now(), of=found.id
    )
    return _write(request, stay, form, kinds.REPORT, _("A report was made"))


def _write(request: Request, stay: Stay, form: forms.About, kind: str, title: str) -> HttpResponse:
    now = clock.now()

    act = appending(request, stay, kind, form, now)
    if request.method == "POST" and carry_out(form, act):
        messages.success(request, _("It is recorded."))
        return redirect("occurrences", stay.standing.unit_id)
    return show(request, "crisis/write.html", form, stay=stay, title=title)


@require_safe
def occurrences(request: Request, unit_id: UUID) -> HttpResponse:
    """Show what has to be reported of a unit, by when, what was reported, and the log of deaths."""
    unit, now = unit_for(request, unit_id, Action.REPORT), clock.now()
    language = get_language() or LANGUAGE
    stays = Stay.objects.visible_to(request.user).filter(standing__unit=unit)
    found = occurred(stays.filter(entries__kind=kinds.OCCURRENCE).values_list("pk", flat=True))
    context = {
        "unit": unit,
        "occurred": [_shown(each, now, language) for each in found],
        "log": [_logged(each) for each in found if each.in_the_log],
    }
    return render(request, "crisis/occurrences.html", context)


def _shown(each: Occurred, now: datetime, language: str) -> dict[str, Any]:
    zone = each.stay.standing.unit.zone
    return {
        "id": each.id,
        "stay": each.stay,
        "entry": each.entry,
        "what": wording.OCCURRED[each.row.what],
        "relation": wording.RELATION[each.row.relation],
        "words": each.row.words,
        "known": each.row.known_at,
        "duties": [_line(duty, now, zone, language) for duty in each.duties],
    }


def _line(duty: Duty, now: datetime, zone: Any, language: str) -> Line:
    asked, made = duty.asked, duty.made
    if made:
        state, word = ("late", _("made late")) if duty.late else ("kept", _("made in time"))
    elif now >= asked.due:
        state, word = "over", _("%(time)s over") % {"time": length(now - asked.due)}
    else:
        state, word = "soon", _("%(time)s left") % {"time": length(asked.due - now)}
    said = ""
    if made:
        at = f"{made.happened_at.astimezone(zone):%Y-%m-%d} {wall_time(made.happened_at, zone)}"
        said = ", ".join(filter(None, [at, made.author.name, made.occurrencereport.number]))
    to = str(wording.REPORTED_TO.get(asked.to, asked.to))
    return Line(to, asked.due, state, word, said, rule_said(asked.rule, language), asked.how)


def _logged(each: Occurred) -> dict[str, Any]:
    """Return a line of the log: what the record knows; the rest is written by hand."""
    patient, zone = each.stay.patient, each.stay.standing.unit.zone
    numbers = patient.identifiers.order_by("system", "value")
    return {
        "name": patient.legal_name,
        "born": patient.birth_date,
        "died": each.row.died_on or each.entry.happened_at.astimezone(zone).date(),
        "number": ", ".join(one.value for one in numbers),
        "made": next((d.made for d in each.duties if d.made and d.asked.to == "log"), None),
    }
