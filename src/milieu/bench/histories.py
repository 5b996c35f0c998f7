"""Random histories of phones and servers: is anything lost, doubled, or not as it was worked out?

Each history is made from its seed alone: several phones that write and push, two servers on one
database, and everything that goes wrong between them. At its end every phone comes online, and
the record must hold what was acknowledged, once, with the projections that it leads to.
"""

import json
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import msgspec
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from msgspec import Struct

from milieu.bench.goals import goals_of
from milieu.bench.house import Asked, House, build
from milieu.bench.inside_lives import back_up, order_or_leave, put_back, seal_now
from milieu.bench.lives import Life, Request, warm_up
from milieu.bench.looked import Looked, look
from milieu.bench.pocket import HOURS, MOST_AT_ONCE, Pocket
from milieu.bench.result import Result
from milieu.bench.serving import Home, new_home
from milieu.bench.wire import PULL, PUSH, Entry, Said, Tokens
from milieu.record.ledger import BATCH_MAX

ASKED: Final = Asked(units=1, people=5, phones=3)
STEPS: Final = (20, 50)
SERVERS: Final = 2
HOUR: Final = timedelta(hours=1)
KILL_WITHIN_S: Final = 0.012  # a push takes about as long
ROUNDS_MAX: Final = 5  # pushes until a phone must have nothing left to send


class Size(NamedTuple):
    """How long is gone on, and how many histories at most."""

    seconds: float
    histories: int = 1_000_000


FULL = Size(seconds=60)
QUICK = Size(seconds=15)
TINY = Size(seconds=60, histories=2)


class Tally(Struct):
    """What happened in all histories of a run."""

    histories: int = 0
    took_s: float = 0.0
    lost: int = 0
    doubled: int = 0
    differing: int = 0
    unlike_the_seal: int = 0
    failing: list[int] = msgspec.field(default_factory=list)  # seeds
    happened: dict[str, int] = msgspec.field(default_factory=dict)


def measure(*, size: Size, seed: int) -> Result:
    """Live histories from this seed on, on a database of their own."""
    with new_home() as folder:
        words = msgspec.json.encode([seed, *size]).decode()
        tally = msgspec.json.decode(
            Home(folder=folder).inside("milieu.bench.histories", words), type=Tally
        )
    happened = ", ".join(f"{count:,} {what}" for what, count in sorted(tally.happened.items()))
    again = tuple(
        f"A history did not end well. Live it again: milieu bench sync-histories --seed {each}"
        for each in tally.failing
    )
    return Result(
        bench="sync-histories",
        goals=goals_of("sync-histories"),
        seed=seed,
        figures={
            "histories_per_min": 60 * tally.histories / tally.took_s,
            "lost": tally.lost,
            "doubled": tally.doubled,
            "differing_projections": tally.differing,
            "unlike_the_seal": tally.unlike_the_seal,
            "histories": tally.histories,
        },
        notes=(f"In {tally.histories:,} histories: {happened}.", *again),
    )


def main(words: str) -> None:
    """Make the tables and a unit, live the histories, print the tally as JSON."""
    seed, seconds, most = json.loads(words)
    call_command("migrate", verbosity=0)
    house = build(ASKED)
    connection.close()
    _warm_up(house)
    began, tally, happened = time.monotonic(), Tally(), Counter[str]()
    while tally.histories < most and time.monotonic() - began < seconds:
        with TemporaryDirectory(dir=settings.HOME) as folder:
            history = History(seed + tally.histories, house, Path(folder))
            found = history.live()
        happened.update(history.happened)
        _count(tally, history.seed, found)
    tally.took_s, tally.happened = time.monotonic() - began, dict(happened)
    sys.stdout.buffer.write(msgspec.json.encode(tally))


def _warm_up(house: House) -> None:
    with TemporaryDirectory(dir=settings.HOME) as folder:
        history = History(0, house, Path(folder), servers=0)
        phone = history.phones[0]
        for _ in range(MOST_AT_ONCE):
            phone.write()
        asked = [
            Request("GET", PULL, phone.tokens.headers()),
            Request("POST", PUSH, phone.tokens.headers(), phone.tokens.push(phone.waiting)),
        ]
        warm_up(history.file, asked)


def _count(tally: Tally, seed: int, found: "Found") -> None:
    tally.histories += 1
    tally.lost += len(found.lost)
    tally.doubled += len(found.doubled)
    tally.differing += len(found.differing)
    tally.unlike_the_seal += len(found.unlike_the_seal)
    if any(found):
        tally.failing.append(seed)


class Found(NamedTuple):
    """What is not as it must be at the end of a history: ids of entries and stays, and words."""

    lost: list[str]
    doubled: list[str]
    differing: list[str]
    unlike_the_seal: list[str]


@dataclass
class History:
    """One history, from one seed. Where in a push a kill falls is the machine's to say."""

    seed: int
    house: House
    folder: Path
    servers: int = SERVERS
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311
        self.file = self.folder / "milieu.sqlite3"
        shutil.copyfile(Path(settings.HOME) / "milieu.sqlite3", self.file)
        (ward,) = self.house.wards
        self.stays = [str(stay) for stay in ward.stays]
        self.phones = [
            Pocket(
                Tokens(str(each.device), each.device_token, each.session_token),
                author=str(each.author),
                stays=self.stays,
                chance=self.chance,
            )
            for each in ward.phones
        ]
        first = self.folder / "backup.sqlite3"  # taken before anything was written
        shutil.copyfile(self.file, first)
        self.backups = [first]
        self.lives = [Life(self.file) for _ in range(self.servers)]

    def live(self) -> Found:
        """Let things happen, then let everyone come online; return what is not as it must be."""
        events: dict[Callable[[], None], int] = {
            self.write: 30,
            self.push: 40,
            self.pull: 6,
            self.lose_network: 4,
            self.set_a_clock: 2,
            self.work_at_the_desk: 6,
            self.seal: 4,
            self.kill: 4,
            self.back_up: 3,
            self.restore: 3,
        }
        for _ in range(self.chance.randint(*STEPS)):
            (event,) = self.chance.choices([*events], [*events.values()])
            event()
            for phone in self.phones:
                phone.offline = max(phone.offline - 1, 0)
        self._come_online()
        found = self._found(self.lives[0].do(look))
        for life in self.lives:
            life.kill()
        return found

    def write(self) -> None:
        """Let somebody make a few checks."""
        phone = self.chance.choice(self.phones)
        for _ in range(self.chance.randint(1, 6)):
            phone.write()
            self._note("entries written")

    def push(self) -> None:
        """Let a phone send what waits; something goes wrong with it, or nothing."""
        phone = self.chance.choice(self.phones)
        batch = phone.next_batch()
        if phone.offline or not batch:
            return
        faults: dict[Callable[[Pocket, list[Entry]], None], int] = {
            self._goes_well: 10,
            self._is_cut_off: 3,
            self._answer_is_lost: 3,
            self._answer_is_truncated: 2,
            self._comes_twice_at_once: 3,
            self._is_mixed_up: 3,
            self._server_dies: 4,
        }
        (fault,) = self.chance.choices([*faults], [*faults.values()])
        self._note(f"pushes ({fault.__name__.strip('_').replace('_', ' ')})")
        fault(phone, batch)

    def pull(self) -> None:
        """Let a phone ask for its list, and hear of the record's epoch."""
        phone = self.chance.choice(self.phones)
        if not phone.offline:
            phone.hear(self._server().ask(Request("GET", PULL, phone.tokens.headers())))

    def lose_network(self) -> None:
        """Take a phone into a corridor without network for a while."""
        self.chance.choice(self.phones).offline = self.chance.randint(3, 15)

    def set_a_clock(self) -> None:
        """Set a phone's clock; it has compared it with the server's since, or not."""
        phone = self.chance.choice(self.phones)
        phone.off = self.chance.choice(HOURS) * HOUR
        phone.knows = self.chance.random() < 0.5

    def work_at_the_desk(self) -> None:
        """Let a nurse order a level, or send somebody on leave, or have them back."""
        self._server().do(order_or_leave, self.chance.choice(self.stays), self.chance.random())

    def seal(self) -> None:
        """Let the sealer make a pass."""
        self._server().do(seal_now)

    def kill(self) -> None:
        """Kill a server while nobody speaks to it."""
        self._replace(self.chance.randrange(self.servers))

    def back_up(self) -> None:
        """Take a backup, as the ticker does each hour."""
        target = self.folder / f"backup-{len(self.backups)}.sqlite3"
        self._server().do(back_up, target)
        self.backups.append(target)

    def restore(self) -> None:
        """Put a backup back, with every server stopped, as ``milieu restore`` does."""
        for life in self.lives:
            life.kill()
        keeper = Life(self.file)
        keeper.do(put_back, self.chance.choice(self.backups))
        keeper.kill()
        self.lives = [Life(self.file) for _ in range(self.servers)]
        self._note("restores")

    def _goes_well(self, phone: Pocket, batch: list[Entry]) -> None:
        phone.hear(self._server().ask(self._request(phone, batch)), batch)

    def _is_cut_off(self, phone: Pocket, batch: list[Entry]) -> None:
        whole = self._request(phone, batch)
        part = whole.body[: self.chance.randrange(len(whole.body))]
        said = self._server().ask(whole._replace(body=part, length=len(whole.body)))
        assert said.status != 200, "Half of a push was taken for a whole one."

    def _answer_is_lost(self, phone: Pocket, batch: list[Entry]) -> None:
        self._server().ask(self._request(phone, batch))

    def _answer_is_truncated(self, phone: Pocket, batch: list[Entry]) -> None:
        said = self._server().ask(self._request(phone, batch))
        phone.hear(Said(said.status, None, said.headers), batch)

    def _comes_twice_at_once(self, phone: Pocket, batch: list[Entry]) -> None:
        request = self._request(phone, batch)
        for life in self.lives:
            life.send(request)
        for said in self.chance.sample([life.hear() for life in self.lives], self.servers):
            phone.hear(said, batch)

    def _is_mixed_up(self, phone: Pocket, batch: list[Entry]) -> None:
        later = phone.waiting[len(batch) : 2 * len(batch)]
        if any(entry["amends"] for entry in (*batch, *later)):
            later = []  # what puts right never overtakes: a phone waits for each answer
        for some in (later, batch):
            if some:
                mixed = some if any(each["amends"] for each in some) else some[::-1]
                phone.hear(self._server().ask(self._request(phone, mixed)), mixed)

    def _server_dies(self, phone: Pocket, batch: list[Entry]) -> None:
        place = self.chance.randrange(self.servers)
        self.lives[place].send(self._request(phone, batch))
        phone.hear(self._replace(place, after_s=self.chance.uniform(0, KILL_WITHIN_S)), batch)

    def _come_online(self) -> None:
        for phone in self.phones:
            phone.hear(self._server().ask(Request("GET", PULL, phone.tokens.headers())))
            for _ in range(ROUNDS_MAX):
                if not (batch := phone.waiting[:BATCH_MAX]):
                    break
                self._goes_well(phone, batch)

    def _found(self, looked: Looked) -> Found:
        there, lost = set(looked.ids), []
        for phone in self.phones:
            lost += [key for key in phone.acknowledged | phone.kept.keys() if key not in there]
            lost += [entry["id"] for entry in phone.waiting]
            lost += [key for key in phone.kept if _changed(phone.written[key], looked)]
            self._note("entries refused and kept", len(phone.refused))
        return Found(
            sorted({*lost}),
            [*looked.twice, *looked.numbered_twice],
            looked.differing,
            looked.unlike_the_seal,
        )

    def _server(self) -> Life:
        return self.chance.choice(self.lives)

    def _replace(self, place: int, *, after_s: float = 0.0) -> Said | None:
        said = self.lives[place].kill(after_s=after_s)
        self.lives[place] = Life(self.file)
        self._note("kills")
        return said

    def _request(self, phone: Pocket, batch: Sequence[Entry]) -> Request:
        return Request("POST", PUSH, phone.tokens.headers(), phone.tokens.push(batch))

    def _note(self, what: str, count: int = 1) -> None:
        self.happened[what] += count


def _changed(entry: Entry, looked: Looked) -> bool:
    """Return whether a check that was stored does not say what was written."""
    if entry["kind"] != "round.check" or entry["fact"] is None:
        return False
    note: str = entry["fact"]["note"]
    return looked.notes.get(entry["id"]) != note
