"""An alert as the page shows it: what it says, its clock, which rung, who was told and when."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milieu.alerts import deadlines
from milieu.alerts.forms import AnswerForm
from milieu.alerts.kinds import (
    ANSWERED_BY,
    CONCERN,
    HELP,
    OVERDUE,
    TELL_NEAR,
    TELL_PASSED,
    said,
)
from milieu.alerts.ladder import rungs_of
from milieu.alerts.models import Alert, Delivery, Outcome, Step, Way
from milieu.alerts.quiet import Quiet
from milieu.alerts.services import may_answer
from milieu.alerts.shortage import ahead
from milieu.census.models import Facility, Unit
from milieu.census.packs import LANGUAGE
from milieu.census.sentences import parts_said
from milieu.kernel.clock import wall_time
from milieu.people.access import not_allowed
from milieu.people.forms import ROLE_NAMES
from milieu.people.models import Person
from milieu.people.rules import Role

SOON: Final = timedelta(minutes=1)  # what took longer to come says when it came

Words = str | Promise


@dataclass(frozen=True)
class Rung:
    """A step that was reached: whose turn it was, since when, and who of them was told how.

    Steps that found nobody, one after the other, are shown as one.
    """

    roles: str
    at: datetime
    nobody: bool
    people: list[str]  # each with how they were told
    services: str  # what became of the messages to the facility's services


@dataclass(frozen=True)
class Line:
    """One alert as it is shown. ``over_min`` is by how many minutes its answer is late."""

    alert: Alert
    words: str
    place: Unit | Facility
    zone: ZoneInfo
    check: str  # the check that it rests on, in words
    short: str  # by how much people are missing, or which limit it is about
    sent_late: bool
    seen_at: datetime | None  # somebody looked in since
    arrived_at: datetime | None  # that look was in time, and came here only then
    owner: Words
    over_min: int
    rungs: list[Rung]
    next_role: Words
    next_at: datetime | None
    may_answer: bool
    who_may: str
    form: AnswerForm

    @property
    def is_concern(self) -> bool:
        return self.alert.kind == CONCERN

    @property
    def is_help(self) -> bool:
        """Whether it is answered by saying that one comes, on the page of its calls."""
        return self.alert.kind == HELP

    @property
    def is_telling(self) -> bool:
        """Whether somebody has to be told: it leads to where one writes that they were."""
        return self.alert.kind in (TELL_NEAR, TELL_PASSED)

    @property
    def is_overdue(self) -> bool:
        return self.alert.kind == OVERDUE


def line(alert: Alert, reader: Person, now: datetime, form: AnswerForm | None = None) -> Line:
    """Return an alert as this reader is shown it."""
    place = alert.place
    unit = place if isinstance(place, Unit) else place.units.order_by("name", "pk")[0]
    answered = hasattr(alert, "acknowledgement")
    steps = list(alert.steps.all())
    following = [] if answered else rungs_of(alert, unit.pack_name)[len(steps) :]
    seen_at, stored_at = getattr(alert, "seen_at", None), getattr(alert, "seen_stored_at", None)
    return Line(
        alert=alert,
        words=said(alert.kind, alert.words),
        place=place,
        zone=unit.zone,
        check=_check(alert, unit),
        short=_short(alert, unit.zone),
        sent_late=alert.raised_at - alert.happened_at > SOON,
        seen_at=seen_at,
        arrived_at=stored_at if seen_at and seen_at <= alert.raised_at else None,
        owner=ROLE_NAMES[Role(alert.owner_role)],
        over_min=0 if answered else max(int((now - alert.answer_by).total_seconds() // 60), 0),
        rungs=_rungs(alert, steps, unit.zone),
        next_role=ROLE_NAMES[Role(following[0].role)] if following else "",
        next_at=alert.raised_at + following[0].after if following else None,
        may_answer=may_answer(reader, alert),
        who_may=not_allowed(ANSWERED_BY[alert.kind]).message,
        form=form or AnswerForm(auto_id=f"answer-{alert.pk}-%s"),
    )


def _short(alert: Alert, zone: ZoneInfo) -> str:
    if hasattr(alert, "shortage"):
        return ahead(alert.shortage)
    if not hasattr(alert, "deadline"):
        return ""
    return deadlines.told(alert.deadline, zone, deadlines.pack_of(alert))


def _check(alert: Alert, unit: Unit) -> str:
    check = getattr(alert.source, "safetycheck", None)
    return parts_said(check, unit.pack_name, get_language() or LANGUAGE) if check else ""


def _rungs(alert: Alert, steps: list[Step], zone: ZoneInfo) -> list[Rung]:
    told: dict[int, list[Delivery]] = defaultdict(list)
    for delivery in alert.deliveries.all():
        told[delivery.rung].append(delivery)
    found: list[Rung] = []
    for step in steps:
        rung = Rung(
            roles=str(ROLE_NAMES[Role(step.role)]),
            at=step.at,
            nobody=step.nobody,
            people=_people(told[step.rung], zone),
            services=_services(told[step.rung], zone),
        )
        if found and _nobody(found[-1]) and _nobody(rung):
            rung = replace(rung, roles=f"{found[-1].roles}, {rung.roles}", at=found.pop().at)
        found.append(rung)
    return found


def _nobody(rung: Rung) -> bool:
    return rung.nobody and not rung.people and not rung.services


def _people(deliveries: list[Delivery], zone: ZoneInfo) -> list[str]:
    """Return who was told, each once, with how: ``Dana R.: message 02:17, on screen 02:18``."""
    ways: dict[UUID, list[str]] = defaultdict(list)
    names: dict[UUID, str] = {}
    for each in deliveries:
        if each.person is None:
            continue
        names[each.person.pk] = each.person.short_name
        if how := _how(each, zone):
            ways[each.person.pk].append(how)
    nowhere = _("not on a screen yet")  # not inside an f-string, where xgettext does not look
    return [
        f"{name}: {', '.join(dict.fromkeys(ways[person])) or nowhere}"
        for person, name in names.items()
    ]


def _how(delivery: Delivery, zone: ZoneInfo) -> str:
    if delivery.outcome == Outcome.ARRIVED and delivery.done_at:
        words = _("on screen %(time)s") if delivery.way == Way.PAGE else _("message %(time)s")
        return words % {"time": wall_time(delivery.done_at, zone)}
    return _("a message does not go out") if delivery.tries else ""


def _services(deliveries: list[Delivery], zone: ZoneInfo) -> str:
    sent = [each for each in deliveries if each.way == Way.OUTSIDE]
    arrived = [each.done_at for each in sent if each.outcome == Outcome.ARRIVED and each.done_at]
    if arrived:
        return _("facility's service %(time)s") % {"time": wall_time(max(arrived), zone)}
    return _("facility's service: a message does not go out") if any(e.tries for e in sent) else ""


def fingerprint(lines: list[Line], beside: Iterable[Quiet]) -> str:
    """Return what the page shows, in short: when it is the same, nothing is sent."""
    shown = [
        (
            each.alert.pk,
            each.over_min,
            each.rungs,
            each.seen_at,
            hasattr(each.alert, "acknowledgement"),
            hasattr(each.alert.source, "amended_by"),
        )
        for each in lines
    ]
    due = [(each.stay.pk, each.said, each.since) for each in beside]
    return sha256(repr((shown, due)).encode()).hexdigest()[:16]
