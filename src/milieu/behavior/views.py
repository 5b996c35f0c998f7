"""The pages on which somebody's behavior is written down, and read over the last days."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from milieu.behavior.forms import EpisodeForm, ShiftForm
from milieu.behavior.said import days_of
from milieu.behavior.services import EPISODE, SHIFT
from milieu.census.packs import LANGUAGE
from milieu.kernel import clock
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import Desk, amend, entry_to_amend, write
from milieu.record.pages import stay_for

page = require_http_methods(["GET", "HEAD", "POST"])
SHOWN_FOR = timedelta(days=14)
ABOUT_SHIFT = Desk(
    SHIFT,
    ShiftForm,
    "behavior/write.html",
    gettext_lazy("The shift is recorded."),
    {
        "title": gettext_lazy("How was this shift?"),
        "intro": gettext_lazy("Write what you saw and heard. Leave out what you did not notice."),
    },
)
ABOUT_EPISODE = Desk(
    EPISODE,
    EpisodeForm,
    "behavior/write.html",
    gettext_lazy("The episode is recorded."),
    {
        "title": gettext_lazy("Record an episode"),
        "intro": gettext_lazy(
            "Before, what could be seen and heard, after. Others read it later and were not there."
        ),
    },
)


@page
def shift(request: Request, stay_id: UUID) -> HttpResponse:
    """Say how somebody was in one shift."""
    return write(request, stay_id, ABOUT_SHIFT)


@page
def episode(request: Request, stay_id: UUID) -> HttpResponse:
    """Record an episode."""
    return write(request, stay_id, ABOUT_EPISODE)


@page
def amend_shift(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, what was said of a shift."""
    wrong = entry_to_amend(request, entry_id, SHIFT, ShiftForm.FACT)
    return amend(request, wrong, ABOUT_SHIFT)


@page
def amend_episode(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, an episode."""
    wrong = entry_to_amend(request, entry_id, EPISODE, EpisodeForm.FACT)
    return amend(request, wrong, ABOUT_EPISODE)


@require_safe
def days(request: Request, stay_id: UUID) -> HttpResponse:
    """Read how somebody was, shift by shift, over the last two weeks."""
    stay = stay_for(request, stay_id, Action.SEE)
    shown = days_of(stay, clock.now() - SHOWN_FOR, get_language() or LANGUAGE)
    writes = may(request.user, Action.CHECK, stay.standing.unit_id)
    return render(request, "behavior/days.html", {"stay": stay, "may": writes, **shown})
