"""Phones as witnesses: each is told the newest head, and shows it again at its next contact.

So a record that was put back, or replaced by another, meets people who saw the one before. Sizes
are not compared: a record that lost entries and gained as many has the same size. What a phone
shows is signed by this installation, so nobody can raise a false alarm with it.
"""

import time
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import structlog

from milieu.people.models import Device
from milieu.seals import keys
from milieu.seals.log import frontier_at, log_name, newest_head
from milieu.seals.models import Contradiction, Head, Sighting
from milieu.seals.note import Checkpoint, Unsigned, open_note

TOLD_FOR_S: Final = 1.0  # how long a process tells the same head before it looks again
TRUSTED_FOR_S: Final = 60.0  # how long a head that was found here is not looked for again
NOTED_EVERY_S: Final = 600.0  # how often it is written down what a phone saw
NOTE_MAX: Final = 1000  # characters

log = structlog.get_logger(__name__)

_told: dict[UUID, tuple[float, str | None]] = {}  # by facility
_found: dict[UUID, tuple[float, str]] = {}  # by device
_noted: dict[UUID, float] = {}  # by device


def told(device: Device, seen: Any, now: datetime) -> dict[str, Any]:
    """Return what a phone is told of the log, in its answer to what it showed.

    ``head``: the newest signed head of its facility. ``head_found``: whether the head that the
    phone saw is part of this record; None where it showed none that can be read.
    """
    facility = device.unit.facility_id
    return {"head": head(facility), "head_found": _is_found(device, facility, seen, now)}


def head(facility: UUID) -> str | None:
    """Return the newest head of a facility as a signed note, at most a second old."""
    moment = time.monotonic()
    kept = _told.get(facility)
    if kept and moment < kept[0]:
        return kept[1]
    newest = newest_head(facility)
    note = newest.note if newest else None
    _told[facility] = (moment + TOLD_FOR_S, note)
    return note


def _is_found(device: Device, facility: UUID, seen: Any, now: datetime) -> bool | None:
    kept = _found.get(device.pk)
    if kept and kept[1] == seen and time.monotonic() < kept[0]:
        return True
    checkpoint = _read(seen, facility)
    if checkpoint is None:
        return None
    if contains(facility, checkpoint):
        _found[device.pk] = (time.monotonic() + TRUSTED_FOR_S, seen)
        _note(device, seen, checkpoint, now)
        return True
    _contradict(device, facility, seen, checkpoint, now)
    return False


def _read(seen: Any, facility: UUID) -> Checkpoint | None:
    """Return what a phone shows, if we signed it and it is of this facility."""
    if not isinstance(seen, str) or len(seen) > NOTE_MAX:
        return None
    try:
        found = Checkpoint.read(open_note(seen, keys.trusted()))
    except Unsigned:
        return None
    return found if found.origin.startswith(f"{log_name(facility)}/") else None


def contains(facility: UUID, checkpoint: Checkpoint) -> bool:
    """Return whether this log, when it had as many leaves, had the same root."""
    heads = Head.objects.filter(facility=facility, size=checkpoint.size)
    root = heads.values_list("root", flat=True).first()
    if root is None:
        tree = frontier_at(facility, checkpoint.size)
        root = tree.root if tree else None
    return root is not None and bytes(root) == checkpoint.root


def _note(device: Device, seen: str, checkpoint: Checkpoint, now: datetime) -> None:
    moment = time.monotonic()
    if moment < _noted.get(device.pk, -NOTED_EVERY_S) + NOTED_EVERY_S:
        return
    _noted[device.pk] = moment
    Sighting.objects.bulk_create(
        [Sighting(device=device, note=seen, size=checkpoint.size, seen_at=now)],
        update_conflicts=True,
        unique_fields=["device"],
        update_fields=["note", "size", "seen_at"],
    )


def _contradict(
    device: Device, facility: UUID, seen: str, checkpoint: Checkpoint, now: datetime
) -> None:
    found = Contradiction(
        facility_id=facility,
        device=device,
        note=seen,
        note_sha256=sha256(seen.encode()).digest(),
        size=checkpoint.size,
        found_at=now,
    )
    Contradiction.objects.bulk_create([found], ignore_conflicts=True)
    log.error("A phone saw a record that this server does not hold.", device=str(device.pk))
