"""The board's rows, in two statements however long the histories are.

Whoever calls has asked whether the reader may see people on this unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models

from milieu.alerts.models import Acknowledgement, Alert
from milieu.board.cards import Card, Seen
from milieu.census.models import Patient, Standing, Unit
from milieu.census.services import HERE
from milieu.people.models import Person
from milieu.record.prepared import Prepared, Row

ASKED = "the reader may see people on this unit: asked before"
BED = ("bed__room__name", "bed__name")
NAMES = ("preferred_name", "given_name", "family_name")
CLOCK = ("level", "observer__name", "due_at", "last_at", "holder__name")
LAST = Seen._fields
UNIT_COLUMNS = ("pk", "name", "time_zone", "pack_name")


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """An alert that nobody has answered, with its owner and its clock."""

    alert_id: UUID
    stay_id: UUID
    kind: str
    words: str
    owner_role: str
    answer_by: datetime
    raised_by: str


def _here(units: Sequence[UUID]) -> models.QuerySet[Any, Any]:
    return Standing.objects.filter(unit__in=units, state__in=HERE).values_list(
        "stay_id",
        "state",
        "since",
        "back_by",
        "escort__name",
        *BED,
        *(f"stay__patient__{name}" for name in NAMES),
        *(f"stay__clock__{name}" for name in CLOCK),
        *(f"stay__clock__last__{name}" for name in LAST),
    )


def _waiting(units: Sequence[UUID]) -> models.QuerySet[Any, Any]:
    alerts: models.QuerySet[Any, Any] = (
        Alert.objects.as_system(ASKED)
        .filter(stay__standing__unit__in=units, waiting__isnull=False)
        .order_by("answer_by", "pk")
        .values_list("pk", "stay_id", "kind", "words", "owner_role", "answer_by", "raised_by__name")
    )
    return alerts


UNIT = Prepared(lambda units: Unit.objects.filter(pk__in=units).values_list(*UNIT_COLUMNS))
HERE_NOW = Prepared(_here)
WAITING = Prepared(_waiting)


def unit(unit_id: UUID) -> Unit:
    """Return a unit that is there. One that has not changed is the same object."""
    (row,) = UNIT.rows([unit_id])
    return _unit(row)


def cards(unit_id: UUID) -> list[Card]:
    """Return a card for everyone on this unit's list, those away included."""
    return [_card(row) for row in HERE_NOW.rows([unit_id])]


def waiting(unit_id: UUID) -> list[Waiting]:
    """Return the alerts of this unit that wait for an answer, the most urgent first."""
    return [_alert(row) for row in WAITING.rows([unit_id])]


def answered(alerts: frozenset[UUID]) -> set[UUID]:
    """Return which of these alerts have been answered."""
    return set(Acknowledgement.objects.filter(pk__in=alerts).values_list("pk", flat=True))


@lru_cache(maxsize=256)
def _unit(row: Row) -> Unit:
    return Unit(**dict(zip(UNIT_COLUMNS, UNIT.read([row])[0], strict=True)))


@lru_cache(maxsize=4096)
def _card(row: Row) -> Card:
    """Make a card from a row. A row that has not changed is the same card."""
    values = iter(HERE_NOW.read([row])[0])

    def some(names: tuple[str, ...]) -> list[Any]:
        return [next(values) for _ in names]

    stay_id, state, since, back_by, escort = some(("",) * 5)
    room, bed = some(BED)
    called = Patient(**dict(zip(NAMES, some(NAMES), strict=True)))
    level, observer, due_at, last_at, holder = some(CLOCK)
    seen = Seen(*some(LAST))
    return Card(
        stay_id=stay_id,
        room=f"{room or ''}{bed or ''}",
        initials=called.initials,
        name=called.screen_name,
        state=state,
        since=since,
        back_by=back_by,
        escort=_short(escort),
        level=level or "",
        observer=_short(observer),
        due_at=due_at,
        last_at=last_at,
        seen=seen if seen.outcome else None,
        holder=_short(holder),
    )


@lru_cache(maxsize=1024)
def _alert(row: Row) -> Waiting:
    alert_id, stay_id, kind, words, owner_role, answer_by, raised_by = WAITING.read([row])[0]
    return Waiting(
        alert_id=alert_id,
        stay_id=stay_id,
        kind=kind,
        words=words,
        owner_role=owner_role,
        answer_by=answer_by,
        raised_by=_short(raised_by),
    )


def _short(name: str | None) -> str:
    return Person(name=name).short_name if name else ""
