"""Who held a person at each minute. Plain: takes and gives in, spans out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Turn:
    """Somebody takes a person onto their list, or (``name`` is None) nobody holds them any more."""

    at: datetime
    name: str | None


@dataclass(frozen=True)
class Held:
    """A time without a hole, and who held the person in it: None where it was nobody."""

    start: datetime
    end: datetime
    name: str | None


def held(turns: Iterable[Turn], start: datetime, end: datetime) -> list[Held]:
    """Return who held the person at each moment from ``start`` to ``end``."""
    found: list[Held] = []
    since, name = start, None
    for turn in sorted(turns, key=lambda turn: turn.at):
        if turn.at >= end:
            break
        if turn.at > since and turn.name != name:
            found.append(Held(since, turn.at, name))
        if turn.name != name:
            since, name = max(turn.at, start), turn.name
    if since < end:
        found.append(Held(since, end, name))
    return found
