"""The pages on which sleep is protected, protected no longer, and read night by night."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milieu.kernel import clock
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.models import Entry
from milieu.record.pages import carry_out, show, stay_for, to_person
from milieu.sleep import services
from milieu.sleep.forms import EndForm, ProtectForm
from milieu.sleep.shown import shown

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def protect(request: Request, stay_id: UUID) -> HttpResponse:
    """Order protected sleep."""
    stay = stay_for(request, stay_id, Action.PROTECT_SLEEP)
    now = clock.now()
    form = ProtectForm(request.POST or None, stay=stay, now=now)

    def act(given: dict[str, Any]) -> Entry:
        return services.protect(
            entry_id=given["entry_id"],
            stay=stay,
            said=form.said(),
            at=given["at"],
            written_at=now,
            by=request.user,
        )

    if request.method == "POST" and carry_out(form, act):
        return to_person(request, stay, _("Sleep is protected."))
    return show(request, "sleep/protect.html", form, stay=stay)


@page
def end(request: Request, stay_id: UUID) -> HttpResponse:
    """End protected sleep before its time."""
    stay = stay_for(request, stay_id, Action.PROTECT_SLEEP)
    now = clock.now()
    form = EndForm(request.POST or None, stay=stay, now=now)

    def act(given: dict[str, Any]) -> Entry:
        return services.end(stay=stay, written_at=now, by=request.user, **given)

    if request.method == "POST" and carry_out(form, act):
        return to_person(request, stay, _("Sleep is no longer protected."))
    return show(request, "sleep/end.html", form, stay=stay)


@require_safe
def nights(request: Request, stay_id: UUID) -> HttpResponse:
    """Show the last two weeks' nights as looks saw them, each with its error."""
    stay = stay_for(request, stay_id, Action.SEE)
    return render(request, "sleep/nights.html", {"stay": stay, **shown(stay, clock.now())})
