"""Nights that are over, remembered in this process until an entry bears on them again.

Two weeks of a unit are some ten thousand looks, and all but those of last night were there
yesterday. What was stored since, also late and by amendment, says which nights to read anew.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection

from milieu.kernel import clock
from milieu.record.ledger import newest_seq
from milieu.record.models import Entry
from milieu.rounds.services import CHECK
from milieu.sleep.asleep import Slept
from milieu.sleep.services import LOOK

WHY: Final = "the caller narrows the stays"
FORGOTTEN_AFTER: Final = timedelta(hours=24)
STAYS_MAX: Final = 2_000  # of one process; more are forgotten

Span = tuple[datetime, datetime]  # from when to when


class Window(NamedTuple):
    """One night, and the time in which looks bear on it."""

    night: Span
    around: Span


class Read(NamedTuple):
    """What the looks say of one night."""

    slept: Slept
    last: UUID | None  # the entry of the last look; None: nobody looked, by the record


class Place(NamedTuple):
    """Up to where the record was read, and when."""

    seq: int
    at: datetime


class _Kept(NamedTuple):
    place: Place
    nights: Mapping[Window, Read]


_kept: dict[UUID, _Kept] = {}


def place_now() -> Place | None:
    """Return up to where the record is read from now on; None where it may be taken back."""
    return None if connection.in_atomic_block else Place(newest_seq(), clock.now())


def known(stays: Sequence[UUID]) -> dict[UUID, dict[Window, Read]]:
    """Return the nights of these stays on which nothing bears that was stored since."""
    if connection.in_atomic_block:
        return {}
    old = clock.now() - FORGOTTEN_AFTER
    before = {stay: _kept[stay] for stay in stays if stay in _kept and _kept[stay].place.at > old}
    if not before:
        return {}
    touched = _touched(before)
    return {
        stay: {
            window: read
            for window, read in kept.nights.items()
            if not any(window.around[0] <= at < window.around[1] for at in touched[stay])
        }
        for stay, kept in before.items()
    }


def remember(place: Place | None, nights: Mapping[UUID, Mapping[Window, Read]]) -> None:
    """Keep these nights; ``place`` is from before they were read."""
    if place is None:
        return
    if len(_kept) + sum(stay not in _kept for stay in nights) > STAYS_MAX:
        _kept.clear()
    for stay, read in nights.items():
        _kept[stay] = _Kept(place, read)


def forget() -> None:
    """Remember nothing any more, as a process that has just begun."""
    _kept.clear()


def _touched(before: Mapping[UUID, _Kept]) -> dict[UUID, list[datetime]]:
    """Return the times of what was stored about each of these stays since it was read.

    Asked by when it was stored alone: that is little, and which stays it is about is told here.
    """
    seq = min(kept.place.seq for kept in before.values())
    at = min(kept.place.at for kept in before.values())
    entries = Entry.objects.as_system(WHY).stored_since(seq, at)
    found = defaultdict[UUID, list[datetime]](list)
    for stay, kind, counted_at, instead_of in entries.values_list(
        "stay_id", "kind", "counted_at", "amends__counted_at"
    ):
        if stay in before and kind in (CHECK, LOOK):
            found[stay] += [moment for moment in (counted_at, instead_of) if moment]
    return found
