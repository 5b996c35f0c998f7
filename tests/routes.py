"""Every address of the house, asked for as anyone: what ``test_routes.py`` walks with."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from milieu.census.models import Room, Stay, Unit
from milieu.kernel import clock
from milieu.people.models import Device, Person, Screen
from milieu.people.rules import Role
from milieu.people.screens import enrol_screen
from milieu.people.services import enrol_for, new_enrol_code
from milieu.presence.models import Tag
from milieu.presence.services import enrol as enrol_tag
from tests.cast import Cast, employ

BACKEND = "django.contrib.auth.backends.ModelBackend"
SIGN_IN = -1  # led to the sign-in
ONCE_MORE = -2  # led to show once more that it is them
MFA = -3  # led to set up a second factor
LED_TO = {
    "/accounts/login/": SIGN_IN,
    "/accounts/reauthenticate/": ONCE_MORE,
    "/accounts/2fa/": MFA,
}
Where = Literal["north", "south"]
SENDS = "sent=yes"
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
CHANGING = re.compile(r'csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"')


@dataclass(frozen=True)
class Address:
    """One route: its name (its pattern where it has none), and how its address is put together."""

    name: str
    pattern: str
    view: Any

    def url(self, **arguments: object) -> str:
        """Return the address, with every argument that the pattern has."""
        path = ARGUMENT.sub(lambda found: str(arguments[found[1] or found[2]]), self.pattern)
        return "/" + path.replace("^", "").replace("$", "").replace("\\", "")


def addresses() -> list[Address]:
    """Return every route, those of the libraries too, as a browser reaches them."""
    return list(_walk(get_resolver(), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[Address]:
    for each in resolver.url_patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, pattern)
        else:
            assert isinstance(each, URLPattern)
            yield Address(each.name or pattern, pattern, each.callback)


class Visitor:
    """Someone with a browser. Nothing that they send stays sent, and they stay signed in."""

    def __init__(self, person: Person | None) -> None:
        self.person = person
        self.client = Client(raise_request_exception=True)
        if person:
            self.client.force_login(person, backend=BACKEND)
        self.kept = {key: morsel.value for key, morsel in self.client.cookies.items()}

    def ask(self, method: str, url: str, sends: str = SENDS, **headers: str) -> HttpResponse:
        """Send one request, by default with nothing of use in it, and undo whatever it did."""
        self.client.cookies.clear()
        for key, value in self.kept.items():
            self.client.cookies[key] = value
        with transaction.atomic():
            answer: HttpResponse = self.client.generic(
                method, url, sends, "application/x-www-form-urlencoded", headers=headers
            )
            transaction.set_rollback(True)
        return answer


def outcome(answer: HttpResponse) -> int:
    """Return the status of an answer; for the places that people are led to, which one."""
    if answer.status_code == 302:
        path = answer["Location"].partition("?")[0]
        return LED_TO.get(path, 302)
    return answer.status_code


def body(answer: HttpResponse, url: str) -> str:
    """Return what is said, without what differs between two requests for the same page."""
    return CHANGING.sub("", answer.content.decode()).replace(url, "")


class House:
    """The cast, with someone of every role on both units."""

    def __init__(self) -> None:
        cast = self.cast = Cast()
        self.here: dict[Role, Person] = {
            Role.TECHNICIAN: cast.dana,
            Role.LEAD: cast.lena,
            Role.NURSE: cast.nora,
            Role.PRESCRIBER: cast.petra,
            Role.THERAPIST: cast.thea,
            Role.MANAGER: cast.mona,
            Role.PRIVACY: cast.priya,
            Role.IT: cast.ivan,
        }
        self.there = {role: employ(f"south-{role}", f"{role} S", role, cast.south) for role in Role}
        everyone = [*self.here.values(), *self.there.values(), None]
        self.visitors = {person: Visitor(person) for person in everyone}
        self.stays: dict[Where, Stay] = {
            "north": cast.rosa,
            "south": cast.arrive("Omar", "Said", unit=cast.south),
        }

    def visitor(self, person: Person | None) -> Visitor:
        return self.visitors[person]

    def unit(self, where: Where) -> Unit:
        return self.cast.north if where == "north" else self.cast.south

    def colleague(self, where: Where) -> Person:
        return self.cast.dana if where == "north" else self.cast.theo

    def technician(self, where: Where) -> Person:
        return (self.here if where == "north" else self.there)[Role.TECHNICIAN]

    def stay(self, where: Where) -> Stay:
        return self.stays[where]

    def phone(self, where: Where) -> Device:
        return enrol_for(self.unit(where), "Phone 9", by=None, at=clock.now())[0]

    def screen(self, where: Where) -> Screen:
        now = clock.now()
        code = new_enrol_code(self.unit(where), by=None, at=now, enrols="screen")
        return enrol_screen(code, "Corridor", at=now)[0]

    def tag(self, where: Where) -> Tag:
        uid = "04DE5F1EACC040" if where == "north" else "04DE5F1EACC041"
        room = Room.objects.filter(unit=self.unit(where))[0]
        known = Tag.objects.filter(code=uid).first()
        return known or enrol_tag(uid, room, by=None, at=clock.now())


Thing = Callable[[House, Where], dict[str, object]]
EVERYONE = frozenset(Role)


@dataclass(frozen=True)
class Says:
    """What an empty request is answered with, for the roles that may."""

    answer: int
    roles: frozenset[Role] = EVERYONE
    stranger: int | None = None  # where it is neither the sign-in nor what everyone gets
    others: int = 403  # who is signed in and may not


NO = Says(405)


def roles_to_ask(says: Says) -> list[Role | None]:
    """Return every role and a stranger (None); on PostgreSQL some who may, one not, a stranger.

    Who may is decided before the database is asked for more, so SQLite shows it for both. What
    the page then asks for, which is more for a nurse or a manager, is in PostgreSQL's own words.
    """
    if connection.vendor == "sqlite":
        return [*Role, None]
    may = [role for role in Role if role in says.roles]
    may_not = [role for role in Role if role not in says.roles]
    of_more = [role for role in may[1:] if role in (Role.NURSE, Role.MANAGER)]
    return [*may[:1], *of_more, *may_not[:1], None]


@dataclass(frozen=True)
class Row:
    get: Says
    post: Says = NO
    public: bool = False
    of: Thing | None = None
    sends: str = SENDS  # what is posted, where a page reads it before it asks who may
