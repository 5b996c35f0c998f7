"""The units that a stay was transferred from. Plain: what is written of them is read here too."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

LEFT_MAX = 8  # units whose late entries about somebody who moved on are believed


class Left(NamedTuple):
    """A unit that a stay was transferred from, and when."""

    unit: UUID
    at: datetime


def as_text(left: Iterable[Left]) -> str:
    """Return the newest of these as lines: the ledger reads them with the row of every stay."""
    return "\n".join(f"{unit} {at.isoformat()}" for unit, at in [*left][-LEFT_MAX:])


def from_text(text: str) -> tuple[Left, ...]:
    """Return what ``as_text`` wrote, oldest first."""
    pairs = (line.split(" ", 1) for line in text.splitlines())
    return tuple(Left(UUID(unit), datetime.fromisoformat(at)) for unit, at in pairs)
