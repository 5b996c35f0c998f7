"""What is said of people who are missing: before anybody in care is missed, and afterwards."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milieu.alerts.models import Shortage
from milieu.kernel.clock import wall_time
from milieu.people.forms import ROLE_NAMES
from milieu.people.rules import Role

MINUTE_S = 60


def ahead(short: Shortage) -> str:
    """Return what has to be told now: ``The list needs 19 minutes in every 15; there are 15.``"""
    return " ".join(filter(None, (_asked(short), _missing(short), _late(short))))


def _asked(short: Shortage) -> str:
    if not short.for_ever:
        return _("Too many are due together.")
    words = _figures(short) | {"have": short.hands * short.window_s // MINUTE_S}
    return _("The list needs %(need)d minutes in every %(window)d; there are %(have)d.") % words


def _missing(short: Shortage) -> str:
    return ngettext(
        "%(people)d person is missing.", "%(people)d people are missing.", short.people_short
    ) % {"people": short.people_short}


def _late(short: Shortage) -> str:
    if not short.late_s:
        return ""
    return _("The worst check would come %(minutes)d min late.") % {"minutes": _up(short.late_s)}


def afterwards(short: Shortage, zone: ZoneInfo) -> str:
    """Return what a miss is first of all: too few people, and who was told of that when."""
    told = _("Told at %(time)s: %(role)s.") % {
        "time": wall_time(short.alert.raised_at, zone),
        "role": ROLE_NAMES[Role(short.alert.owner_role)],
    }
    return f"{_stood(short)} {told}"


def _stood(short: Shortage) -> str:
    if short.for_ever:
        words = ngettext(
            "%(hands)d person on the floor for a list that needed %(need)d minutes in every"
            " %(window)d.",
            "%(hands)d people on the floor for a list that needed %(need)d minutes in every"
            " %(window)d.",
            short.hands,
        )
    else:
        words = ngettext(
            "%(hands)d person on the floor when too many were due together.",
            "%(hands)d people on the floor when too many were due together.",
            short.hands,
        )
    return words % _figures(short)


def _figures(short: Shortage) -> dict[str, int]:
    return {
        "hands": short.hands,
        "need": _up(short.need_s),
        "window": short.window_s // MINUTE_S,
    }


def _up(seconds: int) -> int:
    """Return whole minutes, begun ones counted: a need is not made smaller than it is."""
    return -(-seconds // MINUTE_S)
