"""Where this person can go. Rooms name their places in ``settings.NAVIGATION``.

An entry is either ``(url name, label, icon, action)`` or, for places whose address depends on the
person, the dotted path of a function that takes the request and gives ``(url, label, icon)``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from milieu.people.access import may
from milieu.people.models import Person
from milieu.people.rules import Action

Words = str | Promise
Entry = str | tuple[str, Words, str, str]


@dataclass(frozen=True)
class Item:
    """One place. ``current`` is ``page`` when this page is it, ``true`` when it lies beneath."""

    url: str
    label: str
    icon: str
    current: str


def navigation(request: HttpRequest) -> list[Item]:
    """Return the places that this person may go to, in the order of the settings."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return []
    return [
        Item(url, str(label), icon, _current(url, request.path))
        for entry in cast("list[Entry]", settings.NAVIGATION)
        for url, label, icon in _places(entry, request, person)
    ]


def _places(entry: Entry, request: HttpRequest, person: Person) -> Iterator[tuple[str, Words, str]]:
    if isinstance(entry, str):
        places: Iterable[tuple[str, Words, str]] = import_string(entry)(request)
        yield from places
        return
    url_name, label, icon, action = entry
    if may(person, Action(action)):
        yield _address(url_name), label, icon


@lru_cache(maxsize=64)
def _address(url_name: str) -> str:
    return reverse(url_name)


def _current(url: str, path: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""
