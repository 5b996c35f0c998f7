"""What other systems sent before, the same for both doors: once is enough, and older is too late.

The ids are the doors' own, worked out from what was sent, for ever.
"""

from datetime import datetime
from uuid import UUID

from milieu.census.models import Receipt


def is_new(message: UUID, event: str, *, received_at: datetime, control_id: str = "") -> bool:
    """Return whether a message was not taken in before, and keep its receipt."""
    _receipt, new = Receipt.objects.get_or_create(
        id=message,
        defaults={"event": event, "control_id": control_id, "received_at": received_at},
    )
    return new


def is_overtaken(thing: UUID, kind: str, *, as_of: datetime | None, received_at: datetime) -> bool:
    """Return whether a newer version of the same thing was taken in; else this one is the newest.

    ``as_of`` is when it was so, by its sender's clock; None where nothing tells, which is never
    overtaken. A clock that is ahead is believed no further than ``received_at``: it would shut
    out whatever comes until then.
    """
    if as_of is None:
        return False
    as_of = min(as_of, received_at)
    newest, new = Receipt.objects.get_or_create(
        id=thing, defaults={"event": kind, "received_at": received_at, "as_of": as_of}
    )
    if new or newest.as_of is None:
        return False
    Receipt.objects.filter(id=thing, as_of__lte=as_of).update(as_of=as_of, received_at=received_at)
    return newest.as_of > as_of
