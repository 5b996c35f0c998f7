"""The pages of looking after each other: one's own questions, company, what is in aggregate."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milieu.census.models import Unit
from milieu.census.packs import LANGUAGE
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.access import require, staff_of, units_where
from milieu.people.http import Request
from milieu.people.rules import Action
from milieu.record.pages import unit_for
from milieu.wellbeing import services
from milieu.wellbeing.forms import CheckInForm, PeerForm
from milieu.wellbeing.models import Answer, CheckIn, Peer, Wish


@never_cache
@require_safe
def own(request: Request) -> HttpResponse:
    """Show what one is asked, what one answered, and whom one may ask for company."""
    now = clock.now()
    require(request.user, Action.HELP)
    units = Unit.objects.filter(pk__in=units_where(request.user, Action.HELP)).order_by("name")
    language = get_language() or LANGUAGE
    context = {
        "waiting": [
            (each, CheckInForm(each.step, auto_id=f"{each.pk}-%s"), _step(each))
            for each in services.waiting(request.user, now)
        ],
        "answered": Answer.objects.of(request.user).select_related("check_in__unit")[:20],
        "asked": services.asked_of(request.user),
        "company": [
            (unit, PeerForm(list(people), auto_id=f"{unit.pk}-%s"))
            for unit in units
            if (people := services.peers_of(unit, request.user, now))
        ],
        "resources": [
            (each.said(language), each.reach, each.source)
            for unit in units[:1]
            for each in unit.pack.wellbeing.resources
        ],
    }
    return render(request, "wellbeing/own.html", context)


def _step(check_in: CheckIn) -> str:
    steps = check_in.unit.pack.wellbeing.steps
    found = next((each for each in steps if each.code == check_in.step), None)
    return found.said(get_language() or LANGUAGE) if found else ""


@require_POST
def answer(request: Request, check_in_id: UUID) -> HttpResponse:
    """Keep what one answers."""
    check_in = _own(request, check_in_id)
    form = CheckInForm(check_in.step, request.POST)
    if form.is_valid():
        services.answer(check_in, form.given(), clock.now())
        messages.success(request, _("It is kept. Only you can read it here."))
    return redirect("own-check-ins")


@require_POST
def with_them(request: Request, check_in_id: UUID) -> HttpResponse:
    """Say that one wishes to be with that person again: then nothing suggests otherwise."""
    check_in = _own(request, check_in_id)
    if check_in.stay_id:
        Wish.objects.create(person=request.user, stay_id=check_in.stay_id, at=clock.now())
        messages.success(request, _("Nothing will suggest otherwise."))
    return redirect("own-check-ins")


def _own(request: Request, check_in_id: UUID) -> CheckIn:
    try:
        return services.check_in_of(request.user, check_in_id)
    except Refusal as refusal:
        raise Http404 from refusal


@require_POST
def ask(request: Request, unit_id: UUID) -> HttpResponse:
    """Ask a colleague for company."""
    unit = unit_for(request, unit_id, Action.HELP)
    now = clock.now()
    form = PeerForm(list(services.peers_of(unit, request.user, now)), request.POST)
    if form.is_valid():
        given = form.cleaned_data
        peer = services.ask(
            UUID(given["peer"]), person=request.user, unit=unit, ask_id=given["entry_id"], now=now
        )
        messages.success(request, _("%(name)s is asked. Nobody else knows.") % {"name": peer.name})
    return redirect("own-check-ins")


@require_POST
def seen(request: Request, asked_id: UUID) -> HttpResponse:
    """Say that one has seen that a colleague asks for company."""
    services.seen(asked_id, request.user, clock.now())
    return redirect("own-check-ins")


@require_http_methods(["GET", "HEAD", "POST"])
def aftercare(request: Request, unit_id: UUID) -> HttpResponse:
    """Show a manager a unit's hard moments in aggregate, and who may be asked for company."""
    unit, now = unit_for(request, unit_id, Action.AFTERCARE), clock.now()
    staff = staff_of(unit.pk, Action.HELP)
    form = PeerForm(staff, request.POST or None)
    if request.method == "POST" and form.is_valid():
        peer = UUID(form.cleaned_data["peer"])
        known = Peer.objects.filter(unit=unit, person=peer, until=None)
        if not known.exists():
            Peer.objects.create(unit=unit, person_id=peer, since=now, by=request.user)
        return redirect("aftercare", unit.pk)
    context = {
        "unit": unit,
        "months": services.exposure(unit, len(staff), now),
        "least": unit.pack.wellbeing.least,
        "peers": Peer.objects.filter(unit=unit, until=None).select_related("person"),
        "form": form,
    }
    return render(request, "wellbeing/aftercare.html", context, status=422 if form.errors else 200)


@require_POST
def end_peer(request: Request, unit_id: UUID, peer_id: UUID) -> HttpResponse:
    """Take somebody off the list of those who may be asked."""
    unit = unit_for(request, unit_id, Action.AFTERCARE)
    Peer.objects.filter(pk=peer_id, unit=unit, until=None).update(until=clock.now())
    return redirect("aftercare", unit.pk)
