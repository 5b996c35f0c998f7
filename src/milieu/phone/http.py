"""How this door speaks: JSON in and out, tokens in headers, one shape for every no."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import msgspec
import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from milieu.kernel.errors import Refusal

T = TypeVar("T")
View = Callable[..., HttpResponse]

STATUS = {
    "device-unknown": 401,
    "session-unknown": 401,
    "session-ended": 401,
    "sign-in-first": 401,
    "not-recognised": 401,
    "otp-missing": 401,
    "pin-wrong": 401,
    "second-factor-missing": 403,
    "not-on-this-unit": 403,
    "not-json": 400,
    "too-large": 413,
    "too-many-requests": 429,
    "busy": 503,
    "cannot-save": 507,
}
# A quarter of an hour, as the words say: a try before that is over begins it anew.
RETRY_AFTER_S = {"too-many-requests": 15 * 60, "busy": 5, "cannot-save": 30}
HELD = ("is locked", "lock timeout", "deadlock")  # what a database says that another holds
DISK = ("disk is full", "No space left", "disk I/O error", "Input/output error")

log = structlog.get_logger(__name__)


def answer(body: Any, status: int = 200) -> HttpResponse:
    """Return a JSON answer that nothing on the way may keep."""
    response = HttpResponse(
        msgspec.json.encode(body), content_type="application/json", status=status
    )
    response["Cache-Control"] = "no-store"
    return response


def no(refusal: Refusal) -> HttpResponse:
    """Return a refusal of the whole request: ``{"code", "message", "field"}``."""
    body = {"code": refusal.code, "message": refusal.message, "field": refusal.field}
    response = answer(body, STATUS.get(refusal.code, 422))
    if seconds := RETRY_AFTER_S.get(refusal.code):
        response["Retry-After"] = str(seconds)
    return response


def door(view: View) -> View:
    """Make a view of this door: no cookies, no forms, every refusal as JSON."""

    @csrf_exempt  # nothing here is authorised by a cookie
    @login_not_required  # the tokens say who is speaking
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return no(refusal)
        except RequestDataTooBig:
            return no(
                Refusal(
                    "too-large", gettext("One request may not hold this much. Send less at once.")
                )
            )
        except (OperationalError, InterfaceError) as error:
            return no(_unable(error))

    return guarded


def _unable(error: OperationalError | InterfaceError) -> Refusal:
    """Say what the database could not do. Whoever keeps the server finds in the log why."""
    words = str(error)
    if any(sign in words for sign in HELD):
        return Refusal("busy", gettext("The server is busy. Keep everything and send it again."))
    log.error("The database does not do as asked.", exc_info=error)
    if any(sign in words for sign in DISK):
        return Refusal(
            "cannot-save",
            gettext(
                "The server's disk is full or does not work. "
                "Keep everything; it will be asked for again."
            ),
        )
    return Refusal(
        "busy", gettext("The server has no database now. Keep everything and send it again.")
    )


def read(request: HttpRequest, shape: type[T]) -> T:
    """Read a body of this shape.

    Raises:
        Refusal ``not-json``, ``wrong-shape``.
    """
    try:
        return msgspec.json.decode(request.body, type=shape)
    except msgspec.ValidationError as error:
        raise wrong_shape(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(
            "not-json", gettext("The body is not JSON in UTF-8. Check how it was made.")
        ) from error


def wrong_shape(error: msgspec.ValidationError) -> Refusal:
    """Say what was expected where, from the decoder's words: ``… - at `$.stay```."""
    expected, _, path = str(error).partition(" - at `$")
    field = path.rstrip("`").lstrip(".")
    text = gettext("This is not of the shape that is expected (%(where)s): %(expected)s.")
    said = text % {"where": field or "$", "expected": expected}
    return Refusal("wrong-shape", said, field=field)
