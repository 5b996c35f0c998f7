"""The outbox: messages on their way, kept until the outside has said yes. Nothing is dropped."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Q, QuerySet

from milieu.alerts.models import Delivery, Outcome, PushSubscription, Way
from milieu.alerts.rules import STUCK_AFTER, retry_after
from milieu.kernel.ids import uuid7

NAMESPACE: Final = UUID("0a5b3a0e-5d53-5f0b-8a0c-6a4fb1c6d9e2")  # of deliveries; never changed
BATCH_MAX: Final = 500
FAULT_MAX: Final = 80
BY_ITSELF: Final = (Way.PUSH, Way.OUTSIDE, Way.WATCHDOG)  # a page fetches what waits for it


class Message(NamedTuple):
    """A message as the ladder words it at each look, whether it is in the outbox already or not."""

    id: UUID  # made from the alert and the address: the same at each look
    alert: UUID
    rung: int
    way: Way
    person: UUID | None = None
    browser: UUID | None = None
    address: str = ""


def message(
    alert: UUID, rung: int, way: Way, person: UUID, *, browser: UUID | None = None
) -> Message:
    """Return a message to one person by one way."""
    key = uuid5(NAMESPACE, f"{alert}:{way}:{browser or person}")
    return Message(key, alert, rung, way, person, browser)


def messages_outside(alert: UUID, rung: int) -> Iterator[Message]:
    """Yield a message to each of the facility's services, for each rung."""
    for service in settings.ALERT_SERVICES:
        address = hashed(service)
        key = uuid5(NAMESPACE, f"{alert}:{Way.OUTSIDE}:{address}:{rung}")
        yield Message(key, alert, rung, Way.OUTSIDE, address=address)


def hashed(service: str) -> str:
    """Return how a service is named here: its address may hold a password."""
    return sha256(service.encode()).hexdigest()[:16]


def unwritten(messages: Iterable[Message], *, at: datetime) -> list[Delivery]:
    """Return what is not in the outbox yet, to be stored: nobody is told twice by one way."""
    made: dict[UUID, Message] = {}
    for each in messages:
        made.setdefault(each.id, each)
    alerts = {each.alert for each in made.values()}
    there = set(Delivery.objects.filter(alert__in=alerts).values_list("pk", flat=True))
    return [_delivery(each, at) for key, each in made.items() if key not in there]


def _delivery(said: Message, at: datetime) -> Delivery:
    return Delivery(
        id=said.id,
        alert_id=said.alert,
        rung=said.rung,
        way=said.way,
        person_id=said.person,
        subscription_id=said.browser,
        address=said.address,
        made_at=at,
        next_at=at,
    )


def send_sign_of_life(now: datetime) -> bool:
    """Put a sign of life into the outbox, unless the last is still there. It goes the whole way."""
    waits = Delivery.objects.filter(way=Way.WATCHDOG, done_at=None).exists()
    if waits or not settings.HEARTBEAT_URL:
        return False
    Delivery.objects.create(id=uuid7(), way=Way.WATCHDOG, made_at=now, next_at=now)
    return True


def forget_signs_of_life(before: datetime) -> int:
    """Forget old signs of life. They tell nothing of anyone."""
    gone, _ = Delivery.objects.filter(way=Way.WATCHDOG, done_at__lt=before).delete()
    return gone


def due(now: datetime, *, besides: Iterable[UUID] = ()) -> list[Delivery]:
    """Return messages that are to be tried now, those first that were tried least.

    Mostly there is none, and all that belongs to one is many tables: so it is asked for apart.
    """
    waiting = _to_do().filter(next_at__lte=now).exclude(pk__in=list(besides))
    first = waiting.order_by("tries", "next_at", "pk").values_list("pk", flat=True)
    keys = list(first[:BATCH_MAX])
    if not keys:
        return []
    found = Delivery.objects.select_related(
        "subscription",
        "alert__waiting",
        "alert__unit",
        "alert__facility",
        "alert__stay__standing__unit",
    ).in_bulk(keys)
    return [found[key] for key in keys]


def close(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    """Say that a message has arrived, or need not or cannot any longer."""
    Delivery.objects.filter(pk=delivery.pk, done_at=None).update(
        done_at=at, outcome=outcome, fault=""
    )
    if outcome == Outcome.GONE and delivery.subscription_id:
        PushSubscription.objects.filter(pk=delivery.subscription_id).update(ended_at=at)


def try_again(delivery: Delivery, fault: str, *, at: datetime) -> None:
    """Say that a try did not succeed, and when the next is made."""
    tries = delivery.tries + 1
    Delivery.objects.filter(pk=delivery.pk, done_at=None).update(
        tries=tries, fault=fault[:FAULT_MAX], next_at=at + retry_after(tries)
    )


def seen_on_page(alerts: Sequence[UUID], person: UUID, *, at: datetime) -> None:
    """Say that a page showed these alerts to a person who is told of them."""
    mine = Delivery.objects.filter(alert__in=alerts, person=person, way=Way.PAGE, done_at=None)
    if mine.exists():
        mine.update(done_at=at, outcome=Outcome.ARRIVED)


@dataclass(frozen=True)
class Stuck:
    """Messages that ought to have gone out by now."""

    count: int
    since: datetime | None
    fault: str


def stuck(now: datetime) -> Stuck:
    """Return what should have gone out and has not, for whoever looks after the house."""
    late = (
        _to_do()
        .filter(Q(alert=None) | Q(alert__waiting__isnull=False))
        .filter(made_at__lte=now - STUCK_AFTER)
    )
    oldest = late.order_by("made_at").first()
    if oldest is None:
        return Stuck(0, None, "")
    return Stuck(late.count(), oldest.made_at, oldest.fault)


def _to_do() -> "QuerySet[Delivery]":
    return Delivery.objects.filter(done_at=None, way__in=BY_ITSELF)
