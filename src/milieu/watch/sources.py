"""Which streams there are, what a person reads for them, and where they are read from.

Each room of facts gives plain series; here they stand side by side, each with its name, its unit
and which way a nurse wants to hear of. Every one is off until the unit turns it on.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from milieu.behavior.rules import COMPANY, SELF_CARE
from milieu.behavior.series import series as of_behavior
from milieu.behavior.services import words as behavior_words
from milieu.census.packs import LANGUAGE
from milieu.instruments.series import series as of_instruments
from milieu.intake.series import series as of_intake
from milieu.sleep.seen import series as of_sleep
from milieu.vitals.series import series as of_vitals
from milieu.watch.streams import Stream

Point = tuple[datetime, float | None, UUID]
Series = dict[str, dict[UUID, list[Point]]]  # by stream, then by stay
PACK: Final = "inpatient"  # codes and their order are the product's; the words are this pack's
FLUIDS: Final = "fluids"  # a day of it is known when the day is over
LOOKED_AT: Final = ("sleep", "wakings")  # without a number: too few looks, which is not their doing


class Source(NamedTuple):
    """One stream, as people read it."""

    stream: Stream
    title: str | Promise
    said: Callable[[float], str]  # a value in words


def _plain(unit: str = "") -> Callable[[float], str]:
    return lambda value: f"{value:.0f} {unit}".strip()


def _tenths(unit: str) -> Callable[[float], str]:
    return lambda value: f"{value:.1f} {unit}"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _duration(minutes: float) -> str:
    hours, rest = divmod(round(minutes), 60)
    return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": rest}


def _word(part: str, codes: Mapping[str, int]) -> Callable[[float], str]:
    """Return how a step of a scale is said, in the words of the product's own pack."""
    by_step = {step: code for code, step in codes.items()}

    def said(value: float) -> str:
        code = by_step[min(max(round(value), 1), len(by_step))]
        found = behavior_words(PACK, part)[code]
        return found.said(get_language() or LANGUAGE).lower()

    return said


def _of_seven(value: float) -> str:
    return _("%(step).0f of 7") % {"step": value}


_ALL: Final = (
    Source(Stream("meals", "share", 0, 1, "lower"), gettext_lazy("Meals, share eaten"), _percent),
    Source(Stream(FLUIDS, "continuous", 0, 6000, "lower"), gettext_lazy("Drinks"), _plain("ml")),
    Source(Stream("sleep", "continuous", 0, 600, "either"), gettext_lazy("Sleep"), _duration),
    Source(Stream("wakings", "count", 0, 30, "higher"), gettext_lazy("Wakings"), _plain()),
    Source(Stream("activity", "ordinal", 1, 7, "either"), gettext_lazy("Activity"), _of_seven),
    Source(
        Stream("company", "ordinal", 1, 3, "lower"),
        gettext_lazy("Company"),
        _word("company", COMPANY),
    ),
    Source(
        Stream("self_care", "ordinal", 1, 4, "lower"),
        gettext_lazy("Washing and dressing"),
        _word("self_care", SELF_CARE),
    ),
    Source(Stream("participation", "share", 0, 1, "lower"), gettext_lazy("Groups"), _percent),
    Source(Stream("requests", "count", 0, 99, "either"), gettext_lazy("Requests"), _plain()),
    Source(
        Stream("agitation", "count", 0, 12, "higher"),
        gettext_lazy("Restlessness and anger"),
        _plain(),
    ),
    Source(Stream("pulse", "continuous", 20, 250, "either"), gettext_lazy("Pulse"), _plain("/min")),
    Source(
        Stream("systolic", "continuous", 50, 280, "either"),
        gettext_lazy("Blood pressure, upper"),
        _plain("mmHg"),
    ),
    Source(
        Stream("temperature", "continuous", 32, 43, "higher"),
        gettext_lazy("Temperature"),
        _tenths("°C"),
    ),
    Source(Stream("pain", "ordinal", 0, 10, "higher"), gettext_lazy("Pain"), _plain()),
    Source(
        Stream("weight", "continuous", 25, 350, "either"), gettext_lazy("Weight"), _tenths("kg")
    ),
    Source(Stream("phq-9", "ordinal", 0, 27, "higher"), gettext_lazy("PHQ-9"), _plain()),
    Source(Stream("gad-7", "ordinal", 0, 21, "higher"), gettext_lazy("GAD-7"), _plain()),
)
SOURCES: Final[dict[str, Source]] = {each.stream.code: each for each in _ALL}


def read(stays: Sequence[UUID], since: datetime, now: datetime, zone: ZoneInfo) -> Series:
    """Return every stream of these stays from ``since`` on, oldest first.

    The number of statements does not grow with the stays. What was drunk today is left out: a day
    that is not over is no short day. So is a night that too few looks saw.
    """
    found: Series = {code: {} for code in SOURCES}
    rooms = (
        of_vitals(stays, since),
        of_intake(stays, since),
        of_behavior(stays, since),
        of_instruments(stays, since),
        of_sleep(stays, since, until=now),
    )
    for room in rooms:
        found |= {code: points for code, points in room.items() if code in SOURCES}
    for code in LOOKED_AT:
        found[code] = {
            stay: [point for point in points if point[1] is not None]
            for stay, points in found[code].items()
        }
    today = now.astimezone(zone).date()
    found[FLUIDS] = {
        stay: [point for point in points if point[0].astimezone(zone).date() != today]
        for stay, points in found[FLUIDS].items()
    }
    return found
