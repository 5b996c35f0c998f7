"""Entries a second through the real endpoint, against the same rows by the bare driver."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from milieu.bench import history, postgres
from milieu.bench.bare import Floor, Postgres, Sqlite
from milieu.bench.goals import goals_of
from milieu.bench.house import Asked, House
from milieu.bench.load import Link, Measured, Unexpected, Work, side_by_side
from milieu.bench.result import Result, version
from milieu.bench.serving import Home, Served, new_home
from milieu.bench.walks import Look, bare, request, walks

UNITS: Final = 4
PEOPLE: Final = 24  # one walk of a unit is one batch
PHONES: Final = 16
STORED: Final = b'"outcome":"stored"'


class Size(NamedTuple):
    """How much is measured: rounds of both sides in turn, and walks of each client in a round."""

    rounds: int
    walks: int  # with all phones
    walks_alone: int  # with one phone
    warm: int  # walks of each phone before anything is measured
    history: int  # checks of each person before that; 1,344 are two weeks


FULL = Size(rounds=4, walks=60, walks_alone=120, warm=8, history=1_344)
QUICK = Size(rounds=2, walks=20, walks_alone=40, warm=4, history=1_344)
TINY = Size(rounds=1, walks=2, walks_alone=3, warm=1, history=2)


def measure(database: str, *, size: Size, seed: int) -> Result:
    """Run the bench on a database of its own."""
    goals = goals_of("ingest", database)
    if database == "postgres" and not postgres.installed():
        missing = dict.fromkeys(goals, postgres.HOW_TO_GET)
        return Result(bench="ingest", goals=goals, seed=seed, figures={}, missing=missing)
    with ExitStack() as stack:
        home, new_floor, past = stack.enter_context(_database(database))
        asked = Asked(units=UNITS, people=PEOPLE, phones=PHONES // UNITS)
        made = home.inside("milieu.bench.house", msgspec.json.encode(asked).decode())
        house = msgspec.json.decode(made, type=House)
        for ward in house.wards:
            past.fill(ward.stays, ward.phones[0], house.made_at, size.history)
        past.settle()
        home.inside("milieu.bench.sealed")
        floor = new_floor()
        served = stack.enter_context(home.served())
        figures = _Run(house, served, floor, seed).figures(size)
    note = (
        f"On {version(database)}, durable commits on; {size.rounds} rounds of both sides in turn; "
        f"{size.history:,} checks of each person before."
    )
    return Result(
        bench="ingest",
        goals=goals,
        seed=seed,
        figures=figures,
        notes=(note,),
        database=version(database),
    )


@contextmanager
def _database(name: str) -> Iterator[tuple[Home, Callable[[], Floor], history.Past]]:
    """Yield an empty database. The floor, called for once it is filled, has a copy of it."""
    with ExitStack() as stack:
        folder = stack.enter_context(new_home())
        if name == "sqlite":
            home = Home(folder=folder)
            file = folder / "milieu.sqlite3"
            copied = folder / "floor.sqlite3"
            yield home, lambda: Sqlite(shutil.copyfile(file, copied)), history.Sqlite(file)
            return
        addresses = stack.enter_context(postgres.server(folder))
        home = Home(folder=folder, owner_url=addresses.owner, app_url=addresses.app)
        past = history.Postgres(addresses.superuser)
        yield home, lambda: Postgres(postgres.copy(addresses)), past


class _Run:
    """Both sides, each given walks that nobody walked before."""

    def __init__(self, house: House, served: Served, floor: Floor, seed: int) -> None:
        self.house, self.served, self.floor = house, served, floor
        self.walks = [
            walks(house, ward, ward.phones[place], seed=seed)
            for place in range(PHONES // UNITS)
            for ward in house.wards
        ]

    def figures(self, size: Size) -> dict[str, float]:
        """Measure the floor and the server in turn, so that both see the same machine."""
        for side in (self._bare, self._pushed):
            side(PHONES, size.warm)
        found: dict[str, Measured] = {
            name: Measured() for name in ("floor", "server", "floor_1", "server_1")
        }
        for _ in range(size.rounds):
            found["floor"] += self._bare(PHONES, size.walks)
            found["server"] += self._pushed(PHONES, size.walks)
            found["floor_1"] += self._bare(1, size.walks_alone)
            found["server_1"] += self._pushed(1, size.walks_alone)
        per_s = {name: measured.per_s * PEOPLE for name, measured in found.items()}
        return {
            "entries_per_s": per_s["server"],
            "floor_entries_per_s": per_s["floor"],
            "ratio_to_floor": per_s["server"] / per_s["floor"],
            "p50_ms": found["server"].percentile_ms(50),
            "p99_ms": found["server"].percentile_ms(99),
            "floor_p99_ms": found["floor"].percentile_ms(99),
            "entries_per_s_1": per_s["server_1"],
            "floor_entries_per_s_1": per_s["floor_1"],
            "ratio_1": per_s["server_1"] / per_s["floor_1"],
            "p99_ms_1": found["server_1"].percentile_ms(99),
        }

    def _bare(self, clients: int, many: int) -> Measured:
        taken = self._taken(clients, many)
        work: list[Work] = []
        for looks in taken:
            batches = [[bare(look, self.house.made_at) for look in walk] for walk in looks]
            work.append(self.floor.client(batches, self.floor.reserve(many * PEOPLE)))
        try:
            return side_by_side(work)
        finally:
            self.floor.close()

    def _pushed(self, clients: int, many: int) -> Measured:
        taken = self._taken(clients, many)
        links = [Link(self.served.port) for _ in taken]
        work = [
            [_push(link, request(walk, self.served.port)) for walk in looks]
            for link, looks in zip(links, taken, strict=True)
        ]
        try:
            return side_by_side(work)
        finally:
            for link in links:
                link.close()

    def _taken(self, clients: int, many: int) -> Sequence[list[list[Look]]]:
        return [list(islice(each, many)) for each in self.walks[:clients]]


def _push(link: Link, sent: bytes) -> Callable[[], None]:
    def push() -> None:
        answer = link.ask(sent)
        if answer.count(STORED) != PEOPLE:
            raise Unexpected(f"Not every entry was stored: {answer[:2000]!r}")

    return push
