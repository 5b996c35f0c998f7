"""Phones that speak docs/wire.md over a real connection, and keep what is not answered."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from tests.running import Server

SEEN = {
    "outcome": "seen",
    "place": "own-room",
    "position": "lying",
    "eyes": "closed",
    "breathing": "seen",
}
Entry = dict[str, Any]


@dataclass
class Said:
    """What the server answered, if it did."""

    status: int
    body: Any
    headers: dict[str, str]


@dataclass
class Phone:
    """One enrolled phone: an outbox, and what was acknowledged."""

    server: Server
    device: str
    token: str
    session: str
    author: str
    stays: list[str]
    chance: random.Random
    seq: int = 0
    unanswered: int = 0  # how often the server went away while it was asked
    batches: list[list[Entry]] = field(default_factory=list)  # everything that it ever wrote
    waiting: list[list[Entry]] = field(default_factory=list)
    acknowledged: dict[str, str] = field(default_factory=dict)  # id: first outcome

    def write(self, size: int) -> None:
        """Write a batch down, on the phone alone."""
        batch = [self._entry() for _ in range(size)]
        self.batches.append(batch)
        self.waiting.append(batch)

    def send(self) -> Said | None:
        """Send the oldest waiting batch. Only an answer that names the ids takes it out."""
        batch = self.waiting[0]
        said = self.push(batch)
        self.unanswered += said is None
        if said and said.status == 200:
            self._note(batch, said.body["answers"])
            self.waiting.pop(0)
        return said

    def send_all(self) -> None:
        """Send until nothing waits. Every answer must be 200."""
        while self.waiting:
            said = self.send()
            assert said is not None
            assert said.status == 200, said.body

    def keep_all(self) -> None:
        """Put everything that it ever wrote in the outbox again, as after a restore."""
        self.waiting = list(self.batches)

    def push(self, batch: list[Entry]) -> Said | None:
        """Send a batch; None when the server did not answer."""
        return self.ask("POST", "/phone/push", self._said(batch))

    def push_broken(self, batch: list[Entry], *, cut: int) -> None:
        """Send a batch without its last bytes, and hang up."""
        body = self._said(batch).encode()
        link = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        link.putrequest("POST", "/phone/push")
        for name, value in {**self._headers(), "Content-Length": str(len(body))}.items():
            link.putheader(name, value)
        link.endheaders(body[:-cut])
        link.close()

    def _said(self, batch: list[Entry]) -> str:
        said = {
            "wire": 1,
            "device": self.device,
            "sent_at": clock.rfc3339(clock.now()),
            "head_seen": None,
            "entries": batch,
        }
        return json.dumps(said)

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token}",
            "Milieu-Session": self.session,
            "Content-Type": "application/json",
        }

    def ask(self, method: str, path: str, body: str | None = None) -> Said | None:
        """Ask once; None when the server did not answer, or not to the end."""
        link = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            link.request(method, path, body, self._headers())
            answer = link.getresponse()
            return Said(answer.status, json.loads(answer.read()), dict(answer.getheaders()))
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            link.close()

    def _note(self, batch: list[Entry], answers: list[Any]) -> None:
        assert [each["id"] for each in answers] == [entry["id"] for entry in batch]
        for each in answers:
            assert each["outcome"] in ("stored", "repeated"), each
            self.acknowledged.setdefault(each["id"], each["outcome"])

    def _entry(self) -> Entry:
        self.seq += 1
        now = clock.rfc3339(clock.now())
        return {
            "id": str(uuid7()),
            "device_seq": self.seq,
            "kind": "round.check",
            "stay": self.chance.choice(self.stays),
            "author": self.author,
            "happened_at": now,
            "written_at": now,
            "clock": {"anchor": None, "offset_ms": 0, "age_s": 5},
            "amends": None,
            "reason": "",
            "fact": SEEN,
        }


def phones_of(server: Server, unit: dict[str, Any], *, seed: int = 7) -> list[Phone]:
    """Return the unit's phones."""
    return [
        Phone(
            server=server,
            author=unit["author"],
            stays=unit["stays"],
            chance=random.Random(seed + number),
            **phone,
        )
        for number, phone in enumerate(unit["phones"])
    ]


def acknowledged(phones: list[Phone]) -> set[str]:
    """Return the ids of all entries that the server said are in the record."""
    return {found for phone in phones for found in phone.acknowledged}


def batches(phones: list[Phone]) -> Iterator[list[str]]:
    """Yield the ids of each batch that was ever written."""
    for phone in phones:
        for batch in phone.batches:
            yield [entry["id"] for entry in batch]
