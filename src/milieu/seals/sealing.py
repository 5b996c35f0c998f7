"""Sealing: what is stored becomes leaves of the log, in the background, and a head is signed.

The database numbers entries before it commits them, so a lower number may appear after a higher
one. Leaves stand in the order of sealing, and every pass looks again at all that was numbered in
the last minutes: whatever commits late is sealed by the next pass.
"""

import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from milieu.census.models import Facility, Patient
from milieu.record.prepared import SIZES
from milieu.record.rows import Values, insert
from milieu.seals import beside, canonical, keys
from milieu.seals.log import frontier, origin
from milieu.seals.merkle import leaf_hash
from milieu.seals.models import Head, Leaf, Node
from milieu.seals.note import Checkpoint
from milieu.seals.reading import WHY, Stored, stored, unsealed

BATCH: Final = SIZES[-1]  # leaves in one transaction: on SQLite, writers wait for that long
SETTLED: Final = timedelta(minutes=10)  # no transaction that stores entries takes nearly as long


def seal(now: datetime, *, whole: bool = False, breath_s: float = 0.0) -> int:
    """Seal all that waits. Return how many entries were sealed.

    With ``whole``, look through the whole record for what has no leaf, however old. On SQLite,
    where one writes at a time, others have ``breath_s`` between two batches.

    Raises:
        Damaged: a log is not what its newest head says; that is for a person to look at.
    """
    after, sealed = (0 if whole else settled(now)), 0
    if not unsealed(after).exists():  # where nothing waits, nobody is kept waiting by a lock either
        return sealed
    while True:
        taken, heads = _seal_batch(after, now)
        for facility, note in heads.items():  # which are committed by now
            beside.keep(facility, note)
        sealed += len(taken)
        if len(taken) < BATCH:
            return sealed
        after = taken[-1].seq
        if connection.vendor == "sqlite":
            time.sleep(breath_s)


def settled(now: datetime) -> int:
    """Return a number up to which every entry is sealed, or will never be committed."""
    old = Head.objects.filter(at__lt=now - SETTLED).order_by("-pk")
    return old.values_list("up_to", flat=True).first() or 0


@transaction.atomic
def _seal_batch(after: int, now: datetime) -> tuple[list[Stored], dict[UUID, str]]:
    _take_turns()
    entries = stored(unsealed(after).values_list("seq", flat=True)[:BATCH])
    by_facility: dict[UUID, list[Stored]] = defaultdict(list)
    for entry in entries:
        by_facility[entry.facility].append(entry)
    heads = {
        facility: _append(facility, some, now, up_to=entries[-1].seq)
        for facility, some in by_facility.items()
    }
    return entries, heads


def _take_turns() -> None:
    """Let one sealer work at a time. Writers of entries do not wait for this lock."""
    list(Facility.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _append(facility: UUID, entries: Sequence[Stored], now: datetime, *, up_to: int) -> str:
    """Add leaves to a log, and sign its new head. Return the head as a note."""
    tree = frontier(facility)
    beside.refuse_if_lost(facility, tree)
    before = _last_leaves({entry.patient for entry in entries})
    leaves: list[Values] = []
    nodes: list[Values] = []
    for entry in entries:
        leaf = _leaf(facility, tree.size, entry, before.get(entry.patient))
        sealed = before[entry.patient] = leaf["hash"]
        leaves.append(leaf)
        _, *above = tree.add(sealed)
        nodes += [
            {"facility_id": facility, "place": place.key, "hash": node} for place, node in above
        ]
    insert(Leaf, leaves)
    insert(Node, nodes)
    keys.keep(now)
    head = Checkpoint(origin=origin(facility), size=tree.size, root=tree.root)
    note = keys.signer().sign(str(head))
    Head.objects.create(
        facility_id=facility, size=head.size, root=head.root, note=note, up_to=up_to, at=now
    )
    return note


def _leaf(facility: UUID, index: int, entry: Stored, before: bytes | None) -> Values:
    salt = secrets.token_bytes(canonical.SALT_BYTES)
    data = canonical.leaf(entry.header, entry.fact, before)
    return {
        "entry_id": entry.seq,
        "facility_id": facility,
        "index": index,
        "patient_id": entry.patient,
        "salt": salt,
        "data": data,
        "hash": leaf_hash(salt + data),
    }


def _last_leaves(patients: Iterable[UUID]) -> dict[UUID, bytes | None]:
    """Return the hash of the last leaf about each of these people, where there is one."""
    leaves = Leaf.objects.as_system(WHY).filter(patient=OuterRef("pk")).order_by("-index")
    asked = Patient.objects.as_system(WHY).filter(pk__in=patients)
    rows = asked.values_list("pk", Subquery(leaves.values("hash")[:1]))
    return {patient: last and bytes(last) for patient, last in rows}
