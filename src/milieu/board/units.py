"""The units that whoever asks may see: looked up once for each request."""

from functools import lru_cache
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse

from milieu.board import rows
from milieu.census.models import Unit
from milieu.people.access import units_where
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record import stamp

KEPT = "units_seen"  # on the request: the page and its navigation ask the same


def units_seen(request: HttpRequest) -> list[Unit]:
    """Return the units where this person may see people in care, by name."""
    assert isinstance(request.user, Person), "Only people who are signed in see units."
    if KEPT not in vars(request):
        seen = units_where(request.user, Action.SEE)
        vars(request)[KEPT] = rows.units(seen, stamp.kept(request))
    return cast("list[Unit]", vars(request)[KEPT])


def unit_seen(request: HttpRequest, unit_id: UUID) -> Unit:
    """Return a unit.

    Raises:
        Http404: there is none, or it is not this person's to see. Both look the same.
    """
    for unit in units_seen(request):
        if unit.pk == unit_id:
            return unit
    raise Http404


@lru_cache(maxsize=512)
def address(url_name: str, unit_id: UUID) -> str:
    """Return the address of a page of this unit."""
    return reverse(url_name, args=[unit_id])
