"""The keys of a facility: worked out from the installation's own, never stored."""

from functools import lru_cache
from uuid import UUID

from django.conf import settings

from milieu.presence import sun
from milieu.presence.sun import Keys, Read

KEYS_KEPT = 4096  # tags of a process's lifetime


@lru_cache(maxsize=64)
def facility_key(facility: UUID) -> bytes:
    """Return the key from which those of a facility's tags are made."""
    return sun.diversified(settings.TAG_KEY, facility.bytes)


@lru_cache(maxsize=KEYS_KEPT)
def tag_keys(facility: UUID, uid: str) -> Keys:
    """Return what a tag of this facility is written with."""
    return sun.keys_of(facility_key(facility), uid)


def read(facility: UUID, picc_data: str, mac: str) -> Read | None:
    """Return what a tag of this facility said, or None where no such tag said this."""
    found = sun.claimed(sun.meta_key(facility_key(facility)), picc_data)
    if found is None or not sun.proves(tag_keys(facility, found.uid).file, found, mac):
        return None
    return found
