"""What the evidence supports about the time of an entry. Plain: times in, answers out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class Label(StrEnum):
    """What a reader must be told about an entry's time. Shown, never corrected."""

    LATE_ENTRY = "late-entry"  # written long after it happened
    SENT_LATE = "sent-late"  # stored long after it was written
    AHEAD = "ahead"  # says a time that had not come when it was written, or received
    BEFORE_ANCHOR = "before-anchor"  # says it was written before a moment that it followed
    CLOCK_OFF = "clock-off"  # the device's clock was far from the server's
    CLOCK_UNKNOWN = "clock-unknown"  # never compared with the server's
    OUT_OF_ORDER = "out-of-order"  # its time runs against the device's own order
    TWO_PLACES = "two-places"  # its author was in another room in the same seconds


@dataclass(frozen=True)
class Tolerance:
    """How far times may differ before it is said. From the unit's pack, under ``limits``."""

    late_entry: timedelta
    sent_late: timedelta
    clock_off: timedelta


class Times(Struct, frozen=True, kw_only=True):
    """What is known of when an entry was made. ``None`` means not known."""

    happened_at: datetime  # by the device's clock
    written_at: datetime  # by the device's clock
    received_at: datetime  # by the server's clock
    offset: timedelta | None = None  # device clock minus server clock, as last measured
    anchor_at: datetime | None = None  # the device had heard this moment from the server


# Measured offsets and signed anchors are good to about a second; see docs/wire.md.
SLACK = timedelta(seconds=2)


def written_between(times: Times) -> tuple[datetime | None, datetime]:
    """Return the proved bounds of writing: after the anchor, before receipt."""
    return times.anchor_at, times.received_at


def counted_at(times: Times, tolerance: Tolerance) -> datetime | None:
    """Return the time that due times may rest on, or None where the claim is not supported.

    The device's time is read by the offset that was measured, then kept inside what is proved:
    not after it was written, not after receipt, and as long before its writing as the device
    itself says, where the writing came after the anchor. A late entry counts for nothing here:
    what was written afterwards cannot show that someone was there then.

    A clock that was never compared is taken at its word inside [anchor, receipt], since a wrong
    word there can only be wrong by less than the time offline. One that says it was written after
    receipt is wrong, nobody can say by how much: then only the earliest of what is proved counts,
    or nothing without an anchor. Receipt would be the kindest reading, and what is held back would
    earn time by it.
    """
    if times.written_at - times.happened_at > tolerance.late_entry:
        return None
    earliest = times.anchor_at and times.anchor_at - _lag(times)
    if _is_ahead(times):
        return earliest and min(earliest, times.received_at)
    claimed = min(times.happened_at, times.written_at) - (times.offset or timedelta())
    return min(max(claimed, earliest or claimed), times.received_at)


def labels(times: Times, tolerance: Tolerance) -> list[Label]:
    """Return what a reader must be told about these times, in the order of ``Label``."""
    found = []
    written = times.written_at - (times.offset or timedelta())
    if times.written_at - times.happened_at > tolerance.late_entry:
        found.append(Label.LATE_ENTRY)
    if times.received_at - written > tolerance.sent_late:
        found.append(Label.SENT_LATE)
    if _is_ahead(times) or times.happened_at > times.written_at + SLACK:
        found.append(Label.AHEAD)
    if times.anchor_at and written < times.anchor_at - SLACK:
        found.append(Label.BEFORE_ANCHOR)
    if times.offset is None:
        found.append(Label.CLOCK_UNKNOWN)
    elif abs(times.offset) > tolerance.clock_off:
        found.append(Label.CLOCK_OFF)
    return found


def provably_before(times: Times, moment: datetime) -> bool:
    """Return whether the entry's time, read as kindly as the evidence allows, is before ``moment``.

    A clock that was never compared, or that has jumped since, proves nothing unless even receipt
    was before.
    """
    if times.received_at < moment:
        return True
    happened = _happened(times)
    return happened is not None and happened < moment - SLACK


def provably_after(times: Times, moment: datetime) -> bool:
    """Return whether the entry's time is after ``moment``, however kindly it is read.

    Where the clock proves nothing, the anchor still does: the entry was written after it, and
    happened before writing by as much as the device itself says.
    """
    happened = _happened(times)
    if happened is None and times.anchor_at:
        happened = times.anchor_at - _lag(times)
    return happened is not None and happened > moment + SLACK


def written_from(times: Times) -> datetime | None:
    """Return the first moment at which the evidence lets it have been written, or None: any.

    What the device says, where its clock was compared and bears it; else after its anchor.
    """
    written = _written(times)
    return times.anchor_at if written is None else written - SLACK


def _is_ahead(times: Times) -> bool:
    """Return whether the device's clock says that it was written after it was received."""
    return times.written_at - (times.offset or timedelta()) > times.received_at + SLACK


def _lag(times: Times) -> timedelta:
    """Return how long after it happened it was written: one clock, so no offset matters."""
    return max(times.written_at - times.happened_at, timedelta())


def _happened(times: Times) -> datetime | None:
    """Return when it happened, or None where the clock evidence does not bear it."""
    written = _written(times)
    return None if written is None else written - _lag(times)


def _written(times: Times) -> datetime | None:
    """Return when it was written, or None where the clock evidence does not bear it.

    A measured offset is believed unless it puts the writing outside of what is proved: then the
    clock was set since it was measured, and says nothing any more.
    """
    if times.offset is None:
        return None
    written = times.written_at - times.offset
    earliest, latest = written_between(times)
    if written > latest + SLACK or (earliest and written < earliest - SLACK):
        return None
    return written
