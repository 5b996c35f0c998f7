"""The nights of one person in words and as lines, for the page."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from milieu.census.models import Stay
from milieu.kernel.clock import wall_time
from milieu.sleep.asleep import Slept
from milieu.sleep.seen import MINUTE, Night, nights_seen

SHOWN_FOR = timedelta(days=14)
PARTS = {
    "asleep": gettext_lazy("asleep at both looks"),
    "between": gettext_lazy("asleep at one look, awake at the next"),
    "awake": gettext_lazy("awake at both looks"),
    "unknown": gettext_lazy("not known"),
}


class Part(NamedTuple):
    """A stretch of the line: where it stands and how long it is, in hundredths."""

    part: str
    place: float
    width: float
    words: str


def shown(stay: Stay, now: datetime) -> dict[str, Any]:
    """Return the last nights, the newest first, and what the page says of their error."""
    unit = stay.standing.unit
    pack = unit.pack.nights
    found = nights_seen([stay.standing], now - SHOWN_FOR, now)[stay.pk]
    return {
        "pack": pack,
        "from_share": f"{pack.agreement[0] * 100:.1f}",
        "to_share": f"{pack.agreement[1] * 100:.1f}",
        "nights": [_night(night, known=night.known(pack), zone=unit.zone) for night in found][::-1],
        "key": list(PARTS.items()),
    }


def _night(night: Night, *, known: bool, zone: ZoneInfo) -> dict[str, Any]:
    slept = night.slept
    words = {"asleep": hours(slept.asleep), "unknown": hours(slept.unknown)}
    return {
        "evening": night.evening,
        "last": night.last,
        "known": known,
        "asleep": words["asleep"],
        "least": hours(slept.least),
        "most": hours(slept.most),
        "wakings": slept.wakings,
        "unknown": words["unknown"],
        "said": _("Asleep about %(asleep)s, not known %(unknown)s") % words,
        "parts": list(_parts(slept, zone)),
    }


def _parts(slept: Slept, zone: ZoneInfo) -> Iterator[Part]:
    start, end = slept.night
    whole = end - start
    for each in slept.stretches:
        words = _("%(start)s to %(end)s: %(what)s") % {
            "start": wall_time(each.start, zone),
            "end": wall_time(each.end, zone),
            "what": PARTS[each.part],
        }
        place, width = 100 * (each.start - start) / whole, 100 * each.length / whole
        yield Part(each.part, round(place, 2), round(width, 2), words)


def hours(span: timedelta) -> str:
    """Return ``6 h 05 min``."""
    whole, minutes = divmod(round(span / MINUTE), 60)
    return _("%(hours)d h %(minutes)02d min") % {"hours": whole, "minutes": minutes}
