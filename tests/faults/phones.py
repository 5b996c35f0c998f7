"""Phones that speak docs/wire.md over a real connection, and keep what is not answered."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from milieu.bench.wire import PUSH, Entry, Said, Tokens, check, read
from milieu.kernel import clock
from tests.running import Server


@dataclass
class Phone:
    """One enrolled phone: an outbox, and what was acknowledged."""

    server: Server
    tokens: Tokens
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
        return self.ask("POST", PUSH, self.tokens.push(batch))

    def push_broken(self, batch: list[Entry], *, cut: int) -> None:
        """Send a batch without its last bytes, and hang up."""
        body = self.tokens.push(batch)
        link = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        link.putrequest("POST", PUSH)
        for name, value in {**self.tokens.headers(), "Content-Length": str(len(body))}.items():
            link.putheader(name, value)
        link.endheaders(body[:-cut])
        link.close()

    def ask(self, method: str, path: str, body: bytes | None = None) -> Said | None:
        """Ask once; None when the server did not answer, or not to the end."""
        link = HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        try:
            link.request(method, path, body, self.tokens.headers())
            answer = link.getresponse()
            said = read(answer.read())
            return None if said is None else Said(answer.status, said, dict(answer.getheaders()))
        except (OSError, HTTPException):
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
        return check(
            stay=self.chance.choice(self.stays),
            author=self.author,
            number=self.seq,
            at=clock.now(),
        )


def phones_of(server: Server, unit: dict[str, Any], *, seed: int = 7) -> list[Phone]:
    """Return the unit's phones."""
    return [
        Phone(
            server=server,
            author=unit["author"],
            stays=unit["stays"],
            chance=random.Random(seed + number),
            tokens=Tokens(**phone),
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
