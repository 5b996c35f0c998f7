"""HL7's times (DTM) of any precision, with or without a zone, into moments."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

import hl7

from milieu.kernel.clock import moments_of
from milieu.kernel.errors import Refusal

DTM = re.compile(r"(\d{4}|\d{6}|\d{8}|\d{10}|\d{12}|\d{14}(?:\.\d{1,6})?)([+-]\d{4})?$")
TO_THE_DAY = 8  # digits
TO_THE_MINUTE = 12
FORM = "YYYYMMDDHHMM[SS], with a zone such as -0500 if it is not the unit's own"

Said = tuple[str, str]  # where it stands, and what stands there


@dataclass(frozen=True)
class Moment:
    """A moment, where it was said, and how finely."""

    at: datetime
    location: str
    digits: int
    again: datetime | None = None  # the second moment at which the unit's clock showed this time
    left_out: bool = False  # the unit's clock never showed it: it went forward then


def first(said: Iterable[Said], zone: tzinfo) -> Moment | None:
    """Return the first time; if it only names a day, the first of that day exact to the minute.

    A time without a zone is a time of ``zone``. Only a year or a month is no time.

    Raises:
        Refusal ``data-type``: a time that is looked at cannot be read.
    """
    coarse = None
    for location, text in said:
        moment = _moment(location, text, zone)
        if moment is None:
            continue
        if coarse is None and moment.digits >= TO_THE_MINUTE:
            return moment
        coarse = coarse or moment
        if moment.digits >= TO_THE_MINUTE and _day(moment, zone) == _day(coarse, zone):
            return moment
    return coarse


def _day(moment: Moment, zone: tzinfo) -> date:
    return moment.at.astimezone(zone).date()


def zone_of(sent_at: str, otherwise: tzinfo) -> tzinfo:
    """Return the zone of MSH-7, which holds for the whole message, else ``otherwise``."""
    if re.search(r"[+-]\d{4}$", sent_at):
        try:
            return _read(sent_at, "MSH^1^7").tzinfo or otherwise
        except Refusal:
            return otherwise
    return otherwise


def birth_date(location: str, text: str) -> date | None:
    """Return a date of birth; None when it is empty, all zeros, or only a year or a month.

    Raises:
        Refusal ``data-type``: it cannot be read.
    """
    if not text.strip("0"):
        return None
    moment = _read(text, location)
    return moment.date() if _digits(text) >= TO_THE_DAY else None


def _moment(location: str, text: str, zone: tzinfo) -> Moment | None:
    if not text.strip("0"):
        return None
    read = _read(text, location)
    digits = _digits(text)
    if digits < TO_THE_DAY:
        return None
    try:
        at = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _unreadable(location) from None
    if read.tzinfo or not isinstance(zone, ZoneInfo):
        return Moment(at, location, digits)
    shown = moments_of(read, zone)
    return Moment(at, location, digits, again=next(iter(shown[1:]), None), left_out=not shown)


def _read(text: str, location: str) -> datetime:
    if not DTM.match(text):
        raise _unreadable(location)
    try:
        read: datetime = hl7.parse_datetime(text)
        read.utcoffset()  # the library looks at an offset only when it is asked for it
    except (ValueError, OverflowError):
        raise _unreadable(location) from None
    return read


def _digits(text: str) -> int:
    return len(re.split(r"[.+-]", text)[0])


def _unreadable(location: str) -> Refusal:
    return Refusal("data-type", f"{location} is not a date and time. Send {FORM}.", field=location)
