"""What is called a backup was verified, and is still what it was then."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from milieu.keeping import manifest
from milieu.keeping.backup import forget_drafts, make, thin
from milieu.keeping.manifest import Manifest
from milieu.keeping.projected import differing, rebuild
from milieu.keeping.restore import known
from milieu.keeping.sqlite import refuse_damaged
from milieu.kernel.errors import Refusal
from milieu.rounds.models import Clock
from tests.cast import Cast

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def backup_in(folder, *, at=NOON, database=connection.vendor, content=b"everything"):
    path = folder / f"milieu-{at:%Y%m%dT%H%M%SZ}.copy"
    path.write_bytes(content)
    about = Manifest(
        milieu="0.1.0",
        database=database,
        server="1",
        made_at=at,
        epoch="",
        entries=3,
        log_position=3,
        bytes=len(content),
        sha256=manifest.sha256(path),
        took_s=0.1,
    )
    manifest.write(path, about)
    return path


def refused(path, **more):
    with pytest.raises(Refusal) as refusal:
        known(path, **{"unverified": False} | more)
    return refusal.value.code


def test_a_backup_that_is_still_what_it_was_is_known(tmp_path):
    assert known(backup_in(tmp_path), unverified=False).entries == 3


def test_a_copy_of_the_file_is_not_a_backup_unless_it_is_taken_at_its_word(tmp_path):
    copy = tmp_path / "milieu.sqlite3"
    copy.write_bytes(b"copied while phones pushed")

    assert refused(copy) == "not-a-backup"
    assert known(copy, unverified=True) is None


def test_one_changed_byte_is_found(tmp_path):
    path = backup_in(tmp_path)
    path.write_bytes(b"Everything")
    assert refused(path) == "changed-since"


def test_a_backup_of_the_other_kind_of_database_is_refused(tmp_path):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    assert refused(backup_in(tmp_path, database=other)) == "another-database"


def test_what_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "nothing") == "no-file"


def test_of_a_folder_the_newest_backup_is_named(tmp_path):
    path = backup_in(tmp_path)
    with pytest.raises(Refusal, match=f"is a folder. Name one backup in it, such as {path.name}"):
        known(tmp_path, unverified=False)


def test_the_oldest_go_and_what_is_not_a_backup_stays(tmp_path):
    made = [backup_in(tmp_path, at=NOON + timedelta(hours=n)) for n in range(5)]
    letter = tmp_path / "milieu-letter.txt"
    letter.write_text("Keep me.")

    gone = thin(tmp_path, keep=2)

    assert gone == made[:3]
    assert [path for path, _ in manifest.listed(tmp_path)] == made[3:]
    assert letter.exists()


def test_a_manifest_that_cannot_be_read_stops_nothing_and_is_named(tmp_path):
    torn, whole = (backup_in(tmp_path, at=NOON + timedelta(hours=n)) for n in range(2))
    manifest.manifest_path(torn).write_text("")

    assert thin(tmp_path, keep=1) == []
    assert [path for path, _ in manifest.listed(tmp_path)] == [whole]
    assert manifest.unreadable(tmp_path) == [manifest.manifest_path(torn)]
    assert torn.exists()


def test_what_a_killed_backup_left_goes_when_it_is_old_and_nothing_else_does(tmp_path):
    draft = tmp_path / ".milieu-20260302T030000000000Z.sqlite3.71"
    theirs = tmp_path / ".milieu-letter"
    for path in (draft, Path(f"{draft}-journal"), theirs):
        path.touch()
    now = datetime.now(UTC)

    assert forget_drafts(tmp_path, now) == []
    assert len(forget_drafts(tmp_path, now + timedelta(hours=3))) == 2
    assert list(tmp_path.iterdir()) == [theirs]


def test_the_last_backup_never_goes(tmp_path):
    backup_in(tmp_path)
    assert thin(tmp_path, keep=0) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about roles of PostgreSQL")
def test_the_role_that_serves_can_take_a_backup(transactional_db, tmp_path):
    path, about = make(tmp_path, keep=1)
    assert known(path, unverified=False) == about


def test_a_damaged_database_is_not_taken_for_a_whole_one(tmp_path):
    path = tmp_path / "a.sqlite3"
    with closing(sqlite3.connect(path)) as link:
        link.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, said TEXT)")
        link.executemany("INSERT INTO entry (said) VALUES (?)", [("x" * 500,)] * 200)
        link.commit()
    refuse_damaged(path)

    torn = bytearray(path.read_bytes())
    torn[4096 * 3 : 4096 * 4] = bytes(4096)
    path.write_bytes(torn)

    with pytest.raises(Refusal) as refusal:
        refuse_damaged(path)
    assert refusal.value.code == "not-whole"


def test_projections_that_are_not_what_the_record_says_are_found_and_rebuilt(db):
    cast = Cast()
    cast.order(cast.rosa)
    cast.store(cast.check(cast.rosa))
    assert differing() == []

    Clock.objects.as_system("a test spoils it").filter(stay=cast.rosa).update(due_at=None)
    assert differing() == [cast.rosa.pk]
    assert differing() == [cast.rosa.pk]  # looking changes nothing

    rebuild()
    assert differing() == []
