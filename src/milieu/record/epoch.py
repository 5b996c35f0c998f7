"""Which life of the record this is. A restore from a backup begins a new one."""

from functools import cache
from uuid import UUID

from milieu.record.models import Epoch


@cache
def current() -> UUID:
    """Return the id of this life of the record. Phones that knew another send all they kept.

    Asked once in a process: a restore is refused while a server runs.
    """
    newest = Epoch.objects.order_by("-number").values_list("epoch_id", flat=True).first()
    return newest or Epoch.objects.create(reason="First start").epoch_id


def begin(reason: str) -> UUID:
    """Begin a new life of the record, and say why: after a restore, entries may be missing."""
    current.cache_clear()
    return Epoch.objects.create(reason=reason).epoch_id
