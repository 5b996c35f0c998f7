"""The seal of the record, looked at: is it made in time, is it whole, does any phone object."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from milieu.keeping.findings import Finding
from milieu.keeping.rules import age
from milieu.seals.alarms import damaged, oldest_waiting, unexplained

VERY_LATE: Final = timedelta(hours=1)
NAME: Final = "seal"


def sealing(now: datetime) -> Finding:
    """Say whether what was stored is being sealed. A late seal does not stop the unit's work."""
    since = oldest_waiting(now)
    if since is None:
        return Finding(NAME, "ok", "What was stored is sealed.")
    return Finding(
        NAME,
        "mend" if now - since > VERY_LATE else "note",
        f"An entry has waited for its seal for {age(now - since)}.",
        "Run milieu seal --once and read what it says.",
    )


def objections() -> Iterator[Finding]:
    """Say which phones saw a record that this server does not hold."""
    found = list(unexplained())
    if found:
        names = ", ".join(sorted({f"{each.device.name} of {each.device.unit}" for each in found}))
        yield Finding(
            NAME,
            "mend",
            f"Phones saw a record that this server does not hold: {names}.",
            "Let every phone send again; find out who put the database back: milieu objections.",
        )


def look(now: datetime) -> Iterator[Finding]:
    """Say all of it."""
    yield sealing(now)
    for code in damaged():
        yield Finding(
            NAME, "mend", f"The log of {code} is not what was signed.", "Run: milieu verify"
        )
    yield from objections()
