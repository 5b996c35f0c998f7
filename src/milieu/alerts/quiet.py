"""What the page of alerts lists beside them: due, and ringing for nobody.

A room above names a function in ``settings.QUIET`` that gives what of its own waits. Nothing here
is answered: a line goes when what it asks for was done.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Final, NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string

from milieu.census.models import Stay
from milieu.people.models import Person

QUIET_MAX: Final = 100  # on one page; everyone of four units


class Quiet(NamedTuple):
    """One thing that is due. ``said``: the entry that it rests on, in words, and by whom."""

    title: str
    stay: Stay  # with patient, standing, bed and unit
    said: str
    by: str
    at: datetime
    since: datetime  # it is due since then
    step: str  # what the button says that does it; empty where this reader may not
    url: str


def quiet(reader: Person, now: datetime) -> list[Quiet]:
    """Return what is due on this person's units, the longest due first."""
    found = [each for listed in _listed() for each in listed(reader, now)]
    return sorted(found, key=lambda each: (each.since, each.stay.pk))[:QUIET_MAX]


@cache
def _listed() -> list[Callable[[Person, datetime], list[Quiet]]]:
    return [import_string(name) for name in settings.QUIET]
