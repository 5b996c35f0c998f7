"""Who is reading: their account and what they may do where, in one statement for each request."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, models
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from milieu.people.access import GRANT, reaches
from milieu.people.models import Person
from milieu.record import stamp
from milieu.record.prepared import Prepared, columns
from milieu.record.statements import Row

ACCOUNT = tuple(columns(Person))


def _with_grants(people: Sequence[UUID]) -> models.QuerySet[Any, Any]:
    grants = (f"grants__{name}" for name in GRANT)
    found = Person.objects.order_by().filter(pk__in=people)
    return found.values_list(*ACCOUNT, "pk", *grants, *stamp.columns())


WITH_GRANTS = Prepared(_with_grants)


class ReaderMiddleware(AuthenticationMiddleware):
    """Django's, with a shorter way to the person where a session is in order."""

    def process_request(self, request: HttpRequest) -> None:
        """Put who is reading on the request. Every page asks, so it does not wait until then."""
        super().process_request(request)
        request.user = _reader(request)


def _reader(request: HttpRequest) -> Person | AnonymousUser:
    """Return who is reading, with their roles.

    The same is asked of a session as Django asks. Whatever is not in order is left to Django.
    """
    reader: Person | AnonymousUser = _signed_in(request) or auth.get_user(request)
    vars(request)["_cached_user"] = reader  # Django's name: the log reads it
    return reader


def _signed_in(request: HttpRequest) -> Person | None:
    session = request.session
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    now, person = person_with_reach(UUID(session[SESSION_KEY]))
    stamp.keep(request, now)
    shown = session.get(HASH_SESSION_KEY, "")
    if not person or not person.is_active:
        return None
    return person if constant_time_compare(shown, person.get_session_auth_hash()) else None


def person_with_reach(person_id: UUID) -> tuple[stamp.Stamp | None, Person | None]:
    """Return a person who knows what they may do where, as the record has it now; and its stamp."""
    now, rows = stamp.stamped(WITH_GRANTS, [person_id])
    if not rows:
        return None, None
    account, grants = _read(tuple(rows))
    person = Person.from_db(DEFAULT_DB_ALIAS, ACCOUNT, account)
    person.reach_cache = reaches(grants).get(person_id, {}) if person.is_active else {}
    return now, person


@lru_cache(maxsize=1024)
def _read(rows: tuple[Row, ...]) -> tuple[Row, list[Row]]:
    """Turn rows into an account and its grants. Rows that have not changed are read once."""
    read = WITH_GRANTS.read(rows)
    wide = len(ACCOUNT)
    return read[0][:wide], [row[wide:] for row in read if row[wide + 1] is not None]
