"""A phone in somebody's pocket, as far as losing goes: what it wrote, sent, and keeps.

It decides as ``phone/static/phone/settle.js`` does: only an answer that names an id settles that
entry, and a record that is not the one it knew is given all that is kept, under the old ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final

from milieu.bench.wire import ANSWERED, SEEN, Entry, Said, Tokens, check
from milieu.kernel import clock

MOST_AT_ONCE: Final = 12
HOURS: Final = (0, 0, 0, 5, -3, 26_280)  # how far a clock is set wrong; the last is three years


@dataclass
class Pocket:
    """One phone."""

    tokens: Tokens
    author: str
    stays: Sequence[str]
    chance: Random
    written: dict[str, Entry] = field(default_factory=dict)
    kept: dict[str, int | None] = field(default_factory=dict)  # stored: id -> place in the record
    refused: dict[str, str] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)  # was stored once, whatever came then
    offline: int = 0  # steps
    off: timedelta = timedelta()  # its clock minus the true time
    knows: bool = True  # whether it has measured by how much
    epoch: str | None = None
    durable_upto: int | None = None

    @property
    def waiting(self) -> list[Entry]:
        """What is only here, oldest first."""
        settled = self.kept.keys() | self.refused.keys()
        return [entry for key, entry in self.written.items() if key not in settled]

    def write(self) -> None:
        """Write one entry down: mostly a check, now and then a list, or a check put right."""
        kind = self.chance.choices(("check", "hold", "amend"), (16, 2, 3))[0]
        entry = {"check": self._check, "hold": self._hold, "amend": self._amendment}[kind]()
        self.written[entry["id"]] = entry

    def next_batch(self) -> list[Entry]:
        """Take the oldest of what waits: some of it, or as much as goes at once."""
        most = self.chance.choice((1, 3, MOST_AT_ONCE))
        return self.waiting[:most]

    def hear(self, said: Said | None, batch: Sequence[Entry] = ()) -> None:
        """Take an answer for what it is worth: nothing, unless it is read whole and names ids."""
        if said is None or said.status != 200 or not isinstance(said.body, dict):
            return
        answers = {each["id"]: each for each in said.body.get("answers", ())}
        lost = self._has_gone_back(said.body)
        if lost:
            self.kept.clear()
        for entry in batch:
            if answer := answers.get(entry["id"]):
                self._settle(answer)
        self.epoch = said.body.get("epoch", self.epoch)
        self.durable_upto = said.body.get("durable_upto", self.durable_upto)

    def _settle(self, answer: dict[str, Any]) -> None:
        key = answer["id"]
        if answer["outcome"] in ANSWERED:
            self.kept[key] = answer["seq"]
            self.acknowledged.add(key)
        elif answer["outcome"] == "refused" and key not in self.kept:
            self.refused[key] = answer["code"]

    def _has_gone_back(self, body: dict[str, Any]) -> bool:
        other = self.epoch is not None and body.get("epoch") != self.epoch
        shorter = (body.get("durable_upto") or 0) < (self.durable_upto or 0)
        fresh = [each["seq"] for each in body.get("answers", ()) if each["outcome"] == "stored"]
        places = [seq for seq in self.kept.values() if seq]
        return other or shorter or (bool(fresh and places) and max(places) >= min(fresh))

    def _check(self, **changes: Any) -> Entry:
        at = clock.now() + self.off
        late = timedelta(minutes=self.chance.choice((0, 0, 0, 0, 20)))
        number = len(self.written) + 1
        note = f"{self.tokens.device[-6:]} {number}"
        fact = SEEN | {"note": note}
        if self.chance.random() < 0.1:
            fact = fact | {"nurse_should_know": f"Told {note}"}
        given: dict[str, Any] = {
            "stay": self.chance.choice(self.stays),
            "author": self.author,
            "number": number,
            "at": at,
            "happened_at": clock.rfc3339(at - late),
            "clock": self._clock(),
            "fact": fact,
        }
        return check(**given | changes)

    def _clock(self) -> dict[str, Any]:
        if not self.knows:
            return {"anchor": None, "offset_ms": None, "age_s": None}
        return {"anchor": None, "offset_ms": self.off // timedelta(milliseconds=1), "age_s": 60}

    def _hold(self) -> Entry:
        return self._check(kind=self.chance.choice(("round.take", "round.give")), fact={})

    def _amendment(self) -> Entry:
        checks = [each for each in self.written.values() if each["kind"] == "round.check"]
        if not checks:
            return self._check()
        wrong = self.chance.choice(checks)
        right = self._check(stay=wrong["stay"], amends=wrong["id"], reason="Put right")
        return right | ({"fact": None} if self.chance.random() < 0.3 else {})
