"""The demo goes on living: technicians look in, the board moves, now and then someone is late."""

import logging
import time
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from milieu.census.models import State, Unit
from milieu.demo.rhythm import Temper, seen
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Device, Person
from milieu.people.rules import Role
from milieu.record.kinds import Draft
from milieu.record.ledger import append
from milieu.record.models import Entry
from milieu.rounds.models import Clock
from milieu.rounds.services import CHECK

LOOK_EVERY_S = 5
SKIPPED = 0.04  # now and then somebody is overdue for a while
LATE_BY_MAX = timedelta(minutes=6)
log = logging.getLogger(__name__)


def live(unit: Unit, *, turns: int | None = None) -> None:
    """Record checks on this unit as they fall due, until stopped; or for so many ``turns``."""
    chance = Random(unit.pk.int)
    plans: dict[UUID, datetime] = {}
    tempers: dict[UUID, Temper] = {}
    while turns is None or turns > 0:
        now = clock.now()
        due = [shown for shown in _shown(unit) if _plan(shown, plans, now, chance) <= now]
        if due:
            drafts = [_look(shown, unit, now, chance, tempers) for shown in due]
            for shown in due:
                del plans[shown.stay_id]
            append(drafts)
            log.info("demo looked in", extra={"people": len(due)})
        turns = None if turns is None else turns - 1
        time.sleep(LOOK_EVERY_S if turns is None else 0)


def _shown(unit: Unit) -> list[Clock]:
    clocks = Clock.objects.as_system("the demo's own people").filter(
        stay__standing__unit=unit, stay__standing__state=State.IN, due_at__isnull=False
    )
    return list(clocks.select_related("stay__standing"))


def _plan(shown: Clock, plans: dict[UUID, datetime], now: datetime, chance: Random) -> datetime:
    """When this person will be looked in on: some time before it is due, rarely a little after."""
    if shown.stay_id not in plans:
        assert shown.due_at, "Only clocks that run are planned."
        since = shown.last_at or shown.stay.standing.clock_from
        plan = since + (shown.due_at - since) * chance.uniform(0.5, 0.96)
        if chance.random() < SKIPPED:
            plan = shown.due_at + LATE_BY_MAX * chance.random()
        # After a time without the demo running, people are found one by one, not all at once.
        plans[shown.stay_id] = max(
            plan, now + timedelta(seconds=chance.uniform(0, 90)) if plan < now else plan
        )
    return plans[shown.stay_id]


def _look(
    shown: Clock, unit: Unit, now: datetime, chance: Random, tempers: dict[UUID, Temper]
) -> Draft:
    temper = tempers.setdefault(shown.stay_id, Temper(wakeful=chance.betavariate(1.2, 9)))
    author = shown.holder_id or _anyone(unit).pk
    device = Device.objects.filter(unit=unit, retired_at=None).order_by("name").first()
    return Draft(
        entry_id=uuid7(),
        kind=CHECK,
        stay_id=shown.stay_id,
        author_id=author,
        happened_at=now,
        written_at=now,
        fact=seen(temper, now.astimezone(unit.zone), chance),
        device_id=device.pk if device else None,
        device_seq=_next_seq(device) if device else None,
        clock_offset_ms=0,
        clock_age_s=1,
    )


def _anyone(unit: Unit) -> Person:
    return Person.objects.filter(grants__unit=unit, grants__role=Role.TECHNICIAN).earliest(
        "username"
    )


def _next_seq(device: Device) -> int:
    entries = Entry.objects.as_system("the demo's own phone").filter(device=device)
    return (entries.order_by("-device_seq").values_list("device_seq", flat=True).first() or 0) + 1
