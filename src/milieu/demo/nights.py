"""Two people whose sleep is protected: the order, and looks from the doorway that rarely wake."""

from datetime import datetime, timedelta
from random import Random

from milieu.census.models import Unit
from milieu.sleep.rules import Hours, Interval, night_at, nights
from milieu.sleep.shape import DoorwayLook, ProtectSleep

SLEEPERS = (14, 20)  # by bed
ORDERED_BEFORE = timedelta(hours=44)  # two nights are over when the demo begins, others to come
NIGHTS = 5
WOKEN = 0.06


def ordered_at(number: int, admitted: datetime, ends: datetime) -> datetime | None:
    """Return since when the sleep of whoever has this bed at the end is protected."""
    if number not in SLEEPERS:
        return None
    return max(ends - ORDERED_BEFORE, admitted + timedelta(hours=1))


def order(unit: Unit) -> ProtectSleep:
    """Return the order, as the pack offers it."""
    allowed = unit.pack.protected_sleep
    return ProtectSleep(
        from_hour=allowed.hours[0],
        to_hour=allowed.hours[1],
        nights=NIGHTS,
        criteria=tuple(each.code for each in allowed.criteria),
        why="Wakes at every look, and has been tired for days",
    )


def protected(unit: Unit, since: datetime) -> list[Interval]:
    """Return the nights of that order."""
    hours = Hours(*unit.pack.protected_sleep.hours)
    return nights(hours, since=since, count=NIGHTS, zone=unit.zone)


def look(found: list[Interval], at: datetime, eyes: str, chance: Random) -> DoorwayLook | None:
    """Return what a look from the doorway was like; None where it was no such look."""
    if eyes != "closed" or night_at(found, at) is None:
        return None
    return DoorwayLook(breathing="seen", woken="yes" if chance.random() < WOKEN else "no")
