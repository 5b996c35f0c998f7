"""What a phone says on the wire, and what it makes of an answer: docs/wire.md, in Python.

The fault tests and the random histories speak through this, each over a connection of its own.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from milieu.kernel import clock
from milieu.kernel.ids import uuid7

PUSH: Final = "/phone/push"
PULL: Final = "/phone/pull"
ANSWERED: Final = ("stored", "repeated")
SEEN: Final = {
    "outcome": "seen",
    "place": "own-room",
    "position": "lying",
    "eyes": "closed",
    "breathing": "seen",
}

Entry = dict[str, Any]


class Said(Struct, frozen=True):
    """What the server answered, if it did; ``body`` is None where it was no JSON."""

    status: int
    body: Any
    headers: dict[str, str]


class Tokens(Struct, frozen=True):
    """What shows which phone speaks, and for whom."""

    device: str
    token: str
    session: str

    def headers(self) -> dict[str, str]:
        """Return the headers of every request of this phone."""
        return {
            "Authorization": f"Bearer {self.token}",
            "Milieu-Session": self.session,
            "Content-Type": "application/json",
        }

    def push(self, entries: Iterable[Entry]) -> bytes:
        """Return the body of a push of these entries."""
        said = {
            "wire": 1,
            "device": self.device,
            "sent_at": clock.rfc3339(clock.now()),
            "head_seen": None,
            "entries": list(entries),
        }
        return json.dumps(said).encode()


def check(*, stay: str, author: str, number: int, at: datetime, **changes: Any) -> Entry:
    """Return a check on the spot. ``changes`` names what is not as usual."""
    moment = clock.rfc3339(at)
    usual = {
        "id": str(uuid7()),
        "device_seq": number,
        "kind": "round.check",
        "stay": stay,
        "author": author,
        "happened_at": moment,
        "written_at": moment,
        "clock": {"anchor": None, "offset_ms": 0, "age_s": 5},
        "amends": None,
        "reason": "",
        "fact": SEEN,
    }
    return usual | changes


def read(body: bytes) -> Any:
    """Return what an answer says; None when it is no JSON, or not to the end."""
    try:
        return json.loads(body)
    except ValueError:
        return None
