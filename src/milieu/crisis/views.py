"""The pages on which restraint and seclusion are written down, and put right."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods

from milieu.census.models import Stay
from milieu.census.packs import LANGUAGE
from milieu.crisis import asked, forms, kinds, ordering_forms
from milieu.crisis.models import Application
from milieu.crisis.reading import Whole, of_stays
from milieu.crisis.shown import asked_of
from milieu.kernel import clock
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.amending import Desk, amend, appending, entry_to_amend
from milieu.record.models import Entry
from milieu.record.pages import carry_out, show, stay_for

page = require_http_methods(["GET", "HEAD", "POST"])
TEMPLATE = "crisis/write.html"


class Writing(NamedTuple):
    """How entries of one kind are written: by which form, what the page says, who may."""

    kind: str
    form: type[forms.About]
    action: Action
    title: str | Promise
    intro: str | Promise
    done: str | Promise
    asks: str = ""  # the page of ``asked`` that it is


START = Writing(
    kinds.START,
    forms.StartForm,
    Action.RESTRAIN,
    gettext_lazy("Restraint or seclusion began"),
    gettext_lazy("Only while somebody is in danger, and for no longer. Write how it ends now."),
    gettext_lazy("The start is recorded. Now the order."),
    asked.START,
)
CHANGE = Writing(
    kinds.CHANGE,
    forms.ChangeForm,
    Action.RESTRAIN,
    gettext_lazy("Devices or observer"),
    gettext_lazy("What was put on or taken off, or who observes from now on."),
    gettext_lazy("The change is recorded."),
)
ORDER = Writing(
    kinds.ORDER,
    ordering_forms.OrderForm,
    Action.ORDER_RESTRAINT,
    gettext_lazy("Write an order"),
    gettext_lazy("For this time alone. No order stands beforehand or as needed."),
    gettext_lazy("The order is recorded."),
    asked.ORDER,
)
CHECK = Writing(
    kinds.CHECK,
    forms.CheckForm,
    Action.RESTRAIN,
    gettext_lazy("Check while restrained or secluded"),
    gettext_lazy("Leave out what you did not look at."),
    gettext_lazy("The check is recorded."),
    asked.CHECK,
)
SEEN = Writing(
    kinds.SEEN,
    ordering_forms.SeenForm,
    Action.DEBRIEF,
    gettext_lazy("Examined, consulted or told"),
    gettext_lazy("The first three texts belong to the face-to-face evaluation."),
    gettext_lazy("It is recorded."),
    asked.EVALUATION,
)
END = Writing(
    kinds.END,
    forms.EndForm,
    Action.RESTRAIN,
    gettext_lazy("Released"),
    gettext_lazy("Nothing holds them from this moment on."),
    gettext_lazy("The release is recorded."),
)
DEBRIEF = Writing(
    kinds.DEBRIEF,
    ordering_forms.DebriefForm,
    Action.DEBRIEF,
    gettext_lazy("Talked over afterwards"),
    gettext_lazy("With the person, and among staff. What would have helped is for the next time."),
    gettext_lazy("It is recorded."),
)
WRITINGS: Final[Mapping[str, Writing]] = {
    each.kind: each for each in (START, CHANGE, ORDER, CHECK, SEEN, END, DEBRIEF)
}


@page
def start(request: Request, stay_id: UUID) -> HttpResponse:
    """Write down that restraint or seclusion began."""
    stay = stay_for(request, stay_id, START.action)
    return _write(request, stay, START, None)


@page
def change(request: Request, application_id: UUID) -> HttpResponse:
    """Write down a device put on or taken off, or another observer."""
    return _about(request, application_id, CHANGE)


@page
def order(request: Request, application_id: UUID) -> HttpResponse:
    """Write an order."""
    return _about(request, application_id, ORDER)


@page
def check(request: Request, application_id: UUID) -> HttpResponse:
    """Write down how they are."""
    return _about(request, application_id, CHECK)


@page
def seen(request: Request, application_id: UUID) -> HttpResponse:
    """Write down an evaluation, a consultation, or that a guardian was told."""
    return _about(request, application_id, SEEN)


@page
def end(request: Request, application_id: UUID) -> HttpResponse:
    """Write down the release."""
    return _about(request, application_id, END)


@page
def debrief(request: Request, application_id: UUID) -> HttpResponse:
    """Write down what was talked over."""
    return _about(request, application_id, DEBRIEF)


def application_for(request: Request, application_id: UUID, action: Action) -> tuple[Stay, Whole]:
    """Return an application, and the stay that it is about, if this person may do this.

    Raises:
        Http404: there is none, or it is on a unit that they may not see.
        Refusal ``not-allowed``: they may see it, and others may do this.
    """
    row = get_object_or_404(Application.objects.visible_to(request.user), pk=application_id)
    stay = stay_for(request, row.stay_id, action)
    return stay, of_stays([stay.pk])[row.pk]


def _about(request: Request, application_id: UUID, writing: Writing) -> HttpResponse:
    stay, whole = application_for(request, application_id, writing.action)
    return _write(request, stay, writing, whole)


def _write(request: Request, stay: Stay, writing: Writing, whole: Whole | None) -> HttpResponse:
    now = clock.now()
    form = writing.form(request.POST or None, stay=stay, reader=request.user, whole=whole, now=now)

    act = appending(request, stay, writing.kind, form, now)
    if request.method == "POST" and carry_out(form, act):
        messages.success(request, str(writing.done))
        return redirect("restraint", whole.id if whole else form.cleaned_data["entry_id"])
    shown = {
        "title": writing.title,
        "intro": writing.intro,
        "whole": whole,
        "asked": asked_of(stay, writing.asks, now, get_language() or LANGUAGE),
    }
    return show(request, TEMPLATE, form, stay=stay, **shown)


@page
def amend_any(request: Request, entry_id: UUID) -> HttpResponse:
    """Put an entry about restraint or seclusion right, or strike it out."""
    found = get_object_or_404(
        Entry.objects.visible_to(request.user).filter(kind__in=WRITINGS), entry_id=entry_id
    )
    writing = WRITINGS[found.kind]
    wrong = entry_to_amend(request, entry_id, writing.kind, writing.form.FACT)

    def form(*args: Any, **options: Any) -> forms.About:
        return writing.form(*args, reader=request.user, **options)

    shown = {"title": writing.title, "intro": writing.intro}
    desk = Desk(writing.kind, form, TEMPLATE, writing.done, shown, writing.action)
    return amend(request, wrong, desk)
