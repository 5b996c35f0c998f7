"""Who is speaking, on which phone: shown by two tokens, asked of the database at each request."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from milieu.census.models import Unit
from milieu.kernel import clock
from milieu.kernel.errors import Refusal
from milieu.people.models import Device, Person, ShiftSession
from milieu.people.services import PUSH_GRACE, phone_of, token_sha256
from milieu.record.prepared import Prepared, columns


def device_token(request: HttpRequest) -> str:
    """Return the token of ``Authorization: Bearer …``, or nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def device_of(request: HttpRequest) -> Device:
    """Return the phone that is speaking.

    Raises:
        Refusal ``device-unknown``: not enrolled, or retired.
    """
    if device := phone_of(device_token(request)):
        return device
    raise Refusal("device-unknown", _("This phone is not enrolled. Ask a lead to enrol it."))


def speaker(request: HttpRequest, *, ended_too: bool = False) -> ShiftSession:
    """Return who is speaking, on which phone.

    An ended session may still push what was written in it (``ended_too``), for 72 hours.

    Raises:
        Refusal ``device-unknown``, ``session-unknown``, ``session-ended``.
    """
    session = _session(device_token(request), request.headers.get("Milieu-Session", ""))
    if session is None:
        device_of(request)
        raise Refusal(
            "session-unknown", _("Nobody is signed in on this phone. Sign in and try again.")
        )
    ended_at: datetime = min(filter(None, (session.ended_at, session.ends_at)))
    late = clock.now() - ended_at
    if late.total_seconds() >= 0 and not (ended_too and late < PUSH_GRACE):
        raise Refusal("session-ended", _("This shift has ended. Sign in again; nothing is lost."))
    request.__dict__["shift_session"] = session  # the log tells whose request it was, by id
    return session


def _session(of_device: str, of_session: str) -> ShiftSession | None:
    """Return the session that these two tokens show, with its person, phone and unit, or None.

    It may have ended: the caller decides what an ended session may still do.
    """
    for row in SESSIONS.ask([token_sha256(of_session)]):
        values = iter(row)
        session: ShiftSession
        session, person, device, unit = (_made(model, values) for model in MODELS)
        if hmac.compare_digest(device.token_sha256, token_sha256(of_device)):
            device.unit, session.device, session.person = unit, device, person
            return session
    return None


def _made(model: type[models.Model], values: Iterator[Any]) -> Any:
    names = columns(model)
    return model.from_db(DEFAULT_DB_ALIAS, names, [next(values) for _name in names])


MODELS: dict[type[models.Model], str] = {  # and how each is reached
    ShiftSession: "",
    Person: "person__",
    Device: "device__",
    Unit: "device__unit__",
}
SESSIONS = Prepared(
    lambda tokens: ShiftSession.objects.filter(
        token_sha256__in=tokens, device__retired_at=None, person__is_active=True
    ).values_list(*(f"{path}{name}" for model, path in MODELS.items() for name in columns(model))),
    key=str,
)
