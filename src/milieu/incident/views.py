"""The pages of an incident: what happened, its report, who has to be told; and a person's own."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from milieu.census.models import Stay
from milieu.incident.forms import MarkForm, NotifiedForm, ReportForm
from milieu.incident.models import Incident, IncidentReport
from milieu.incident.said import (
    STRENGTH,
    all_words,
    going_on,
    notifications,
    owed_of,
    timeline,
    told_as_it_happened,
    word,
)
from milieu.incident.services import MARK, NOTIFIED, REPORT
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import Desk, amend, entry_to_amend, write
from milieu.record.pages import stay_for

page = require_http_methods(["GET", "HEAD", "POST"])
ABOUT_MARK = Desk(
    MARK,
    MarkForm,
    "incident/write.html",
    gettext_lazy("It is recorded."),
    {
        "title": gettext_lazy("What is happening?"),
        "intro": gettext_lazy("One line for each thing, at its time. The report begins with them."),
    },
    Action.HELP,
)
ABOUT_REPORT = Desk(
    REPORT,
    ReportForm,
    "incident/write.html",
    gettext_lazy("The report is recorded."),
    {
        "title": gettext_lazy("Report of an incident"),
        "intro": gettext_lazy("Say what a film would show, in words that the person may read."),
    },
    Action.HELP,
)
ABOUT_NOTIFIED = Desk(
    NOTIFIED,
    NotifiedForm,
    "incident/write.html",
    gettext_lazy("It is recorded who was told."),
    {"title": gettext_lazy("Who was told?"), "intro": ""},
    Action.HELP,
)


@require_safe
def of_person(request: Request, stay_id: UUID) -> HttpResponse:
    """Show the incidents of a person's stay, the newest first."""
    stay = stay_for(request, stay_id, Action.SEE)
    found = Incident.objects.visible_to(request.user).filter(stay=stay).order_by("-began_at")
    pack = stay.standing.unit.pack_name
    context = {
        "stay": stay,
        "incidents": [(each, all_words(pack, "kinds", each.kinds)) for each in found],
        "may": may(request.user, Action.HELP, stay.standing.unit_id),
    }
    return render(request, "incident/of_person.html", context)


@page
def mark(request: Request, stay_id: UUID) -> HttpResponse:
    """Mark something at a desk: in the incident that goes on, or as the beginning of one."""
    stay = stay_for(request, stay_id, Action.HELP)
    known = going_on([stay.pk], stay.standing.unit, clock.now())
    incident = known[0].incident if known else uuid7()
    return write(request, stay_id, ABOUT_MARK._replace(form=partial(MarkForm, incident=incident)))


@require_safe
def show(request: Request, stay_id: UUID, incident_id: UUID) -> HttpResponse:
    """Show an incident whole: what happened, its report, and who has to be told."""
    stay, incident = _incident(request, stay_id, incident_id)
    unit, now = stay.standing.unit, clock.now()
    report = incident.report.incidentreport if incident.report else None
    context = {
        "stay": stay,
        "incident": incident,
        "zone": unit.zone,
        "moments": timeline(incident, unit),
        "told": notifications(incident, unit),
        "owed": [
            (each, word(unit.pack_name, "tell", each.tell.code), each.late(now))
            for each in owed_of(incident, unit)
        ],
        "report": report,
        "reported": _report(report, unit.pack_name) if report else [],
        "may": may(request.user, Action.HELP, unit.pk),
        "now": now,
    }
    return render(request, "incident/incident.html", context)


def _report(report: IncidentReport, pack: str) -> list[tuple[Any, str]]:
    """Return a report's parts, each with its name; what was not noted is left out."""
    anchors = _anchor_words(report, pack)
    rows: list[tuple[Any, str]] = [
        (gettext_lazy("What kind"), all_words(pack, "kinds", report.kinds)),
        (gettext_lazy("Where"), word(pack, "place", report.place) if report.place else ""),
        *anchors,
        (gettext_lazy("Was the person hurt?"), _or_nothing(pack, report.injury_person)),
        (gettext_lazy("Was anybody else hurt?"), _or_nothing(pack, report.injury_others)),
        (gettext_lazy("How it ended"), all_words(pack, "outcomes", report.outcomes)),
        (gettext_lazy("What helped"), report.helped),
        (gettext_lazy("Who saw it"), report.witnesses),
    ]
    return [(name, said) for name, said in rows if said]


def _or_nothing(pack: str, code: str) -> str:
    return word(pack, "injury", code) if code else ""


def _anchor_words(report: IncidentReport, pack: str) -> list[tuple[Any, str]]:
    found = []
    for part, name in STRENGTH.items():
        level = getattr(report, part)
        if level is not None:
            found.append((name, word(pack, f"anchors.{part}", str(level))))
    return found


@page
def report(request: Request, stay_id: UUID, incident_id: UUID) -> HttpResponse:
    """Tell an incident afterwards. Where it was told already, the report is put right instead."""
    stay, incident = _incident(request, stay_id, incident_id)
    if incident.report:
        return redirect("incident-report-amend", incident.report.entry_id)
    seed = told_as_it_happened(timeline(incident, stay.standing.unit))
    form = partial(ReportForm, incident=incident_id, seed=seed)
    return write(request, stay_id, ABOUT_REPORT._replace(form=form))


@page
def told(request: Request, stay_id: UUID, incident_id: UUID) -> HttpResponse:
    """Say that somebody was told of an incident."""
    _incident(request, stay_id, incident_id)
    form = partial(NotifiedForm, incident=incident_id)
    return write(request, stay_id, ABOUT_NOTIFIED._replace(form=form))


def _incident(request: Request, stay_id: UUID, incident_id: UUID) -> tuple[Stay, Incident]:
    stay = stay_for(request, stay_id, Action.SEE)
    seen = Incident.objects.visible_to(request.user).select_related("report__incidentreport")
    found: Incident = get_object_or_404(seen, stay=stay, incident=incident_id)
    return stay, found


ABOUT = {MARK: ABOUT_MARK, REPORT: ABOUT_REPORT, NOTIFIED: ABOUT_NOTIFIED}


@page
def amend_entry(request: Request, entry_id: UUID, kind: str) -> HttpResponse:
    """Put right, or strike out, what was said of an incident."""
    if kind not in ABOUT:
        raise Http404
    desk = ABOUT[kind]
    fact = {MARK: MarkForm, REPORT: ReportForm, NOTIFIED: NotifiedForm}[kind].FACT
    wrong = entry_to_amend(request, entry_id, kind, fact)
    return amend(request, wrong, desk)
