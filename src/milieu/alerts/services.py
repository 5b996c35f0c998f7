"""Raising an alert, and answering it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from milieu.alerts.kinds import ANSWERED_BY
from milieu.alerts.models import Acknowledgement, Alert, Delivery, Waiting
from milieu.alerts.rules import due_again
from milieu.census.models import Facility, Unit
from milieu.census.packs import Pack
from milieu.kernel.errors import Refusal
from milieu.kernel.text import storable
from milieu.people.access import may, not_allowed
from milieu.people.models import Person
from milieu.record.models import Entry

NAMESPACE = UUID("6a3c5c4e-6a0e-5d0a-9d53-2b8a7a3a6a10")  # of alert ids; made once, never changed
PLACE = ("stay__standing__unit", "unit", "facility")
CHECK = "round.check"  # rounds writes them; this room reads only that somebody was seen
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)  # earlier than any check


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """Something that the house itself found wrong: what, about what, and since when it is so."""

    kind: str
    about: UUID
    since: datetime
    pack: Pack
    again_after: timedelta  # still so this long after an answer: told anew
    columns: Mapping[str, Any]  # of the alert: what it is about, what it rests on, who is asked


def alert_id(kind: str, source: UUID | str) -> UUID:
    """Return the id of the alert of this kind that ``source`` raises: the same each time."""
    return uuid5(NAMESPACE, f"{kind}:{source}")


def raise_alerts(alerts: Sequence[Alert]) -> None:
    """Store alerts in the transaction of their cause. One that is there already stays as it was.

    Whom they reach is worked out by ``ladder.climb`` within seconds: what waits is its to-do list,
    and storing a check asks nothing about shifts and browsers.
    """
    Alert.objects.bulk_create(alerts, ignore_conflicts=True)
    ids = [alert.pk for alert in alerts]
    answered = set(Acknowledgement.objects.filter(alert__in=ids).values_list("alert_id", flat=True))
    Waiting.objects.bulk_create(
        [Waiting(alert_id=each) for each in ids if each not in answered], ignore_conflicts=True
    )


def raise_found(wrong: Sequence[Wrong], now: datetime) -> list[Alert]:
    """Raise an alert for each that was not told yet, and return those. Mostly nothing is written.

    The same that is wrong since the same moment is told once, and again when it goes on long after
    somebody answered.
    """
    if not wrong:
        return []
    told = _told_before(wrong)
    new = [
        alert_about(
            each.kind,
            f"{each.about}:{each.since.isoformat()}:{len(answers)}",
            since=each.since,
            now=now,
            pack=each.pack,
            columns=each.columns,
        )
        for each in wrong
        for answers in [told[each.kind, each.about, each.since]]
        if due_again(answers, again_after=each.again_after, now=now)
    ]
    if new:
        with transaction.atomic():
            raise_alerts(new)
    return new


def _told_before(wrong: Sequence[Wrong]) -> dict[Any, list[datetime | None]]:
    """Return, for what is wrong, when each alert about it was answered; None while it waits."""
    about = [each.about for each in wrong]
    alerts = Alert.objects.as_system("only whether it was told before").filter(
        Q(stay__in=about) | Q(unit__in=about) | Q(facility__in=about),
        happened_at__in=[each.since for each in wrong],
    )
    found: dict[Any, list[datetime | None]] = defaultdict(list)
    for kind, *places, since, answered_at in alerts.values_list(
        "kind", "stay_id", "unit_id", "facility_id", "happened_at", "acknowledgement__at"
    ):
        found[kind, next(filter(None, places)), since].append(answered_at)
    return found


def alert_about(
    kind: str, mark: str, *, since: datetime, now: datetime, pack: Pack, columns: Mapping[str, Any]
) -> Alert:
    """Return an alert as the pack's ladder has it. ``mark``: the same for the same, each time."""
    ladder = pack.ladder(kind)
    return Alert(
        id=alert_id(kind, mark),
        kind=kind,
        happened_at=since,
        raised_at=now,
        owner_role=ladder.owner,
        answer_by=now + timedelta(seconds=ladder.answer_s),
        **columns,
    )


@transaction.atomic
def acknowledge(alert_id: UUID, *, by: Person, words: str, at: datetime) -> Acknowledgement:
    """Answer an alert, saying what was done. The first answer stands.

    Raises:
        Refusal ``unknown-alert``: there is none, or not on a unit of this person.
        Refusal ``not-allowed``: a nurse answers; about rounds, a lead too; about the house, IT.
        Refusal ``words-missing``, ``already-answered``.
    """
    alert = Alert.objects.visible_to(by).select_related(*PLACE).filter(pk=alert_id).first()
    if alert is None:
        raise Refusal("unknown-alert", _("This alert is not on your unit's list."))
    if not may_answer(by, alert):
        raise not_allowed(ANSWERED_BY[alert.kind])
    words = storable(words, field="words")
    if not words:
        raise Refusal("words-missing", _("Say in a few words what was done."), field="words")
    answer, created = Acknowledgement.objects.get_or_create(
        alert=alert, defaults={"by": by, "at": at, "words": words}
    )
    Waiting.objects.filter(alert=alert).delete()
    if not created and (answer.by != by or answer.words != words):
        raise Refusal(
            "already-answered",
            _("%(name)s has already answered this.") % {"name": answer.by.short_name},
        )
    return answer


def may_answer(person: Person, alert: Alert) -> bool:
    """Return whether this person may answer this alert, which they see."""
    action, place = ANSWERED_BY[alert.kind], alert.place
    if isinstance(place, Facility):
        units = Unit.objects.filter(facility=place).values_list("pk", flat=True)
        return any(may(person, action, unit) for unit in units)
    return may(person, action, place.pk)


def unanswered(person: Person) -> Sequence[Alert]:
    """Return the alerts on this person's units that wait for an answer, by their deadline."""
    return list(_shown(person).filter(waiting__isnull=False).order_by("answer_by", "pk"))


def told(person: Person, unit: Unit) -> Sequence[Alert]:
    """Return what waits on a unit of all that this person was told of, by its deadline."""
    alerts = Alert.objects.visible_to(person).filter(
        Q(stay__standing__unit=unit) | Q(unit=unit),
        pk__in=Delivery.objects.filter(person=person).values("alert"),
        waiting__isnull=False,
    )
    shown = alerts.select_related(*PLACE, "deadline").prefetch_related("steps")
    return list(shown.order_by("answer_by", "pk"))


def answered_since(person: Person, moment: datetime) -> Sequence[Alert]:
    """Return the alerts on this person's units that were answered after this, the newest first."""
    alerts = _shown(person).filter(acknowledgement__at__gt=moment)
    return list(alerts.select_related("acknowledgement__by").order_by("-acknowledgement__at"))


def calls(person: Person) -> list[tuple[UUID, int]]:
    """Return the alerts that wait on this person's units, each with the steps that it has taken."""
    waiting = Alert.objects.visible_to(person).filter(waiting__isnull=False)
    rows = waiting.annotate(steps_taken=Count("steps")).order_by("raised_at", "pk")
    return list(rows.values_list("pk", "steps_taken"))


def _shown(person: Person) -> QuerySet[Alert]:
    """Alerts with all that a page shows of them, in three statements.

    ``seen_at`` and ``seen_stored_at``: the first look since, and when the server heard of it.
    """
    people = Delivery.objects.select_related("person").order_by("made_at", "pk")
    first = _looks_since().values
    alerts: QuerySet[Alert] = (
        Alert.objects.visible_to(person)
        .select_related(
            *PLACE,
            "stay__patient",
            "stay__standing__bed__room",
            "raised_by",
            "shortage",
            "deadline",
            "source__safetycheck",
            "source__amended_by",
        )
        .prefetch_related("steps", Prefetch("deliveries", people))
        .annotate(
            seen_at=Subquery(first("counted_at")[:1]),
            seen_stored_at=Subquery(first("stored_at")[:1]),
        )
    )
    return alerts


def _looks_since() -> QuerySet[Entry]:
    """Return, within a query of alerts, looks that saw the person after the look that it rests on.

    Only those that came to the server after the alert was raised.
    """
    entries: QuerySet[Entry] = Entry.objects.as_system("of alerts that the reader sees").current()
    return entries.filter(
        stay=OuterRef("stay"),
        kind=CHECK,
        safetycheck__outcome="seen",
        stored_at__gt=OuterRef("raised_at"),
        counted_at__gt=Coalesce(OuterRef("source__counted_at"), Value(BEFORE_ALL)),
    ).order_by("counted_at", "seq")
