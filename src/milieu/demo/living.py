"""The demo goes on living: technicians look in, the board moves, now and then someone is late.

Nothing is ever invented in the name of somebody whom a visitor has signed in as. While they are
signed in, whom they have is theirs to look in on: nobody does it in their stead, so that the board
shows what happens when a check is missed. Once they have signed out, the others take over, in their
own names, and say that nobody handed over to them; so no list is left behind for good.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.db.models import F

from milieu.census.models import Bed, State, Unit
from milieu.demo.names import STAFF
from milieu.demo.rhythm import Temper, seen
from milieu.demo.rota import TEAM, Duty, Last, Rota, Step, steps
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.people.models import Device, Person, ShiftSession
from milieu.people.rules import Role
from milieu.people.shift import on_shift
from milieu.record.kinds import Draft
from milieu.record.ledger import BATCH_MAX, append
from milieu.record.models import Entry
from milieu.rounds.models import Clock, Hold
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
        usernames = [username for username, _, role in STAFF if role == Role.TECHNICIAN]
        people = {each.username: each for each in Person.objects.filter(username__in=usernames)}
        self.rota = Rota([people[name] for name in usernames if name in people], unit.zone)
        self.beds = list(
            Bed.objects.filter(room__unit=unit).order_by("pk").values_list("pk", flat=True)
        )

    def turn(self, now: datetime) -> int:
        """Look in on everyone whose moment has come; return on how many."""
        visitors = _visitors()
        self.rota = replace(self.rota, without=visitors)
        if {each.pk for each in self.rota.technicians} <= visitors:
            return 0  # nobody is left to invent
        here = visitors & on_shift([self.unit.pk], at=now)[self.unit.pk].keys()
        clocks = []
        for shown in _shown(self.unit):
            if _holder(shown) in here:
                self.plans.pop(shown.stay_id, None)  # theirs to see
            else:
                clocks.append(shown)
        told = [draft for shown in clocks for draft in self._handed(shown, now)]
        for start in range(0, len(told), BATCH_MAX):
            append(told[start : start + BATCH_MAX], received_at=now)
        due = [shown for shown in clocks if self._plan(shown, now) <= now]
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

    def _handed(self, shown: Clock, now: datetime) -> Iterator[Draft]:
        """Tell what is said where somebody else should have this person by now."""
        hold: Hold | None = getattr(shown.stay, "hold", None)
        duty = self.duty(shown, now)
        before, last = hold.holder if hold else None, Last(shown.last_at, shown.level)
        if before and before.pk in self.rota.without:
            last = Last(None, shown.level)  # they went, and what they did not say is not invented
        elif hold and (hold.offer_id or before == duty.who):
            return
        if duty.purpose == "shift" and hold and hold.purpose == "break":
            duty = duty._replace(purpose="return")
        for step in steps(before, duty, now, last, iter(uuid7, None)):
            yield self._said(shown, step)

    def duty(self, shown: Clock, now: datetime) -> Duty:
        """Return who should have this person now."""
        bed = shown.stay.standing.bed_id
        third = self.beds.index(bed) * TEAM // len(self.beds) if bed in self.beds else 0
        level = self.unit.pack.level(shown.level)
        ordered = shown.level_entry.happened_at if shown.level_entry else None
        return self.rota.duty(now, third, ordered if level.continuous else None)

    def _said(self, shown: Clock, step: Step) -> Draft:
        return Draft(
            entry_id=step.entry_id,
            kind=step.kind,
            stay_id=shown.stay_id,
            author_id=step.author.pk,
            happened_at=step.at,
            written_at=step.at,
            fact=step.fact,
            clock_offset_ms=0,
            clock_age_s=1,
        )

    def _look(self, shown: Clock, now: datetime, place: int) -> Draft:
        temper = self.tempers.setdefault(
            shown.stay_id, Temper(wakeful=self.chance.betavariate(1.2, 9))
        )
        device = Device.objects.filter(unit=self.unit, retired_at=None).earliest("name")
        return Draft(
            entry_id=uuid7(),
            kind=CHECK,
            stay_id=shown.stay_id,
            author_id=self._looks(shown, now),
            happened_at=now,
            written_at=now,
            fact=seen(temper, now.astimezone(self.unit.zone), self.chance),
            device_id=device.pk,
            device_seq=_next_seq(device) + place,
            clock_offset_ms=0,
            clock_age_s=1,
        )

    def _looks(self, shown: Clock, now: datetime) -> UUID:
        """Return who looks in: whoever has this person, if their words may be invented."""
        holder = _holder(shown)
        return (
            holder if holder and holder not in self.rota.without else self.duty(shown, now).who.pk
        )


def _visitors() -> frozenset[UUID]:
    """Return whom a visitor has ever signed in as, on a page or on a phone.

    The demo signed its own people in on each phone at the moment when it was enrolled.
    """
    on_pages = Person.objects.filter(last_login__isnull=False).values_list("pk", flat=True)
    on_phones = ShiftSession.objects.filter(started_at__gt=F("device__enrolled_at"))
    return frozenset([*on_pages, *on_phones.values_list("person_id", flat=True)])


def _shown(unit: Unit) -> list[Clock]:
    clocks = Clock.objects.as_system("the demo's own people").filter(
        stay__standing__unit=unit, stay__standing__state=State.IN, due_at__isnull=False
    )
    return list(clocks.select_related("stay__standing", "stay__hold__holder", "level_entry"))


def _holder(shown: Clock) -> UUID | None:
    hold = getattr(shown.stay, "hold", None)
    return hold.holder_id if hold else None


def _next_seq(device: Device) -> int:
    entries = Entry.objects.as_system("the demo's own phone").filter(device=device)
    return (entries.order_by("-device_seq").values_list("device_seq", flat=True).first() or 0) + 1
