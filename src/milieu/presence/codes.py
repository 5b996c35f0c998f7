"""Codes that people can read: printed at a door for good, or on the wall board for a minute."""

import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from milieu.presence.keys import facility_key

LETTERS: Final = "23456789BCDFGHJKMNPQRSTVWXYZ"  # none that look alike, and none that spell a word
PRINTED_LENGTH: Final = 8  # 28^8: 38 bits
WALL_LENGTH: Final = 6  # 28^6: 29 bits, for a minute
MINUTE: Final = timedelta(minutes=1)


def new_code() -> str:
    """Return a code to print: chance, so that a door's next one cannot be told from its last."""
    return "".join(secrets.choice(LETTERS) for _ in range(PRINTED_LENGTH))


def wall_code(facility: UUID, unit: UUID, moment: datetime) -> str:
    """Return what the wall board of a unit shows in this minute: an HMAC of unit and minute."""
    minute = int(moment.astimezone(UTC).timestamp()) // 60
    said = b"wall" + unit.bytes + minute.to_bytes(8)
    number = int.from_bytes(hmac.digest(facility_key(facility), said, "sha256")[:8])
    found = ""
    for _ in range(WALL_LENGTH):
        number, place = divmod(number, len(LETTERS))
        found += LETTERS[place]
    return found


def minute_of(
    code: str, facility: UUID, unit: UUID, *, first: datetime, last: datetime
) -> datetime | None:
    """Return the minute, of those from ``first`` to ``last``, in which the board showed this."""
    minute = first.replace(second=0, microsecond=0)
    while minute <= last:
        if hmac.compare_digest(wall_code(facility, unit, minute).encode(), code.encode()):
            return minute
        minute += MINUTE
    return None


def plain(text: str) -> str:
    """Return the code in what a camera or a person gave: ``…/#door=7F3K-92QX``, ``7f3k 92qx``."""
    last = text.replace("/", "=").rpartition("=")[2]
    return "".join(letter for letter in last.upper() if letter.isascii() and letter.isalnum())
