"""Runs beside a server, on its data: makes a unit there, or looks at its record."""

from typing import Any

import msgspec

from milieu.bench import looked
from milieu.kernel import clock
from milieu.people.services import enrol, new_enrol_code, start_session
from tests.cast import Cast

STAYS = 8
PHONES = 4


def make() -> dict[str, Any]:
    """Make the cast, more people in care, and enrolled phones with Dana at work on each."""
    cast, now = Cast(), clock.now()
    stays = [cast.rosa, cast.john, *(cast.arrive(f"P{n}", "Q") for n in range(STAYS - 2))]
    for stay in stays:
        cast.order(stay)
    phones = []
    for number in range(PHONES):
        code = new_enrol_code(cast.north, by=cast.lena, at=now)
        device, token = enrol(code, f"Phone {number}", at=now)
        _, session = start_session(cast.dana, device, how="password", at=now)
        phones.append({"device": str(device.pk), "token": token, "session": session})
    return {
        "phones": phones,
        "author": str(cast.dana.pk),
        "stays": [str(stay.pk) for stay in stays],
    }


def look() -> dict[str, Any]:
    """Return which entries are in the record, and whether header, fact and projections agree."""
    found: dict[str, Any] = msgspec.to_builtins(looked.look())
    return found
