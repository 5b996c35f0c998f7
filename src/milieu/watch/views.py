"""The pages of noticing and looking: notices, one person at a glance, a unit at a glance."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milieu.census.models import Standing, Unit
from milieu.census.services import HERE
from milieu.kernel import clock
from milieu.kernel.text import storable
from milieu.people.access import may
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.pages import carry_out, show, stay_for, unit_for
from milieu.watch import glance as looking
from milieu.watch.choices import a_week, choose, turned_on
from milieu.watch.following import follows, let_follow, step_words
from milieu.watch.forms import MARK_WORDS, ChoicesForm, MarkForm
from milieu.watch.models import Mark, Notice
from milieu.watch.said import told, whole
from milieu.watch.sources import SOURCES, read

SHOWN_FOR = timedelta(days=14)
COUNTED_FOR = timedelta(days=90)  # of marks, for the share that were useful
LEAST = 5  # marks before a share is said


@require_safe
def notices(request: Request, unit_id: UUID) -> HttpResponse:
    """Show a nurse who was unlike themselves in the last two weeks, the newest first."""
    unit, now = unit_for(request, unit_id, Action.NOTICES), clock.now()
    rows = list(_notices(request).filter(unit=unit, told_at__gt=now - SHOWN_FOR))
    stays = list({row.stay_id for row in rows})
    found = read(stays, now - 2 * SHOWN_FOR, now, unit.zone) if stays else {}
    of_each = {
        stay: {code: points[stay] for code, points in found.items() if stay in points}
        for stay in stays
    }
    context = {
        "unit": unit,
        "notices": [told(row, unit.zone, of_each[row.stay_id]) for row in rows],
        "marks": MARK_WORDS.items(),
        "on": [SOURCES[code].title for code in turned_on(unit)],
        "useful": _useful(request, unit, now),
        "may_choose": may(request.user, Action.SET_NOTICES, unit.pk),
    }
    return render(request, "watch/notices.html", context)


def _notices(request: Request) -> Any:
    return whole(Notice.objects.visible_to(request.user)).order_by("-at")


def _useful(request: Request, unit: Unit, now: datetime) -> dict[str, int] | None:
    """Return how many of the marked notices were useful; None while few are marked."""
    rows = (
        Mark.objects.visible_to(request.user)
        .filter(notice__unit=unit, at__gt=now - COUNTED_FOR)
        .order_by("at", "pk")
    )
    newest: dict[UUID, str] = dict(rows.values_list("notice", "said"))
    useful = sum(said == "useful" for said in newest.values())
    return {"useful": useful, "marked": len(newest)} if len(newest) >= LEAST else None


@require_POST
def mark(request: Request, notice_id: UUID) -> HttpResponse:
    """Keep what a nurse made of a notice."""
    notice = get_object_or_404(Notice.objects.as_system("asked below who may"), pk=notice_id)
    unit_for(request, notice.unit_id, Action.NOTICES)
    form = MarkForm(request.POST)
    if form.is_valid():
        Mark.objects.as_system("by who may see the notice").create(
            notice=notice,
            said=form.cleaned_data["said"],
            words=storable(form.cleaned_data["words"], field="words"),
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, _("Your mark is kept."))
    else:
        messages.error(request, _("Choose useful, known or not useful."))
    return redirect("notices", notice.unit_id)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request, unit_id: UUID) -> HttpResponse:
    """Turn streams on and off for a unit, and say how many notices it will read."""
    unit, now = unit_for(request, unit_id, Action.SET_NOTICES), clock.now()
    people = (
        Standing.objects.as_system("how many there are on a unit that its reader may see")
        .filter(unit=unit, state__in=HERE)
        .count()
    )
    begun = {
        "streams": list(turned_on(unit)),
        "a_week": round(a_week(unit, people)) or 1,
        "follow": follows(unit),
    }
    form = ChoicesForm(request.POST or None, initial=begun)

    def act(given: dict[str, Any]) -> None:
        weekly = given["a_week"] if given["a_week"] != begun["a_week"] else None
        choose(unit, given["streams"], weekly=weekly, by=request.user, at=now)
        let_follow(unit, on=given["follow"], by=request.user, at=now)

    if request.method == "POST" and carry_out(form, act):
        messages.success(request, _("It is so from now on."))
        return redirect("notices-settings", unit.pk)
    said = {"title": _("What we watch"), "step": step_words(unit)}
    return show(request, "watch/settings.html", form, unit=unit, **said)


@require_safe
def glance(request: Request, stay_id: UUID) -> HttpResponse:
    """Show the last two weeks of one person, every stream on one axis of time."""
    stay = stay_for(request, stay_id, Action.SEE)
    unit, now = stay.standing.unit, clock.now()
    rows = []
    if may(request.user, Action.NOTICES, unit.pk):
        rows = list(_notices(request).filter(stay=stay, told_at__gt=now - SHOWN_FOR))
    shown = looking.of_person(stay, rows, now)
    return render(request, "watch/glance.html", {"stay": stay, "unit": unit, **shown})


@require_safe
def unit_glance(request: Request, unit_id: UUID) -> HttpResponse:
    """Show everyone of a unit, a small picture for each stream, in the order of rooms."""
    unit = unit_for(request, unit_id, Action.SEE)
    shown = looking.of_unit(unit, clock.now())
    return render(request, "watch/unit.html", {"unit": unit, **shown})
