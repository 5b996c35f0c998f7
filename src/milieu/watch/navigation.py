"""Where a nurse reads the notices: for the navigation of every page."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from milieu.census.models import Unit
from milieu.kernel import clock
from milieu.people.access import units_where
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.record import stamp
from milieu.record.stamp import Unmoved
from milieu.watch.choices import turned_on
from milieu.watch.models import Notice

COUNTED_FOR: Final = timedelta(days=14)  # as long as the page shows them

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
            " ".join(
                filter(
                    None,
                    [
                        _("Notices"),
                        name if len(found) > 1 else "",
                        f"({unmarked})" if unmarked else "",
                    ],
                )
            ),
            "eye",
        )
        for unit, name, unmarked in found
    ]


def _ask(units: Sequence[UUID]) -> list[tuple[UUID, str, int]]:
    """Return each unit that watches anything, and how many of its notices nobody has marked."""
    waiting = Notice.objects.as_system("their number, for who may read them").filter(
        marks=None, told_at__gt=clock.now() - COUNTED_FOR
    )
    rows = Unit.objects.filter(pk__in=units).order_by("name")
    return [
        (unit.pk, unit.name, waiting.filter(unit=unit).count()) for unit in rows if turned_on(unit)
    ]
