"""The browsers in which people asked to be told, by web push (RFC 8030, 8291, 8292)."""

import base64
from datetime import datetime
from functools import cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from milieu.alerts.models import Delivery, PushSubscription, Way
from milieu.alerts.rules import may_push_to
from milieu.kernel.errors import Refusal
from milieu.kernel.ids import uuid7
from milieu.people.models import Person


@cache
def public_key(private: str) -> str:
    """Return the key by which a browser knows our messages, in base64url."""
    number = int.from_bytes(base64.urlsafe_b64decode(private + "=" * (-len(private) % 4)))
    key = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def browsers_of(person: Person) -> list[PushSubscription]:
    """Return the browsers in which this person is told."""
    return list(PushSubscription.objects.filter(person=person, ended_at=None).order_by("made_at"))


def subscribe(
    person: Person, *, endpoint: str, p256dh: str, auth: str, language: str, at: datetime
) -> PushSubscription:
    """Tell this person in a browser from now on. A browser tells the one who asked last.

    Raises:
        Refusal ``push-service-unknown``: its push service is none that this server speaks to.
    """
    if not may_push_to(endpoint, settings.PUSH_HOSTS):
        raise Refusal(
            "push-service-unknown",
            _("This server does not speak to this browser's message service. Ask the engineer."),
        )
    kept = {
        "person": person,
        "p256dh": p256dh,
        "auth": auth,
        "language": language,
        "made_at": at,
        "ended_at": None,
    }
    browser, _created = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=kept)
    return browser


def end(browser_id: UUID, *, person: Person, at: datetime) -> None:
    """Tell this person in this browser no longer. Another's is left alone."""
    PushSubscription.objects.filter(pk=browser_id, person=person, ended_at=None).update(ended_at=at)


@transaction.atomic
def try_out(person: Person, *, at: datetime) -> int:
    """Send a message to each browser of this person, the way that alerts go. Return how many."""
    messages = [
        Delivery(
            id=uuid7(), way=Way.PUSH, person=person, subscription=browser, made_at=at, next_at=at
        )
        for browser in browsers_of(person)
    ]
    Delivery.objects.bulk_create(messages)
    return len(messages)
