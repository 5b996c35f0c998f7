"""May this person do this here? Asked once, in services; pages ask only to hide buttons."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import Grant, Person
from milieu.people.rules import GRANTED, Action, Role, allowed, who_may

GRANT = ("role", "starts_at", "ends_at", "unit_id", "facility__units__id")
Reach = Mapping[UUID, frozenset[Role]]  # unit -> the roles held there


def grants_of(people: Iterable[UUID]) -> QuerySet[Grant, tuple[Any, ...]]:
    """Return every role that these people were ever given, as ``reaches`` reads them."""
    return Grant.objects.filter(person__in=people).values_list("person_id", *GRANT)


def reaches(
    grants: Iterable[tuple[Any, ...]], *, since: datetime | None = None
) -> dict[UUID, Reach]:
    """Return where each person holds which roles, from the rows of ``grants_of``.

    Roles held now; with ``since``, also those that ended after it: what was written then on a
    phone, while a role was held, may arrive when it is held no longer.
    """
    now = clock.now()
    found: dict[UUID, dict[UUID, set[Role]]] = defaultdict(lambda: defaultdict(set))
    for person_id, role, starts_at, ends_at, unit_id, facility_unit_id in grants:
        held = starts_at <= now and (ends_at is None or ends_at > (since or now))
        unit = unit_id or facility_unit_id
        if held and unit:
            found[person_id][unit].add(Role(role))
    return {
        person: {unit: frozenset(roles) for unit, roles in units.items()}
        for person, units in found.items()
    }


def reach_of(person: Person) -> Reach:
    """Return where this person holds which roles; looked up once for each request."""
    if person.reach_cache is None:
        person.reach_cache = (
            reaches(grants_of([person.pk])).get(person.pk, {}) if person.is_active else {}
        )
    return person.reach_cache


def units_where(person: Person, action: Action) -> list[UUID]:
    """Return the units on which this person may do this."""
    return [unit for unit, roles in reach_of(person).items() if allowed(action, roles)]


def may(person: Person, action: Action, unit_id: UUID | None = None) -> bool:
    """Return whether this person may do this on this unit; without a unit, on any."""
    if unit_id is None:
        return bool(units_where(person, action))
    return allowed(action, reach_of(person).get(unit_id, ()))


def require(person: Person, action: Action, unit_id: UUID | None = None) -> None:
    """Pass, or say who can.

    Raises:
        Refusal ``not-allowed``: this person's roles here do not include it.
    """
    if not may(person, action, unit_id):
        raise not_allowed(action)


def not_allowed(action: Action) -> Refusal:
    """Return the refusal that says who can."""
    who = reduce(_either, map(_, who_may(action)))
    text = _("%(who)s can do this here. Ask one on your shift.") % {"who": who}
    return Refusal("not-allowed", str(capfirst(text)))


def _either(one: str, other: str) -> str:
    return _("%(one)s or %(other)s") % {"one": one, "other": other}


def staff_of(unit_id: UUID, action: Action) -> list[Person]:
    """Return who may do this on this unit now, by name."""
    now = clock.now()
    grants = Grant.objects.filter(
        Q(unit=unit_id) | Q(facility__units=unit_id),
        Q(ends_at=None) | Q(ends_at__gt=now),
        role__in=[role.value for role in GRANTED[action]],
        starts_at__lte=now,
    )
    people = Person.objects.filter(pk__in=grants.values("person"), is_active=True)
    return list(people.order_by("name"))


def needs_second_factor(person: Person) -> bool:
    """Return whether a role that this person holds must sign in with a second factor."""
    if not settings.MFA_ROLES:
        return False
    held = {str(role) for roles in reach_of(person).values() for role in roles}
    return not held.isdisjoint(settings.MFA_ROLES)
