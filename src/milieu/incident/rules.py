"""Who has to be told of an incident, and until when; and whether a line names somebody. Plain."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from milieu.census.packs.hard import Tell, Violence

NAME_MIN: Final = 3  # shorter words are too often ordinary ones
LETTERS: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Owed:
    """Somebody who has to be told: until when, and whether they were."""

    tell: Tell
    due: datetime
    told: bool

    def late(self, now: datetime) -> timedelta:
        """Return by how much it is late; nothing while it is not, or once they were told."""
        return max(now - self.due, timedelta()) if not self.told else timedelta()


def owed(
    tells: Iterable[Tell], *, began_at: datetime, of: Collection[str], told: Collection[str]
) -> list[Owed]:
    """Return who has to be told of an incident, by when; the soonest first.

    Args:
        tells: the pack's.
        began_at: when it began, from which every time counts.
        of: what it was: codes of its kinds, outcomes, marks and injuries.
        told: whom somebody has told.
    """
    found = [
        Owed(tell, began_at + timedelta(minutes=tell.within_min), tell.code in told)
        for tell in tells
        if not tell.if_any or not set(tell.if_any).isdisjoint(of)
    ]
    return sorted(found, key=lambda each: (each.due, each.tell.code))


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Return the words of a text that are part of somebody's name, in the order of the text.

    Args:
        text: what was written.
        names: of everyone who is in care or at work there.
    """
    known = {part.casefold() for name in names for part in LETTERS.findall(name)}
    known = {part for part in known if len(part) >= NAME_MIN}
    found: Sequence[str] = [word for word in LETTERS.findall(text) if word.casefold() in known]
    return list(dict.fromkeys(found))


def report_due(at: datetime, *, grave: bool, violence: Violence) -> datetime:
    """Return until when a violent incident is reported to the authority.

    Args:
        at: when it happened.
        grave: an injury, a weapon, or an urgent and present threat.
        violence: the pack's hours, with their source.
    """
    return at + timedelta(hours=violence.grave_h if grave else violence.else_h)
