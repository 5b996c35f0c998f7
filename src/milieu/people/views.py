"""The pages of people: who works here, and one person's account."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people import services, staff
from milieu.people.access import not_allowed
from milieu.people.forms import ROLE_NAMES, BadgeForm, NewPersonForm, RoleForm
from milieu.people.http import Request
from milieu.people.models import Grant, Person
from milieu.people.rules import Action, Role

if TYPE_CHECKING:
    from milieu.people.staff import Colleague

PAGE_SIZE: Final = 100
PIN_LOCKED: Final = services.PIN_MISSES_MAX


@login_not_required
def not_offered(request: HttpRequest) -> HttpResponse:
    """Answer as if there were no such page."""
    raise Http404


@require_safe
def people(request: Request) -> HttpResponse:
    """Show who works on the units where this person manages people or enrols phones."""
    at = clock.now()
    mine = _mine(request, Action.MANAGE_PEOPLE, Action.ENROL_PHONE)
    managed = staff.places(request.user, Action.MANAGE_PEOPLE, at=at)
    rows = staff.staff(mine, newcomers=bool(managed)).order_by("name", "username")
    wanted = request.GET.get("q", "").strip()[:120]
    if wanted:
        rows = rows.filter(Q(name__icontains=wanted) | Q(username__icontains=wanted))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(person) for person in page],
        "wanted": wanted,
        "units": mine.units,
        "manages": bool(managed),
        "phones": bool(staff.places(request.user, Action.ENROL_PHONE, at=at)),
    }
    return render(request, "people/people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: Request) -> HttpResponse:
    """Add a person; show their first password, this once."""
    form = NewPersonForm(_mine(request, Action.MANAGE_PEOPLE), request.POST or None)
    if form.is_valid():
        role, place = form.chosen
        said = form.cleaned_data
        try:
            person, first = staff.add_person(
                said["username"],
                said["name"],
                role=role,
                place=place,
                by=request.user,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _first_password(request, person, first, is_new=True)
    status = 422 if form.errors or request.method == "POST" else 200
    return render(request, "people/add.html", {"form": form}, status=status)


@never_cache
@require_safe
def account(request: Request, person_id: UUID) -> HttpResponse:
    """Show one person's account, and what can be changed about it."""
    return _account(request, _person(request, person_id))


@require_POST
def give(request: Request, person_id: UUID) -> HttpResponse:
    """Give a role on a unit, or in a whole facility."""
    person = _person(request, person_id)
    form = RoleForm(_mine(request, Action.MANAGE_PEOPLE), request.POST)
    if form.is_valid():
        role, place = form.chosen
        assert role, "A role is required."
        try:
            staff.give_role(person, role, place, by=request.user, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            said = {"name": person, "role": ROLE_NAMES[role], "place": place}
            return _done(request, person, _("%(name)s is now %(role)s on %(place)s.") % said)
    return _account(request, person, role_form=form)


@require_POST
def end(request: Request, person_id: UUID, grant_id: UUID) -> HttpResponse:
    """End a role now."""
    person = _person(request, person_id)
    shown = [grant.pk for grant in person.grants_here]
    grant = get_object_or_404(Grant, pk=grant_id, pk__in=shown)
    staff.end_role(grant, by=request.user, at=clock.now())
    said = {"name": person, "role": ROLE_NAMES[Role(grant.role)]}
    return _done(
        request,
        person,
        _("%(name)s is no longer %(role)s there. Give the role again to undo.") % said,
    )


@require_POST
def sign_in(request: Request, person_id: UUID) -> HttpResponse:
    """Let a person sign in, or not."""
    person = _person(request, person_id)
    if request.POST.get("on") not in ("yes", "no"):
        raise Refusal("choice-missing", _("Say whether they may sign in. Open the page again."))
    on = request.POST["on"] == "yes"
    staff.switch_sign_in(person, on=on, by=request.user, at=clock.now())
    said = (
        _("%(name)s can sign in again.")
        if on
        else _("%(name)s can no longer sign in, and was signed out everywhere.")
    )
    return _done(request, person, said % {"name": person})


@never_cache
@require_POST
def password(request: Request, person_id: UUID) -> HttpResponse:
    """Set a new first password and show it, this once."""
    person = _person(request, person_id)
    first = staff.new_password(person, by=request.user, at=clock.now())
    return _first_password(request, person, first, is_new=False)


@require_POST
def forget_pin(request: Request, person_id: UUID) -> HttpResponse:
    """Forget a person's PIN."""
    person = _person(request, person_id)
    staff.require_over(request.user, person, at=clock.now())
    services.clear_pin(person)
    said = _(
        "The PIN of %(name)s is forgotten. They set a new one after signing in with the password."
    )
    return _done(request, person, said % {"name": person})


@require_POST
def badge(request: Request, person_id: UUID) -> HttpResponse:
    """Keep what a badge says, or take the badge away."""
    person, at = _person(request, person_id), clock.now()
    if "forget" in request.POST:
        staff.require_over(request.user, person, at=at)
        services.set_badge(person, "")
        return _done(request, person, _("The badge of %(name)s is forgotten.") % {"name": person})
    staff.require_to_let_in(request.user, person, at=at)
    form = BadgeForm(request.POST)
    if form.is_valid():
        try:
            services.set_badge(person, form.cleaned_data["badge"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, person, _("The badge is set for %(name)s.") % {"name": person})
    return _account(request, person, badge_form=form)


def _mine(request: Request, *actions: Action) -> staff.Places:
    """Return where this person may do this, or say who can."""
    mine = staff.places(request.user, *actions, at=clock.now())
    if not mine:
        raise not_allowed(actions[0])
    return mine


def _person(request: Request, person_id: UUID) -> Colleague:
    """Return someone whose account this person may open. Anyone else is not there at all."""
    mine = _mine(request, Action.MANAGE_PEOPLE)
    return get_object_or_404(staff.staff(mine, newcomers=True), pk=person_id)


def _account(request: Request, person: Colleague, **forms: Any) -> HttpResponse:
    mine = _mine(request, Action.MANAGE_PEOPLE)
    locked, kept_out = (
        _words_against(require, request.user, person)
        for require in (staff.require_over, staff.require_to_let_in)
    )
    context = {
        "person": person,
        "row": _row(person),
        "grants": [_grant(grant, mine) for grant in person.grants_here],
        "is_self": person.pk == request.user.pk,
        "locked": locked,
        "kept_out": kept_out,
        "role_form": RoleForm(mine),
        "badge_form": BadgeForm(),
    }
    faulty = any(form.errors for form in forms.values())
    return render(request, "people/account.html", context | forms, status=422 if faulty else 200)


def _words_against(require: Callable[..., None], by: Person, person: Person) -> str:
    try:
        require(by, person, at=clock.now())
    except Refusal as refusal:
        return refusal.message
    return ""


def _grant(grant: Grant, mine: staff.Places) -> dict[str, Any]:
    return {
        "pk": grant.pk,
        "role": ROLE_NAMES[Role(grant.role)],
        "place": grant.unit or grant.facility,
        "starts_at": grant.starts_at,
        "ends_at": grant.ends_at,
        "over": bool(grant.ends_at and grant.ends_at <= clock.now()),
        "mine": mine.hold(grant),
    }


def _row(person: Colleague) -> dict[str, Any]:
    """Return one person as the list shows them."""
    now = clock.now()
    held = [grant for grant in person.grants_here if not (grant.ends_at and grant.ends_at <= now)]
    return {
        "person": person,
        "roles": [(ROLE_NAMES[Role(grant.role)], grant.unit or grant.facility) for grant in held],
        "pin": bool(person.pin_hash),
        "pin_locked": bool(person.pin_hash) and person.pin_misses >= PIN_LOCKED,
        "badge": bool(person.badge_sha256),
        "factor": person.has_factor,
    }


def _done(request: Request, person: Person, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("account", person.pk)


def _first_password(request: Request, person: Person, first: str, *, is_new: bool) -> HttpResponse:
    context = {"person": person, "password": first, "is_new": is_new}
    return render(request, "people/first_password.html", context)
