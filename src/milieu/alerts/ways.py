"""The ways out of the house. Each says only that somebody is needed and where: never who, or why.

Nothing here touches the database: it runs in threads of its own, and may take seconds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import apprise
import msgspec
import requests
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from pywebpush import WebPushException, webpush

from milieu.alerts.models import Delivery, Outcome, Way
from milieu.alerts.outbox import hashed
from milieu.alerts.rules import may_push_to

TIMEOUT_S: Final = 5.0
PUSH_LIVES_S: Final = 900  # after a quarter of an hour the ladder has gone on
ENDED: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)  # RFC 8030, 7.3: subscribe anew


class NotSent(Exception):
    """A try did not succeed. What it says is written down: no address, nothing of anyone."""


@dataclass(frozen=True)
class Letter:
    """What is sent: the name of a place, and that somebody is needed there."""

    place: str
    words: str


def letter(delivery: Delivery) -> Letter:
    """Return what a message says, in the language of its reader."""
    alert = delivery.alert
    language = delivery.subscription.language if delivery.subscription else settings.LANGUAGE_CODE
    with translation.override(language):
        if alert is None:
            return Letter("Milieu", _("This is a test. Alerts reach you in this browser."))
        about_the_house = alert.stay_id is None
        words = _("The house needs you.") if about_the_house else _("Someone needs you.")
        if delivery.rung:
            words += " " + _("Nobody has answered yet.")
        return Letter(str(alert.place), words)


def send(delivery: Delivery) -> Outcome:
    """Send one message; return when the outside has said yes, or that there is nobody any longer.

    Raises:
        NotSent: it did not arrive. It is tried again.
    """
    return WAYS[Way(delivery.way)](delivery)


def _push(delivery: Delivery) -> Outcome:
    browser = delivery.subscription
    assert browser, "A push goes to a browser."
    if browser.ended_at or not may_push_to(browser.endpoint, settings.PUSH_HOSTS):
        return Outcome.GONE
    said = letter(delivery)
    link = requests.Session()
    link.max_redirects = 0  # a push service that leads elsewhere is not followed there
    try:
        webpush(
            {
                "endpoint": browser.endpoint,
                "keys": {"p256dh": browser.p256dh, "auth": browser.auth},
            },
            data=msgspec.json.encode(
                {
                    "title": said.place,
                    "body": said.words,
                    "tag": str(delivery.alert_id),
                    "url": reverse("concerns"),
                }
            ).decode(),
            vapid_private_key=settings.PUSH_KEY,
            vapid_claims={"sub": settings.PUSH_CONTACT},
            ttl=PUSH_LIVES_S,
            headers={"Urgency": "high"},
            timeout=TIMEOUT_S,
            requests_session=link,
        )
    except WebPushException as fault:
        status = fault.response.status_code if fault.response is not None else None
        if status in ENDED:
            return Outcome.GONE
        raise NotSent(f"push service answered {status}") from fault
    except requests.RequestException as fault:
        raise NotSent(type(fault).__name__) from fault
    return Outcome.ARRIVED


def _outside(delivery: Delivery) -> Outcome:
    services = {hashed(service): service for service in settings.ALERT_SERVICES}
    if delivery.address not in services:
        return Outcome.GONE  # no longer named in the settings
    said = letter(delivery)
    sender = apprise.Apprise()
    if not sender.add(services[delivery.address]):
        raise NotSent("address not understood")
    if not sender.notify(body=said.words, title=said.place, notify_type=apprise.NotifyType.WARNING):
        raise NotSent("service did not accept it")
    return Outcome.ARRIVED


def _watchdog(delivery: Delivery) -> Outcome:
    if not settings.HEARTBEAT_URL:
        return Outcome.GONE
    try:
        answer = requests.get(settings.HEARTBEAT_URL, timeout=TIMEOUT_S)
    except requests.RequestException as fault:
        raise NotSent(type(fault).__name__) from fault
    if not answer.ok:
        raise NotSent(f"watcher answered {answer.status_code}")
    return Outcome.ARRIVED


WAYS: Final[dict[Way, Callable[[Delivery], Outcome]]] = {
    Way.PUSH: _push,
    Way.OUTSIDE: _outside,
    Way.WATCHDOG: _watchdog,
}
