"""The page of the log of violent incidents. Every reader sees lines; nobody sees who wrote them."""

import csv
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milieu.incident.forms import ViolenceForm
from milieu.incident.violence import SHOWN_FOR, lines, reported, write
from milieu.kernel import clock
from milieu.kernel.clock import wall_time
from milieu.kernel.text import inert
from milieu.people.access import may, require
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.choosing import choices
from milieu.record.pages import carry_out, unit_for

COLUMNS = (
    *("at", "place", "sort", "by_whom", "circumstances", "account", "injury"),
    *("weapon", "urgent", "taken"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, unit_id: UUID) -> HttpResponse:
    """Show the log of a unit; write a line."""
    unit, now = unit_for(request, unit_id, Action.SEE), clock.now()
    form = ViolenceForm(request.POST or None, unit=unit, now=now)
    if request.method == "POST":
        require(request.user, Action.HELP, unit.pk)
        by = request.user
        if carry_out(form, lambda given: write(given["entry_id"], unit, given, now, by=by)):
            messages.success(request, _("The line is in the log. It names nobody, you included."))
            return redirect("violence-log", unit.pk)
    violence = unit.pack.incident.violence
    named = dict([*choices(violence.sorts), *choices(violence.by_whom)])
    context = {
        "unit": unit,
        "form": form,
        "lines": [
            (each, named.get(each.row.sort), named.get(each.row.by_whom), each.late(now))
            for each in lines(unit, now - SHOWN_FOR)
        ],
        "violence": violence,
        "may": may(request.user, Action.HELP, unit.pk),
        "may_report": may(request.user, Action.REPORT_VIOLENCE, unit.pk),
        "zone": unit.zone,
    }
    return render(request, "incident/log.html", context, status=422 if form.errors else 200)


class ReportedForm(forms.Form):
    """Under which number the authority has it."""

    reference = forms.CharField(max_length=80, required=False)


@require_POST
def report(request: Request, unit_id: UUID, line_id: UUID) -> HttpResponse:
    """Say that a line was reported to the authority."""
    unit = unit_for(request, unit_id, Action.REPORT_VIOLENCE)
    form = ReportedForm(request.POST)
    reference = form.cleaned_data["reference"] if form.is_valid() else ""
    reported(line_id, unit, by=request.user, reference=reference, at=clock.now())
    messages.success(request, _("It is recorded that it was reported."))
    return redirect("violence-log", unit.pk)


@require_safe
def as_csv(request: Request, unit_id: UUID) -> HttpResponse:
    """Give the log of a unit as a table, as an inspector asks for it."""
    unit, now = unit_for(request, unit_id, Action.REPORT_VIOLENCE), clock.now()
    asked = ViolenceForm(unit=unit, now=now).fields
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="violent-incidents.csv"'
    table = csv.writer(response)
    names = [asked[name].label for name in COLUMNS]
    table.writerow([*names, _("When it was reported"), _("Its number there")])
    years = unit.pack.incident.violence.kept_years
    for line in lines(unit, now - years * SHOWN_FOR):
        row = {name: getattr(line.row, name) for name in COLUMNS[1:]}
        cells = [_moment(line.row.happened_at, unit.zone)]
        cells += [_in_words(value, asked[name]) for name, value in row.items()]
        known = line.reported
        cells += [_moment(known.at, unit.zone), known.reference] if known else ["", ""]
        table.writerow([inert(cell) for cell in cells])
    return response


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d} {wall_time(at, zone)}"


def _in_words(value: object, field: forms.Field) -> str:
    """Return an answer as the page says it; a code that the pack no longer has as it is."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(dict(getattr(field, "choices", ())).get(value, value))
