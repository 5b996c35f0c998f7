"""The page of alerts: what waits for an answer, who was told, and what was answered."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from milieu.alerts import outbox
from milieu.alerts.forms import AnswerForm
from milieu.alerts.quiet import quiet
from milieu.alerts.services import acknowledge, answered_since, calls, unanswered
from milieu.alerts.shown import fingerprint, line
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import may, require
from milieu.people.http import Request
from milieu.people.models import Person
from milieu.people.rules import Action

SHOWN_FOR: Final = timedelta(hours=24)  # how long an answered one stays on the page
PAGES = frozenset({"not-allowed", "unknown-alert"})


@require_safe
def concerns(request: Request) -> HttpResponse:
    """Show what waits for an answer on this person's units, the earliest deadline first.

    Asked again by the page itself every few seconds: then only what changed is sent.
    """
    require_to_see(request.user)
    return _page(request, {})


@never_cache
@require_safe
def ring(request: Request) -> HttpResponse:
    """Say what waits and how far each has climbed: a page that has not heard one yet rings.

    Asked every few seconds by pages whose reader switched the sound on.
    """
    require_to_see(request.user)
    waiting = _shown_now(request, clock.now())
    return JsonResponse({"waiting": [f"{pk}:{steps}" for pk, steps in waiting]})


@require_POST
def answer(request: Request, alert_id: UUID) -> HttpResponse:
    """Answer one alert, saying what was done."""
    form = AnswerForm(request.POST, auto_id=f"answer-{alert_id}-%s")
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            acknowledge(alert_id, by=request.user, words=words, at=clock.now())
        except Refusal as refusal:
            if refusal.code in PAGES:
                raise
            if refusal.code == "already-answered":
                messages.warning(request, refusal.message)
                return redirect("concerns")
            form.add_error("words", refusal.message)
        else:
            messages.success(request, _("Your answer is recorded."))
            return redirect("concerns")
    return _page(request, {alert_id: form}, status=422)


def require_to_see(person: Person) -> None:
    """Pass if this person sees alerts: about people in care, or about the house.

    Raises:
        Refusal ``not-allowed``.
    """
    if not may(person, Action.MEND):
        require(person, Action.SEE)


def _shown_now(request: Request, now: datetime) -> list[tuple[UUID, int]]:
    """Return what waits, and note that this person's page shows it: they were told."""
    waiting = calls(request.user)
    outbox.seen_on_page([pk for pk, _steps in waiting], request.user.pk, at=now)
    return waiting


def _page(request: Request, forms: dict[UUID, AnswerForm], status: int = 200) -> HttpResponse:
    now = clock.now()
    _shown_now(request, now)
    lines = [
        line(alert, request.user, now, forms.get(alert.pk)) for alert in unanswered(request.user)
    ]
    answered = [
        line(alert, request.user, now) for alert in answered_since(request.user, now - SHOWN_FOR)
    ]
    beside = quiet(request.user, now)
    shown = fingerprint([*lines, *answered], beside)
    if request.htmx and request.GET.get("shown") == shown:
        return HttpResponse(status=204)
    context = {"lines": lines, "quiet": beside, "answered": answered, "shown": shown}
    template = "alerts/list.html" if request.htmx else "alerts/concerns.html"
    return render(request, template, context, status=status)
