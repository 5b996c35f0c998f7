"""What is wrong with the house itself, told to those who keep it: nothing about anyone in care."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from milieu.alerts.kinds import BACKUP_LATE, RECORD_DISPUTED, SEAL_LATE
from milieu.alerts.services import Wrong, raise_found
from milieu.census.models import Unit
from milieu.keeping import readiness
from milieu.keeping.rules import BACKUP_LATE as BACKUP_PATIENCE
from milieu.keeping.rules import BACKUP_OLD, SEAL_PATIENCE
from milieu.record.models import Epoch
from milieu.seals.alarms import damaged, oldest_waiting, unexplained
from milieu.seals.models import Head


class Fault(NamedTuple):
    """What is wrong, since when, and how long after an answer it is told anew."""

    kind: str
    since: datetime
    again_after: timedelta


def raise_for_the_house(now: datetime) -> int:
    """Raise an alert for each facility about all that is wrong, and return how many are new."""
    faults = [*_backup(now), *_seal(now), *_disputes(now)]
    if not faults:
        return 0
    first: dict[object, Unit] = {}
    for unit in Unit.objects.select_related("facility").order_by("name", "pk"):
        first.setdefault(unit.facility_id, unit)
    wrong = [
        Wrong(
            kind=fault.kind,
            about=unit.facility_id,
            since=fault.since,
            pack=unit.pack,
            again_after=fault.again_after,
            columns={"facility": unit.facility},
        )
        for unit in first.values()
        for fault in faults
    ]
    return len(raise_found(wrong, now))


def _backup(now: datetime) -> Iterator[Fault]:
    made = readiness.last_backup() or _began()
    if made and now - made >= BACKUP_PATIENCE:
        yield Fault(BACKUP_LATE, made, BACKUP_OLD)


def _began() -> datetime | None:
    began: datetime | None = (
        Epoch.objects.order_by("number").values_list("began_at", flat=True).first()
    )
    return began


def _seal(now: datetime) -> Iterator[Fault]:
    since = oldest_waiting(now)
    if since and now - since >= SEAL_PATIENCE:
        yield Fault(SEAL_LATE, since, BACKUP_OLD)


def _disputes(now: datetime) -> Iterator[Fault]:
    """Yield since when a phone objects, or what was signed here is gone: the newest of them."""
    newest = unexplained().order_by("-found_at").values_list("found_at", flat=True).first()
    if newest is None and any(damaged()):
        newest = Head.objects.order_by("-at").values_list("at", flat=True).first() or now
    if newest:
        yield Fault(RECORD_DISPUTED, newest, BACKUP_OLD)
