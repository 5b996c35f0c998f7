"""Asking staff how they are, keeping what they answer, and finding them company."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from milieu.alerts.kinds import RELIEF
from milieu.alerts.models import Alert
from milieu.alerts.services import alert_id, raise_alerts
from milieu.census.models import Unit
from milieu.census.packs import names, pack
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.models import Person
from milieu.record.once import keep_once
from milieu.wellbeing.models import Answer, Asked, CheckIn, Peer, Wish
from milieu.wellbeing.moments import hard_moments
from milieu.wellbeing.rules import Moment, exposures

NAMESPACE: Final = UUID("c0d7d4f4-54a5-5b0c-9c7c-0d8f0f6a2e11")  # of check-ins; never changed
LOOK_BACK: Final = timedelta(days=2)  # late arrivals from phones; what was asked is not asked again
NOW: Final = "now"
CHOSEN: Final = ("hurt", "off_floor", "relief", "sleep", "again")


def offer(now: datetime) -> str:
    """Ask whoever was in a hard moment of the last days. Done again it asks nobody twice.

    Nor does it for several things that were written about the same moment: see ``rules``.
    """
    marks = frozenset[str]().union(*(pack(name).wellbeing.hard_marks for name in names()))
    moments = hard_moments(now - LOOK_BACK, marks)
    if not moments:
        return ""
    units = Unit.objects.in_bulk({moment.unit_id for moment in moments})
    within = {pk: timedelta(hours=unit.pack.wellbeing.one_event_h) for pk, unit in units.items()}
    known = _asked_about(moments, max(within.values()))
    asked = [
        each
        for moment in exposures(moments, known, within)
        for each in _questions(moment, units[moment.unit_id])
    ]
    before = CheckIn.objects.in_bulk([each.pk for each in asked])
    new = [each for each in asked if each.pk not in before]
    CheckIn.objects.bulk_create(new, ignore_conflicts=True)
    _say_with_whom(asked, before)
    return ""


def _asked_about(moments: Sequence[Moment], within: timedelta) -> list[Moment]:
    """Return the exposures about which somebody was asked, of the time of these moments."""
    times = [moment.at for moment in moments]
    rows = CheckIn.objects.filter(
        unit__in={moment.unit_id for moment in moments},
        happened_at__range=(min(times) - within, max(times) + within),
        step=NOW,
    )
    return [
        Moment(
            cause=row.cause,
            cause_id=row.cause_id,
            at=row.happened_at,
            unit_id=row.unit_id,
            stay_id=row.stay_id,
            people=frozenset({row.person_id}),
        )
        for row in rows
    ]


def _say_with_whom(asked: Sequence[CheckIn], before: Mapping[UUID, CheckIn]) -> None:
    """Write down with whom it was, where that became known after somebody was asked."""
    late = [each for each in asked if each.pk in before and before[each.pk].stay_id is None]
    if found := [each for each in late if each.stay_id]:
        CheckIn.objects.bulk_update(found, ["stay"])


def _questions(moment: Moment, unit: Unit) -> Iterator[CheckIn]:
    for person in moment.people:
        for step in unit.pack.wellbeing.steps:
            due_at = moment.at + timedelta(minutes=step.after_min)
            yield CheckIn(
                id=uuid5(NAMESPACE, f"{moment.cause_id}:{person}:{step.code}"),
                person_id=person,
                unit=unit,
                cause=moment.cause,
                cause_id=moment.cause_id,
                stay_id=moment.stay_id,
                happened_at=moment.at,
                step=step.code,
                due_at=due_at,
                asked_until=due_at + timedelta(minutes=step.asked_for_min),
            )


def waiting(person: Person, now: datetime) -> Sequence[CheckIn]:
    """Return what this person is asked now and has not answered, the oldest first.

    What was to be asked at once is asked for a day; after that the next step asks.
    """
    return list(_asked_now(person, now).select_related("unit"))


def _asked_now(person: Person, now: datetime) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(person=person, answer=None, due_at__lte=now, asked_until__gt=now)


def is_asked(person: Person, now: datetime) -> bool:
    """Return whether anything waits for this person: a question, or a colleague; one statement."""
    questions = _asked_now(person, now).order_by().values("pk")
    return questions.union(_asked_of(person).values("pk"), all=True).exists()


def check_in_of(person: Person, check_in_id: UUID) -> CheckIn:
    """Return one of this person's own check-ins.

    Raises:
        Refusal ``unknown-check-in``: it is not theirs, or there is none.
    """
    found = CheckIn.objects.filter(person=person, pk=check_in_id).select_related("unit").first()
    if found is None:
        raise Refusal("unknown-check-in", _("There is no such question for you."))
    return found


@transaction.atomic
def answer(check_in: CheckIn, given: dict[str, Any], now: datetime) -> None:
    """Keep what somebody answers. Asked for relief, the lead hears that, and nothing else.

    Raises:
        Refusal ``text-unusable``.
    """
    words = storable(given.get("words") or "", field="words")
    plain = {name: given.get(name) or "" for name in CHOSEN}
    if Answer.objects.of(check_in.person).filter(check_in=check_in).exists():
        return
    row = Answer(check_in=check_in, at=now, words=words, how=given.get("how"), **plain)
    row.save(force_insert=True)
    if plain["relief"] == "ask":
        _ask_for_relief(check_in, now)


def _ask_for_relief(check_in: CheckIn, now: datetime) -> None:
    ladder = check_in.unit.pack.ladder(RELIEF)
    alert = Alert(
        id=alert_id(RELIEF, check_in.pk),
        kind=RELIEF,
        unit=check_in.unit,
        raised_by=check_in.person,
        words=_("%(name)s asks for relief") % {"name": check_in.person.short_name},
        happened_at=now,
        raised_at=now,
        owner_role=ladder.owner,
        answer_by=now + timedelta(seconds=ladder.answer_s),
    )
    raise_alerts([alert])


def peers_of(unit: Unit, person: Person, now: datetime) -> Sequence[Person]:
    """Return whom this person may ask for company on a unit."""
    held = Peer.objects.filter(Q(until=None) | Q(until__gt=now), unit=unit, since__lte=now)
    people = Person.objects.filter(pk__in=held.values("person"), is_active=True)
    return list(people.exclude(pk=person.pk).order_by("name"))


def ask(peer_id: UUID, *, person: Person, unit: Unit, ask_id: UUID, now: datetime) -> Person:
    """Ask a colleague for company.

    Raises:
        Refusal ``unknown-peer``: nobody who may be asked on this unit.
        Refusal ``entry-id-reused``: somebody else was asked from the same page.
    """
    peer = next((each for each in peers_of(unit, person, now) if each.pk == peer_id), None)
    if peer is None:
        raise Refusal("unknown-peer", _("Choose somebody of the list."), field="peer")
    keep_once(Asked.objects, ask_id, {"person_id": person.pk, "peer_id": peer.pk}, at=now)
    return peer


def asked_of(peer: Person) -> Sequence[Asked]:
    """Return who asked this person for company and has not heard yet that they saw it."""
    return list(_asked_of(peer).select_related("person"))


def _asked_of(peer: Person) -> QuerySet[Asked]:
    return Asked.objects.filter(peer=peer, seen_at=None)


def seen(asked_id: UUID, peer: Person, now: datetime) -> None:
    """Say that one has seen it, and will be in touch."""
    Asked.objects.filter(pk=asked_id, peer=peer, seen_at=None).update(seen_at=now)


def rather_not(person: Person, now: datetime, unit: Unit) -> set[UUID]:
    """Return whom this person need not be with for now: the stays of their hard moments.

    Unless they wished to be. It suggests, and forbids nothing.
    """
    since = now - timedelta(hours=unit.pack.wellbeing.apart_h)
    asked = CheckIn.objects.filter(person=person, happened_at__gte=since, step=NOW)
    lately = asked.exclude(stay=None)
    wished = Wish.objects.filter(person=person, at__gte=since).values_list("stay_id", flat=True)
    return set(lately.values_list("stay_id", flat=True)) - set(wished)


@dataclass(frozen=True)
class Exposure:
    """How many hard moments a unit had in a month, and the share of its staff who were in one.

    ``share`` is None where it would be about too few people.
    """

    month: str
    moments: int
    share: int | None


def exposure(unit: Unit, staff: int, now: datetime) -> list[Exposure]:
    """Return the last six months of a unit, by month, in aggregate only.

    Args:
        unit: whose.
        staff: how many people work there now.
        now: up to when.
    """
    since = now - timedelta(days=183)
    rows = CheckIn.objects.filter(unit=unit, happened_at__gte=since, step=NOW).values_list(
        "happened_at", "cause_id", "person_id"
    )
    months: dict[str, tuple[set[UUID], set[UUID]]] = {}
    for at, cause, person in rows:
        moments, people = months.setdefault(f"{at.astimezone(unit.zone):%Y-%m}", (set(), set()))
        moments.add(cause)
        people.add(person)
    least = unit.pack.wellbeing.least
    return [
        Exposure(
            month,
            len(moments),
            round(100 * len(people) / staff) if len(people) >= least and staff else None,
        )
        for month, (moments, people) in sorted(months.items(), reverse=True)
    ]
