"""The power goes at any moment while SQLite stores entries with the settings that we ship."""

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import apsw
import pytest

from milieu.config.storage import database
from milieu.keeping.rules import journal_mode
from tests.faults.power import Disk, Medium

COMMITS = 120
OURS = database(Path("unused"), "")["OPTIONS"]["init_command"]
Found = Counter[str]


@pytest.fixture
def disk() -> Iterator[Disk]:
    """Yield a disk that remembers."""
    watched = Disk(f"watched-{random.random()}")
    yield watched
    watched.unregister()


def ours(journal: str, synchronous: str = "FULL") -> str:
    """Return our settings with another journal, or with less syncing."""
    changed = re.sub(r"journal_mode=\w+", f"journal_mode={journal}", OURS)
    assert "synchronous=FULL" in changed
    changed = changed.replace("synchronous=FULL", f"synchronous={synchronous}")
    # WAL without shared memory, which no disk shows, needs the file for itself.
    return f"PRAGMA locking_mode=EXCLUSIVE; {changed}" if journal == "WAL" else changed


def store(disk: Disk, folder: Path, pragmas: str) -> list[tuple[int, int]]:
    """Store chained entries. For each commit, return how often the disk was asked, and its seq."""
    chance, hashed, done = random.Random(7), b"", []
    link = apsw.Connection(str(folder / "a.db"), vfs=disk.name)
    for pragma in filter(str.strip, pragmas.split(";")):
        link.execute(pragma).fetchall()
    link.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, before BLOB, hash BLOB, said TEXT)")
    for number in range(1, COMMITS + 1):
        link.execute("BEGIN IMMEDIATE")
        for _ in range(chance.choice([1, 1, 24])):
            said = f"{number} " + "x" * chance.randrange(50, 900)
            before, hashed = hashed, sha256(hashed + said.encode()).digest()
            values = (before, hashed, said)
            link.execute("INSERT INTO entry (before, hash, said) VALUES (?, ?, ?)", values)
        link.execute("COMMIT")
        done.append((len(disk.operations), link.last_insert_rowid()))
    link.close()
    return done


def found_after(files: dict[str, bytes], folder: Path, needed: int) -> str:
    """Open what a power cut left: ``whole``, ``lost`` (something acknowledged is) or ``broken``."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        link = apsw.Connection(str(folder / "a.db"))
        if link.execute("PRAGMA integrity_check").get != "ok":
            return "broken"
        there = link.execute("SELECT 1 FROM sqlite_master WHERE name = 'entry'").get
        rows = link.execute("SELECT * FROM entry ORDER BY seq").fetchall() if there else []
        link.close()
    except apsw.Error:
        return "broken"
    hashed = b""
    for place, (seq, before, after, said) in enumerate(rows, start=1):
        if (seq, before, after) != (place, hashed, sha256(hashed + said.encode()).digest()):
            return "broken"
        hashed = after
    return "whole" if len(rows) >= needed else "lost"


def cut_often(disk: Disk, folder: Path, pragmas: str, cuts: int) -> Found:
    """Cut the power at random moments of one run. Count how the database was found."""
    folder.mkdir()
    done = store(disk, folder, pragmas)
    chance, counted = random.Random(1), Counter()
    for _ in range(cuts):
        moment = chance.randrange(20, len(disk.operations) + 1)
        needed = max((seq for asked, seq in done if asked <= moment), default=0)
        medium = Medium()
        for one in disk.operations[:moment]:
            medium.ask(one)
        counted[found_after(medium.after_power_cut(chance), folder / "found", needed)] += 1
    return counted


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 3)], ids=["rollback journal", "WAL"])
def test_what_was_stored_is_there_after_a_power_cut(disk, tmp_path, version, long):
    cuts = 5000 if long else 150
    assert cut_often(disk, tmp_path / "run", ours(journal_mode(version)), cuts) == {"whole": cuts}


@pytest.mark.parametrize(
    ("journal", "synchronous", "harm"),
    [
        ("WAL", "NORMAL", "lost"),  # the usual advice
        ("DELETE", "FULL", "lost"),  # SQLite's own default
        ("TRUNCATE", "OFF", "broken"),
    ],
)
def test_this_test_finds_the_harm_of_what_is_not_safe(disk, tmp_path, journal, synchronous, harm):
    assert cut_often(disk, tmp_path / "run", ours(journal, synchronous), 100)[harm] > 0
