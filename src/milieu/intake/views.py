"""The pages on which meals and drinks are written down, and read over the last days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milieu.census.packs import LANGUAGE
from milieu.intake.forms import DrinkForm, MealForm
from milieu.intake.said import days_of
from milieu.intake.services import DRINK, MEAL, record
from milieu.kernel import clock
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
    form: Callable[..., MealForm | DrinkForm]
    fact: str
    title: Any
    intro: Any
    done: Any


ABOUT_MEAL = About(
    MEAL,
    MealForm,
    "meal",
    gettext_lazy("Record a meal"),
    gettext_lazy("For a whole table at once, use the phone."),
    gettext_lazy("The meal is recorded."),
)
ABOUT_DRINK = About(
    DRINK,
    DrinkForm,
    "drink",
    gettext_lazy("Record a drink"),
    gettext_lazy("Water, juice, soup: all that is drunk."),
    gettext_lazy("The drink is recorded."),
)


@page
def meal(request: Request, stay_id: UUID) -> HttpResponse:
    """Say how much of a meal somebody ate."""
    return _write(request, stay_id, ABOUT_MEAL)


@page
def drink(request: Request, stay_id: UUID) -> HttpResponse:
    """Say how much somebody drank."""
    return _write(request, stay_id, ABOUT_DRINK)


@page
def amend_meal(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, what was said of a meal."""
    return _amend(request, entry_id, ABOUT_MEAL)


@page
def amend_drink(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, what was said of a drink."""
    return _amend(request, entry_id, ABOUT_DRINK)


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
    return show(request, "intake/write.html", form, stay=stay, about=about)


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
    return show(request, "intake/write.html", form, **more)


@require_safe
def days(request: Request, stay_id: UUID) -> HttpResponse:
    """Read what somebody ate and drank, day by day, over the last two weeks."""
    stay = stay_for(request, stay_id, Action.SEE)
    found = days_of(stay, clock.now() - SHOWN_FOR, get_language() or LANGUAGE)
    return render(request, "intake/days.html", {"stay": stay, "days": found})
