"""How every page that writes an entry goes: opened, sent, put right where needed, done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from milieu.census.models import Stay, Unit
from milieu.kernel.errors import Refusal
from milieu.people.access import may, require
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.forms import OnceForm

UNDERSTOOD_NOT_DONE = 422  # the page comes back with what has to be put right


def stay_for(request: Request, stay_id: UUID, action: Action) -> Stay:
    """Return a stay that this person may do this about.

    Raises:
        Http404: there is none, or it is on a unit that they may not see.
        Refusal ``not-allowed``: they may see it, and others may do this.
    """
    stays = Stay.objects.visible_to(request.user).select_related(
        "patient", "standing__unit__facility", "standing__bed__room"
    )
    stay: Stay = get_object_or_404(stays, pk=stay_id)
    require(request.user, action, stay.standing.unit_id)
    return stay


def unit_for(request: Request, unit_id: UUID, action: Action) -> Unit:
    """Return a unit, with its facility, that this person may do this on.

    Raises:
        Http404: there is none, or nothing of it is this person's to see.
        Refusal ``not-allowed``: they may see it, and others may do this.
    """
    unit: Unit = get_object_or_404(Unit.objects.select_related("facility"), pk=unit_id)
    if not may(request.user, Action.SEE, unit.pk):
        raise Http404
    require(request.user, action, unit.pk)
    return unit


def carry_out(form: OnceForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Do what a form asks. False: it comes back, and says what to put right.

    Raises:
        Refusal: nothing on this form could put it right.
    """
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
    return not form.errors


def to_person(request: Request, stay: Stay, said: str) -> HttpResponse:
    """Go to the person's page and say what was done; to the start, if they left one's own units."""
    messages.success(request, said)
    if Stay.objects.visible_to(request.user).filter(pk=stay.pk).exists():
        return redirect("stay", stay.pk)
    return redirect("home")


def show(request: Request, template: str, form: OnceForm, **context: Any) -> HttpResponse:
    """Show a form; with what was typed, where something has to be put right."""
    status = UNDERSTOOD_NOT_DONE if form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
