"""Vital signs that were declined, or not taken because somebody slept: when to try again."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milieu.alerts.quiet import Quiet
from milieu.census.models import State, Stay
from milieu.census.packs import LANGUAGE
from milieu.kernel.clock import rfc3339
from milieu.people.access import may
from milieu.people.models import Person
from milieu.people.rules import Action
from milieu.vitals.models import Latest
from milieu.vitals.rules import again_by
from milieu.vitals.said import of_set

NOT_TAKEN = ("declined", "asleep")
RELATED = ("newest__vitalsigns", "newest__author", "stay__clock", "stay__standing__unit")


class Again(NamedTuple):
    """Vital signs that were not taken, and by when they are to be tried again."""

    at: datetime
    by: datetime
    late: bool
    words: str


def again(stay: Stay, now: datetime, language: str) -> Again | None:
    """Return by when to try again, where the newest set was declined or slept through."""
    rows = Latest.objects.as_system("the reader may see this stay: asked before")
    latest = rows.filter(stay=stay, outcome__in=NOT_TAKEN).select_related(*RELATED).first()
    if latest is None:
        return None
    by = _due(latest)
    return Again(latest.newest_at, by, by < now, of_set(latest.newest.vitalsigns, language))


def waiting(reader: Person, now: datetime) -> list[Quiet]:
    """Return whom to ask again on this person's units: who is there, and whose time has come."""
    rows = Latest.objects.visible_to(reader).filter(
        outcome__in=NOT_TAKEN, stay__standing__state=State.IN
    )
    related = (*RELATED, "stay__patient", "stay__standing__bed__room")
    return [
        _quiet(latest, reader) for latest in rows.select_related(*related) if _due(latest) <= now
    ]


def for_phones(stays: Iterable[Stay]) -> dict[UUID, dict[str, Any]]:
    """Return ``vitals`` of each stay of which anything stands; ``stays``: with ``vitals``.

    The phone works the time out itself: a set that it writes without a network moves it.
    """
    rows = {stay.pk: getattr(stay, "vitals", None) for stay in stays}
    return {key: _packed(row) for key, row in rows.items() if row is not None}


def _due(latest: Latest) -> datetime:
    hours = latest.stay.standing.unit.pack.vitals
    level = getattr(latest.stay, "clock", None)
    raised = level is not None and level.level in hours.raised_levels
    assert latest.newest_at is not None, "Whose newest set was not taken has one."
    return again_by(latest.newest_at, hours=hours.again_raised_h if raised else hours.again_h)


def _quiet(latest: Latest, reader: Person) -> Quiet:
    stay, entry = latest.stay, latest.newest
    assert entry is not None, "Whose newest set was not taken has one."
    allowed = may(reader, Action.CHECK, stay.standing.unit_id)
    return Quiet(
        title=_("Vital signs: to be tried again"),
        stay=stay,
        said=of_set(entry.vitalsigns, get_language() or LANGUAGE),
        by=entry.author.short_name,
        at=latest.newest_at or entry.happened_at,
        since=_due(latest),
        step=_("Take vital signs") if allowed else "",
        url=reverse("vitals-take", args=[stay.pk]),
    )


def _packed(latest: Latest) -> dict[str, Any]:
    return {
        "outcome": latest.outcome,
        "at": rfc3339(latest.newest_at) if latest.newest_at else None,
        "scale": latest.scale,
    }
