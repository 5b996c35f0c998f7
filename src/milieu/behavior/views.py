"""The pages on which somebody's behavior is written down, and read over the last days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milieu.behavior.forms import EpisodeForm, ShiftForm
from milieu.behavior.said import days_of
from milieu.behavior.services import EPISODE, SHIFT, record
from milieu.census.packs import LANGUAGE
from milieu.kernel import clock
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import StrikeForm, entry_to_amend, require_author_or_lead
from milieu.record.models import Entry
from milieu.record.pages import carry_out, show, stay_for, to_person

page = require_http_methods(["GET", "HEAD", "POST"])
SHOWN_FOR = timedelta(days=14)


class About(NamedTuple):
    """What one of the two pages is about, in words."""

    kind: str
    form: Callable[..., ShiftForm | EpisodeForm]
    fact: str
    title: Any
    intro: Any
    done: Any


ABOUT_SHIFT = About(
    SHIFT,
    ShiftForm,
    "shiftseen",
    gettext_lazy("How was this shift?"),
    gettext_lazy("Write what you saw and heard. Leave out what you did not notice."),
    gettext_lazy("The shift is recorded."),
)
ABOUT_EPISODE = About(
    EPISODE,
    EpisodeForm,
    "episode",
    gettext_lazy("Record an episode"),
    gettext_lazy(
        "Before, what could be seen and heard, after. Others read it later and were not there."
    ),
    gettext_lazy("The episode is recorded."),
)


@page
def shift(request: Request, stay_id: UUID) -> HttpResponse:
    """Say how somebody was in one shift."""
    return _write(request, stay_id, ABOUT_SHIFT)


@page
def episode(request: Request, stay_id: UUID) -> HttpResponse:
    """Record an episode."""
    return _write(request, stay_id, ABOUT_EPISODE)


@page
def amend_shift(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, what was said of a shift."""
    return _amend(request, entry_id, ABOUT_SHIFT)


@page
def amend_episode(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, an episode."""
    return _amend(request, entry_id, ABOUT_EPISODE)


def _write(request: Request, stay_id: UUID, about: About) -> HttpResponse:
    stay = stay_for(request, stay_id, Action.CHECK)
    now = clock.now()
    form = about.form(request.POST or None, stay=stay, now=now)

    def act(given: dict[str, Any]) -> Entry:
        return record(
            about.kind,
            entry_id=given["entry_id"],
            stay=stay,
            said=form.said(),
            at=given["at"],
            written_at=now,
            by=request.user,
        )

    if request.method == "POST" and carry_out(form, act):
        return to_person(request, stay, str(about.done))
    return show(request, "behavior/write.html", form, stay=stay, about=about)


def _amend(request: Request, entry_id: UUID, about: About) -> HttpResponse:
    wrong = entry_to_amend(request, entry_id, about.kind, about.fact)
    stay = stay_for(request, wrong.stay_id, Action.SEE)
    require_author_or_lead(request, wrong, stay, Action.CHECK)
    now = clock.now()
    striking = "strike" in request.POST
    posted = request.POST or None
    form = about.form(None if striking else posted, stay=stay, now=now, wrong=wrong)
    strike = StrikeForm(posted if striking else None)

    def act(given: dict[str, Any]) -> Entry:
        return record(
            about.kind,
            entry_id=given["entry_id"],
            stay=stay,
            said=None if striking else form.said(),
            at=wrong.happened_at if striking else given["at"],
            written_at=now,
            by=request.user,
            amends=wrong,
            reason=given["reason"],
        )

    if request.method == "POST" and carry_out(strike if striking else form, act):
        return to_person(request, stay, _("The entry is put right."))
    more = {"stay": stay, "about": about, "wrong": wrong, "strike": strike, "striking": striking}
    return show(request, "behavior/write.html", form, **more)


@require_safe
def days(request: Request, stay_id: UUID) -> HttpResponse:
    """Read how somebody was, shift by shift, over the last two weeks."""
    stay = stay_for(request, stay_id, Action.SEE)
    shown = days_of(stay, clock.now() - SHOWN_FOR, get_language() or LANGUAGE)
    writes = may(request.user, Action.CHECK, stay.standing.unit_id)
    return render(request, "behavior/days.html", {"stay": stay, "may": writes, **shown})
