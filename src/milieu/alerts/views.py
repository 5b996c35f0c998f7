"""The nurse's page: what waits for an answer, and what was answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from milieu.alerts.forms import AnswerForm
from milieu.alerts.models import Alert
from milieu.alerts.services import acknowledge, answered_since, unanswered
from milieu.census.packs import LANGUAGE
from milieu.census.sentences import parts_said
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import may, require
from milieu.people.http import Request
from milieu.people.rules import Action

SHOWN_FOR: Final = timedelta(hours=24)  # how long an answered one stays on the page
SOON: Final = timedelta(minutes=1)  # a concern that took longer to come says when it came
PAGES = frozenset({"not-allowed", "unknown-alert"})


@dataclass(frozen=True)
class Line:
    """One concern as it is shown. ``over_min`` is by how many minutes its answer is late."""

    alert: Alert
    said: str  # the check that it belongs to, in words
    over_min: int
    sent_late: bool
    may_answer: bool
    form: AnswerForm


@require_safe
def concerns(request: Request) -> HttpResponse:
    """Show what waits for an answer on this person's units, the earliest deadline first.

    Asked again by the page itself every few seconds: then only what changed is sent.
    """
    require(request.user, Action.SEE)
    return _page(request, {})


@require_POST
def answer(request: Request, alert_id: UUID) -> HttpResponse:
    """Answer one concern, saying what was done."""
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


def _page(request: Request, forms: dict[UUID, AnswerForm], status: int = 200) -> HttpResponse:
    now = clock.now()
    lines = [
        _line(request, alert, forms, _over_min(alert, now)) for alert in unanswered(request.user)
    ]
    answered = [
        _line(request, alert, {}, 0) for alert in answered_since(request.user, now - SHOWN_FOR)
    ]
    shown = _fingerprint([*lines, *answered])
    if request.htmx and request.GET.get("shown") == shown:
        return HttpResponse(status=204)
    context = {"lines": lines, "answered": answered, "shown": shown}
    template = "alerts/list.html" if request.htmx else "alerts/concerns.html"
    return render(request, template, context, status=status)


def _over_min(alert: Alert, now: datetime) -> int:
    """Return by how many whole minutes the answer is late; 0 while it is not."""
    return max(int((now - alert.answer_by).total_seconds() // 60), 0)


def _line(request: Request, alert: Alert, forms: dict[UUID, AnswerForm], over_min: int) -> Line:
    unit, check = alert.stay.standing.unit, getattr(alert.source, "safetycheck", None)
    return Line(
        alert=alert,
        said=parts_said(check, unit.pack_name, get_language() or LANGUAGE) if check else "",
        over_min=over_min,
        sent_late=alert.raised_at - alert.happened_at > SOON,
        may_answer=may(request.user, Action.ACKNOWLEDGE, unit.pk),
        form=forms.get(alert.pk) or AnswerForm(auto_id=f"answer-{alert.pk}-%s"),
    )


def _fingerprint(lines: list[Line]) -> str:
    """Return what the page shows, in short: when it is the same, nothing is sent."""
    said = [
        (
            line.alert.pk,
            line.over_min,
            *(
                hasattr(thing, part)
                for thing, part in (
                    (line.alert, "acknowledgement"),
                    (line.alert.source, "amended_by"),
                )
            ),
        )
        for line in lines
    ]
    return sha256(repr(said).encode()).hexdigest()[:16]
