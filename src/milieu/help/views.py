"""The page of help on a unit: calling, saying that one comes, and what was called lately."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milieu.census.models import Unit
from milieu.help.forms import OUTCOMES, CallForm, OverForm
from milieu.help.models import Call
from milieu.help.services import Speaker, said_at_desk, say
from milieu.help.shape import Word
from milieu.help.shown import told
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.pages import unit_for

SHOWN_FOR: Final = timedelta(days=30)
SAYS: Final = ("coming", "there", "over")


@require_safe
def unit(request: Request, unit_id: UUID) -> HttpResponse:
    """Show the calls of this unit: those that are open, and those of the last days."""
    return _page(request, unit_for(request, unit_id, Action.SEE))


@require_POST
def call(request: Request, unit_id: UUID) -> HttpResponse:
    """Call for help from a desk."""
    here = unit_for(request, unit_id, Action.HELP)
    form = CallForm(here, request.POST)
    if not form.is_valid():
        return _page(request, here, form=form)
    made, room = form.cleaned_data["entry_id"], form.cleaned_data["room"]
    word = Word(id=made, call=made, says="called", room=room, room_by="told" if room else "")
    say(word, Speaker(unit=here, person=request.user), clock.now())
    messages.success(request, _("Help is called. Everyone on the unit is told."))
    return redirect("help", here.pk)


@require_POST
def answer(request: Request, call_id: UUID) -> HttpResponse:
    """Say of a call that one comes, that one is there, or that it is over."""
    found: Call = get_object_or_404(
        Call.objects.visible_to(request.user).select_related("unit"), pk=call_id
    )
    says = request.POST.get("says", "")
    over = OverForm(request.POST if says == "over" else None)
    if says not in SAYS or (says == "over" and not over.is_valid()):
        return _page(request, found.unit, over=over, about=found)
    more: dict[str, Any] = {}
    if says == "over":
        more = {"outcome": over.cleaned_data["outcome"], "words": over.cleaned_data["words"]}
    identity = said_at_desk(says, found.pk, request.user)
    said = {"id": identity, "call": found.pk, "says": says, **more}
    word = msgspec.convert(said, Word)
    try:
        say(word, Speaker(unit=found.unit, person=request.user), clock.now())
    except Refusal as refusal:
        if refusal.code != "not-there":
            raise
        over.add_error(None, refusal.message)
        return _page(request, found.unit, over=over, about=found)
    return redirect("help", found.unit_id)


def _page(
    request: Request,
    unit: Unit,
    *,
    form: CallForm | None = None,
    over: OverForm | None = None,
    about: Call | None = None,
) -> HttpResponse:
    since = clock.now() - SHOWN_FOR
    calls = Call.objects.visible_to(request.user).filter(unit=unit).order_by("-called_at", "pk")
    waiting = told(calls.filter(open__isnull=False))
    context = {
        "unit": unit,
        "may": may(request.user, Action.HELP, unit.pk),
        "form": form or CallForm(unit),
        "open": [
            (each, over if about and each.call == about else OverForm(auto_id=f"{each.call.pk}-%s"))
            for each in waiting
        ],
        "ended": told(calls.filter(open=None, called_at__gte=since)),
        "outcomes": OUTCOMES,
        "zone": unit.zone,
    }
    wrong = (form and form.errors) or (over and over.errors)
    return render(request, "help/unit.html", context, status=422 if wrong else 200)
