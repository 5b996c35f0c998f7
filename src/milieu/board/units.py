"""The units that whoever asks may see: looked up once for each request."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest

from milieu.census.models import Unit
from milieu.people.access import units_where
from milieu.people.models import Person
from milieu.people.rules import Action

KEPT = "units_seen"  # on the request: the page and its navigation ask the same


def units_seen(request: HttpRequest) -> list[Unit]:
    """Return the units where this person may see people in care, by name."""
    assert isinstance(request.user, Person), "Only people who are signed in see units."
    if KEPT not in vars(request):
        units = Unit.objects.filter(pk__in=units_where(request.user, Action.SEE))
        vars(request)[KEPT] = list(units)
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
