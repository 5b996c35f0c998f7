"""Who is at work on a unit now: whoever an alert can reach."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Q

from milieu.people.access import grants_of, reaches
from milieu.people.middleware import IdleMiddleware
from milieu.people.models import Person, ShiftSession
from milieu.people.rules import Role

Present = Mapping[UUID, frozenset[Role]]  # person -> the roles held on that unit


def on_shift(units: Iterable[UUID], *, at: datetime) -> dict[UUID, Present]:
    """Return, by unit, who is at work there now and in which roles; in a few statements.

    At work is who has an open session on one of the unit's phones, or used the pages not longer
    ago than these sign an idle person out, and holds a role on that unit.
    """
    wanted = set(units)
    phones = _on_phones(wanted, at)
    pages = at_pages_now(at)
    roles = reaches(grants_of(_active(pages.union(*phones.values()))))
    return {
        unit: {
            person: held
            for person, reach in roles.items()
            if (held := reach.get(unit)) and (person in pages or person in phones[unit])
        }
        for unit in wanted
    }


def _on_phones(units: set[UUID], at: datetime) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    open_ones = ShiftSession.objects.filter(
        device__unit__in=units, device__retired_at=None, ended_at=None, ends_at__gt=at
    )
    for unit, person in open_ones.values_list("device__unit_id", "person_id"):
        found[unit].add(person)
    return found


def at_pages_now(at: datetime) -> set[UUID]:
    """Return who used the pages not longer ago than these sign an idle person out."""
    return set(_at_pages(at))


def _at_pages(at: datetime) -> Iterator[UUID]:
    """Yield who used the pages lately. When is known only inside each session."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    people = dict(UserSession.objects.values_list("session_key", "user_id"))
    idle = timedelta(minutes=settings.IDLE_MINUTES).total_seconds()
    sessions = Session.objects.filter(session_key__in=list(people), expire_date__gt=at)
    for key, data in sessions.values_list("session_key", "session_data"):
        seen = store.decode(data).get(IdleMiddleware.SEEN)
        if seen is not None and at.timestamp() - seen <= idle:
            yield people[key]


def _active(people: Iterable[UUID]) -> list[UUID]:
    active = Person.objects.filter(pk__in=list(people), is_active=True)
    return list(active.values_list("pk", flat=True))


def sessions_of(
    people: Iterable[UUID], *, since: datetime, now: datetime
) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """Return when these people were signed in on a phone, from ``since`` on; one statement."""
    rows = ShiftSession.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=since),
        person__in=list(people),
        ends_at__gt=since,
        started_at__lte=now,
    )
    found: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    for person, start, ends, ended in rows.values_list(
        "person_id", "started_at", "ends_at", "ended_at"
    ):
        found[person].append((start, min(ended or ends, ends)))
    return found
