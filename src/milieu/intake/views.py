"""The pages on which meals and drinks are written down, and read over the last days."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from milieu.census.packs import LANGUAGE
from milieu.intake.forms import DrinkForm, MealForm
from milieu.intake.said import days_of
from milieu.intake.services import DRINK, MEAL
from milieu.kernel import clock
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import Desk, amend, entry_to_amend, write
from milieu.record.pages import stay_for

page = require_http_methods(["GET", "HEAD", "POST"])
SHOWN_FOR = timedelta(days=14)
ABOUT_MEAL = Desk(
    MEAL,
    MealForm,
    "intake/write.html",
    gettext_lazy("The meal is recorded."),
    {
        "title": gettext_lazy("Record a meal"),
        "intro": gettext_lazy("For a whole table at once, use the phone."),
    },
)
ABOUT_DRINK = Desk(
    DRINK,
    DrinkForm,
    "intake/write.html",
    gettext_lazy("The drink is recorded."),
    {
        "title": gettext_lazy("Record a drink"),
        "intro": gettext_lazy("Water, juice, soup: all that is drunk."),
    },
)


@page
def meal(request: Request, stay_id: UUID) -> HttpResponse:
    """Say how much of a meal somebody ate."""
    return write(request, stay_id, ABOUT_MEAL)


@page
def drink(request: Request, stay_id: UUID) -> HttpResponse:
    """Say how much somebody drank."""
    return write(request, stay_id, ABOUT_DRINK)


@page
def amend_meal(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, what was said of a meal."""
    return amend(request, entry_to_amend(request, entry_id, MEAL, MealForm.FACT), ABOUT_MEAL)


@page
def amend_drink(request: Request, entry_id: UUID) -> HttpResponse:
    """Put right, or strike out, what was said of a drink."""
    return amend(request, entry_to_amend(request, entry_id, DRINK, DrinkForm.FACT), ABOUT_DRINK)


@require_safe
def days(request: Request, stay_id: UUID) -> HttpResponse:
    """Read what somebody ate and drank, day by day, over the last two weeks."""
    stay = stay_for(request, stay_id, Action.SEE)
    found = days_of(stay, clock.now() - SHOWN_FOR, get_language() or LANGUAGE)
    return render(request, "intake/days.html", {"stay": stay, "days": found})
