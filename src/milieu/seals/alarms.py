"""What people must hear about the seal: that it is late, that it is damaged, that phones object."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from milieu.census.models import Facility
from milieu.kernel.errors import Refusal
from milieu.people.models import Person
from milieu.seals import beside
from milieu.seals.log import Damaged, frontier
from milieu.seals.models import Contradiction, Explanation
from milieu.seals.reading import unsealed
from milieu.seals.sealing import settled

LATE: Final = timedelta(minutes=1)
LOOKED_FOR_S: Final = 10.0  # how long a page's warning may be behind

_warned: dict[UUID, tuple[float, bool]] = {}  # by unit


def oldest_waiting(now: datetime) -> datetime | None:
    """Return since when the oldest entry waits for its seal, if it waits for too long."""
    waiting = unsealed(settled(now)).filter(stored_at__lt=now - LATE)
    since: datetime | None = waiting.values_list("stored_at", flat=True).first()
    return since


def damaged() -> Iterator[str]:
    """Yield each facility whose log is not what was signed of it, by its code."""
    for facility in Facility.objects.order_by("code"):
        try:
            beside.refuse_if_lost(facility.pk)
            frontier(facility.pk)
        except Damaged:
            yield facility.code


def unexplained() -> QuerySet[Contradiction]:
    """Return the contradictions that nobody has explained, oldest first."""
    open_still = Contradiction.objects.filter(explanation=None)
    return open_still.select_related("device__unit", "facility").order_by("found_at")


def warns(unit: UUID) -> bool:
    """Return whether the pages of a unit must say that phones of its facility object."""
    moment = time.monotonic()
    kept = _warned.get(unit)
    if kept is None or moment >= kept[0]:
        found = unexplained().filter(facility__units=unit).exists()
        kept = _warned[unit] = (moment + LOOKED_FOR_S, found)
    return kept[1]


def explain(contradiction: UUID, *, by: Person, words: str, at: datetime) -> None:
    """Say what a person found out. The contradiction stays; its warning ends.

    Raises:
        Refusal ``unknown-contradiction``, ``explained-before``, ``words-missing``.
    """
    if not words.strip():
        raise Refusal("words-missing", "Say what was found out.")
    found = Contradiction.objects.filter(pk=contradiction).first()
    if found is None:
        raise Refusal("unknown-contradiction", "There is none by this id. List them first.")
    if Explanation.objects.filter(contradiction=found).exists():
        raise Refusal("explained-before", "Someone has explained this one already.")
    Explanation.objects.create(contradiction=found, by=by, at=at, words=words.strip())
    _warned.clear()
