"""The live board of 40 people: rendering it, keeping it up to date, holding it open."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count, islice
from statistics import median
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from milieu.bench import history, postgres
from milieu.bench.feeds import Feeds
from milieu.bench.goals import goals_of
from milieu.bench.house import Asked, House, Ward
from milieu.bench.load import Link, Measured, Unexpected, percentile, side_by_side
from milieu.bench.result import Result, version
from milieu.bench.serving import Home, Served, allow_connections, new_home
from milieu.bench.walks import Look, request, walks
from milieu.board.cards import Seen
from milieu.board.words import sentence
from milieu.kernel import clock
from milieu.kernel.ids import uuid7
from milieu.rounds.shape import SafetyCheck

PEOPLE: Final = 40
CLIENTS: Final = 8
BOARDS: Final = 50
PACK: Final = "inpatient"
STORED: Final = b'"outcome":"stored"'
TRIAL_PLACES: Final = ("courtyard", "dayroom", "dining", "group-room", "hall")
CHECK_EVERY: Final = 10  # a check is stored before every tenth round of renders: boards change


LIVING_S: Final = 1.0  # while eight read, each unit stores a check so often


class Size(NamedTuple):
    """How much is measured."""

    entries: tuple[int, int, int]  # of history for each person, on each of three boards
    rounds: int  # of all three boards, one reader
    crowds: int  # of eight new readers, one after the other
    renders: int  # of each reader
    connections: int


FULL = Size(entries=(10, 1_000, 100_000), rounds=400, crowds=8, renders=150, connections=1_400)
QUICK = Size(entries=(10, 1_000, 5_000), rounds=100, crowds=4, renders=75, connections=300)
TINY = Size(entries=(1, 2, 3), rounds=10, crowds=2, renders=3, connections=6)


def measure(database: str, *, size: Size, seed: int) -> Result:
    """Run the bench on a database of its own."""
    goals = goals_of("board")
    if database == "postgres" and not postgres.installed():
        missing = dict.fromkeys(goals, postgres.HOW_TO_GET)
        return Result(bench="board", goals=goals, seed=seed, figures={}, missing=missing)
    allow_connections(size.connections)
    with ExitStack() as stack:
        home, past = stack.enter_context(_database(database))
        asked = msgspec.json.encode(Asked(units=3, people=PEOPLE, phones=1)).decode()
        house = msgspec.json.decode(home.inside("milieu.bench.house", asked), type=House)
        for ward, many in zip(house.wards, size.entries, strict=True):
            past.fill(ward.stays, ward.phones[0], house.made_at, many)
        past.settle()
        home.inside("milieu.bench.sealed")
        served = stack.enter_context(home.served())
        run = _Run(house, served, seed)
        stack.callback(run.close)
        figures = run.figures(size)
    few, _, many = size.entries
    note = (
        f"On {version(database)}: growth is the board with {many:,} entries of history each over "
        f"the one with {few:,}; memory with {size.connections:,} open boards; a check was stored "
        f"before every {CHECK_EVERY}th render of each board, and on each unit every {LIVING_S:g} s "
        f"while eight read; eight new readers {size.crowds} times."
    )
    return Result(
        bench="board",
        goals=goals,
        seed=seed,
        figures=figures,
        notes=(note,),
        database=version(database),
    )


@contextmanager
def _database(name: str) -> Iterator[tuple[Home, history.Past]]:
    with ExitStack() as stack:
        folder = stack.enter_context(new_home())
        if name == "sqlite":
            yield Home(folder=folder), history.Sqlite(folder / "milieu.sqlite3")
            return
        addresses = stack.enter_context(postgres.server(folder))
        home = Home(folder=folder, owner_url=addresses.owner, app_url=addresses.app)
        yield home, history.Postgres(addresses.superuser)


class _Run:
    """Three units whose boards differ by how much lies behind them."""

    def __init__(self, house: House, served: Served, seed: int) -> None:
        self.house, self.served = house, served
        self.link = Link(served.port)
        self.walks = [walks(house, ward, ward.phones[0], seed=seed) for ward in house.wards]

    def close(self) -> None:
        """Hang up."""
        self.link.close()

    def figures(self, size: Size) -> dict[str, float]:
        """Measure; the boards in turn, so that each sees the same machine."""
        for walk in self.walks:
            self._store(next(walk))  # everyone was seen just now
        self._renders(5)
        boards, pushes = self._renders(size.rounds)
        felt = [taken for each in boards for taken in each]
        few, _, many = (median(each) for each in boards)
        few_pushed, _, many_pushed = (median(each) for each in pushes)
        with self._living():
            eight = self._eight(_page, size)
            live = self._eight(_live, size)
        still = self._eight(_page, size)
        return {
            "p99_ms": percentile(felt, 99) * 1000,
            "p50_ms": median(felt) * 1000,
            "renders_per_s": eight[0],
            "p99_ms_8": eight[1],
            "still_renders_per_s": still[0],
            "live_renders_per_s": live[0],
            "growth": many / few,
            "push_growth": many_pushed / few_pushed,
            "fanout_s": self._fanout(),
            "kb_per_connection": self._memory(size.connections),
        }

    def _renders(self, rounds: int) -> tuple[list[list[float]], list[list[float]]]:
        """Return how long each board took, and each check that was stored between, in seconds."""
        asked = [_page(ward, self.served.port) for ward in self.house.wards]
        boards: list[list[float]] = [[] for _ in asked]
        pushes: list[list[float]] = [[] for _ in asked]
        for number in range(rounds):
            for walk, pushed in zip(self.walks, pushes, strict=True):
                if number % CHECK_EVERY == 0:
                    pushed.append(self._store(next(walk)[number % PEOPLE :][:1]))
            for sent, taken in zip(asked, boards, strict=True):
                began = time.perf_counter()
                page = self.link.ask(sent)
                taken.append(time.perf_counter() - began)
                _check(page)
        return boards, pushes

    def _eight(self, asked: Callable[[Ward, int], bytes], size: Size) -> tuple[float, float]:
        """Return renders a second with eight readers, and their p99 in ms.

        Several times, each time by new readers: which of its processes answers a connection is
        chance, and one draw of eight would be measured instead of the server.
        """
        measured = Measured()
        for _ in range(size.crowds):
            measured += self._crowd(asked, size.renders)
        return measured.per_s, measured.percentile_ms(99)

    def _crowd(self, asked: Callable[[Ward, int], bytes], renders: int) -> Measured:
        wards = list(islice(self._wards_in_turn(), CLIENTS))
        links = [Link(self.served.port) for _ in wards]
        work = [
            [_render(link, asked(ward, self.served.port))] * renders
            for link, ward in zip(links, wards, strict=True)
        ]
        measured = side_by_side(work)
        for link in links:
            link.close()
        return measured

    @contextmanager
    def _living(self) -> Iterator[None]:
        """Let a check be stored on each unit about once a second, by a phone of its own."""
        link, over = Link(self.served.port), threading.Event()
        faults: list[Exception] = []

        def live() -> None:
            try:
                for number in count():
                    for walk in self.walks:
                        self._store(next(walk)[number % PEOPLE :][:1], link)
                    if over.wait(LIVING_S):
                        return
            except Exception as fault:  # noqa: BLE001 (said again in the thread that asked)
                faults.append(fault)

        unit = threading.Thread(target=live, daemon=True)
        unit.start()
        try:
            yield
        finally:
            over.set()
            unit.join()
            link.close()
        if faults:
            raise faults[0]

    def _wards_in_turn(self) -> Iterator[Ward]:
        while True:
            yield from self.house.wards

    def _fanout(self) -> float:
        """Return the longest that a check took from the phone onto the last of the open boards."""
        self.link.close()  # unused for so long that the server may have hung up
        self.link = Link(self.served.port)
        ward = self.house.wards[-1]
        feeds = Feeds(self.served.port, _feed(ward, self.served.port), BOARDS)
        took = []
        for number, place in enumerate(TRIAL_PLACES):
            fact = SafetyCheck(outcome="seen", place=place, position="walking", activity="pacing")
            look = Look(
                uuid7(), ward.phones[0], 10_000_000 + number, ward.stays[number], clock.now(), fact
            )
            said = sentence(_as_seen(fact), PACK, "en")
            began = time.perf_counter()
            self._store([look])
            took.append(feeds.hear(said.encode(), within_s=30) - began)
        feeds.close()
        return max(took)

    def _memory(self, connections: int) -> float:
        """Return how much the server grew for each board that is held open, in kB."""
        ward = self.house.wards[0]
        sent = _feed(ward, self.served.port)
        Feeds(self.served.port, sent, 4).close()
        before = self.served.memory_kb()
        feeds = Feeds(self.served.port, sent, connections)
        grown = self.served.memory_kb() - before
        feeds.close()
        return grown / connections

    def _store(self, looks: list[Look], link: Link | None = None) -> float:
        """Push these looks; return how long that took, in seconds."""
        fresh = [look._replace(fact=replace(look.fact, note="")) for look in looks]
        sent = request(fresh, self.served.port)
        began = time.perf_counter()
        answer = (link or self.link).ask(sent)
        took = time.perf_counter() - began
        if answer.count(STORED) != len(looks):
            raise Unexpected(f"Not every entry was stored: {answer[:2000]!r}")
        return took


def _render(link: Link, sent: bytes) -> Callable[[], None]:
    return lambda: _check(link.ask(sent))


def _page(ward: Ward, port: int) -> bytes:
    return _get(f"/board/{ward.unit}/", ward, port)


def _live(ward: Ward, port: int) -> bytes:
    """Return what an open board asks where feeds are held back: the board without its page."""
    return _get(f"/live/board/{ward.unit}?once", ward, port)


def _feed(ward: Ward, port: int) -> bytes:
    return _get(f"/live/board/{ward.unit}", ward, port)


def _get(path: str, ward: Ward, port: int) -> bytes:
    """Ask as a browser does that has had a page before: with both cookies."""
    cookies = f"session={ward.cookie}; csrftoken={ward.unit.hex}"
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookies}\r\n"
    return f"{head}Accept-Language: en\r\n\r\n".encode()


def _check(page: bytes) -> None:
    if page.count(b'<li class="card"') != PEOPLE:
        raise Unexpected(f"Not a board of {PEOPLE} people: {page[:500]!r}")


def _as_seen(fact: SafetyCheck) -> Seen:
    return Seen(*(getattr(fact, field) for field in Seen._fields))
