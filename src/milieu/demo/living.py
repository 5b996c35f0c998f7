"""The demo goes on living: technicians look in, the board moves, now and then someone is late."""

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


def live(unit: Unit) -> None:
    """Record checks on this unit as they fall due, until stopped."""
    life = Life(unit)
    while True:
        life.turn(clock.now())
        time.sleep(LOOK_EVERY_S)


class Life:
    """Who will be looked in on when; forgotten when the demo stops."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.chance = Random(unit.pk.int)
        self.plans: dict[UUID, datetime] = {}
        self.tempers: dict[UUID, Temper] = {}

    def turn(self, now: datetime) -> int:
        """Look in on everyone whose moment has come; return on how many."""
        due = [shown for shown in _shown(self.unit) if self._plan(shown, now) <= now]
        if due:
            append(
                [self._look(shown, now, place) for place, shown in enumerate(due)], received_at=now
            )
        for shown in due:
            del self.plans[shown.stay_id]
        return len(due)

    def _plan(self, shown: Clock, now: datetime) -> datetime:
        """Return when this person will be looked in on: before it is due, rarely a little after."""
        if shown.stay_id not in self.plans:
            assert shown.due_at, "Only clocks that run are planned."
            since = shown.last_at or shown.stay.standing.clock_from
            plan = since + (shown.due_at - since) * self.chance.uniform(0.5, 0.96)
            if self.chance.random() < SKIPPED:
                plan = shown.due_at + LATE_BY_MAX * self.chance.random()
            # After a time without the demo running, people are found one by one, not all at once.
            soon = now + timedelta(seconds=self.chance.uniform(0, 90))
            self.plans[shown.stay_id] = max(plan, soon) if plan < now else plan
        return self.plans[shown.stay_id]

    def _look(self, shown: Clock, now: datetime, place: int) -> Draft:
        temper = self.tempers.setdefault(
            shown.stay_id, Temper(wakeful=self.chance.betavariate(1.2, 9))
        )
        device = Device.objects.filter(unit=self.unit, retired_at=None).earliest("name")
        return Draft(
            entry_id=uuid7(),
            kind=CHECK,
            stay_id=shown.stay_id,
            author_id=_holder(shown) or _anyone(self.unit).pk,
            happened_at=now,
            written_at=now,
            fact=seen(temper, now.astimezone(self.unit.zone), self.chance),
            device_id=device.pk,
            device_seq=_next_seq(device) + place,
            clock_offset_ms=0,
            clock_age_s=1,
        )


def _shown(unit: Unit) -> list[Clock]:
    clocks = Clock.objects.as_system("the demo's own people").filter(
        stay__standing__unit=unit, stay__standing__state=State.IN, due_at__isnull=False
    )
    return list(clocks.select_related("stay__standing", "stay__hold"))


def _holder(shown: Clock) -> UUID | None:
    hold = getattr(shown.stay, "hold", None)
    return hold.holder_id if hold else None


def _anyone(unit: Unit) -> Person:
    return Person.objects.filter(grants__unit=unit, grants__role=Role.TECHNICIAN).earliest(
        "username"
    )


def _next_seq(device: Device) -> int:
    entries = Entry.objects.as_system("the demo's own phone").filter(device=device)
    return (entries.order_by("-device_seq").values_list("device_seq", flat=True).first() or 0) + 1
