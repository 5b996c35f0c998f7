"""Runs with a server's own environment and data: makes a unit there, or looks at its record."""

import json
import sys
from collections import Counter
from typing import Any

import django

django.setup()

from milieu.census.models import Facility  # noqa: E402
from milieu.keeping.projected import differing  # noqa: E402
from milieu.kernel import clock  # noqa: E402
from milieu.people.services import enrol, new_enrol_code, start_session  # noqa: E402
from milieu.record.models import Entry  # noqa: E402
from milieu.seals.checking import differences  # noqa: E402
from milieu.seals.reading import unsealed  # noqa: E402
from tests.cast import Cast  # noqa: E402

STAYS = 8
PHONES = 4


def make(said: Any) -> dict[str, Any]:
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


def look(said: Any) -> dict[str, Any]:
    """Return which entries are in the record, and whether header, fact and projections agree."""
    entries = Entry.objects.as_system("a test counts")
    ids = [str(found) for found in entries.values_list("entry_id", flat=True)]
    checks = entries.filter(kind="round.check", struck=False)
    return {
        "ids": ids,
        "twice": [found for found, count in Counter(ids).items() if count > 1],
        "without_fact": checks.filter(safetycheck=None).count(),
        "differing": [str(stay) for stay in differing()],
        "unlike_the_seal": [
            words for facility in Facility.objects.all() for words in differences(facility.pk)
        ],
        "unsealed": unsealed(0).count(),
    }


if __name__ == "__main__":
    json.dump({"make": make, "look": look}[sys.argv[1]](json.load(sys.stdin)), sys.stdout)
