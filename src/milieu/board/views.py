"""The board of a unit, as a page."""

from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from milieu.board.cards import Order
from milieu.board.render import Wanted, board
from milieu.board.units import address, unit_seen
from milieu.kernel import clock
from milieu.people.access import may
from milieu.people.http import SharedPage
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record import stamp

BY_NAME = "board_by_name"  # in the session: names instead of initials, for this sign-in only


class Place(NamedTuple):
    """A unit, as far as its page names it."""

    pk: UUID
    name: str


class Page(NamedTuple):
    """What the page of a board shows."""

    unit: Place
    wanted: Wanted
    markup: str  # rendered, and therefore safe
    clock: str
    may_admit: bool
    live_url: str


@require_safe
def show(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Show the unit as it is now; ``?wall`` for a screen on the wall, ``?order=room``."""
    unit, wanted = unit_seen(request, unit_id), wanted_by(request, unit_id)
    newest = board(unit, wanted, clock.now(), stamp.kept(request))
    query = {"order": wanted.order} | ({"wall": ""} if wanted.wall else {})
    page = Page(
        unit=Place(unit_id, unit.name),
        wanted=wanted,
        markup=newest.markup,
        clock=newest.clock,
        may_admit=isinstance(request.user, Person) and may(request.user, Action.ADMIT, unit_id),
        live_url=f"{address('board-live', unit_id)}?{urlencode(query)}",
    )
    return SharedPage(request, "board/wall.html" if wanted.wall else "board/board.html", page)


@require_safe
def live(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Say what this reader's feed shows, if they may have one: ``live.py`` asks, on their behalf.

    So a feed is opened by exactly the same checks as a page: session, role, second factor.
    """
    unit_seen(request, unit_id)
    return HttpResponse(wanted_by(request, unit_id).encoded(), content_type="application/json")


@require_POST
def choose_names(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Show names instead of initials, or initials again, until this person signs out."""
    unit_seen(request, unit_id)
    request.session[BY_NAME] = request.POST.get("names") == "yes"
    query = urlencode({"order": order_of(request)})
    return redirect(f"{address('board', unit_id)}?{query}")


def wanted_by(request: HttpRequest, unit_id: UUID) -> Wanted:
    """Return what this reader asked to see."""
    return Wanted(
        unit_id=unit_id,
        language=get_language() or "en",
        by_name=bool(request.session.get(BY_NAME)),
        order=order_of(request),
        wall="wall" in request.GET,
    )


def order_of(request: HttpRequest) -> Order:
    """Return the order that was asked for."""
    asked = request.POST if request.method == "POST" else request.GET
    return "room" if asked.get("order") == "room" else "due"
