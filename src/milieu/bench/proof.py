"""What the seal costs: appending, proving and verifying against a log of a million leaves."""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from milieu.bench import history, million, postgres
from milieu.bench.goals import goals_of
from milieu.bench.house import Asked, House
from milieu.bench.load import percentile
from milieu.bench.result import Result
from milieu.bench.serving import Home, new_home
from milieu.census.models import Patient, Unit
from milieu.kernel import clock
from milieu.people.models import Device
from milieu.seals import keys, log, witness
from milieu.seals.merkle import is_consistent, is_included, leaf_hash
from milieu.seals.models import Head, Leaf
from milieu.seals.note import Checkpoint
from milieu.seals.sealing import seal

PEOPLE: Final = 24
WHY: Final = "the bench measures invented people's leaves"


class Size(Struct, frozen=True):
    """How much: leaves that are there, checks to append, proofs and verifications to time."""

    leaves: int
    checks: int  # of each person
    proofs: int
    verified: int


FULL = Size(leaves=1_000_000, checks=1000, proofs=2000, verified=20_000)
QUICK = Size(leaves=1_000_000, checks=200, proofs=500, verified=5000)
TINY = Size(leaves=300, checks=5, proofs=20, verified=50)


class Told(Struct, frozen=True):
    """What the process that measures is told."""

    size: Size
    seed: int
    house: House
    superuser: str  # the database's address to fill in by; empty: SQLite
    path: str  # of the SQLite file


def measure(database: str, *, size: Size, seed: int) -> Result:
    """Run the bench on a database of its own."""
    goals = goals_of("proof")
    if database == "postgres" and not postgres.installed():
        missing = dict.fromkeys(goals, postgres.HOW_TO_GET)
        return Result(bench="proof", goals=goals, seed=seed, figures={}, missing=missing)
    with _database(database) as (home, superuser):
        asked = Asked(units=1, people=PEOPLE, phones=1)
        made = home.inside("milieu.bench.house", msgspec.json.encode(asked).decode())
        told = Told(
            size=size,
            seed=seed,
            house=msgspec.json.decode(made, type=House),
            superuser=superuser,
            path=str(home.folder / "milieu.sqlite3"),
        )
        said = home.inside("milieu.bench.proof", msgspec.json.encode(told).decode())
    figures = msgspec.json.decode(said, type=dict[str, float])
    note = f"On {database}, durable commits on; against {size.leaves:,} leaves, on one core."
    return Result(bench="proof", goals=goals, seed=seed, figures=figures, notes=(note,))


@contextmanager
def _database(name: str) -> Iterator[tuple[Home, str]]:
    with ExitStack() as stack:
        folder = stack.enter_context(new_home())
        if name == "sqlite":
            yield Home(folder=folder), ""
            return
        addresses = stack.enter_context(postgres.server(folder))
        yield (
            Home(folder=folder, owner_url=addresses.owner, app_url=addresses.app),
            addresses.superuser,
        )


def main(told: str) -> None:
    """Fill in the log and measure; print the figures as JSON."""
    run = _Run(msgspec.json.decode(told, type=Told))
    figures = run.appended() | run.proved() | run.verified() | run.witnessed()
    sys.stdout.buffer.write(msgspec.json.encode(figures))


class _Run:
    """One database with a long log in it, and new entries that wait for their seal."""

    def __init__(self, told: Told) -> None:
        self.size, self.chance = told.size, random.Random(told.seed)  # noqa: S311
        (ward,) = told.house.wards
        self.phone = Device.objects.select_related("unit").get(pk=ward.phones[0].device)
        self.facility = Unit.objects.get(pk=ward.unit).facility_id
        patient = Patient.objects.as_system(WHY).earliest("pk").pk
        levels = million.tree(self.size.leaves, told.seed)
        filled = million.Postgres(told.superuser) if told.superuser else None
        (filled or million.Sqlite(Path(told.path))).fill(self.facility, patient, levels)
        self._sign()
        until = told.house.made_at - timedelta(minutes=1)
        past = (
            history.Postgres(told.superuser) if told.superuser else history.Sqlite(Path(told.path))
        )
        past.fill(ward.stays, ward.phones[0], until, self.size.checks)

    def appended(self) -> dict[str, float]:
        """Seal everything that waits."""
        began = time.perf_counter()
        count = seal(clock.now())
        took = time.perf_counter() - began
        assert count >= PEOPLE * self.size.checks, "Every check was sealed."
        return {"appends_per_s": count / took}

    def proved(self) -> dict[str, float]:
        """Read proofs of single leaves, and of growth, from the database."""
        head = log.newest_head(self.facility)
        assert head
        times, longest = [], 0
        for _ in range(self.size.proofs):
            index = self.chance.randrange(head.size)
            began = time.perf_counter()
            (proof,) = log.inclusion_proofs(self.facility, [index], head.size).values()
            times.append(time.perf_counter() - began)
            longest = max(longest, len(proof))
        began = time.perf_counter()
        growth = log.consistency_proof(self.facility, self.size.leaves, head.size)
        grown = time.perf_counter() - began
        old = Head.objects.get(facility=self.facility, size=self.size.leaves)
        assert is_consistent(old.size, head.size, growth, bytes(old.root), bytes(head.root))
        return {
            "proof_ms": percentile(times, 50) * 1000,
            "proof_p99_ms": percentile(times, 99) * 1000,
            "proof_bytes": float(longest * 32),
            "consistency_ms": grown * 1000,
        }

    def verified(self) -> dict[str, float]:
        """Verify leaves from their bytes: the hash of the leaf, and the way to the root."""
        head = log.newest_head(self.facility)
        assert head
        some = list(Leaf.objects.as_system(WHY).order_by("-index")[:500])
        proofs = log.inclusion_proofs(self.facility, [leaf.index for leaf in some], head.size)
        root, given = bytes(head.root), [(leaf.sealed, leaf.index) for leaf in some]
        began = time.perf_counter()
        for number in range(self.size.verified):
            sealed, index = given[number % len(given)]
            assert is_included(leaf_hash(sealed), index, head.size, proofs[index], root)
        return {"verifications_per_s": self.size.verified / (time.perf_counter() - began)}

    def witnessed(self) -> dict[str, float]:
        """Answer a phone that shows the head it saw, as every push does."""
        now = clock.now()
        seen = witness.told(self.phone, None, now)["head"]
        assert witness.told(self.phone, seen, now)["head_found"]
        began = time.process_time()
        for _ in range(10_000):
            witness.told(self.phone, seen, now)
        return {"witness_us": (time.process_time() - began) * 100}

    def _sign(self) -> None:
        """Sign the head of the filled log, as its edge says it is."""
        size = self.size.leaves
        tree = log.frontier_at(self.facility, size)
        assert tree, "The edge of the tree was filled in."
        head = Checkpoint(origin=log.origin(self.facility), size=size, root=tree.root)
        Head.objects.create(
            facility_id=self.facility,
            size=size,
            root=tree.root,
            note=keys.signer().sign(str(head)),
            up_to=0,
            at=clock.now(),
        )
