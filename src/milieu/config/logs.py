"""What is logged: JSON lines on stderr about what the machine did; nothing about anyone in care.

Nothing is scrubbed out of a line; a line is put together from what is known to be harmless. Of a
log call by a library only its template is kept ("Not Found: %s"), never what was filled in; of an
answer, its status and the pattern of its address. Of an exception its type and where it happened
are kept, never its message, its variables or the request. Of our own calls only the names in
``TOLD`` are kept.
"""

import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import nullcontext, suppress
from functools import partial
from http.client import responses
from pathlib import Path
from typing import Any, Final, TextIO

import msgspec
import structlog
from django.http import HttpRequest, HttpResponse

from milieu.kernel.ids import uuid7

# What a line may tell. A name, a note, a body or a query string is none of these.
TOLD: Final = frozenset(
    {"at", "level", "logger", "event", "request", "method", "route", "status", "ms", "person"}
    | {"device", "part", "pid", "seconds", "chore", "says", "fault", "where"}
)
FRAMES_MAX: Final = 30
QUIET: Final = ("django.request", "django.security", "django.server", "axes", "_granian", "granian")
BARE: Final = "%s: %s"  # of Django's line about an answer: its status in words, and the path

LINES: Final = msgspec.json.Encoder(enc_hook=repr, order="sorted")
Event = MutableMapping[str, Any]
Handler = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("milieu.request")


def set_up(*, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Make every logger of this process write such lines, whichever library it belongs to."""
    logging.raiseExceptions = (
        False  # a line that cannot be written is not written elsewhere instead
    )
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    safe: list[Any] = [_tell_faults_place, _only_what_may_be_told]
    finish: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        *safe,
        _as_json,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _keep_template_only],
        processors=finish,
        use_get_message=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [each for each in root.handlers if not _is_ours(each)] + [handler]
    root.setLevel(level)
    for name in QUIET:  # their own handlers would write what they were told
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Every answer has its line already; of these, only what went wrong adds to it.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it tells of each step of a page
    structlog.configure(
        processors=[*shared, *safe, _as_json],
        logger_factory=partial(Lines, handler),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


class Lines:
    """Our own lines, which are whole already: written without what Python's logging would add.

    That is half of what a line costs, and every request has one.
    """

    def __init__(self, handler: "logging.StreamHandler[TextIO]", name: str = "") -> None:
        self.handler, self.name = handler, name

    def msg(self, line: str) -> None:
        """Write one line. One that cannot be written is not written elsewhere instead."""
        with self.handler.lock or nullcontext(), suppress(OSError, ValueError):
            self.handler.stream.write(f"{line}\n")
            self.handler.stream.flush()

    debug = info = warning = error = critical = msg


def _is_ours(handler: logging.Handler) -> bool:
    return isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)


def _keep_template_only(logger: Any, method: str, event: Event) -> Event:
    record = event["_record"]
    event["event"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if status := getattr(record, "status_code", None):
        event["status"] = status
        if record.msg == BARE:
            event["event"] = responses.get(status, BARE)
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        event.update(method=request.method, route=_route(request))
    return event


def _tell_faults_place(logger: Any, method: str, event: Event) -> Event:
    """Replace an exception by its type and the places it came through."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["fault"] = _chain(error)
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES_MAX:]
        event["where"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    return event


def _chain(error: BaseException) -> list[str]:
    """Return the types of an exception and of what caused it, with the database's own code."""
    names: list[str] = []
    link: BaseException | None = error
    while link is not None and len(names) < FRAMES_MAX:
        code = getattr(link, "sqlite_errorname", None) or getattr(link, "sqlstate", None)
        names.append(f"{type(link).__qualname__} {code}" if code else type(link).__qualname__)
        link = link.__cause__ or link.__context__
    return names


def _as_json(logger: Any, method: str, event: Mapping[str, Any]) -> str:
    return LINES.encode(event).decode()


def _only_what_may_be_told(logger: Any, method: str, event: Event) -> Mapping[str, Any]:
    return {name: value for name, value in event.items() if name in TOLD}


class RequestLog:
    """One line for each request: what was asked for, by whom, how it ended, how long it took."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.log = log.bind()  # once, not for each line

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, number = time.perf_counter(), str(uuid7())
        response = self.get_response(request)
        response["X-Request-Id"] = number
        self.log.info(
            "request",
            request=number,
            method=request.method,
            route=_route(request),
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
            **_who(request),
        )
        return response


def _route(request: HttpRequest) -> str:
    """Return the pattern that matched, never the path: people type names into addresses."""
    match = request.resolver_match
    return f"/{match.route}" if match else ""


def _who(request: HttpRequest) -> dict[str, str]:
    """Return who asked, where the page already knows it. Nobody is looked up for the log."""
    found = {}
    person = request.__dict__.get("_cached_user")
    if person is not None and person.pk:
        found["person"] = str(person.pk)
    session = getattr(request, "shift_session", None)
    if session is not None:
        found |= {"person": str(session.person_id), "device": str(session.device_id)}
    return found
