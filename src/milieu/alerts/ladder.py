"""Up the ladder: which steps have come due, and who has to be told. Looked at every few seconds.

What is raised waits (``Waiting``) in the transaction of its cause; here each step and the messages
that tell of it are written together. So whenever this is stopped, nothing is lost, and what was
missed meanwhile is caught up with, step by step.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from milieu.alerts.models import Alert, Delivery, PushSubscription, Step, Waiting, Way
from milieu.alerts.outbox import Message, message, messages_outside, unwritten
from milieu.alerts.rules import Rung, reached
from milieu.census.models import Unit
from milieu.census.packs import pack
from milieu.people.rules import Role
from milieu.people.shift import Present, on_shift

WHY = "the ladder tells people on shift that somebody needs them, and no more"
Browsers = Mapping[UUID, Sequence[PushSubscription]]  # by person


def climb(now: datetime) -> int:
    """Write down every step that has come due, and a message for each person who must be told.

    Whoever comes on shift later, in a role that was reached, is told then. Returns the steps.
    """
    alerts = _waiting()
    if not alerts:
        return 0
    units = _units_of(alerts)
    shifts = on_shift({unit.pk for here in units.values() for unit in here}, at=now)
    resting = _resting()(now)
    steps: list[Step] = []
    told: list[tuple[Alert, Step, set[UUID]]] = []
    for alert in alerts:
        present = _together(shifts[unit.pk] for unit in units[alert.place.pk])
        present = {person: roles for person, roles in present.items() if person not in resting}
        new = _new_steps(alert, rungs_of(alert, units[alert.place.pk][0].pack_name), present, now)
        steps += new
        told += [(alert, step, _whom(alert, step, present)) for step in [*alert.steps.all(), *new]]
    _write(steps, unwritten(_messages(told), at=now))
    return len(steps)


@cache
def _resting() -> Callable[[datetime], set[UUID]]:
    """Return who says who is on a break: a room above this one, by name in settings."""
    found: Callable[[datetime], set[UUID]] = import_string(settings.RESTING)
    return found


def _waiting() -> list[Alert]:
    alerts = Alert.objects.as_system(WHY).filter(waiting__isnull=False)
    alerts = alerts.select_related("stay__standing__unit", "unit", "facility")
    return list(alerts.prefetch_related("steps").order_by("raised_at", "pk"))


def _units_of(alerts: Iterable[Alert]) -> dict[UUID, list[Unit]]:
    """Return the units of each place: of a facility, all; of a unit, itself."""
    found: dict[UUID, list[Unit]] = defaultdict(list)
    for alert in alerts:
        if isinstance(alert.place, Unit):
            found[alert.place.pk] = [alert.place]
    facilities = {alert.facility_id for alert in alerts if alert.facility_id}
    for unit in Unit.objects.filter(facility__in=facilities):
        found[unit.facility_id].append(unit)
    return found


def _together(shifts: Iterable[Present]) -> Present:
    """Return who is at work on any of some units, in the roles held on any."""
    found: dict[UUID, frozenset[Role]] = {}
    for present in shifts:
        for person, roles in present.items():
            found[person] = found.get(person, frozenset[Role]()) | roles
    return found


def rungs_of(alert: Alert, pack_name: str) -> tuple[Rung, ...]:
    """Return the ladder of an alert, from the pack of its unit."""
    return _ladder(pack_name, alert.kind)


@cache
def _ladder(pack_name: str, kind: str) -> tuple[Rung, ...]:
    rungs = pack(pack_name).ladder(kind).rungs
    return tuple(Rung(timedelta(seconds=rung.after_s), rung.role) for rung in rungs)


def _new_steps(alert: Alert, ladder: Sequence[Rung], present: Present, now: datetime) -> list[Step]:
    """Return the steps that have come due and are not written down: each in its turn."""
    known = {step.rung for step in alert.steps.all()}
    nobody = {step.rung for step in alert.steps.all() if step.nobody}
    at_work = frozenset[str]().union(*present.values())
    new: list[Step] = []
    while due := [
        each
        for each in reached(ladder, raised_at=alert.raised_at, now=now, nobody=nobody)
        if each.rung not in known
    ]:
        role = ladder[due[0].rung].role
        step = Step(
            alert=alert, rung=due[0].rung, role=role, at=due[0].at, nobody=role not in at_work
        )
        new.append(step)
        known.add(step.rung)
        if step.nobody:
            nobody.add(step.rung)
    return new


def _whom(alert: Alert, step: Step, present: Present) -> set[UUID]:
    """Return who is told of a step: the owner alone at first, while they are at work here."""
    if step.rung == 0 and alert.owner_id and alert.owner_id in present:
        return {alert.owner_id}
    return {person for person, roles in present.items() if step.role in roles}


def _messages(told: Sequence[tuple[Alert, Step, set[UUID]]]) -> Iterator[Message]:
    browsers = _browsers(set[UUID]().union(*(people for *_, people in told)))
    for alert, step, people in told:
        yield from messages_outside(alert.pk, step.rung)
        for person in sorted(people):
            yield message(alert.pk, step.rung, Way.PAGE, person)
            for browser in browsers[person]:
                yield message(alert.pk, step.rung, Way.PUSH, person, browser=browser.pk)


def _browsers(people: set[UUID]) -> Browsers:
    found: dict[UUID, list[PushSubscription]] = defaultdict(list)
    for browser in PushSubscription.objects.filter(person__in=people, ended_at=None):
        found[browser.person_id].append(browser)
    return found


def _write(steps: Sequence[Step], messages: Sequence[Delivery]) -> None:
    """Store what is new, of those alerts that still wait: one may have been answered meanwhile."""
    if not steps and not messages:
        return
    with transaction.atomic():
        alerts = {*(step.alert_id for step in steps), *(each.alert_id for each in messages)}
        waiting = set(Waiting.objects.filter(pk__in=alerts).values_list("pk", flat=True))
        Step.objects.bulk_create(
            [step for step in steps if step.alert_id in waiting], ignore_conflicts=True
        )
        Delivery.objects.bulk_create(
            [each for each in messages if each.alert_id in waiting], ignore_conflicts=True
        )
