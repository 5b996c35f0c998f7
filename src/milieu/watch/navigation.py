"""Where a nurse reads the notices: for the navigation of every page."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from milieu.census.models import Unit
from milieu.people.access import units_where
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record import stamp
from milieu.record.stamp import Unmoved
from milieu.watch.choices import turned_on

_watching: Final = Unmoved({})


def notices(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Return the page of notices of each unit that watches anything, for who may read it."""
    assert isinstance(request.user, Person), "Navigation is for people who are signed in."
    units = tuple(units_where(request.user, Action.NOTICES))
    if not units:
        return []
    found = _watching.get(units, stamp.kept(request), lambda: _ask(units))
    return [
        (
            reverse("notices", args=[unit]),
            _("Notices") if len(found) == 1 else _("Notices, %(unit)s") % {"unit": name},
            "eye",
        )
        for unit, name in found
    ]


def _ask(units: Sequence[UUID]) -> list[tuple[UUID, str]]:
    rows = Unit.objects.filter(pk__in=units).order_by("name")
    return [(unit.pk, unit.name) for unit in rows if turned_on(unit)]
