"""A nurse admits, moves, sends on leave and discharges. Each page is one form and one entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from milieu.admissions import services
from milieu.admissions.arrival import FirstLevel, arrive, known_by
from milieu.admissions.forms import (
    AdmitForm,
    BackForm,
    CancelForm,
    DischargeForm,
    EscortForm,
    FindForm,
    LeaveForm,
    MoveForm,
    TransferForm,
)
from milieu.admissions.rules import What
from milieu.census.models import Stay, Unit
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import may, require, units_where
from milieu.people.http import Request
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record.forms import OnceForm
from milieu.record.models import Entry
from milieu.record.pages import UNDERSTOOD_NOT_DONE, carry_out, show, stay_for, to_person

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def admit(request: Request, unit_id: UUID) -> HttpResponse:
    """Look a number up, then admit whom it belongs to, or somebody new."""
    unit = get_object_or_404(
        Unit.objects.select_related("facility"),
        pk__in=units_where(request.user, Action.SEE),
        id=unit_id,
    )
    require(request.user, Action.ADMIT, unit.pk)
    if request.method != "POST" or "find" in request.POST:
        return _find(request, unit)
    number = request.POST.get("number", "")
    done = _admitted_before(request.POST.get("entry_id", ""), number)
    if done:
        return to_person(request, done, _on_the_unit(done))
    form = _admit_form(unit, number, request.POST)
    stays: list[Stay] = []
    if carry_out(form, lambda said: stays.append(_arrive(request.user, unit, form, said))):
        return to_person(request, stays[0], _on_the_unit(stays[0]))
    return show(request, "admissions/admit.html", form, unit=unit)


def _find(request: Request, unit: Unit) -> HttpResponse:
    """Ask for a number; once it is given, for the rest."""
    form = FindForm(request.POST or None)
    if not form.is_valid():
        status = UNDERSTOOD_NOT_DONE if form.errors else 200
        return render(request, "admissions/find.html", {"form": form, "unit": unit}, status=status)
    number = form.cleaned_data["number"]
    for patient in known_by(unit.facility, number):
        if here := services.open_stay(patient):
            form.add_error("number", services.already_here(here).message)
            context = {"form": form, "unit": unit}
            return render(request, "admissions/find.html", context, status=UNDERSTOOD_NOT_DONE)
    return show(request, "admissions/admit.html", _admit_form(unit, number), unit=unit)


def _admit_form(unit: Unit, number: str, data: Any = None) -> AdmitForm:
    known = known_by(unit.facility, number)
    return AdmitForm(data, unit=unit, known=known, now=clock.now(), initial={"number": number})


def _admitted_before(entry_id: str, number: str) -> Stay | None:
    """Return the stay that this very page has begun already, or None.

    Raises:
        Refusal ``entry-id-reused``: it admitted someone with another number.
    """
    try:
        stay = services.admitted_by(UUID(entry_id))
    except ValueError:
        return None
    if stay and not stay.patient.identifiers.filter(value=number.strip()).exists():
        raise Refusal(
            "entry-id-reused",
            _("This page has already admitted someone else. Open it again for this person."),
        )
    return stay


def _arrive(by: Person, unit: Unit, form: AdmitForm, said: dict[str, Any]) -> Stay:
    first = FirstLevel(level=said["level"], why=said["why"], observer=said["observer"])
    return arrive(
        entry_id=said["entry_id"],
        unit=unit,
        at=said["at"],
        by=by,
        person=form.person(),
        first=first,
        bed=said["bed"],
    )


def _on_the_unit(stay: Stay) -> str:
    return _("%(name)s is on the unit.") % {"name": stay.patient.called}


@dataclass(frozen=True, kw_only=True)
class Move:
    """One page about someone who is here: what it is called, what it asks, what it does."""

    action: Action
    form: type[MoveForm]
    title: str | Promise
    intro: str | Promise
    done: str | Promise  # with %(name)s
    act: Callable[..., Entry]


MOVES = {
    What.TRANSFER: Move(
        action=Action.TRANSFER,
        form=TransferForm,
        title=gettext_lazy("Move to another bed or unit"),
        intro=gettext_lazy("The time of the next check goes with them."),
        done=gettext_lazy("%(name)s has moved."),
        act=services.transfer,
    ),
    What.LEAVE: Move(
        action=Action.LEAVE,
        form=LeaveForm,
        title=gettext_lazy("Send on leave"),
        intro=gettext_lazy("No check is due while they are away. They stay on the list."),
        done=gettext_lazy("%(name)s is on leave."),
        act=services.leave,
    ),
    What.ESCORT: Move(
        action=Action.LEAVE,
        form=EscortForm,
        title=gettext_lazy("Off the unit with an escort"),
        intro=gettext_lazy("The escort sees them. No check is due here while they are away."),
        done=gettext_lazy("%(name)s is off the unit with an escort."),
        act=services.escort,
    ),
    What.RETURN: Move(
        action=Action.LEAVE,
        form=BackForm,
        title=gettext_lazy("Back on the unit"),
        intro=gettext_lazy("The first check is due from this time on."),
        done=gettext_lazy("%(name)s is back on the unit."),
        act=services.back,
    ),
    What.DISCHARGE: Move(
        action=Action.DISCHARGE,
        form=DischargeForm,
        title=gettext_lazy("Discharge"),
        intro=gettext_lazy("The stay ends at this time. Nothing in the record is lost."),
        done=gettext_lazy("%(name)s is discharged."),
        act=services.discharge,
    ),
}


@page
def move(request: Request, stay_id: UUID, what: What) -> HttpResponse:
    """Record one movement of someone who is here."""
    chosen = MOVES[what]
    stay = stay_for(request, stay_id, chosen.action)
    form = chosen.form(request.POST or None, stay=stay, now=clock.now())

    done: list[str] = []

    def act(said: dict[str, Any]) -> None:
        if "place" in said:
            said["unit"], said["bed"] = said.pop("place")
        entry = chosen.act(stay=stay, by=request.user, **said)
        words = chosen.done % {"name": stay.patient.called}
        done.append(_revocable(words, entry, request.user, said.get("unit", stay.standing.unit)))

    if request.method == "POST" and carry_out(form, act):
        return to_person(request, stay, done[0])
    context = {"stay": stay, "title": chosen.title, "intro": chosen.intro}
    return show(request, "admissions/move.html", form, **context)


def _revocable(said: str, entry: Entry, by: Person, unit: Unit) -> str:
    """Say what was done, with the way to take it back for whoever may on the unit it led to."""
    if not may(by, Action.ADMIT, unit.pk):
        return said
    link = reverse("cancel-movement", args=[entry.entry_id])
    return format_html('{} <a href="{}">{}</a>', said, link, _("Take it back"))


SAID = {
    What.ADMIT: gettext_lazy("Admission"),
    What.TRANSFER: gettext_lazy("Move"),
    What.LEAVE: gettext_lazy("Leave"),
    What.ESCORT: gettext_lazy("Off the unit with an escort"),
    What.RETURN: gettext_lazy("Return"),
    What.DISCHARGE: gettext_lazy("Discharge"),
}


@page
def cancel(request: Request, entry_id: UUID) -> HttpResponse:
    """Strike a movement out, with a reason. Both stay visible."""
    entries = Entry.objects.visible_to(request.user).filter(kind=services.NAME, struck=False)
    entry = get_object_or_404(entries.select_related("author", "movement"), entry_id=entry_id)
    stay = stay_for(request, entry.stay_id, Action.ADMIT)
    form: OnceForm = CancelForm(request.POST or None)

    def act(said: dict[str, Any]) -> Entry:
        # At its own time: sent twice, it says the same, and is stored once.
        return services.cancel(movement=entry, at=entry.happened_at, by=request.user, **said)

    if request.method == "POST" and carry_out(form, act):
        return to_person(request, stay, _("The movement is struck out."))
    what = SAID[What(entry.movement.what)]
    return show(request, "admissions/cancel.html", form, stay=stay, entry=entry, what=what)
