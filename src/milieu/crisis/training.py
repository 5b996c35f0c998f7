"""Who is trained to do what: asked by one function that settings name, kept here by default.

A facility whose training records live elsewhere names a function of its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from milieu.crisis.law import Sort
from milieu.crisis.models import Trained
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.models import Person

Known = Mapping[UUID, frozenset[Sort]]  # by person: the sorts that they may apply


def trained(people: Iterable[UUID], on: date) -> Known:
    """Return what these people are trained for on a day, by the rows that leads keep."""
    rows = Trained.objects.filter(
        person__in=list(people), sort__in=list(Sort), on__lte=on, until__gte=on
    )
    found: dict[UUID, set[Sort]] = defaultdict(set)
    for person, sort in rows.values_list("person_id", "sort"):
        found[person].add(Sort(sort))
    return {person: frozenset(sorts) for person, sorts in found.items()}


@cache
def _asked() -> Callable[[Iterable[UUID], date], Known]:
    found: Callable[[Iterable[UUID], date], Known] = import_string(settings.RESTRAINT_TRAINED)
    return found


def untrained(people: Iterable[UUID], sorts: Iterable[Sort], on: date) -> list[UUID]:
    """Return who of these people is not trained, on this day, for every one of these sorts."""
    wanted, people = set(sorts), list(people)
    known = _asked()(people, on)
    return [person for person in people if not wanted <= known.get(person, frozenset())]


def write_down(
    person: Person,
    sorts: Iterable[str],
    *,
    on: date,
    until: date,
    certified_by: str,
    by: Person,
    at: datetime,
) -> None:
    """Keep that somebody is trained for these sorts, or in ``cpr``, until a day: a row more.

    Raises:
        Refusal ``ends-before``, ``words-missing``, ``text-unusable``.
    """
    if until < on:
        raise Refusal(
            "ends-before", _("It ends before it begins. Choose a later day."), field="until"
        )
    name = storable(certified_by, field="certified_by")
    if not name:
        raise Refusal("words-missing", _("Say who certified it."), field="certified_by")
    Trained.objects.bulk_create(
        Trained(
            person=person,
            sort=sort,
            on=on,
            until=until,
            certified_by=name,
            written_by=by,
            written_at=at,
        )
        for sort in sorts
    )
