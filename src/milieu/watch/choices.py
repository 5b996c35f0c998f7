"""What a unit has turned on, and how many notices it will read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from milieu.census.models import Unit
from milieu.kernel.errors import Refusal
from milieu.people.models import Person
from milieu.watch.models import Budget, Choice
from milieu.watch.sources import SOURCES

A_WEEK: Final = 7  # one notice a day, for as many people as follow; a product decision
PEOPLE: Final = 24
A_WEEK_MOST: Final = 70  # ten a day: more are not read


def turned_on(unit: Unit) -> dict[str, datetime]:
    """Return the streams that are on, each with since when."""
    on: dict[str, datetime] = {}
    for choice in Choice.objects.filter(unit=unit, stream__in=SOURCES).order_by("at", "pk"):
        if not choice.on:
            on.pop(choice.stream, None)
        else:
            on.setdefault(choice.stream, choice.at)
    return on


def a_week(unit: Unit, people: int) -> float:
    """Return how many notices a week this unit will read: chosen, else by how many people."""
    chosen = Budget.objects.filter(unit=unit).order_by("-at", "-pk").first()
    return chosen.a_week if chosen else unless_chosen(people)


def unless_chosen(people: int) -> float:
    """Return how many notices a week a unit with so many people reads where nobody chose."""
    return A_WEEK * people / PEOPLE


@transaction.atomic
def choose(
    unit: Unit, streams: Iterable[str], *, weekly: int | None, by: Person | None, at: datetime
) -> None:
    """Turn exactly these streams on, and say how many notices a week are read.

    Raises:
        Refusal ``unknown-stream``, ``too-many-notices``.
    """
    wanted, on = set(streams), turned_on(unit)
    if unknown := wanted - SOURCES.keys():
        text = _("There is no stream %(code)r.") % {"code": min(unknown)}
        raise Refusal("unknown-stream", text, field="streams")
    if weekly is not None and not 1 <= weekly <= A_WEEK_MOST:
        text = _("Choose between 1 and %(most)d notices a week.") % {"most": A_WEEK_MOST}
        raise Refusal("too-many-notices", text, field="a_week")
    Choice.objects.bulk_create(
        Choice(unit=unit, stream=code, on=code in wanted, by=by, at=at)
        for code in sorted(wanted ^ on.keys())
    )
    if weekly is not None:
        Budget.objects.create(unit=unit, a_week=weekly, by=by, at=at)
